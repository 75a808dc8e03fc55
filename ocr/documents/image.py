"""Pictures of pages, opened with Pillow; a TIFF may hold several."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import document_limits, within
from ocr.arrays import Pixels
from ocr.documents.base import POINTS_PER_INCH, Char, Document, Sheet
from ocr.documents.picture_pdf import pdf_of_picture

# Where a picture does not say its resolution: the office scanner's usual setting.
DEFAULT_DPI = 200.0
# What Pillow raises where a file is not what its head says.
_BAD_PICTURE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error)


@contextmanager
def open_picture(path: Path) -> Iterator[Document]:
    """Open a picture, or all pictures of a TIFF.

    Raises:
        UnreadableDocument: it is damaged or beyond a limit.
    """
    with _open_picture(path) as picture:
        frames = _PictureDocument(path, picture)
        within(len(frames), "pages", "the picture has more than {} frames")
        yield frames


@contextmanager
def _open_picture(path: Path) -> Iterator[Image.Image]:
    try:
        picture = _undecoded(path)
        _look_at_size(picture)
        picture.load()
    except UnidentifiedImageError as error:
        raise UnreadableDocument(Failure.DAMAGED, "the picture is damaged and cannot be opened") from error
    except _BAD_PICTURE as error:
        raise UnreadableDocument(Failure.DAMAGED, f"the picture is damaged or cut short ({error})") from error
    with picture:
        yield picture


def _undecoded(path: Path) -> Image.Image:
    """Open a picture of any size: what is too large is told by our own limit, before it is decoded."""
    usual, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        return Image.open(path)
    finally:
        Image.MAX_IMAGE_PIXELS = usual


def _look_at_size(picture: Image.Image, number: int = 1) -> None:
    what = "the picture has more than {} pixels"
    within(picture.width * picture.height, "picture_pixels", what, f"page {number}")


@dataclass(frozen=True)
class _PictureDocument:
    path: Path
    picture: Image.Image

    def __len__(self) -> int:
        return getattr(self.picture, "n_frames", 1)

    def sheet(self, number: int) -> Sheet:
        return sheet_of_picture(self.picture, number, number - 1)

    def as_pdf(self) -> BinaryIO:
        return io.BytesIO(pdf_of_picture(self.path.read_bytes(), self.sheet(1).native_dpi))


def sheet_of_picture(picture: Image.Image, number: int, frame: int = 0) -> Sheet:
    """Return a frame, counted from 0, of a picture as page `number` of a document.

    Raises:
        UnreadableDocument: the picture is damaged.
    """
    try:
        picture.seek(frame)
        _look_at_size(picture, number)
        upright = ImageOps.exif_transpose(picture)
        pixels = np.asarray(_flatten(upright).convert("RGB"), dtype=np.uint8)
    except _BAD_PICTURE as error:
        reason = f"page {number} of the picture is damaged ({error})"
        raise UnreadableDocument(Failure.DAMAGED, reason, stage=f"page {number}") from error
    return _PictureSheet(number, pixels, _declared_dpi(picture))


def _flatten(picture: Image.Image) -> Image.Image:
    """Lay a transparent picture on white paper; black would hide its text."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    layers = picture.convert("RGBA")
    paper = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(paper, layers)


def _declared_dpi(picture: Image.Image) -> float:
    """Return the resolution in the file, unless it is absent or no scanner's (phones say 72, screens 96)."""
    dpi = float(picture.info.get("dpi", (0, 0))[0])
    return dpi if 97 <= dpi <= 1200 else DEFAULT_DPI


class _PictureSheet:
    typeset = None
    pdf_page = None

    def __init__(self, number: int, pixels: Pixels, dpi: float) -> None:
        self.number = number
        self.pixels = pixels
        self.native_dpi: float | None = dpi
        self.picture_dpi: float | None = dpi
        self.width = pixels.shape[1] * POINTS_PER_INCH / dpi
        self.height = pixels.shape[0] * POINTS_PER_INCH / dpi
        self.chars: tuple[Char, ...] = ()

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        wanted = dpi / (self.native_dpi or DEFAULT_DPI)
        scale = min(
            wanted, (document_limits().page_pixels / (self.pixels.shape[0] * self.pixels.shape[1])) ** 0.5
        )
        if abs(scale - 1.0) < 0.02:
            return self.pixels
        size = (round(self.pixels.shape[1] * scale), round(self.pixels.shape[0] * scale))
        return np.asarray(Image.fromarray(self.pixels).resize(size, Image.Resampling.LANCZOS))
