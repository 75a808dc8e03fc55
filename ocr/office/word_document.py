"""A Word file as a document: laid out as web pages are where all of it is understood, else by LibreOffice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.documents.base import Document
from ocr.documents.zipped_xml import DAMAGED_PACKAGE
from ocr.office.docx_reader import NotUnderstoodError, WordContent, read_docx
from ocr.office.libreoffice import PROGRAM, has_pdf_of, open_office_document
from ocr.office.ooxml_package import OoxmlPackage
from ocr.web.laid_document import LaidDocument, is_page_of_print, opened_picture
from ocr.web.page_layout import lay_out

ENGINE = f"docx/lxml-{version('lxml')}"


@contextmanager
def open_docx(path: Path) -> Iterator[Document]:
    """Open a Word file as pages that we laid out; what was read from a PDF before is read from that.

    Raises:
        UnreadableDocument: it is damaged, larger than the limits, shows nothing, or needs LibreOffice.
    """
    if has_pdf_of(path):
        with open_office_document(path) as document:
            yield document
        return
    try:
        content = _content(path)
    except NotUnderstoodError as error:
        if shutil.which(PROGRAM) is None:
            reason = f"a Word document (DOCX) with {error}: install LibreOffice ({PROGRAM}) to read it"
            raise UnreadableDocument(Failure.NEEDS_LIBREOFFICE, f"{reason}, then `guidang retry`") from error
        with open_office_document(path) as document:
            yield document
        return
    yield _laid(content)


def _content(path: Path) -> WordContent:
    with path.open("rb") as stream:
        try:
            return read_docx(OoxmlPackage.of(stream))
        except DAMAGED_PACKAGE as error:
            reason = f"the Word document is damaged and cannot be read ({error})"
            raise UnreadableDocument(Failure.DAMAGED, reason) from error


def _laid(content: WordContent) -> Document:
    pages = [*lay_out(content.blocks)]
    opened = ((data, opened_picture(data)) for data in content.pictures)
    pictures = tuple((data, one) for data, one in opened if one and is_page_of_print(one))
    if not pages and not pictures:
        raise UnreadableDocument(Failure.NO_PAGES, "the Word document shows nothing")
    if pages:
        pages[0] = replace(pages[0], left_out=content.left_out)
    return LaidDocument(tuple(pages), pictures, ENGINE)
