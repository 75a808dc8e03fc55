"""How wide columns and how high rows of a table are, by what is printed in them; lengths in points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr.html.blocks import HtmlCell, HtmlTable
from ocr.web.font_metrics import widest_word, width_of, wrapped

SIZE, _LEADING, _PADDING = 9.0, 1.3, 3.0
# A column has room for two hanzi, and for a word or number of up to so many em.
_LEAST, _MOST = 2.0, 8.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A table with the widths of its columns and heights of its rows; `open_*` as in `ocr.model.Table`."""

    cells: tuple[HtmlCell, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    open_top: bool = False
    open_bottom: bool = False
    size: float = SIZE
    leading: float = _LEADING

    @property
    def height(self) -> float:
        return sum(self.heights)

    def lines_of(self, cell: HtmlCell) -> list[str]:
        """Break the text of a cell into the lines that it has room for."""
        return _lines(cell, self.widths)


def least_width(grid: HtmlTable) -> float:
    """Return the least width that a table has room in."""
    return sum(_column_widths(grid, _least_width))


def measured(grid: HtmlTable, room: float) -> Measured:
    """Fit a table into `room`, or into the least width that it needs."""
    least = _column_widths(grid, _least_width)
    full = [max(sizes) for sizes in zip(least, _column_widths(grid, _full_width), strict=True)]
    widths = _shared(least, full, room)
    return Measured(grid.cells, tuple(widths), tuple(_row_heights(grid, widths)))


def cut(table: Measured, room: float) -> Iterator[Measured]:
    """Cut a table below rows so that each part has room; a cell cut in two has its text in the first."""
    ends, used = [0], 0.0
    for row, height in enumerate(table.heights):
        if used + height > room and row > ends[-1]:
            ends.append(row)
            used = 0.0
        used += height
    ends.append(len(table.heights))
    for top, bottom in pairwise(ends):
        cells = [_clipped(cell, top, bottom) for cell in table.cells]
        yield replace(
            table,
            cells=tuple(cell for cell in cells if cell),
            heights=table.heights[top:bottom],
            open_top=top > 0,
            open_bottom=bottom < len(table.heights),
        )


def _clipped(cell: HtmlCell, top: int, bottom: int) -> HtmlCell | None:
    start, end = max(cell.row, top), min(cell.row + cell.row_span, bottom)
    if start >= end:
        return None
    kept = replace(cell, row=start - top, row_span=end - start)
    return kept if cell.row >= top else replace(kept, text="", pictured=False)


def _least_width(cell: HtmlCell) -> float:
    return max(_LEAST, min(_MOST, widest_word(cell.text))) * SIZE + 2 * _PADDING


def _full_width(cell: HtmlCell) -> float:
    return width_of(cell.text) * SIZE + 2 * _PADDING + 0.1


def _column_widths(grid: HtmlTable, needed: Callable[[HtmlCell], float]) -> list[float]:
    """Give each column what its own cells need, then what is lacking for the cells that span several."""
    widths = [0.0] * grid.n_columns
    for cell in sorted(grid.cells, key=lambda cell: cell.column_span):
        columns = range(cell.column, cell.column + cell.column_span)
        lack = needed(cell) - sum(widths[column] for column in columns)
        for column in columns:
            widths[column] += max(0.0, lack) / len(columns)
    return widths


def _shared(least: Sequence[float], full: Sequence[float], room: float) -> list[float]:
    """Share the room out: all that they need, else the least and as much more as there is, by need."""
    wanted = sum(full) - sum(least)
    share = min(1.0, max(0.0, (room - sum(least)) / wanted)) if wanted > 0 else 0.0
    return [small + share * (large - small) for small, large in zip(least, full, strict=True)]


def _row_heights(grid: HtmlTable, widths: Sequence[float]) -> list[float]:
    heights = [0.0] * grid.n_rows
    for cell in sorted(grid.cells, key=lambda cell: cell.row_span):
        need = max(1, len(_lines(cell, widths))) * SIZE * _LEADING + 2 * _PADDING
        rows = range(cell.row, cell.row + cell.row_span)
        heights[rows[-1]] += max(0.0, need - sum(heights[row] for row in rows))
    return heights


def _lines(cell: HtmlCell, widths: Sequence[float]) -> list[str]:
    room = sum(widths[cell.column : cell.column + cell.column_span]) - 2 * _PADDING
    return list(wrapped(cell.text, room / SIZE + 1e-6))
