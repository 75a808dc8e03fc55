"""Documents as PDFs whose pages are ready for a text layer: the old one gone, the look unchanged."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import img2pdf  # type: ignore[import-untyped]
import numpy as np
import pikepdf
from pikepdf import Name, Operator
from PIL import Image

from core.errors import UnreadableDocument
from core.media_types import HEAD, PDF, media_type
from ocr.arrays import Pixels
from ocr.documents.base import Document, Sheet
from ocr.model import Page, Route
from ocr.web.document import WebDocument

# At this resolution it is seen whether a page looks the same without its text.
_LOOK_DPI = 100.0
# A page that cannot do without its garbled text is kept as a picture of this resolution.
_PICTURE_DPI = 300.0
# A page with less colour than this, of 255, anywhere is grey.
_GREY = 12
_TEXT = frozenset(Operator(name) for name in ("Tf", "Tj", "TJ", "'", '"'))
# What a stream says of its data, which are new.
_OF_THE_DATA = (Name.Length, Name.Filter, Name.DecodeParms)
# Forms inside forms inside forms: no deeper, in case one holds itself.
_DEEPEST = 8


def prepared(source: Path, document: Document, pages: Sequence[Page], target: Path) -> None:
    """Write a document, open as `document`, as a PDF; the given pages without text that says nothing true.

    A scan keeps its pictures, byte for byte. The pages of a web page become pictures of
    themselves as they were laid out. Text that leaves no ink is taken out.
    A garbled page that is drawn by its text becomes a picture of itself.

    Raises:
        UnreadableDocument: the file cannot be opened as a PDF or turned into one.
    """
    with source.open("rb") as file:
        kind = media_type(file.read(HEAD))
    if isinstance(document, WebDocument):
        _write_web_page(document, target)
        return
    if kind != PDF:
        target.write_bytes(_pdf_of_picture(source, document))
        return
    try:
        with pikepdf.open(source) as pdf:
            for page in pages:
                _prepare(pdf, page, document.sheet(page.number))
            pdf.save(target)
    except pikepdf.PdfError as error:
        raise UnreadableDocument("damaged", f"the PDF is damaged ({error})", stage="export") from error


def _prepare(pdf: pikepdf.Pdf, page: Page, sheet: Sheet) -> None:
    stored = pdf.pages[page.number - 1]
    # What lies outside is not shown; boxes count from the corner of what is.
    stored.mediabox = stored.cropbox
    if np.array_equal(sheet.render(_LOOK_DPI), sheet.render(_LOOK_DPI, text=False)):
        _strip_text(pdf, stored)
    elif page.route is Route.GARBLED:
        _replace(pdf, page.number - 1, _pdf_of_pixels(sheet))


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


def _write_web_page(document: WebDocument, target: Path) -> None:
    with pikepdf.new() as pdf:
        for number in range(1, len(document) + 1):
            sheet, picture = document.sheet(number), document.picture(number)
            made = _pdf_of_bytes(picture, sheet.native_dpi) if picture else _pdf_of_pixels(sheet)
            with pikepdf.open(io.BytesIO(made)) as page:
                pdf.pages.extend(page.pages[:1])
        pdf.save(target)


def _pdf_of_pixels(sheet: Sheet) -> bytes:
    pixels = sheet.render(_PICTURE_DPI)
    layout = img2pdf.get_layout_fun(pagesize=(sheet.width, sheet.height))
    return _converted([_png(_slimmed(pixels))], layout)


def _slimmed(pixels: Pixels) -> Image.Image:
    """Return a picture in grey where it has no colour."""
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    picture = Image.fromarray(pixels)
    return picture if spread.max(initial=0) >= _GREY else picture.convert("L")


def _pdf_of_picture(source: Path, document: Document) -> bytes:
    """Return a picture, or all pictures of a TIFF, as pages; their data stay as they are."""
    return _pdf_of_bytes(source.read_bytes(), document.sheet(1).native_dpi)


def _pdf_of_bytes(picture: bytes, dpi: float | None) -> bytes:
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    try:
        return _converted([picture], layout)
    except (img2pdf.ImageOpenError, OSError, ValueError) as error:
        raise UnreadableDocument(
            "not_convertible", f"no PDF can be made of it ({error})", "export"
        ) from error


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format="PNG")
    return stream.getvalue()


def _converted(pictures: Sequence[bytes], layout: object) -> bytes:
    made = img2pdf.convert(*pictures, layout_fun=layout, rotation=img2pdf.Rotation.ifvalid, nodate=True)
    assert isinstance(made, bytes)
    return made
