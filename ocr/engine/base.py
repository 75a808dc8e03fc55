"""What an OCR engine must do, and the smallest one that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ocr.arrays import Pixels

# The alphabet of a value cell, each with the characters that cannot be told from
# it when it stands alone: a lone 0 is as often read O, and a dash as 一.
NUMERIC_ALPHABET = {
    "0": "0Oo〇０Ｏｏ",
    "1": "1lI|丨１",
    "2": "2２",
    "3": "3３",
    "4": "4４",
    "5": "5５",
    "6": "6６",
    "7": "7７",
    "8": "8８",
    "9": "9９",
    ".": ".．·",
    ",": ",，",
    "+": "+＋",
    "-": "-－−—–一",
    "/": "/／",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text of one line image, read freely and read as a number.

    `confidence` is the mean probability of the characters, `weakest` the lowest.
    `numeral` is the best text within NUMERIC_ALPHABET and `numeral_confidence`
    the lowest probability among its characters, look-alikes counted in, so that a
    numeral forced upon any other sign scores near 0.
    """

    text: str
    confidence: float
    weakest: float
    numeral: str
    numeral_confidence: float


NOTHING = Recognised("", 0.0, 0.0, "", 0.0)


class Engine(Protocol):
    """Finds printed lines on a page and reads the picture of a single line."""

    @property
    def name(self) -> str:
        """Model and version, as kept with every reading."""
        ...

    def detect(
        self, page: Pixels, longest: int = 0
    ) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        """Return the printed lines of an RGB page as corner points in pixels, shape (4, 2), clockwise.

        Of a part of a page, `longest` is the longer side of the whole, so that print has the same size.
        """
        ...

    def recognise(self, line: Pixels) -> Recognised:
        """Read an RGB picture of one horizontal line, cropped close to its ink."""
        ...


class NullEngine:
    """Sees nothing. For tests, and for batches that only keep originals."""

    name = "null"

    def detect(
        self, page: Pixels, longest: int = 0
    ) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        """Find no line."""
        return []

    def recognise(self, line: Pixels) -> Recognised:
        """Read nothing."""
        return NOTHING


@dataclass(frozen=True, slots=True)
class LearnedCell:
    """A cell by its place in the lattice, and the box in which the model sees it, in pixels."""

    row: int
    column: int
    row_span: int
    column_span: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class LearnedTable:
    """What the model says of a picture."""

    n_rows: int
    n_columns: int
    cells: tuple[LearnedCell, ...]


class TableModel(Protocol):
    """Tells the structure of tables; it reads nothing."""

    def structure(self, picture: Pixels) -> LearnedTable | None:
        """The table that fills a picture, RGB, shape (height, width, 3); None where it sees none."""
        ...
