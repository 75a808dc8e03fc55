"""Pictures of what was read: a page with the boxes that were found on it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from ocr.document import open_document
from ocr.model import Box

_DPI = 110.0


@dataclass(frozen=True, slots=True)
class Layer:
    """Boxes in points of the page, drawn in one colour (a name or #rrggbb)."""

    boxes: tuple[Box, ...]
    colour: str
    width: int = 2


def draw(path: Path, number: int, layers: Iterable[Layer]) -> bytes:
    """Draw page `number` of a document with boxes over it; return the PNG.

    Raises:
        UnreadableDocument: the document or page cannot be opened.
    """
    with open_document(path) as document:
        picture = Image.fromarray(document.sheet(number).render(_DPI))
    canvas = ImageDraw.Draw(picture)
    scale = _DPI / 72
    for layer in layers:
        for box in layer.boxes:
            corners = (box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)
            canvas.rectangle(corners, outline=layer.colour, width=layer.width)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
