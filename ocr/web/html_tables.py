"""Rows of cells with row spans and column spans as a grid, as browsers lay them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from core.web_limits import MOST_COLUMNS, MOST_ROWS, MOST_UNITS, WIDEST_SPAN, within
from ocr.web.blocks import Grid, GridCell


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell as the markup has it; a `row_span` of 0 reaches to the end of its group of rows."""

    row_span: int
    column_span: int
    text: str
    pictured: bool = False
    doubted: bool = False


def grid_of(groups: Iterable[Sequence[Sequence[Raw]]]) -> Grid:
    """Lay out groups of rows (head, bodies, foot), one below the other; no cell spans from one into another.

    A span that reaches too far ends with its group or before a cell from above. Rows and
    columns in which no cell begins are none: so a span over more columns than there are counts
    for those that there are.

    Raises:
        UnreadableDocument: the table is larger than the limits.
    """
    cells: list[GridCell] = []
    height = 0
    for group in groups:
        cells += _placed(group, height)
        height += len(group)
        within(height, MOST_ROWS, "rows in a table")
    return _without_empty(cells, height)


def _placed(group: Sequence[Sequence[Raw]], top: int) -> list[GridCell]:
    """Give each cell of a group its place; `top` is the first row of the group."""
    # The row at which each column is free again.
    free: dict[int, int] = {}
    cells: list[GridCell] = []
    units = 0
    for row, raws in enumerate(group):
        column = 0
        for raw in raws:
            while free.get(column, 0) > row:
                column += 1
                units += 1
            within(column + 1, MOST_COLUMNS, "columns in a table")
            rest = len(group) - row
            rows = min(raw.row_span or rest, rest)
            span = _room(free, row, column, min(max(raw.column_span, 1), WIDEST_SPAN))
            free.update(dict.fromkeys(range(column, column + span), row + rows))
            units += span
            within(units, MOST_UNITS, "places in a table")
            cells.append(GridCell(top + row, column, rows, span, raw.text, raw.pictured, raw.doubted))
            column += span
    return cells


def _room(free: dict[int, int], row: int, column: int, wanted: int) -> int:
    """Return how many columns of those wanted no cell from above stands in."""
    return next((n for n in range(1, wanted) if free.get(column + n, 0) > row), wanted)


def _without_empty(cells: Sequence[GridCell], height: int) -> Grid:
    """Leave out the rows and columns in which no cell begins."""
    width = max((cell.column + cell.column_span for cell in cells), default=0)
    rows = _counted({cell.row for cell in cells}, height)
    columns = _counted({cell.column for cell in cells}, width)
    kept = [
        replace(
            cell,
            row=rows[cell.row],
            column=columns[cell.column],
            row_span=rows[cell.row + cell.row_span] - rows[cell.row],
            column_span=columns[cell.column + cell.column_span] - columns[cell.column],
        )
        for cell in cells
    ]
    within(rows[-1] * columns[-1], MOST_UNITS, "places in a table")
    return Grid(rows[-1], columns[-1], tuple(kept))


def _counted(kept: set[int], size: int) -> list[int]:
    """Return for each place, and the one behind the last, how many kept ones are before it."""
    return list(accumulate((place in kept for place in range(size)), initial=0))


def span_of(text: str) -> int:
    """Read a span as browsers do: the digits it begins with, else 1."""
    text = text.strip()
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    return int(digits[:9]) if digits else 1
