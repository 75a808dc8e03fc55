"""What this installation has and lacks, and how to get what it lacks."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ocr.office import PROGRAM
from reconcile.threshold import VARIABLE, review_below

_REINSTALL = "run `make install`"
PACKAGES = (
    "paddleocr",
    "onnxruntime",
    "rapidocr",
    "camelot-py",
    "lxml",
    "pypdfium2",
    "sqlmodel",
    "psycopg",
    "opencc",
    "ocrmypdf",
    "openpyxl",
    "pyarrow",
    "matplotlib",
)
# Below this many free bytes a batch is likely to fill the disk.
_LOW_DISK = 2 << 30


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: whether it is well, what was seen, and what to do if not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def diagnose(folder: Path) -> Iterator[Diagnosis]:
    """Look at everything that reading and keeping need; `folder` is where the archive is or will be."""
    yield _checked("Python", _python, "install Python 3.11")
    for package in PACKAGES:
        yield _checked(package, partial(version, package), _REINSTALL)
    yield _checked("OpenCV without libGL", _opencv, _REINSTALL)
    yield _checked("OCR weights", _weights, _REINSTALL)
    yield _checked("one line read", _reading, _REINSTALL)
    yield _checked("LibreOffice", _libreoffice, "")
    yield _checked("SQLite with FTS5", _sqlite, "use a Python whose sqlite3 has FTS5 (python.org, Debian)")
    yield _checked("review below", lambda: f"{review_below():g}", f"set ${VARIABLE} to a number from 0 to 1")
    yield _checked("disk", lambda: _disk(folder), "free some space, or choose another --archive")


def _checked(name: str, look: Callable[[], str], remedy: str) -> Diagnosis:
    try:
        return Diagnosis(name, True, look())
    except PackageNotFoundError:
        return Diagnosis(name, False, "not installed", remedy)
    except Exception as error:  # whatever is broken, the doctor says so and goes on
        return Diagnosis(name, False, f"{type(error).__name__}: {error}", remedy)


def _python() -> str:
    if sys.version_info[:2] != (3, 11):
        raise RuntimeError(f"this is Python {sys.version.split()[0]}")
    return sys.version.split()[0]


def _opencv() -> str:
    return str(importlib.import_module("cv2").__version__)


def _weights() -> str:
    from ocr.weights import model_folders

    return str(model_folders().recognition.parent)


def _reading() -> str:
    from ocr.selftest import read_back

    return read_back()


def _libreoffice() -> str:
    """It need not be there."""
    return shutil.which(PROGRAM) or "not installed: DOC, DOCX and RTF are kept, but not read"


def _sqlite() -> str:
    sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    return sqlite3.sqlite_version


def _disk(folder: Path) -> str:
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free < _LOW_DISK:
        raise OSError(f"only {free >> 20} MiB free at {existing}")
    return f"{free >> 30} GiB free at {existing}"
