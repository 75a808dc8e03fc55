"""What a page is made of, once read.

Every length is in PDF points (1/72 inch) and every box has its origin at the
top left of the page as stored, before any turning or deskewing, so that a crop
of the original shows what the box names. Pages are numbered from 1, rows and
columns of a table from 0, confidences run from 0 (a guess) to 1 (certain).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

# How sure a text layer that is trusted makes: it is no proof, one in a thousand is left to doubt.
SURE = 0.999
# The most that a cell is sure of whose ink speaks against what was read, unless a sum proves it: engines
# misread the same ink the same way, and no less sure than if they were right.
DOUBTED = 0.75


class Route(StrEnum):
    """How a page had to be read."""

    DIGITAL = "digital"
    SCANNED = "scanned"
    GARBLED = "garbled"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in points; `left <= right` and `top <= bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def turned(self, degrees: int, width: float, height: float) -> Box:
        """Return the box after a page of this size is turned clockwise by 0, 90, 180 or 270 degrees."""
        if degrees == 90:
            return Box(height - self.bottom, self.left, height - self.top, self.right)
        if degrees == 180:
            return Box(width - self.right, height - self.bottom, width - self.left, height - self.top)
        if degrees == 270:
            return Box(self.top, width - self.right, self.bottom, width - self.left)
        return self

    def contains(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One attempt at a place: what was read, how sure, and by which method."""

    text: str
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line, or the whole text of a table cell, in reading order."""

    text: str
    box: Box
    confidence: float
    engine: str
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Which cell it is: its page from 1, the table of that page from 0, its row and column there from 0.

    No two cells of a document have the same, wherever their boxes lie.
    """

    page: int
    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `row` and `column` name its top left corner.

    `text` is what is printed, line breaks inside the cell removed. `inked` says
    whether anything is printed in it at all: an empty text with ink is unread,
    an empty text without ink is blank. `others` are further readings of the same
    place, kept beside the first, never instead of it.

    `doubted` says that its ink speaks against what was read, however often it is read again (`in_doubt`).

    `table` is the number of its table on the page, from 0. In a table put together
    from parts, `row` counts through all of them, and `rows_before` of it belong to
    the parts before its own.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    box: Box
    confidence: float
    page: int
    engine: str
    inked: bool
    others: tuple[Reading, ...] = ()
    table: int = 0
    rows_before: int = 0
    doubted: bool = False

    @property
    def place(self) -> CellPlace:
        return CellPlace(self.page, self.table, self.row - self.rows_before, self.column)


def in_doubt(cell: Cell) -> Cell:
    """Return the cell, doubted: what its ink speaks against is no surer than `DOUBTED`."""
    return replace(cell, confidence=min(cell.confidence, DOUBTED), doubted=True)


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one table of one page, told by its rules or, without any, by where its print stands.

    `open_top` and `open_bottom` tell that the vertical rules run on without a
    closing rule there, as they do where a page break cuts a table. `turned` is the
    clockwise turn in degrees that sets the table upright once its page is.

    `confidence` is that of its structure: how likely a cell has the row, the column and the extent that it
    has on paper. 1 where the document itself says so.
    """

    page: int
    box: Box
    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    open_top: bool = False
    open_bottom: bool = False
    turned: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Warp:
    """How a photographed page was laid flat: `width` and `height` of the flat sheet in points.

    `nodes` spread evenly over it, rows from the top, from corner to corner; each
    is the point (x, y) of the page as stored that is shown there.
    """

    width: float
    height: float
    nodes: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, read. `lines` holds body lines and table cells in reading order.

    `turned` is the clockwise turn in degrees (0, 90, 180 or 270) that sets the
    page upright, `skew` the remaining clockwise angle that was straightened.
    `warp` is given for a photographed page and then holds both of them too.
    `gutter` is given where the stored page shows two pages side by side: the
    place of the middle of the gutter between them. `left_out` says, for people, what
    the document holds here and does not show.
    """

    number: int
    width: float
    height: float
    route: Route
    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    engine: str
    seconds: float
    turned: int = 0
    skew: float = 0.0
    warp: Warp | None = None
    gutter: Box | None = None
    left_out: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def has_in_a_table(self, line: TextLine) -> bool:
        """Tell whether one of the lines stands in a table of the page."""
        return any(table.box.contains(*line.box.centre) for table in self.tables)


def numbered(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables of a page, each cell with the number of its own."""
    return tuple(
        replace(table, cells=tuple(replace(cell, table=number) for cell in table.cells))
        for number, table in enumerate(tables)
    )


def table_on_page(table: Table, number: int) -> Table:
    """A table as it is on page `number` of something else, with its cells."""
    return replace(table, page=number, cells=tuple(replace(cell, page=number) for cell in table.cells))


def renumbered(page: Page, number: int) -> Page:
    """A page as page `number` of something else."""
    return replace(page, number=number, tables=tuple(table_on_page(one, number) for one in page.tables))
