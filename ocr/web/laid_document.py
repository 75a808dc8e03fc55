"""A document of pages that we laid out, then of pages that are pictures."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pikepdf
from PIL import Image

from ocr.documents.base import Sheet
from ocr.documents.image import sheet_of_picture
from ocr.documents.picture_pdf import pdf_of_picture, pdf_of_sheet
from ocr.web.laid_out_reader import ENGINE
from ocr.web.laid_out_sheet import LaidSheet
from ocr.web.page_layout import LaidPage

# A picture with a shorter side than this, in pixels, is an icon, a banner or a photograph in the text.
_PAGE_SIDE = 500


@dataclass(frozen=True, slots=True)
class LaidDocument:
    """The pages laid out, and the pictures of pages with their bytes as they were saved.

    `engine` is what told the text of the pages laid out.
    """

    laid: tuple[LaidPage, ...]
    pictures: tuple[tuple[bytes, Image.Image], ...] = ()
    engine: str = ENGINE

    def __len__(self) -> int:
        return len(self.laid) + len(self.pictures)

    def sheet(self, number: int) -> Sheet:
        if number <= len(self.laid):
            return LaidSheet(number, self.laid[number - 1], engine=self.engine)
        return sheet_of_picture(self.pictures[number - len(self.laid) - 1][1], number)

    def as_pdf(self) -> BinaryIO:
        """Join pictures of the pages that were laid out with those that are pictures already."""
        whole = io.BytesIO()
        with pikepdf.new() as pdf:
            for made in self._pdfs():
                with pikepdf.open(io.BytesIO(made)) as page:
                    pdf.pages.extend(page.pages[:1])
            pdf.save(whole)
        whole.seek(0)
        return whole

    def _pdfs(self) -> Iterator[bytes]:
        for number in range(1, len(self.laid) + 1):
            yield pdf_of_sheet(self.sheet(number))
        for number, (data, _) in enumerate(self.pictures, len(self.laid) + 1):
            yield pdf_of_picture(data, self.sheet(number).native_dpi)


def opened_picture(data: bytes) -> Image.Image | None:
    """Open a picture without decoding it; None for one that is damaged or of a kind not known here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def is_page_of_print(picture: Image.Image) -> bool:
    """Tell whether a picture is large enough to be a page of print."""
    return min(picture.size) >= _PAGE_SIDE
