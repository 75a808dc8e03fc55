"""Tables of a page while they are open, and what becomes of them: a grid of data, or mere layout.

Rows of cells with row spans and column spans become a grid as browsers lay them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from core.limits import WEB_PAGE, web_page_within
from ocr.html.blocks import Block, HtmlCell, HtmlTable, Paragraph, Picture
from ocr.html.encoding import REPLACEMENT
from ocr.html.rendered_text import one_text

# Groups of rows in the order in which they are shown, wherever the markup has them.
_ORDER = ("thead", "tbody", "tfoot")
# A cell with text longer than this, or so many lines of a good length, is no cell of data.
_LONG_TEXT, _MANY_LINES, _GOOD_LENGTH = 600, 3, 200
# A table with so many rows of so many cells of their own is one of data whatever else is in it.
_DATA_ROWS, _DATA_COLUMNS = 5, 3


@dataclass(slots=True)
class OpenCell:
    """A cell, with the spans that the markup gives it, and what stands in it so far.

    `doubted` says that its text may be shown otherwise than it is written, `untold` that there is print in
    it besides: that of a script, which may print whatever it likes, or of a field that has no value.
    """

    row_span: int
    column_span: int
    blocks: list[Block] = field(default_factory=list)
    doubted: bool = False
    untold: bool = False


@dataclass(slots=True)
class OpenTable:
    """A table that is open: its groups of rows, and what stands in it outside of any cell."""

    groups: list[tuple[str, list[list[OpenCell]]]] = field(default_factory=list)
    stray: list[Block] = field(default_factory=list)
    cell: OpenCell | None = None
    in_group: bool = False
    in_row: bool = False
    laid_out: bool = False


def blocks_of_table(table: OpenTable) -> Iterable[Block]:
    """Return the grid of a table of data, or all that stands in the cells of any other."""
    groups = [rows for tag in _ORDER for name, rows in table.groups if name == tag]
    cells = [cell for rows in groups for row in rows for cell in row]
    if len(cells) > 1 and not table.laid_out and (_is_data(groups) or not any(map(_holds_more, cells))):
        grid = grid_of([[[_raw(cell) for cell in row] for row in rows] for rows in groups])
        if grid.n_columns > 1 and any(cell.text for cell in grid.cells):
            return (grid,)
    return [block for cell in cells for block in cell.blocks]


def _is_data(groups: Iterable[list[list[OpenCell]]]) -> bool:
    own = [
        sum(bool(cell.blocks) and not _holds_more(cell) for cell in row) for rows in groups for row in rows
    ]
    return sum(count >= _DATA_COLUMNS for count in own) >= _DATA_ROWS


def _holds_more(cell: OpenCell) -> bool:
    """Tell whether a cell holds what none of data does: a table, a heading and text below, long text."""
    lines = [block.text for block in cell.blocks if isinstance(block, Paragraph)]
    length = sum(map(len, lines))
    return (
        any(isinstance(block, HtmlTable) for block in cell.blocks)
        or (len(lines) > 1 and any(isinstance(block, Paragraph) and block.level for block in cell.blocks))
        or length > _LONG_TEXT
        or (len(lines) >= _MANY_LINES and length > _GOOD_LENGTH)
    )


def _raw(cell: OpenCell) -> Raw:
    lines = [*_lines(cell.blocks)]
    text = one_text(lines)
    nested = any(isinstance(block, HtmlTable) for block in cell.blocks)
    pictured = cell.untold or any(isinstance(block, Picture) for block in cell.blocks)
    doubted = nested or cell.doubted or REPLACEMENT in text
    return Raw(cell.row_span, cell.column_span, text, pictured, doubted)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, HtmlTable):
            yield from (cell.text for cell in block.cells)


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell as the markup has it; a `row_span` of 0 reaches to the end of its group of rows."""

    row_span: int
    column_span: int
    text: str
    pictured: bool = False
    doubted: bool = False


def grid_of(groups: Iterable[Sequence[Sequence[Raw]]]) -> HtmlTable:
    """Lay out groups of rows (head, bodies, foot), one below the other; no cell spans from one into another.

    A span that reaches too far ends with its group or before a cell from above. Rows and
    columns in which no cell begins are none: so a span over more columns than there are counts
    for those that there are.

    Raises:
        UnreadableDocument: the table is larger than the limits.
    """
    cells: list[HtmlCell] = []
    height = 0
    for group in groups:
        cells += _placed(group, height)
        height += len(group)
        web_page_within(height, WEB_PAGE.rows, "rows in a table")
    return without_empty(cells, height)


def _placed(group: Sequence[Sequence[Raw]], top: int) -> list[HtmlCell]:
    """Give each cell of a group its place; `top` is the first row of the group."""
    # The row at which each column is free again.
    free: dict[int, int] = {}
    cells: list[HtmlCell] = []
    units = 0
    for row, raws in enumerate(group):
        column = 0
        for raw in raws:
            while free.get(column, 0) > row:
                column += 1
                units += 1
            web_page_within(column + 1, WEB_PAGE.columns, "columns in a table")
            rest = len(group) - row
            rows = min(raw.row_span or rest, rest)
            span = _room(free, row, column, min(max(raw.column_span, 1), WEB_PAGE.span))
            free.update(dict.fromkeys(range(column, column + span), row + rows))
            units += span
            web_page_within(units, WEB_PAGE.units, "places in a table")
            cells.append(HtmlCell(top + row, column, rows, span, raw.text, raw.pictured, raw.doubted))
            column += span
    return cells


def _room(free: dict[int, int], row: int, column: int, wanted: int) -> int:
    """Return how many columns of those wanted no cell from above stands in."""
    return next((n for n in range(1, wanted) if free.get(column + n, 0) > row), wanted)


def without_empty(cells: Sequence[HtmlCell], height: int) -> HtmlTable:
    """Return the table of cells, without the rows and columns in which none begins; `height` rows in all."""
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
    web_page_within(rows[-1] * columns[-1], WEB_PAGE.units, "places in a table")
    return HtmlTable(rows[-1], columns[-1], tuple(kept))


def _counted(kept: set[int], size: int) -> list[int]:
    """Return for each place, and the one behind the last, how many kept ones are before it."""
    return list(accumulate((place in kept for place in range(size)), initial=0))


def span_of(text: str) -> int:
    """Read a span as browsers do: the digits it begins with, else 1."""
    text = text.strip()
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    return int(digits[:9]) if digits else 1
