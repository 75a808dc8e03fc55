"""Opening documents, told apart by content: the one list of what can be read.

A PDF, a picture of a page and a web page look the same from outside (`ocr.documents.base`). Whatever
else is to be read gets a file of its own and a line here; its bytes are known in `core.media_types`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

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
from ocr.documents.image import open_picture
from ocr.documents.pdf import open_pdf
from ocr.gathered.composite import open_gathered
from ocr.ofd.drawn_document import open_ofd
from ocr.office.compound_file import holds_workbook
from ocr.office.libreoffice import open_office_document
from ocr.office.word_document import open_docx
from ocr.office.workbook_document import open_xls, open_xlsx
from ocr.web.document import open_html, open_mhtml

Backend = Callable[[Path], AbstractContextManager[Document]]

# What stands alone, and may be gathered with others.
BACKENDS: dict[str, Backend] = {
    PDF: open_pdf,
    **dict.fromkeys(PICTURES, open_picture),
    HTML: open_html,
    MHTML: open_mhtml,
    **dict.fromkeys(OFFICE, open_office_document),
    DOCX: open_docx,
    XLSX: open_xlsx,
    XLS: open_xls,
    OFD: open_ofd,
}


def open_document(path: Path) -> AbstractContextManager[Document]:
    """Open a PDF, OFD, picture, web page, workbook, what LibreOffice makes a PDF of, or several as one.

    They are told apart by content.

    Raises:
        UnreadableDocument: it is none of them, or damaged, encrypted, without pages or beyond a limit.
    """
    kind = _kind(path)
    # What was gathered is not gathered again: a zip that holds itself would never end.
    return open_gathered(path, _open_single) if kind == GATHERED else _open(path, kind)


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
    if kind == OLE and holds_workbook(path):
        return open_xls(path)
    return BACKENDS[kind](path)
