"""A page that we laid out ourselves as a sheet: its characters, and its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image, ImageDraw

from core.limits import document_limits
from ocr.arrays import Pixels
from ocr.documents.base import POINTS_PER_INCH, Char
from ocr.documents.typeset import Typeset
from ocr.model import Box
from ocr.web.font_metrics import advance, face
from ocr.web.laid_out_reader import ENGINE, typeset_of
from ocr.web.page_layout import LaidCell, LaidLine, LaidPage

# How thick rules are, in points.
_RULE = 0.6
_INK, _UNREAD = (0, 0, 0), (150, 150, 150)


@dataclass(frozen=True)
class LaidSheet:
    """A page of a web page, as `Sheet` has it."""

    number: int
    page: LaidPage
    native_dpi: float | None = None
    picture_dpi: float | None = None
    pdf_page: None = None
    engine: str = ENGINE

    @property
    def width(self) -> float:
        return self.page.width

    @property
    def height(self) -> float:
        return self.page.height

    @property
    def chars(self) -> tuple[Char, ...]:
        """Every character, in reading order."""
        return tuple(
            Char(char, box, box, font=0, visible=True, mapped=True)
            for line in self.page.lines
            for char, box in _boxes(line)
        )

    @cached_property
    def typeset(self) -> Typeset:
        """What the markup says."""
        return typeset_of(self.page, self.number, self.engine)

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        """Draw the page: rules, text, and a crossed frame for each picture in a cell."""
        scale = min(
            dpi / POINTS_PER_INCH, (document_limits().page_pixels / (self.width * self.height)) ** 0.5
        )
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        picture = Image.new("RGB", size, "white")
        canvas = ImageDraw.Draw(picture)
        for cell in self.page.cells:
            _draw_cell(canvas, cell, scale)
        for line in self.page.lines if text else ():
            _draw_line(canvas, line, scale)
        return np.asarray(picture, dtype=np.uint8)


def _boxes(line: LaidLine) -> Iterator[tuple[str, Box]]:
    """Yield each character with its box; one beside the other, as they are drawn."""
    left = line.left
    for char in line.text:
        right = left + advance(char) * line.size
        yield char, Box(left, line.top, right, line.top + line.height)
        left = right


def _draw_line(canvas: ImageDraw.ImageDraw, line: LaidLine, scale: float) -> None:
    font = face(line.size * scale)
    for char, box in _boxes(line):
        canvas.text((box.left * scale, line.foot * scale), char, fill=_INK, font=font, anchor="ls")


def _draw_cell(canvas: ImageDraw.ImageDraw, cell: LaidCell, scale: float) -> None:
    left, top, right, bottom = (round(side * scale) for side in _sides(cell.box))
    if cell.cell.pictured:
        canvas.line((left, top, right, bottom), fill=_UNREAD)
        canvas.line((left, bottom, right, top), fill=_UNREAD)
    canvas.rectangle((left, top, right, bottom), outline=_INK, width=max(1, round(_RULE * scale)))


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
