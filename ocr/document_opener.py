"""Opening documents, told apart by content: the one list of what can be read.

A PDF, a picture of a page and a web page look the same from outside (`ocr.documents.base`). Whatever
else is to be read gets a file of its own and a line here; its bytes are known in `core.media_types`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from pkgutil import resolve_name

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import within
from core.media_types import (
    DOCX,
    GATHERED,
    HTML,
    MHTML,
    OFD,
    OFFICE,
    OLE,
    PACKED,
    PDF,
    PICTURES,
    XLS,
    XLSX,
    ZIP,
    media_type_of_file,
)
from core.programs.packed_files import refused_package
from core.zip_limits import refused_zip
from ocr.documents.base import Document

Open = Callable[[Path], AbstractContextManager[Document]]

# What stands alone, and may be gathered with others, by the place of what opens it, module:name. A child
# imports what its documents need: all of it would cost every child a third of a second.
BACKENDS: dict[str, str] = {
    PDF: "ocr.documents.pdf:open_pdf",
    **dict.fromkeys(PICTURES, "ocr.documents.image:open_picture"),
    HTML: "ocr.web.document:open_html",
    MHTML: "ocr.web.document:open_mhtml",
    **dict.fromkeys(OFFICE, "ocr.office.libreoffice:open_office_document"),
    DOCX: "ocr.office.word_document:open_docx",
    XLSX: "ocr.office.workbook_document:open_xlsx",
    XLS: "ocr.office.workbook_document:open_xls",
    OFD: "ocr.ofd.drawn_document:open_ofd",
}
_GATHERED = "ocr.gathered.composite:open_gathered"
_WORKBOOK_IN_OLE = "ocr.office.compound_file:holds_workbook"


def open_document(path: Path) -> AbstractContextManager[Document]:
    """Open a PDF, OFD, picture, web page, workbook, what LibreOffice makes a PDF of, or several as one.

    They are told apart by content.

    Raises:
        UnreadableDocument: it is none of them, or damaged, encrypted, without pages or beyond a limit.
    """
    kind = _kind(path)
    # What was gathered is not gathered again: a zip that holds itself would never end.
    if kind != GATHERED:
        return _open(path, kind)
    opened: AbstractContextManager[Document] = resolve_name(_GATHERED)(path, _open_single)
    return opened


def _open_single(path: Path) -> AbstractContextManager[Document]:
    return _open(path, _kind(path))


def _kind(path: Path) -> str:
    size = path.stat().st_size
    within(size, "file_bytes", "the file has more than {}")
    if not size:
        raise UnreadableDocument(Failure.EMPTY, "the file is empty")
    return media_type_of_file(lambda: path.open("rb"))


def _open(path: Path, kind: str) -> AbstractContextManager[Document]:
    if kind == ZIP:
        raise refused_zip(path)
    if kind in PACKED:
        raise refused_package(path, kind)
    if kind not in BACKENDS:
        reason = "a file of another kind, no PDF, web page or picture (JPEG, PNG, TIFF)"
        raise UnreadableDocument(Failure.NOT_A_DOCUMENT, reason)
    opens: Open = resolve_name(BACKENDS[_told_apart(path) if kind == OLE else kind])
    return opens(path)


def _told_apart(path: Path) -> str:
    """An OLE file may be an old workbook, which needs no LibreOffice."""
    return XLS if resolve_name(_WORKBOOK_IN_OLE)(path) else OLE
