"""Pictures of what was read: a page with the boxes that were found on it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.model import Box

_DPI = 110.0
_CROP_DPI = 200.0
# What is shown around a row, in points, and between a value and its frame.
_MARGIN, _GAP = 14.0, 1.0
# Fonts with hanzi, by the names that Pillow finds them by on Linux, macOS and Windows.
_FONTS = ("NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "uming.ttc", "PingFang.ttc", "msyh.ttc")
_TYPE_SIZE = 15


@dataclass(frozen=True, slots=True)
class BoxLayer:
    """Boxes in points of the page, drawn in one colour (a name or #rrggbb); `labels` stand inside them."""

    boxes: tuple[Box, ...]
    colour: str
    width: int = 2
    labels: tuple[str, ...] = ()


def draw(path: Path, number: int, layers: Iterable[BoxLayer]) -> bytes:
    """Draw page `number` of a document with boxes over it; return the PNG.

    Raises:
        UnreadableDocument: the document or page cannot be opened.
    """
    with open_document(path) as document:
        pixels = document.sheet(number).render(_DPI)
    buffer = io.BytesIO()
    draw_boxes(pixels, layers, _DPI / 72).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def crop(path: Path, number: int, box: Box, around: Box, turned: int = 0) -> bytes:
    """Cut out what is `around` a box on page `number`, with a frame round the box; return the PNG.

    `turned` is the clockwise turn in degrees that sets the page upright.

    Raises:
        UnreadableDocument: the document or page cannot be opened.
    """
    with open_document(path) as document:
        pixels = document.sheet(number).render(_CROP_DPI)
    scale = _CROP_DPI / 72
    frame = BoxLayer((_wider(box, _GAP),), "#d92020", 2)
    whole = draw_boxes(pixels, [frame], scale)
    shown = _wider(around.union(box), _MARGIN)
    sides = tuple(round(scale * side) for side in (shown.left, shown.top, shown.right, shown.bottom))
    left, top, right, bottom = sides
    cut = whole.crop((max(0, left), max(0, top), min(whole.width, right), min(whole.height, bottom)))
    buffer = io.BytesIO()
    cut.rotate(-turned, expand=True).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _wider(box: Box, margin: float) -> Box:
    return Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)


def draw_boxes(pixels: Pixels, layers: Iterable[BoxLayer], scale: float = 1.0) -> Image.Image:
    """Return a copy of a picture with boxes over it; `scale` is pixels a unit of the boxes."""
    picture = Image.fromarray(pixels)
    canvas = ImageDraw.Draw(picture)
    for layer in layers:
        for box, label in zip(layer.boxes, chain(layer.labels, repeat("")), strict=False):
            left, top, right, bottom = (scale * side for side in (box.left, box.top, box.right, box.bottom))
            canvas.rectangle((left, top, right, bottom), outline=layer.colour, width=layer.width)
            at, shown = (left + 3, top + 1), _fitting(label, right - left)
            canvas.text(at, shown, fill=layer.colour, font=label_font(_TYPE_SIZE))
    return picture


def _fitting(label: str, width: float) -> str:
    """Cut what would run far beyond its box; numbers, half as wide as hanzi, have room for twice as much."""
    room = max(1, round(width / _TYPE_SIZE * (2 if label.isascii() else 1)))
    return label if len(label) <= room else f"{label[: room - 1]}…"


@cache
def label_font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font of `size` pixels with hanzi if this machine has one, else Pillow's own Latin one."""
    for name in _FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)
