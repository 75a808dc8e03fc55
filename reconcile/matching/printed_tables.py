"""The ruled tables of all pages as parts: set upright, with rows, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from ocr.model import Box, Cell, Page, Table

# Running heads and page numbers stand in these outer shares of the page height.
_MARGIN = 0.07
_PAGE_NUMBER = re.compile(r"[\s\-—–·.第页共/\d]*")
# Grid lines of two parts coincide when this near, in shares of the table's width.
_SAME_EDGE = 0.02
_MOST_EDGES = 0.8
# A part that has so much of its print where the one before has the same is the next copy of a form that fills
# a page; one that goes on repeats its heads alone.
_SAME_PRINT = 0.4


@dataclass(frozen=True, slots=True)
class TablePart:
    """One ruled table of one page.

    `leaf` counts the pages as printed in the order in which they are read, from 0, two where the stored
    page shows two side by side.
    `edges` are the x of its grid lines (`n_columns + 1` of them), from 0 at its
    left to 1 at its right, as the page is read, not as it is stored. `first` and
    `last` say that nothing but a running head or a page number stands above or
    below it on its page. `above` are the lines between it and the table above it.
    """

    index: int
    table: Table
    edges: tuple[float, ...]
    first: bool
    last: bool
    leaf: int
    above: tuple[str, ...] = ()

    @property
    def page(self) -> int:
        return self.table.page

    def span(self, cell: Cell) -> tuple[float, float]:
        """Left and right edge of a cell, from 0 to 1 of the table's width."""
        last = len(self.edges) - 1
        return self.edges[min(cell.column, last)], self.edges[min(cell.column + cell.column_span, last)]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One row of a part with every cell that covers it, from left to right."""

    part: TablePart
    index: int
    cells: tuple[Cell, ...]

    @property
    def own(self) -> tuple[Cell, ...]:
        """The cells that begin on this row."""
        return tuple(cell for cell in self.cells if cell.row == self.index)


def parts_of(pages: Sequence[Page]) -> tuple[TablePart, ...]:
    """Every table of every page, in reading order."""
    leaves = accumulate((2 if page.gutter else 1 for page in pages), initial=0)
    tables = [
        (page, table, leaf) for page, leaf in zip(pages, leaves, strict=False) for table in _downwards(page)
    ]
    return tuple(_part(index, *each) for index, each in enumerate(tables))


def rows_of(part: TablePart) -> tuple[PartRow, ...]:
    """The rows of a part, each with the cells spanning into it."""
    covering: list[list[Cell]] = [[] for _ in range(part.table.n_rows)]
    for cell in sorted(part.table.cells, key=lambda cell: cell.column):
        for row in range(cell.row, min(cell.row + cell.row_span, part.table.n_rows)):
            covering[row].append(cell)
    return tuple(PartRow(part, index, tuple(cells)) for index, cells in enumerate(covering))


def same_columns(first: TablePart, second: TablePart) -> bool:
    """Say whether the grid lines of one part are found in the other, but for a few."""
    few, many = sorted((set(first.edges), set(second.edges)), key=len)
    shared = sum(min(abs(edge - other) for other in many) <= _SAME_EDGE for edge in few)
    return len(few) > 2 and shared >= _MOST_EDGES * len(few)


def continues(first: TablePart, second: TablePart) -> bool:
    """Say whether `second` looks like the same table going on over a page break."""
    if second.leaf != first.leaf + 1 or not (first.last and second.first):
        return False
    both_open = first.table.open_bottom and second.table.open_top
    return both_open or (same_columns(first, second) and not _is_next_copy(first, second))


def _is_next_copy(first: TablePart, second: TablePart) -> bool:
    before, after = (
        {(cell.row, cell.column, cell.text) for cell in part.table.cells if cell.text}
        for part in (first, second)
    )
    as_many = abs(first.table.n_rows - second.table.n_rows) <= 1
    return as_many and len(before & after) >= _SAME_PRINT * max(len(before), len(after), 1)


def is_page_number(text: str) -> bool:
    """Say whether a line holds nothing but a page number."""
    return _PAGE_NUMBER.fullmatch(text) is not None


def upright_box(page: Page, box: Box, turned: int = 0) -> Box:
    """The box as it lies once the page is turned upright, then as a table is (points, origin top left)."""
    return box.turned((page.turned + turned) % 360, page.width, page.height)


def half_of(page: Page, box: Box) -> int:
    """0 on a page by itself and on the left one of two, 1 on the right one."""
    return int(
        page.gutter is not None and upright_box(page, box).centre[0] > upright_box(page, page.gutter).left
    )


def _downwards(page: Page) -> list[Table]:
    """The tables of a page in order; those that lie on their side follow each other as they are read."""
    first: dict[int, float] = {}
    for table in page.tables:
        top = upright_box(page, table.box).top
        first[table.turned] = min(first.get(table.turned, top), top)

    def place(table: Table) -> tuple[int, float, float]:
        top = upright_box(page, table.box, table.turned).top
        return half_of(page, table.box), first[table.turned] if table.turned else top, top

    return sorted(page.tables, key=place)


def _part(index: int, page: Page, table: Table, leaf: int) -> TablePart:
    above, below = _neighbours(page, table)
    leaf += half_of(page, table.box)
    edges = _edges(page, table)
    lines = _lines_above(page, table)
    return TablePart(index, table, edges, first=not above, last=not below, leaf=leaf, above=lines)


def _lines_above(page: Page, table: Table) -> tuple[str, ...]:
    """The lines above a table, from the table above it on down, on its half of a spread."""
    half, turned = half_of(page, table.box), table.turned
    top = upright_box(page, table.box, turned).top
    tables = [upright_box(page, other.box, turned) for other in page.tables if other is not table]
    first = max((box.bottom for box in tables if box.bottom <= top), default=0.0)
    lines = ((upright_box(page, line.box, turned).centre[1], line) for line in page.lines)
    return tuple(line.text for y, line in lines if first <= y <= top and half_of(page, line.box) == half)


def _neighbours(page: Page, table: Table) -> tuple[bool, bool]:
    """Say whether anything that counts stands above and below the table, on its half of a spread."""
    height = page.width if page.turned in (90, 270) else page.height
    box, half = upright_box(page, table.box), half_of(page, table.box)
    tables = [other for other in page.tables if other is not table and half_of(page, other.box) == half]
    others = [upright_box(page, other.box).centre[1] for other in tables]
    middles = others + [y for y in _line_middles(page, half) if _MARGIN * height < y < (1 - _MARGIN) * height]
    return any(y < box.top for y in middles), any(y > box.bottom for y in middles)


def _line_middles(page: Page, half: int) -> list[float]:
    """Upright y of the body lines: no page numbers, nothing inside a table."""
    own = (line for line in page.lines if half_of(page, line.box) == half)
    body = (line for line in own if not is_page_number(line.text))
    free = (line for line in body if not page.has_in_a_table(line))
    return [upright_box(page, line.box).centre[1] for line in free]


def _edges(page: Page, table: Table) -> tuple[float, ...]:
    """Where the grid lines run, from 0 to 1: the median of the cell sides seen on each.

    All lines of a table that is a little askew are off alike, so nothing is
    straightened here.
    """
    seen: list[list[float]] = [[] for _ in range(table.n_columns + 1)]
    for cell in table.cells:
        box = upright_box(page, cell.box, table.turned)
        seen[cell.column].append(box.left)
        seen[min(cell.column + cell.column_span, table.n_columns)].append(box.right)
    left = min((median(sides) for sides in seen if sides), default=0.0)
    lines = list(accumulate((median(sides) if sides else left for sides in seen), max))
    if lines[-1] <= lines[0]:
        return tuple(index / max(table.n_columns, 1) for index in range(table.n_columns + 1))
    return tuple((x - lines[0]) / (lines[-1] - lines[0]) for x in lines)
