"""Cells at a side where their table has no rule: the picture may end there, and the print not.

A page laid askew, the dark edge of a copy, a picture cut to fit take the end of the last column with
them: 12408 becomes 124. Nothing in the cell tells, but the table lacks the rule at its side, and the print
runs up to where the rules stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ocr.arrays import Pixels
from ocr.model import Cell, in_doubt
from ocr.tables.grid import Grid, Span
from ocr.tables.rule_removal import CleanedPage
from ocr.text.cell_crops import CellCrop

# Print so close to the end of the rules, in inches, may go on beyond it. Digits of 9 pt stand 0.015 apart;
# an edge that lies half a degree askew to the rules moves by 0.04 on a table 5 inches high, and the blurred
# edge of a margin takes 0.03 with it. Rows that a page break leaves open are whole: their print keeps 0.045
# and more (reports 10, 18 and 19 of the corpus); cut print touches the end.
_REACH = {"left": 0.08, "right": 0.08, "top": 0.02, "bottom": 0.02}
# A picture that ends this close to a table, in inches, shows no margin of the page: no printer prints there.
_MARGIN = 0.12
# Crumbs of the rules above and below lie within this share of the sides of a cell.
_CRUMBS = 0.15

# Quarter turns counterclockwise that bring a side of a cell to its top.
_TURNS = {"right": 1, "left": 3, "bottom": 2, "top": 0}


def doubt_cut_off(
    cells: Sequence[Cell], cuts: Sequence[CellCrop], grid: Grid, cleaned: CleanedPage
) -> list[Cell]:
    """Doubt the cells whose print reaches an open side of their table; `cuts` are of the same cells.

    Where any does, or the picture ends there, an empty cell at the left or right side is doubted too.
    """
    doubted = {index for side in _open_sides(grid) for index in _cut_at(side, cuts, grid, cleaned)}
    return [in_doubt(cell) if index in doubted else cell for index, cell in enumerate(cells)]


def _open_sides(grid: Grid) -> list[str]:
    sides = {
        "left": grid.open_left,
        "right": grid.open_right,
        "top": grid.open_top,
        "bottom": grid.open_bottom,
    }
    return [side for side, is_open in sides.items() if is_open]


def _cut_at(side: str, cuts: Sequence[CellCrop], grid: Grid, cleaned: CleanedPage) -> set[int]:
    """Return the cells, by their places, that one open side may have cut."""
    at_side = [index for index, cut in enumerate(cuts) if _AT[side](cut.span, grid)]
    reaching = {index for index in at_side if _reaches(side, cuts[index], cleaned)}
    if side in ("top", "bottom") or not (reaching or _picture_ends(side, grid, cleaned)):
        return reaching
    return reaching | {index for index in at_side if not cuts[index].ink.any()}


_AT: dict[str, Callable[[Span, Grid], bool]] = {
    "left": lambda span, grid: span.column == 0,
    "right": lambda span, grid: span.column + span.column_span == grid.n_columns,
    "top": lambda span, grid: span.row == 0,
    "bottom": lambda span, grid: span.row + span.row_span == grid.n_rows,
}


def _reaches(side: str, cut: CellCrop, cleaned: CleanedPage) -> bool:
    """Tell whether a cell has ink, other than crumbs of rules, close to one of its sides."""
    ink: Pixels = np.rot90(cleaned.ink[cut.top : cut.bottom, cut.left : cut.right], _TURNS[side])
    edge = round(_CRUMBS * ink.shape[1])
    return bool(ink[: round(_REACH[side] * cleaned.view.dpi), edge : ink.shape[1] - edge].any())


def _picture_ends(side: str, grid: Grid, cleaned: CleanedPage) -> bool:
    room = grid.xs[0] if side == "left" else cleaned.view.width - grid.xs[-1]
    return room < _MARGIN * cleaned.view.dpi
