"""Pictures of an OFD as pictures of a PDF; the data of a JPEG or JBIG2 stay as they are."""

from __future__ import annotations

import io
import struct

from pikepdf import Dictionary, Name, Object, Pdf
from PIL import Image

from core.limits import within

_JBIG2 = b"\x97JB2\r\n\x1a\n"
# Flags of a JBIG2 file: one segment after the other, and a number of pages that is not told.
_SEQUENTIAL, _UNTOLD = 1, 2
_PAGE_INFORMATION = 48
# What Pillow raises for what is no picture, or is damaged.
BAD_PICTURE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error)


def picture_of(pdf: Pdf, data: bytes) -> Object:
    """Return a picture as an object of a PDF.

    Raises:
        UnreadableDocument: it has more pixels than the limit.
        BAD_PICTURE: it cannot be opened.
    """
    if data.startswith(_JBIG2):
        return _jbig2(pdf, data)
    usual, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        picture = Image.open(io.BytesIO(data))
    finally:
        Image.MAX_IMAGE_PIXELS = usual
    _look_at_size(*picture.size)
    if picture.format == "JPEG" and picture.mode in ("L", "RGB"):
        picture.load()  # what is damaged is told here
        return _image(pdf, data, picture.size, picture.mode, Name.DCTDecode)
    return _plain(pdf, picture)


def _look_at_size(width: int, height: int) -> None:
    within(width * height, "picture_pixels", "a picture in the OFD has more than {} pixels")


def _image(pdf: Pdf, data: bytes, size: tuple[int, int], mode: str, packed: Name | None = None) -> Object:
    told = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        BitsPerComponent=1 if mode == "1" else 8,
        ColorSpace=Name.DeviceRGB if mode == "RGB" else Name.DeviceGray,
    )
    if packed is not None:
        told.Filter = packed
    return pdf.make_stream(data, told)


def _plain(pdf: Pdf, picture: Image.Image) -> Object:
    """Return a picture with its pixels written out; qpdf packs them."""
    mask = None
    if "A" in picture.getbands() or "transparency" in picture.info:
        mask = picture.convert("RGBA").getchannel("A")
    if picture.mode not in ("1", "L", "RGB"):
        picture = picture.convert("L" if picture.mode in ("LA", "I;16") else "RGB")
    made = _image(pdf, picture.tobytes(), picture.size, picture.mode)
    if mask is not None and mask.getextrema() != (255, 255):
        made.SMask = _image(pdf, mask.tobytes(), mask.size, "L")
    return made


def _jbig2(pdf: Pdf, data: bytes) -> Object:
    """Take the head of the file away, which a PDF has no use for; its size stands in its first segments."""
    flags = data[len(_JBIG2)]
    if not flags & _SEQUENTIAL:
        raise ValueError("JBIG2 in an order that no PDF holds")
    segments = data[len(_JBIG2) + (1 if flags & _UNTOLD else 5) :]
    size = _jbig2_size(segments)
    _look_at_size(*size)
    return _image(pdf, segments, size, "1", Name.JBIG2Decode)


def _jbig2_size(segments: bytes) -> tuple[int, int]:
    """Return width and height, in pixels, from the segment that tells of the page."""
    at = 0
    while at + 11 <= len(segments):
        kind = segments[at + 4] & 63
        n_referred = segments[at + 5] >> 5
        number = struct.unpack(">I", segments[at : at + 4])[0]
        each = 1 if number <= 256 else 2 if number <= 65536 else 4
        head = 6 + n_referred * each + (4 if segments[at + 4] & 64 else 1)
        length = struct.unpack(">I", segments[at + head : at + head + 4])[0]
        if kind == _PAGE_INFORMATION:
            width, height = struct.unpack(">II", segments[at + head + 4 : at + head + 12])
            return width, height
        at += head + 4 + length
    raise ValueError("JBIG2 without a page")
