"""A workbook as a document: its sheets laid out as web pages are, one behind the other."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from PIL import Image
from xlrd import XLRDError
from xlrd.compdoc import CompDocError

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.documents.base import Document
from ocr.documents.zipped_xml import DAMAGED_PACKAGE
from ocr.office.ooxml_package import OoxmlPackage
from ocr.office.sheet_blocks import blocks_of_sheet, hidden_parts
from ocr.office.worksheet import WorkbookSheets, Worksheet
from ocr.office.xls_reader import read_xls
from ocr.office.xlsx_reader import read_xlsx
from ocr.web.laid_document import LaidDocument, is_page_of_print, opened_picture
from ocr.web.page_layout import LaidPage, lay_out

# What xlrd raises for records that are not what they should be; it looks at none before it reads it.
_ODD = (
    *(XLRDError, CompDocError, struct.error, LookupError, ValueError, ArithmeticError, AssertionError),
    *(AttributeError, TypeError, OSError, NotImplementedError),
)
XLS_ENGINE = f"xls/xlrd-{version('xlrd')}"
XLSX_ENGINE = f"xlsx/lxml-{version('lxml')}"
_DAMAGED = (*DAMAGED_PACKAGE, ArithmeticError, struct.error)


@contextmanager
def open_xlsx(path: Path) -> Iterator[Document]:
    """Open a workbook as pages that we laid out. No formula is reckoned, no link followed.

    Raises:
        UnreadableDocument: it is damaged, encrypted, larger than the limits, or shows nothing.
    """
    with path.open("rb") as stream:
        try:
            read = read_xlsx(OoxmlPackage.of(stream))
        except _DAMAGED as error:
            reason = f"the workbook is damaged and cannot be read ({error})"
            raise UnreadableDocument(Failure.DAMAGED, reason) from error
    yield document_of(read, XLSX_ENGINE)


@contextmanager
def open_xls(path: Path) -> Iterator[Document]:
    """Open a workbook of the older kind, as `open_xlsx` does.

    Raises:
        UnreadableDocument: it is damaged, encrypted, larger than the limits, or shows nothing.
    """
    try:
        read = read_xls(path)
    except _ODD as error:
        if "encrypted" in str(error):
            reason = "the workbook is encrypted: it opens only with a password"
            raise UnreadableDocument(Failure.ENCRYPTED, reason) from error
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        reason = f"the workbook is damaged and cannot be read ({said})"
        raise UnreadableDocument(Failure.DAMAGED, reason) from error
    yield document_of(read, XLS_ENGINE)


def document_of(read: WorkbookSheets, engine: str) -> Document:
    """Lay the sheets of a workbook out; pictures of pages on them follow behind.

    Raises:
        UnreadableDocument: it shows nothing, or is larger than the limits.
    """
    pages = [page for sheet in read.sheets for page in _pages(sheet)]
    pictures = tuple(_pictures(read.sheets))
    notes = [f"隐藏的工作表“{name}”未列入" for name in read.hidden]
    notes += [note for sheet in read.sheets for note in (*hidden_parts(sheet), *sheet.unread)]
    if not pages and not pictures:
        said = f" ({'；'.join(notes)})" if notes else ""
        raise UnreadableDocument(Failure.NO_PAGES, f"the workbook shows no cell with anything in it{said}")
    if pages:
        pages[0] = replace(pages[0], left_out=tuple(notes))
    return LaidDocument(tuple(pages), pictures, engine)


def _pages(sheet: Worksheet) -> tuple[LaidPage, ...]:
    return lay_out(blocks_of_sheet(sheet))


def _pictures(sheets: tuple[Worksheet, ...]) -> Iterator[tuple[bytes, Image.Image]]:
    """Yield the pictures that are large enough for a page of print, each once."""
    for data in dict.fromkeys(data for sheet in sheets for data in sheet.pictures):
        if (opened := opened_picture(data)) and is_page_of_print(opened):
            yield data, opened
