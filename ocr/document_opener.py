"""Opening documents, told apart by content: the one list of what can be read.

A PDF, a picture of a page and a web page look the same from outside (`ocr.documents.base`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import UnreadableDocument
from core.limits import within
from core.media_types import HEAD, PDF, PICTURES, WEB_PAGES, ZIP, media_type
from core.zip_limits import refused_zip
from ocr.documents.base import Document
from ocr.documents.image import open_picture
from ocr.documents.office import as_read
from ocr.documents.pdf import open_pdf
from ocr.web.document import open_web_page

_READABLE = PICTURES | WEB_PAGES | {PDF}


@contextmanager
def open_document(path: Path) -> Iterator[Document]:
    """Open a PDF, a picture, a web page or what LibreOffice makes a PDF of, told apart by content.

    Raises:
        UnreadableDocument: it is none of them, or damaged, encrypted, without pages or beyond a limit.
    """
    within(path.stat().st_size, "file_bytes", "the file has more than {}")
    path = as_read(path)
    kind = _kind_of(path)
    if kind in WEB_PAGES:
        yield open_web_page(path, kind)
    else:
        with open_pdf(path) if kind == PDF else open_picture(path) as document:
            yield document


def _kind_of(path: Path) -> str:
    """Tell the media type of a file that can be opened.

    Raises:
        UnreadableDocument: it cannot.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    kind = media_type(head)
    if not head:
        raise UnreadableDocument("empty", "the file is empty")
    if kind == ZIP:
        raise refused_zip(path)
    if kind not in _READABLE:
        reason = "a file of another kind, no PDF, web page or picture (JPEG, PNG, TIFF)"
        raise UnreadableDocument("not_a_document", reason)
    return kind
