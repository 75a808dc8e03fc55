"""A sheet as blocks: where cells are framed, or stand in rows of several, is a table, all else is text.

Frames tell best: rows with a rule at the left or right of a cell are a table. Without frames, rows in which
several cells show something are one, up to an empty row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from core.limits import WEB_PAGE, within_reason
from ocr.html.blocks import Block, HtmlCell, Paragraph
from ocr.html.html_tables import without_empty
from ocr.html.rendered_text import one_text, text_of
from ocr.office.worksheet import SheetArea, SheetCell, Worksheet

# The last row of a table without frames that has one cell only is a note, if its text is longer than labels.
_LABEL = 30
_ROWS_OF_A_TABLE = 2


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell among the rows and columns that are shown."""

    cell: HtmlCell
    framed: bool

    @property
    def rows(self) -> range:
        return range(self.cell.row, self.cell.row + self.cell.row_span)

    @property
    def columns(self) -> range:
        return range(self.cell.column, self.cell.column + self.cell.column_span)

    @property
    def shows(self) -> bool:
        return bool(self.cell.text) or self.cell.pictured or self.cell.doubted


def blocks_of_sheet(sheet: Worksheet) -> tuple[Block, ...]:
    """Return the blocks of a sheet, from above; then what lies upon its cells.

    Raises:
        UnreadableDocument: a table is larger than the limits.
    """
    placed = sorted(_Shown(sheet).placed(), key=lambda one: (one.cell.row, one.cell.column))
    framed_rows = {row for one in placed if one.framed for row in one.rows}
    blocks: list[Block] = []
    for is_framed, band in groupby(placed, key=lambda one: not framed_rows.isdisjoint(one.rows)):
        for rows in _parted([*band], lambda one: one.rows):
            blocks += _framed(rows) if is_framed else _unframed(rows)
    return (*blocks, *map(Paragraph, sheet.texts))


def hidden_parts(sheet: Worksheet) -> Iterator[str]:
    """Tell which rows and columns hold something and are not shown."""
    told = [cell for cell in sheet.cells if cell.shows]
    rows = {cell.row + 1 for cell in told if cell.row in sheet.hidden_rows}
    columns = {cell.column for cell in told if cell.column in sheet.hidden_columns}
    if rows:
        yield f"工作表“{sheet.name}”隐藏的第 {_runs(sorted(rows))} 行未列入"
    if columns:
        yield f"工作表“{sheet.name}”隐藏的 {'、'.join(map(column_name, sorted(columns)))} 列未列入"


def _runs(numbers: Sequence[int]) -> str:
    told = []
    for _, run in groupby(enumerate(numbers), lambda each: each[1] - each[0]):
        held = [number for _, number in run]
        told.append(f"{held[0]}–{held[-1]}" if len(held) > 1 else f"{held[0]}")
    return "、".join(told)


def column_name(column: int) -> str:
    """Return the letters of a column that is counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True)
class _Shown:
    """The cells of a sheet where they are shown: without what is hidden, merged ones as one."""

    sheet: Worksheet

    @cached_property
    def _hidden(self) -> tuple[list[int], list[int]]:
        return sorted(self.sheet.hidden_rows), sorted(self.sheet.hidden_columns)

    def _span(self, first: int, last: int, axis: int) -> tuple[int, int]:
        """Return the first place that is shown of some, and how many are; along rows (0) or columns (1)."""
        hidden = self._hidden[axis]
        before, until = bisect_left(hidden, first), bisect_left(hidden, last + 1)
        return first - before, last + 1 - first - (until - before)

    def placed(self) -> Iterator[_Placed]:
        """Yield what is shown, in no order."""
        cells = {(cell.row, cell.column): cell for cell in self.sheet.cells}
        covered: set[tuple[int, int]] = set()
        n_places = 0
        for area in self._merged():
            n_places += (area.bottom + 1 - area.top) * (area.right + 1 - area.left)
            within_reason(n_places, WEB_PAGE.units, "the workbook", "places in merged cells")
            places = [
                (r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1)
            ]
            if covered.isdisjoint(places):
                covered.update(places)
                first = cells.get(places[0], SheetCell(*places[0], ""))
                framed = any(cells[place].framed for place in places if place in cells)
                yield from self._one(replace(first, framed=framed), area)
        for place, cell in cells.items():
            if place not in covered:
                yield from self._one(cell, SheetArea(*place, *place))

    def _merged(self) -> Iterator[SheetArea]:
        """Yield merged areas, cut where no cell is any more: whole rows and columns are merged, too."""
        bottom = max((cell.row for cell in self.sheet.cells), default=0)
        right = max((cell.column for cell in self.sheet.cells), default=0)
        for area in self.sheet.merged:
            if area.top <= bottom and area.left <= right:
                yield replace(area, bottom=min(area.bottom, bottom), right=min(area.right, right))

    def _one(self, cell: SheetCell, area: SheetArea) -> Iterator[_Placed]:
        row, row_span = self._span(area.top, area.bottom, 0)
        column, column_span = self._span(area.left, area.right, 1)
        if row_span < 1 or column_span < 1 or not (cell.framed or cell.shows):
            return
        text = one_text(text_of([line]) for line in cell.text.splitlines())
        narrow = cell.number and not self.sheet.has_room(cell, range(area.left, area.right + 1))
        altered = any(one.holds(cell.row, cell.column) for one in self.sheet.doubted)
        doubted = cell.doubted or (bool(text) and (narrow or altered))
        placed = HtmlCell(row, column, row_span, column_span, text, cell.pictured, doubted)
        yield _Placed(placed, cell.framed)


def _parted(placed: Sequence[_Placed], extent: object) -> list[list[_Placed]]:
    """Part cells where a row, or a column, is empty between them."""
    groups: list[list[_Placed]] = []
    end = -1
    for one in sorted(placed, key=lambda one: extent(one).start):  # type: ignore[operator]
        taken: range = extent(one)  # type: ignore[operator]
        if not groups or taken.start > end:
            groups.append([])
        groups[-1].append(one)
        end = max(end, taken.stop)
    return groups


def _framed(placed: Sequence[_Placed]) -> Iterator[Block]:
    """Yield the tables of rows with frames, beside each other where a column between them is empty."""
    for group in _parted(placed, lambda one: one.columns):
        yield from _table(group) if any(one.framed for one in group) else _unframed(group)


def _unframed(placed: Sequence[_Placed]) -> Iterator[Block]:
    """Yield the text of rows of one cell, and the table of rows of several."""
    rows = [[*row] for _, row in groupby(sorted(placed, key=_reading), lambda one: one.cell.row)]
    wide = [n for n, row in enumerate(rows) if len(row) > 1]
    if len(wide) < _ROWS_OF_A_TABLE:
        yield from _text(placed)
        return
    end = wide[-1] + 1
    while end < len(rows) and _is_row(rows[end][0]):
        end += 1
    yield from _text(one for row in rows[: wide[0]] for one in row)
    yield from _table([one for row in rows[wide[0] : end] for one in row])
    yield from _text(one for row in rows[end:] for one in row)


def _reading(one: _Placed) -> tuple[int, int]:
    return one.cell.row, one.cell.column


def _is_row(one: _Placed) -> bool:
    return one.cell.column_span == 1 and len(one.cell.text) <= _LABEL


def _text(placed: Iterable[_Placed]) -> Iterator[Block]:
    for one in sorted(placed, key=_reading):
        if one.cell.text:
            yield Paragraph(one.cell.text)


def _table(placed: Sequence[_Placed]) -> Iterator[Block]:
    """Yield a table from the first to the last row and column that show something; else its text."""
    shown = [one for one in placed if one.shows]
    if not shown:
        return
    top, bottom = min(one.rows.start for one in shown), max(one.rows.stop for one in shown)
    left, right = min(one.columns.start for one in shown), max(one.columns.stop for one in shown)
    within_reason((bottom - top) * (right - left), WEB_PAGE.units, "the workbook", "places in a table")
    inside = [one.cell for one in placed if one.cell.row < bottom and one.cell.column < right]
    kept = [_cut(cell, top, left, bottom, right) for cell in inside]
    cells = [cell for cell in kept if cell.row_span > 0 and cell.column_span > 0]
    cells += _blanks(cells, bottom - top, right - left)
    grid = without_empty(sorted(cells, key=lambda cell: (cell.row, cell.column)), bottom - top)
    yield from (grid,) if grid.n_columns > 1 else _text(shown)


def _cut(cell: HtmlCell, top: int, left: int, bottom: int, right: int) -> HtmlCell:
    """Return a cell counted from the corner of its table; frames that show nothing may lie beyond."""
    row, column = max(cell.row, top), max(cell.column, left)
    down, across = min(cell.row + cell.row_span, bottom), min(cell.column + cell.column_span, right)
    return replace(
        cell, row=row - top, column=column - left, row_span=down - row, column_span=across - column
    )


def _blanks(cells: Sequence[HtmlCell], n_rows: int, n_columns: int) -> Iterator[HtmlCell]:
    """Yield an empty cell for each place of a table in which there is none."""
    taken = {
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    for row in range(n_rows):
        for column in range(n_columns):
            if (row, column) not in taken:
                yield HtmlCell(row, column, 1, 1, "")
