"""What this installation and machine have and lack, and how to get what they lack."""

from __future__ import annotations

import importlib
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version

from archive.db.location import Location, locate
from core.errors import UsageError
from core.fonts import packaged_fonts
from core.programs.packed_files import PACKAGE
from core.programs.packed_files import PROGRAM as UNPACKER
from core.review_threshold import VARIABLE, review_below
from core.settings import cache_home, changed_settings
from ingest.diagnostics import machine
from ingest.diagnostics.machine import DoubtfulError
from ocr.engine.factory import own_models, packages
from ocr.office.libreoffice import PROGRAM

# Settings that may hold a password or a person's name.
NOT_TOLD = ("GUIDANG_ARCHIVE", "GUIDANG_WHO")
OK, WARN, BAD = "ok", "warn", "bad"
_REINSTALL = "run `make install`"
_CORRECT = "correct the setting; docs/operations.md lists them"
PACKAGES = (
    "guidang",
    *packages(),
    "camelot-py",
    "lxml",
    "pypdfium2",
    "pikepdf",
    "pillow",
    "numpy",
    "procrastinate",
    "sqlmodel",
    "psycopg",
    "opencc",
    "ocrmypdf",
    "openpyxl",
    "pyarrow",
    "matplotlib",
    "scrapy",
    "structlog",
    "prometheus-client",
)
# Since this version several processes may write to one database in WAL mode; before it, one at a time.
MANY_WRITERS = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: `ok`, `warn` (it works, but) or `bad`, what was seen, what to do if not ok."""

    name: str
    verdict: str
    found: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether one can go on."""
        return self.verdict != BAD


def diagnose(archive: str | Location) -> Iterator[Diagnosis]:
    """Look at everything that reading and keeping need; `archive` is where it is or will be."""
    yield from _installed()
    yield from _of_the_machine()
    yield from _of_the_archive(archive)


def _installed() -> Iterator[Diagnosis]:
    yield _checked("Python", _python, "install Python 3.11")
    for package in PACKAGES:
        yield _checked(package, partial(version, package), _REINSTALL)
    yield _checked("procrastinate", _procrastinate, "")
    yield _checked("OpenCV without libGL", _opencv, _REINSTALL)
    yield _checked("OCR weights", _weights, f"delete {_models()}, then {_REINSTALL}")
    yield _checked("one line read", _reading, _REINSTALL)
    yield _checked("Chinese font", _font, _REINSTALL)
    yield _checked("LibreOffice", _libreoffice, "install Debian's libreoffice-writer-nogui to read them")
    yield _checked("bsdtar", _bsdtar, f"install Debian's {PACKAGE} to have them opened")
    yield _checked("SQLite", _sqlite, "use a Python whose sqlite3 has FTS5 (python.org, Debian)")
    yield _checked("review below", lambda: f"{review_below():g}", f"set ${VARIABLE} to a number from 0 to 1")
    yield _checked("settings", _settings, _CORRECT)


def _of_the_machine() -> Iterator[Diagnosis]:
    yield _checked("memory", machine.memory, "give --workers a smaller number, or the machine more memory")
    yield _checked("cores", machine.cores, "give --workers the number of cores it may use")
    yield _checked("open files", machine.open_files, "raise it: `ulimit -n 1024`, LimitNOFILE= of a unit")
    yield _checked("clock", machine.clock, "set the clock, and keep it with chrony or systemd-timesyncd")
    yield _checked("cache", lambda: machine.disk(cache_home()), "free some space, or set $XDG_CACHE_HOME")
    yield _checked("temporary files", machine.temporary, "free some space, or set $TMPDIR")


def _of_the_archive(archive: str | Location) -> Iterator[Diagnosis]:
    home = locate(archive).home
    if home is None:
        clocks = partial(machine.server_clock, archive)
        yield _checked("clock of the server", clocks, "keep both with NTP; see that the server answers")
        return
    elsewhere = "free some space, or choose another --archive"
    yield _checked("disk of the archive", partial(machine.disk, home), elsewhere)
    yield _checked("folder of the archive", partial(machine.folder, home), "set its owner and mode")
    local = "SQLite needs a local disk; or keep the archive in PostgreSQL"
    yield _checked("file system of it", partial(machine.file_system, home), local)


def _checked(name: str, look: Callable[[], str], remedy: str) -> Diagnosis:
    try:
        return Diagnosis(name, OK, look())
    except PackageNotFoundError:
        return Diagnosis(name, BAD, "not installed", remedy)
    except DoubtfulError as doubt:
        return Diagnosis(name, WARN, str(doubt), remedy)
    except UsageError as error:  # of a setting: nothing is to be installed again
        return Diagnosis(name, BAD, f"UsageError: {error}", _CORRECT)
    except Exception as error:  # whatever is broken, the doctor says so and goes on
        return Diagnosis(name, BAD, f"{type(error).__name__}: {error}", remedy)


def _python() -> str:
    if sys.version_info[:2] != (3, 11):
        raise RuntimeError(f"this is Python {sys.version.split()[0]}")
    return f"{sys.version.split()[0]} on {platform.system()} {platform.machine()}"


def _procrastinate() -> str:
    """It need not be there."""
    try:
        return version("procrastinate")
    except PackageNotFoundError:
        return "not installed: it is for several machines on one PostgreSQL archive"


def _opencv() -> str:
    return str(importlib.import_module("cv2").__version__)


def _models() -> str:
    try:
        return str(cache_home() / "models")
    except UsageError:  # of some setting; the one that is wrong is told below
        return "the models in the cache"


def _settings() -> str:
    """Those that are not the default; the archive is told below, and people are not named."""
    told = (one for one in changed_settings() if one.variable not in NOT_TOLD)
    return ", ".join(f"{one.variable} = {one.value} ({one.origin})" for one in told) or "the defaults"


def _weights() -> str:
    from ocr.engine.weights import installed_weights

    found = installed_weights()
    named = ", ".join(f"{one.name} {one.sha256[:12]}" for one in found)
    if own_models():
        raise DoubtfulError(f"{named}: of $GUIDANG_MODELS, whose accuracy nobody measured")
    if strange := [one for one in found if not one.is_measured]:
        raise RuntimeError(f"{strange[0].path} is not what accuracy was measured with ({named})")
    return f"{named} in {found[0].path.parent.parent}"


def _reading() -> str:
    from ocr.engine.selftest import read_back

    return read_back()


def _font() -> str:
    files = packaged_fonts()
    if not files:
        raise RuntimeError("the package pylopdf-fonts-zh-cn is not installed")
    with files[0].open("rb") as stream:
        return f"{files[0].name}, sha256 {file_digest(stream, 'sha256').hexdigest()[:12]}"


def _libreoffice() -> str:
    """It need not be there."""
    if found := shutil.which(PROGRAM):
        return found
    raise DoubtfulError("not installed: DOC, RTF and some DOCX are kept, but not read")


def _bsdtar() -> str:
    """It need not be there."""
    if found := shutil.which(UNPACKER):
        return found
    raise DoubtfulError("not installed: RAR and 7z are kept, but not opened")


def _sqlite() -> str:
    sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    single = sqlite3.sqlite_version_info < MANY_WRITERS
    return f"{sqlite3.sqlite_version} with FTS5" + ("; one process writes at a time, as it must" * single)
