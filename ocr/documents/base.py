"""What every document looks like from outside, whatever it is.

A number of sheets, each with a size in points, pixels on demand and, where there is one, a text layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ocr.arrays import Pixels
from ocr.model import Box

POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class Char:
    """A character of the text layer: its ink box and its type-set box, in points."""

    text: str
    box: Box
    loose: Box
    font: int
    visible: bool
    mapped: bool


class Sheet(Protocol):
    """One page as stored, before anything is read from it."""

    @property
    def number(self) -> int:
        """Counted from 1."""
        ...

    @property
    def width(self) -> float:
        """In points."""
        ...

    @property
    def height(self) -> float:
        """In points."""
        ...

    @property
    def chars(self) -> tuple[Char, ...]:
        """The text layer in the order of the file; empty where there is none."""
        ...

    @property
    def native_dpi(self) -> float | None:
        """The resolution of the picture, or the strips of one, that covers the page; None if none does."""
        ...

    @property
    def picture_dpi(self) -> float | None:
        """The resolution of the largest picture on the page, None if there is none."""
        ...

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        """Draw the page as RGB pixels, shape (height, width, 3), on demand without its text."""
        ...


class Document(Protocol):
    """An open document."""

    def __len__(self) -> int: ...

    def sheet(self, number: int) -> Sheet:
        """Return page `number`, counted from 1."""
        ...
