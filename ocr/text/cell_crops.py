"""The cells of a recovered grid cut out of a page, each with its print."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocr.arrays import Pixels
from ocr.tables.grid import Grid, Span
from ocr.tables.rule_removal import CleanedPage
from ocr.text.ink import print_of


@dataclass(frozen=True, slots=True)
class CellCrop:
    """A cell cut out of a cleaned page: its place in the grid, its edges in pixels, its print."""

    span: Span
    left: int
    top: int
    right: int
    bottom: int
    ink: Pixels

    @property
    def row(self) -> tuple[int, int]:
        """The first row of the cell and how many it covers."""
        return self.span.row, self.span.row_span


def crop_cells(cleaned: CleanedPage, grid: Grid) -> list[CellCrop]:
    """Cut every cell of a grid, given in pixels, out of a cleaned page."""
    return [_cut(cleaned, grid, span) for span in grid.spans]


def _cut(cleaned: CleanedPage, grid: Grid, span: Span) -> CellCrop:
    # A line may lie beyond the edge of the page; below 0 a slice would count from its end.
    left, top, right, bottom = (max(0, round(value)) for value in grid.rectangle(span))
    ink = print_of(np.ascontiguousarray(cleaned.ink[top:bottom, left:right]), cleaned.view.dpi)
    return CellCrop(span, left, top, right, bottom, ink)
