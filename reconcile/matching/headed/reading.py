"""The rows of a table told by its heading, laid beside the form: which cells hold which value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.model import Cell
from reconcile.forms.form_model import FormRow, FormTable
from reconcile.labels import has_cjk, normalised_label
from reconcile.matching.columns import Slot
from reconcile.matching.headed.frames import StatementFrame, StatementSide
from reconcile.matching.headed.row_keys import SURE, code_of, row_of, texts_of
from reconcile.matching.headed.stacks import counts_columns, has_numbers, is_of_other_year, year_in
from reconcile.matching.printed_tables import PartRow, TablePart, rows_of
from reconcile.matching.rows import PrintedRow, RowMatch, Target
from reconcile.matching.table_match import PlacedRow, TableMatch
from reconcile.model import Key

# A cell stands in a column when it shares half of the narrower of the two.
_SHARES = 0.5
# A cell is a label's if it begins before the values, but for what rules are off from page to page.
_BEGINS, _NEAR = 0.25, 0.05
_TOTAL = ("合计", "总计")


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A part of a printed table with the frame that holds for it; `segment` counts its printings.

    A part `on_its_side` has the labels of its columns in rows; rows and columns are exchanged here.
    """

    part: TablePart
    frame: StatementFrame
    segment: int
    on_its_side: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A printed row, and the row of the form on one of its sides."""

    grid: PartRow
    side: StatementSide
    row: FormRow
    likeness: float
    sheet: StatementSheet


def read_sheets(sheets: Sequence[StatementSheet], form: str, table: FormTable) -> TableMatch:
    """Lay the sheets of one printed table beside its form."""
    found: list[_Found] = []
    extra: list[PrintedRow] = []
    for sheet in sheets:
        own, others = _rows(sheet, table, [one for one in found if one.sheet.segment == sheet.segment])
        found += own
        extra += [PrintedRow(grid, table) for grid in others]
    if _is_listed_by_unit(found):
        extra += [PrintedRow(one.grid, table) for one in found if one.row.key.isdecimal()]
        found = [one for one in found if not one.row.key.isdecimal()]
    matches = tuple(
        RowMatch((PrintedRow(one.grid, table),), (_target(one),), one.likeness, one.sheet.segment)
        for one in found
    )
    sizes = [sum(other.sheet.segment == one.sheet.segment for other in found) for one in found]
    rows = tuple(_placed(one, size) for one, size in zip(found, sizes, strict=True))
    keys = tuple(_keys(found, table, sheets))
    headers = tuple(dict.fromkeys(label for sheet in sheets for label in sheet.frame.others))
    return TableMatch(form, table, matches, rows, tuple(extra), float(len(found)), keys, headers)


def _is_listed_by_unit(found: Sequence[_Found]) -> bool:
    """Say whether one printing has a code several times, once for each unit: whose it is no key can say."""
    codes = [(one.sheet.segment, one.row.key) for one in found if one.row.key.isdecimal()]
    return len(set(codes)) < len(codes)


def coverage(sheet: StatementSheet, table: FormTable) -> tuple[int, int]:
    """How many labelled rows of a sheet are rows of the form, and how many there are."""
    own, others = _rows(sheet, table, ())
    labelled = [row for row in others if any(has_cjk(cell.text) for cell in row.own)]
    n_found = len({one.grid.index for one in own})
    return n_found, n_found + len({row.index for row in labelled} - {one.grid.index for one in own})


def _rows(
    sheet: StatementSheet, table: FormTable, before: Sequence[_Found]
) -> tuple[list[_Found], list[PartRow]]:
    """The rows of a sheet that are the form's, and those with numbers that are none; `before` those above."""
    body = [row for row in rows_of(sheet.part)[sheet.frame.first_row :] if not counts_columns(row)]
    if table.unlabelled:
        return _only(sheet, body), []
    found: list[_Found] = []
    others: list[PartRow] = []
    for n, row in enumerate(body):
        label = sheet.frame.in_header if n == 0 else ""
        own = [one for side in sheet.frame.sides if (one := _row(sheet, side, row, [*before, *found], label))]
        found += own
        taken = [side for one in own for side in (one.side, _side_of_values(one))]
        if any(_has_numbers(sheet, side, row) for side in sheet.frame.sides if side not in taken):
            others.append(row)
    return found, others


def _row(
    sheet: StatementSheet, side: StatementSide, row: PartRow, before: Sequence[_Found], label: str
) -> _Found | None:
    """The row of the form that a printed row is on one side."""
    cells = _labels(sheet.part, side, row)
    above = [one for one in before if one.side.block is side.block and abs(one.side.left - side.left) < _NEAR]
    if side.block.open_rows:
        last = next((one.row.key for one in reversed(above) if one.row.key.isdecimal()), "")
        if code := code_of(cells, side.block, last):
            return _Found(row, side, FormRow(code, "".join(texts_of(cells)) or code), 1.0, sheet)
    text = "".join(texts_of(cells)) or ("" if any(cell.text for cell in row.own) else label)
    seen = {one.row.key for one in before if one.side.block is side.block}
    rows = side.block.rows
    places = [n for n, one in enumerate(rows) if above and one.key == above[-1].row.key]
    place, likeness = row_of(text, rows, seen, max(places, default=-1))
    return _Found(row, side, rows[place], likeness, sheet) if place >= 0 else None


def _only(sheet: StatementSheet, body: Sequence[PartRow]) -> list[_Found]:
    """The one row of a table without row labels: that of the total, else the first with numbers, or blank.

    Of rows for several years it is the last year's.
    """
    numbered = [row for row in body if has_numbers(row)]
    totals = [row for row in numbered if any(normalised_label(c.text) in _TOTAL for c in row.own)]
    chosen = (totals or _of_last_year(numbered) or list(body))[:1]
    return [
        _Found(row, side, side.block.rows[0], 1.0, sheet) for row in chosen for side in sheet.frame.sides[:1]
    ]


def _of_last_year(rows: Sequence[PartRow]) -> list[PartRow]:
    said = [[cell.text for cell in row.own if has_cjk(cell.text)] for row in rows]
    own = [row for row, texts in zip(rows, said, strict=True) if not is_of_other_year(texts)]
    years = {id(row): year_in(texts) for row, texts in zip(rows, said, strict=True)}
    return sorted(own, key=lambda row: -years[id(row)])


def _begins(part: TablePart, cell: Cell) -> float:
    left, right = part.span(cell)
    return left + _BEGINS * (right - left)


def _labels(part: TablePart, side: StatementSide, row: PartRow) -> list[Cell]:
    """The cells of a row that may hold its label on a side."""
    return [cell for cell in row.own if side.left <= _begins(part, cell) < side.values]


def _shares(span: tuple[float, float], left: float, right: float) -> bool:
    narrow = min(span[1] - span[0], right - left)
    return narrow > 0 and min(span[1], right) - max(span[0], left) > _SHARES * narrow


def _has_numbers(sheet: StatementSheet, side: StatementSide, row: PartRow) -> bool:
    inside = [
        cell
        for cell in row.own
        if any(_shares(sheet.part.span(cell), place.left, place.right) for place in side.places)
    ]
    return has_numbers(replace(row, cells=tuple(inside)))


def _target(one: _Found) -> Target:
    return Target(one.side.block, one.row.labels, row=one.row)


def _placed(one: _Found, size: int) -> PlacedRow:
    part = one.sheet.part
    slots = dict(_slots(one))
    columns = tuple(place.key for place in one.side.places)
    weak = one.likeness < SURE
    return PlacedRow(one.row.key, columns, slots, one.sheet.segment, size, part.index, weak)


def _slots(one: _Found) -> Iterator[tuple[str, Slot]]:
    """The cells of a row by column: below its header, none of the label."""
    part, labels = one.sheet.part, _labels(one.sheet.part, one.side, one.grid)
    side = _side_of_values(one)
    values = [cell for cell in one.grid.own if cell not in labels and _begins(part, cell) >= side.values]
    for place in side.places:
        cells = [cell for cell in values if _shares(part.span(cell), place.left, place.right)]
        shared = any(
            _shares(part.span(cell), other.left, other.right)
            for cell in cells
            for other in side.places
            if other is not place
        )
        prints = [cell for cell in cells if cell.inked or cell.text]
        if cells:
            chosen = (_as_printed(cell, one.sheet) for cell in prints or cells[:1])
            yield place.key, Slot(tuple(chosen), shared, len(prints) > 1)


def _side_of_values(one: _Found) -> StatementSide:
    """The side of a row, or the one in which its label ends: 公用经费合计 may reach over several."""
    labels = _labels(one.sheet.part, one.side, one.grid)
    end = max((one.sheet.part.span(cell)[1] for cell in labels if cell.text), default=0.0)
    reached = [
        side
        for side in one.sheet.frame.sides
        if side.block is one.side.block and one.side.left < side.left < end - _NEAR
    ]
    return reached[-1] if reached else one.side


def on_its_side(part: TablePart) -> TablePart:
    """A part with its rows for columns and its columns for rows."""
    table = part.table
    cells = tuple(map(_turned, table.cells))
    edges = tuple(n / table.n_rows for n in range(table.n_rows + 1))
    turned = replace(table, cells=cells, n_rows=table.n_columns, n_columns=table.n_rows)
    return replace(part, table=turned, edges=edges)


def _as_printed(cell: Cell, sheet: StatementSheet) -> Cell:
    return _turned(cell) if sheet.on_its_side else cell


def _turned(cell: Cell) -> Cell:
    return replace(
        cell, row=cell.column, column=cell.row, row_span=cell.column_span, column_span=cell.row_span
    )


def _keys(found: Sequence[_Found], table: FormTable, sheets: Sequence[StatementSheet]) -> Iterator[Key]:
    """The keys of the rows that are printed, in printed order, and of those that the form demands."""
    for block in table.blocks:
        places = {
            place.key
            for sheet in sheets
            for side in sheet.frame.sides
            if side.block is block
            for place in side.places
        }
        columns = [column.key for column in block.columns if column.key in places or not column.optional]
        printed = [one.row.key for one in found if one.side.block is block]
        demanded = [row.key for row in block.rows if not row.optional]
        for row in dict.fromkeys((*printed, *demanded)):
            yield from (Key(table.key, row, column) for column in columns)
