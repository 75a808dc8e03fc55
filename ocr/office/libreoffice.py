"""Office documents: told apart by content; those that LibreOffice reads are read as the PDF that it makes.

The PDF is what boxes refer to, so it is kept and not made twice: in the folder for caches,
under the sha256 of the document (docs/decisions/0021-web-pages-and-office.md).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import within
from core.media_types import DOCX, ODF, OFFICE, OLE, OOXML, PPTX, RTF, media_type_of_file
from core.programs.guarded_programs import end_group, ended_in_time, without_network
from core.settings import cache_home
from ocr.documents.base import Document
from ocr.documents.pdf import open_pdf
from ocr.office.compound_file import stream_names

PROGRAM = "soffice"
# A conversion that takes longer, in seconds, is stopped.
TIME_LIMIT = 180.0


@dataclass(frozen=True, slots=True)
class OfficeFormat:
    """What a file is called, and its usual ending if LibreOffice makes a PDF of it, else empty."""

    name: str
    suffix: str = ""


_DOC = OfficeFormat("a Word document (DOC, or DOC of WPS)", ".doc")
_ENCRYPTED = OfficeFormat("an encrypted office document")
_KINDS = {
    RTF: OfficeFormat("an RTF document", ".rtf"),
    DOCX: OfficeFormat("a Word document (DOCX)", ".docx"),
    PPTX: OfficeFormat("a PowerPoint presentation (PPTX)"),
    OOXML: OfficeFormat("an office document of another kind"),
    ODF: OfficeFormat("an OpenDocument file or e-book"),
}
# What is inside of Microsoft's compound files, by the name of a stream.
_STREAMS = (
    ("EncryptedPackage", _ENCRYPTED),
    ("WordDocument", _DOC),
    ("PowerPoint Document", OfficeFormat("a PowerPoint presentation (PPT)")),
)
_UNKNOWN = OfficeFormat("an office document of an unknown kind (OLE2; perhaps of WPS or Works)")
# A profile in which no macro runs, no link is followed and every address has a proxy that is not there.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""


def open_office_document(path: Path) -> AbstractContextManager[Document]:
    """Open an office document as the PDF that is made of it.

    Raises:
        UnreadableDocument: no PDF can be made of it, or it cannot be opened.
    """
    made = converted_to_pdf(path)
    within(made.stat().st_size, "file_bytes", "the PDF made of it has more than {}")
    return open_pdf(made)


def converted_to_pdf(path: Path) -> Path:
    """Return the file that the pages of a document are read from: itself, or the PDF made of it.

    Raises:
        UnreadableDocument: it is an office document of which no PDF can be made.
    """
    kind = _kind_of(path)
    return path if kind is None else _pdf_of(path, kind)


def _kind_of(path: Path) -> OfficeFormat | None:
    found = media_type_of_file(lambda: path.open("rb"))
    if found not in OFFICE:
        return None
    return _inside_ole(path) if found == OLE else _KINDS[found]


def _inside_ole(path: Path) -> OfficeFormat:
    names = stream_names(path)
    if not names:
        raise UnreadableDocument(Failure.DAMAGED, "an office document (OLE2) whose directory is damaged")
    return next((kind for name, kind in _STREAMS if name in names), _UNKNOWN)


def _pdf_of(path: Path, kind: OfficeFormat) -> Path:
    if kind is _ENCRYPTED:
        raise UnreadableDocument(Failure.ENCRYPTED, f"{kind.name}: it opens only with a password")
    if not kind.suffix:
        reason = f"{kind.name}: it is kept, but cannot be read yet; save it as PDF and ingest that too"
        raise UnreadableDocument(Failure.NOT_READABLE_YET, reason)
    kept = _place_of(path)
    if not kept.is_file():
        program = shutil.which(PROGRAM)
        if program is None:
            reason = f"{kind.name}: install LibreOffice ({PROGRAM}) to read it, then `guidang retry`"
            raise UnreadableDocument(Failure.NEEDS_LIBREOFFICE, reason)
        with TemporaryDirectory(prefix="guidang-office-") as folder:
            _keep(_converted(program, path, kind, Path(folder)), kept)
    return kept


def has_pdf_of(path: Path) -> bool:
    """Tell whether a PDF was made of a document before: boxes of earlier readings refer to it."""
    return _place_of(path).is_file()


def _place_of(path: Path) -> Path:
    return cache_home() / "office" / f"{_digest(path)}.pdf"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(made: Path, kept: Path) -> None:
    """Move the PDF to its place, at once and whole: others may look for it at the same time."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=kept.parent, suffix=".part", delete=False) as part, made.open("rb") as file:
        shutil.copyfileobj(file, part)
    Path(part.name).replace(kept)


def _converted(program: str, path: Path, kind: OfficeFormat, folder: Path) -> Path:
    """Have LibreOffice make a PDF in a folder."""
    source = folder / f"document{kind.suffix}"
    shutil.copyfile(path, source)
    code = _run(_command(program, source, folder), folder, kind)
    made = source.with_suffix(".pdf")
    if made.is_file() and made.stat().st_size:
        return made
    ended = f"ended with exit code {code}" if code else "wrote nothing"
    reason = f"{kind.name} of which LibreOffice makes no PDF (it {ended}): damaged, or with a password"
    raise UnreadableDocument(Failure.NOT_CONVERTIBLE, reason)


def _command(program: str, source: Path, folder: Path) -> list[str]:
    """Return the command: with a profile of its own, and without network where it can be had so."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--convert-to", "pdf", "--outdir"]
    around = (*ended_in_time(TIME_LIMIT), *without_network())
    return [*around, program, profile, *options, str(folder), str(source)]


def _run(command: list[str], home: Path, kind: OfficeFormat) -> int:
    environment = {**os.environ, "HOME": str(home), "http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=environment, start_new_session=True
    ) as running:
        try:
            return running.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired as error:
            reason = f"{kind.name} that LibreOffice did not convert within {TIME_LIMIT:g} seconds"
            raise UnreadableDocument(Failure.TOO_SLOW, reason) from error
        finally:
            # What it started dies with it; its group is its own.
            end_group(running.pid)
