"""Pictures as pages of a PDF; the data of a picture stay as they are."""

from __future__ import annotations

import io
from collections.abc import Callable

import img2pdf  # type: ignore[import-untyped]
import numpy as np
from PIL import Image

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.arrays import Pixels
from ocr.documents.base import Sheet

# A page that is drawn is kept as a picture of this resolution.
_DPI = 300.0
# A page with less colour than this, of 255, anywhere is grey.
_GREY = 12


def pdf_of_picture(picture: bytes, dpi: float | None) -> bytes:
    """Return a picture, or all pictures of a TIFF, as pages.

    Raises:
        UnreadableDocument: it is of a kind that no PDF can hold.
    """
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    try:
        return _converted(picture, layout)
    except (img2pdf.ImageOpenError, OSError, ValueError) as error:
        raise UnreadableDocument(
            Failure.NOT_CONVERTIBLE, f"no PDF can be made of it ({error})", "export"
        ) from error


def pdf_of_sheet(sheet: Sheet) -> bytes:
    """Return a page as a picture of itself, on a page of the same size."""
    stream = io.BytesIO()
    _slimmed(sheet.render(_DPI)).save(stream, format="PNG")
    return _converted(stream.getvalue(), img2pdf.get_layout_fun(pagesize=(sheet.width, sheet.height)))


def _slimmed(pixels: Pixels) -> Image.Image:
    """Return a picture in grey where it has no colour."""
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    picture = Image.fromarray(pixels)
    return picture if spread.max(initial=0) >= _GREY else picture.convert("L")


def _converted(picture: bytes, layout: Callable[..., object]) -> bytes:
    made = img2pdf.convert(picture, layout_fun=layout, rotation=img2pdf.Rotation.ifvalid, nodate=True)
    assert isinstance(made, bytes)
    return made
