"""Documents as PDFs whose pages are ready for a text layer: the old one gone, the look unchanged."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pikepdf
from pikepdf import Name, Operator

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.documents.base import Document, Sheet
from ocr.documents.picture_pdf import pdf_of_sheet
from ocr.model import Page, Route

# At this resolution it is seen whether a page looks the same without its text.
_LOOK_DPI = 100.0
_TEXT = frozenset(Operator(name) for name in ("Tf", "Tj", "TJ", "'", '"'))
# What a stream says of its data, which are new.
_OF_THE_DATA = (Name.Length, Name.Filter, Name.DecodeParms)
# Forms inside forms inside forms: no deeper, in case one holds itself.
_DEEPEST = 8


def prepare_for_text_layer(document: Document, pages: Sequence[Page], target: Path) -> None:
    """Write a document as a PDF, the given pages of it without text that says nothing true.

    Text that leaves no ink is taken out; a garbled page that is drawn by its text becomes a
    picture of itself.

    Raises:
        UnreadableDocument: the file cannot be opened as a PDF or turned into one.
    """
    with document.as_pdf() as file:
        _take_out(file, document, pages, target)


def _take_out(file: BinaryIO, document: Document, pages: Sequence[Page], target: Path) -> None:
    try:
        with pikepdf.open(file) as pdf:
            for page in pages:
                # Only pages of PDFs may hold text that is not what they show.
                if (sheet := document.sheet(page.number)).pdf_page:
                    _prepare(pdf, page, sheet)
            pdf.save(target)
    except pikepdf.PdfError as error:
        raise UnreadableDocument(Failure.DAMAGED, f"the PDF is damaged ({error})", stage="export") from error


def _prepare(pdf: pikepdf.Pdf, page: Page, sheet: Sheet) -> None:
    stored = pdf.pages[page.number - 1]
    # What lies outside is not shown; boxes count from the corner of what is.
    stored.mediabox = stored.cropbox
    if np.array_equal(sheet.render(_LOOK_DPI), sheet.render(_LOOK_DPI, text=False)):
        _strip_text(pdf, stored)
    elif page.route is Route.GARBLED:
        _replace(pdf, page.number - 1, pdf_of_sheet(sheet))


def _strip_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take all text out of a page and the forms that it draws; other pages keep their share of them."""
    page.Resources = _without_text(pdf, page.resources, _DEEPEST)
    page.Contents = pdf.make_stream(_drawn(page))


def _without_text(pdf: pikepdf.Pdf, resources: pikepdf.Object, depth: int) -> pikepdf.Dictionary:
    """Return a copy of resources without fonts, its forms copied and without text."""
    kept = pikepdf.Dictionary({name: value for name, value in resources.items() if name != Name.Font})
    things = resources.get(Name.XObject, pikepdf.Dictionary()).items()
    kept.XObject = pikepdf.Dictionary(
        {name: _textless_form(pdf, thing, depth) if _is_form(thing) else thing for name, thing in things}
    )
    return kept


def _textless_form(pdf: pikepdf.Pdf, form: pikepdf.Object, depth: int) -> pikepdf.Object:
    if depth == 0:
        return form
    copy = pdf.make_stream(_drawn(form))
    for name, value in form.items():
        if name not in _OF_THE_DATA:
            copy[name] = value
    copy.Resources = _without_text(pdf, form.get(Name.Resources, pikepdf.Dictionary()), depth - 1)
    return copy


def _is_form(thing: pikepdf.Object) -> bool:
    return bool(thing.get(Name.Subtype) == Name.Form)


def _drawn(holder: pikepdf.Page | pikepdf.Object) -> bytes:
    """Return the content of a page or a form without the operators that set and show text."""
    kept = [item for item in pikepdf.parse_content_stream(holder) if item.operator not in _TEXT]
    return pikepdf.unparse_content_stream(kept)


def _replace(pdf: pikepdf.Pdf, index: int, picture: bytes) -> None:
    """Put a page of another PDF in the place of one, under whose number others refer to it."""
    with pikepdf.open(io.BytesIO(picture)) as other:
        pdf.pages.append(other.pages[0])
        pdf.pages[index].emplace(pdf.pages[-1], retain=(Name.Parent,))
        del pdf.pages[-1]
