"""A page that we laid out ourselves as a sheet: its characters, and its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from core.limits import limits
from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.model import Box
from ocr.output.text_placement import Piece
from ocr.web.font_metrics import advance, face
from ocr.web.page_layout import LaidCell, LaidPage, LaidTable, Line

_POINTS_PER_INCH = 72.0
# Where the foot of the type stands in a line, from its top, and how thick rules are, in points.
_FOOT, _RULE = 0.88, 0.6
_INK, _UNREAD = (0, 0, 0), (150, 150, 150)


@dataclass(frozen=True)
class LaidSheet:
    """A page of a web page, as `Sheet` has it."""

    number: int
    page: LaidPage
    native_dpi: float | None = None
    picture_dpi: float | None = None

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
            for line in lines_of(self.page)
            for char, box in _boxes(line)
        )

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        """Draw the page: rules, text, and a crossed frame for each picture in a cell."""
        scale = min(dpi / _POINTS_PER_INCH, (limits().page_pixels / (self.width * self.height)) ** 0.5)
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        picture = Image.new("RGB", size, "white")
        canvas = ImageDraw.Draw(picture)
        for cell in cells_of(self.page):
            _draw_cell(canvas, cell, scale)
        for line in lines_of(self.page) if text else ():
            _draw_line(canvas, line, scale)
        return np.asarray(picture, dtype=np.uint8)


def lines_of(page: LaidPage) -> Iterator[Line]:
    """Yield every line of text, those in cells too."""
    for item in page.items:
        if isinstance(item, Line):
            yield item
        else:
            yield from (line for cell in item.cells for line in cell.lines)


def cells_of(page: LaidPage) -> Iterator[LaidCell]:
    """Yield the cells of all tables."""
    yield from (cell for item in page.items if isinstance(item, LaidTable) for cell in item.cells)


def pieces_of_laid(page: LaidPage) -> list[Piece]:
    """Tell where each line stands, as `ocr.output.text_placement` does for a picture."""
    return [_piece(line) for line in lines_of(page) if line.text]


def _piece(line: Line) -> Piece:
    foot = _foot(line)
    return Piece(line.text, (line.left, foot), (line.box.right, foot), line.size, turn=0)


def _foot(line: Line) -> float:
    return line.top + (line.height - line.size) / 2 + _FOOT * line.size


def _boxes(line: Line) -> Iterator[tuple[str, Box]]:
    """Yield each character with its box; one beside the other, as they are drawn."""
    left = line.left
    for char in line.text:
        right = left + advance(char) * line.size
        yield char, Box(left, line.top, right, line.top + line.height)
        left = right


def _draw_line(canvas: ImageDraw.ImageDraw, line: Line, scale: float) -> None:
    foot = _foot(line)
    font = face(line.size * scale)
    for char, box in _boxes(line):
        canvas.text((box.left * scale, foot * scale), char, fill=_INK, font=font, anchor="ls")


def _draw_cell(canvas: ImageDraw.ImageDraw, cell: LaidCell, scale: float) -> None:
    left, top, right, bottom = (round(side * scale) for side in _sides(cell.box))
    if cell.cell.pictured:
        canvas.line((left, top, right, bottom), fill=_UNREAD)
        canvas.line((left, bottom, right, top), fill=_UNREAD)
    canvas.rectangle((left, top, right, bottom), outline=_INK, width=max(1, round(_RULE * scale)))


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
