"""A page, or a part of it, as a small picture for a browser."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from ocr.document_opener import open_document
from ocr.model import Box
from ocr.output.overlay import BoxLayer, draw_boxes

# Compression of WebP, 0 to 100: strokes of 9 pt stay sharp, a page of 1,000 pixels takes some 60 KB.
_QUALITY = 70
_POINT = 72.0
_FRAME = "#d92020"


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """Which picture: a page, `width` pixels wide as it is stored; or an area of it, at that scale.

    `turned` is the clockwise turn in degrees that sets the area upright; round `framed` a frame is drawn.
    """

    page: int
    width: int
    area: Box | None = None
    turned: int = 0
    framed: Box | None = None


def page_picture(path: Path, wanted: WantedPicture) -> bytes:
    """Draw a page of a document, or an area of it, as WebP.

    Raises:
        UnreadableDocument: the document or page cannot be opened.
    """
    with open_document(path) as document:
        sheet = document.sheet(wanted.page)
        pixels = sheet.render(_POINT * wanted.width / sheet.width)
    scale = pixels.shape[1] / sheet.width
    frames = [BoxLayer((wanted.framed,), _FRAME, 4)] if wanted.framed else []
    picture = draw_boxes(pixels, frames, scale)
    if box := wanted.area:
        left, top = max(0.0, box.left * scale), max(0.0, box.top * scale)
        right, bottom = max(left + 1, box.right * scale), max(top + 1, box.bottom * scale)
        picture = picture.crop((round(left), round(top), round(right), round(bottom)))
    buffer = io.BytesIO()
    picture.rotate(-wanted.turned, expand=True).save(buffer, format="WEBP", quality=_QUALITY)
    return buffer.getvalue()
