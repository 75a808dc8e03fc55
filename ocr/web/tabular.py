"""Tables of a page while they are open, and what becomes of them: a grid of data, or mere layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ocr.web.blocks import Block, Grid, Paragraph, Picture, one_text
from ocr.web.encoding import REPLACEMENT
from ocr.web.html_tables import Raw, grid_of

# Groups of rows in the order in which they are shown, wherever the markup has them.
_ORDER = ("thead", "tbody", "tfoot")
# A cell with text longer than this, or so many lines of a good length, is no cell of data.
_LONG_TEXT, _MANY_LINES, _GOOD_LENGTH = 600, 3, 200
# A table with so many rows of so many cells of their own is one of data whatever else is in it.
_DATA_ROWS, _DATA_COLUMNS = 5, 3


@dataclass(slots=True)
class OpenCell:
    """A cell, with the spans that the markup gives it, and what stands in it so far.

    `doubted` says that its text may be shown otherwise than it is written, `scripted` that a script
    stands in it, which may print whatever it likes.
    """

    row_span: int
    column_span: int
    blocks: list[Block] = field(default_factory=list)
    doubted: bool = False
    scripted: bool = False


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
        any(isinstance(block, Grid) for block in cell.blocks)
        or (len(lines) > 1 and any(isinstance(block, Paragraph) and block.level for block in cell.blocks))
        or length > _LONG_TEXT
        or (len(lines) >= _MANY_LINES and length > _GOOD_LENGTH)
    )


def _raw(cell: OpenCell) -> Raw:
    lines = [*_lines(cell.blocks)]
    text = one_text(lines)
    nested = any(isinstance(block, Grid) for block in cell.blocks)
    pictured = cell.scripted or any(isinstance(block, Picture) for block in cell.blocks)
    doubted = nested or cell.doubted or REPLACEMENT in text
    return Raw(cell.row_span, cell.column_span, text, pictured, doubted)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Grid):
            yield from (cell.text for cell in block.cells)
