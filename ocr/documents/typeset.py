"""What a page holds by the word of its document: nothing on it has to be recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ocr.model import Cell, CellPlace, Reading, Table, TextLine

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text on one row of print; all in points of the page as stored.

    `start` and `end` are the ends of the foot of the row, in the direction of
    reading; `em` is the size of the type. `turn` is the clockwise turn in degrees
    that sets the row upright, 0, 90, 180 or 270: a standing line is set upright
    by a quarter turn to the left.
    """

    text: str
    start: Point
    end: Point
    em: float
    turn: int


@dataclass(frozen=True, slots=True)
class Typeset:
    """The `lines` and `tables` of a page as `Page` has them, and where each row of its print stands.

    `engine` is what they are from, `second` the method by which they are looked up once more. `left_out`
    says, for people, what the document holds and does not show.
    """

    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    rows: tuple[PlacedText, ...]
    engine: str
    second: str
    left_out: tuple[str, ...] = ()

    def again(self, cells: Iterable[Cell]) -> Mapping[CellPlace, Reading]:
        """Look cells up once more, keyed by their places.

        A picture of the page is drawn from the text, so reading it would tell nothing. What is no
        text cannot be read again.
        """
        known = {cell.place: cell for table in self.tables for cell in table.cells}
        found = (known[cell.place] for cell in cells if cell.place in known)
        return {
            cell.place: Reading(cell.text, cell.confidence, self.second)
            for cell in found
            if cell.text or not cell.inked
        }
