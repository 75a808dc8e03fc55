"""Text that is turned on its page: seen as if the page were turned to set it upright, and told back.

A page may be drawn turned, a table stand on its side among upright text, the heading of
a column on its side within a table. Whatever is read is read in a frame where it is upright.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr.documents.base import Char
from ocr.image.page_image import PageImage, rotate_quarters
from ocr.model import Box, Table


@dataclass(frozen=True, slots=True)
class Frame:
    """A page of `width` by `height` points as stored, turned clockwise by `degrees` (0, 90, 180 or 270)."""

    width: float
    height: float
    degrees: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page once it is turned."""
        return (self.height, self.width) if self.degrees in (90, 270) else (self.width, self.height)

    def box(self, stored: Box) -> Box:
        """Return where a box of the page as stored lies in the frame."""
        return stored.turned(self.degrees, self.width, self.height)

    def stored(self, box: Box) -> Box:
        """Return where a box of the frame lies on the page as stored."""
        return box.turned(-self.degrees % 360, *self.size)

    def char(self, char: Char) -> Char:
        """Return a character of the page as the frame shows it."""
        if self.degrees == 0:
            return char
        turned = (char.turned - self.degrees) % 360
        return replace(char, box=self.box(char.box), loose=self.box(char.loose), turned=turned)

    def view(self, view: PageImage) -> PageImage:
        """Turn a view of the page as stored, as `render_page` gives it."""
        if self.degrees == 0:
            return view
        pixels = rotate_quarters(view, self.degrees).pixels
        width, height = self.size
        to_page = np.diag([width / pixels.shape[1], height / pixels.shape[0], 1.0])
        return PageImage(pixels, to_page, view.dpi)

    def seen_in(self, other: Frame) -> Callable[[Box], Box]:
        """Return what tells a box of this frame where it lies in another frame of the same page."""
        return lambda box: other.box(self.stored(box))


def moved_table(table: Table, place: Callable[[Box], Box]) -> Table:
    """Return a table whose boxes are told otherwise."""
    cells = tuple(replace(cell, box=place(cell.box)) for cell in table.cells)
    return replace(table, box=place(table.box), cells=cells)


def by_turn(chars: Iterable[Char]) -> Mapping[int, list[Char]]:
    """Part characters by the turn that sets them upright, the most common one first."""
    parts: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        parts[char.turned].append(char)
    return dict(sorted(parts.items(), key=lambda part: -len(part[1])))


def set_upright(chars: Sequence[Char]) -> list[Char]:
    """Return the characters of one cell or line as they stand once most of them are upright."""
    turn = next(iter(by_turn(chars)), 0)
    frame = Frame(0.0, 0.0, turn)
    return [frame.char(char) for char in chars]
