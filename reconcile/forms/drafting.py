"""The beginning of a form file, made of the printed labels of a table that was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import yaml

from core.errors import UsageError
from ocr.model import Cell
from reconcile.labels import normalised_label
from reconcile.model import JoinedTable, State
from reconcile.numerals import parse

_Row = tuple[str, ...]

# So many numbers that count on by one are those of the rows, or of the columns.
_COUNTED = 3
_UNNAMED = "无标题"
_ALONE = "数值"

_FORM = """\
title: {title}
# since: 2020               the first year that it is meant for
# subjects: [words]         what the titles of its reports say, as 建议提案办理情况
tables:
  - key: {key}
    title: {title}
    heading: {title}
{unlabelled}    blocks:
{blocks}# relations:                what must agree; the keys are those above
#   - id: S1
#     table: {key}
#     over: columns
#     sum: [r1, r2]
#     equals: [r3]
#     sum_label: 各项之和
#     equals_label: 合计
"""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table by places: the cell that covers each, by row and column."""

    places: Mapping[tuple[int, int], Cell]
    n_rows: int
    n_columns: int

    def texts(self, places: Iterator[tuple[int, int]]) -> list[str]:
        """What the cells there say, each once; one over the whole width says nothing of rows and columns."""
        cells = dict.fromkeys(self.places[place] for place in places if place in self.places)
        return [_text(cell) for cell in cells if _text(cell) and cell.column_span < self.n_columns]

    def state(self, row: int, column: int) -> State | None:
        """What stands there if it were a value; UNREAD is a text, None no cell at all."""
        cell = self.places.get((row, column))
        return parse(cell.text, inked=cell.inked).state if cell else None


@dataclass(frozen=True, slots=True)
class _Side:
    """Columns of labels and, right of them, columns of values."""

    labels: tuple[int, ...]
    values: tuple[int, ...]


def draft_form(table: JoinedTable, key: str) -> str:
    """A form of one table, as YAML that a form file may hold; rows are r1, r2, …, columns c1, c2, ….

    Rows that their labels do not tell apart are left out, and said to be.

    Raises:
        UsageError: no column of the table holds values.
    """
    grid = _grid(table)
    n_header = _header_rows(grid)
    sides = _sides(grid, n_header)
    if not sides:
        raise UsageError("no column of the table holds numbers or blanks below a header: it has no values")
    unlabelled = len(sides) == 1 and not sides[0].labels
    blocks, first = "", 1
    for number, side in enumerate(sides):
        rows, lost = _told_apart(_rows(grid, n_header, side) if side.labels else [(_ALONE,)])
        blocks += _block(grid, n_header, side, rows, first, beside=number > 0)
        blocks += "".join(f"        # left out, labelled as another row: {' '.join(row)}\n" for row in lost)
        first += len(rows)
    return _FORM.format(
        title=_scalar(table.caption or _UNNAMED),
        key=key,
        unlabelled="    unlabelled: true\n" if unlabelled else "",
        blocks=blocks,
    )


def _grid(table: JoinedTable) -> _Grid:
    places = {
        (row, column): cell
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    return _Grid(places, table.n_rows, table.n_columns)


def _header_rows(grid: _Grid) -> int:
    """How many rows at the top name columns: those before the first with a number, a dash or a blank.

    The first row with several cells is one of them whatever it says, and so is one that counts the columns.
    """
    first = next((row for row in range(grid.n_rows) if len(_own(grid, row)) > 1), 0)
    for row in range(first + 1, grid.n_rows):
        states = [grid.state(row, column) for column in range(1, grid.n_columns)]
        values = any(state in (State.READ, State.DASH, State.BLANK) for state in states)
        if values and not _counts_on([_text(cell) for cell in _own(grid, row)[1:]]):
            return row
    return first + 1


def _own(grid: _Grid, row: int) -> list[Cell]:
    """The cells that stand on a row, from left to right."""
    return list(dict.fromkeys(grid.places[row, c] for c in range(grid.n_columns) if (row, c) in grid.places))


def _sides(grid: _Grid, n_header: int) -> list[_Side]:
    """The sides of a table: labels, then their values under headers; a side without values is none."""
    sides: list[tuple[list[int], list[int]]] = [([], [])]
    for column in range(grid.n_columns):
        labels, values = sides[-1]
        kind = _kind(grid, n_header, column)
        if kind is State.READ:
            values.append(column)
        elif kind is State.UNREAD and values:
            sides.append(([column], []))
        elif kind is State.UNREAD:
            labels.append(column)
    found = (_Side(tuple(labels), tuple(values)) for labels, values in sides)
    return [side for side in found if _paths(grid, n_header, side) and n_header < grid.n_rows]


def _kind(grid: _Grid, n_header: int, column: int) -> State | None:
    """READ for a column of values, UNREAD for one of labels, None for one that only counts the rows."""
    body = range(n_header, grid.n_rows)
    texts = grid.texts((row, column) for row in body)
    if column < grid.n_columns - 1 and _counts_on(texts):
        return None
    states = [grid.state(row, column) for row in body]
    numbers = sum(state in (State.READ, State.DASH) for state in states)
    return State.UNREAD if states.count(State.UNREAD) > numbers else State.READ


def _counts_on(texts: Sequence[str]) -> bool:
    numbers = [int(text) for text in texts if text.isdecimal()]
    counted = len(numbers) == len(texts) >= _COUNTED
    return counted and all(after == before + 1 for before, after in pairwise(numbers))


def _rows(grid: _Grid, n_header: int, side: _Side) -> Iterator[_Row]:
    """The labels of each row of values, outermost first; a header printed again has none."""
    for row in range(n_header, grid.n_rows):
        if any(grid.state(row, column) in (State.READ, State.DASH, State.BLANK) for column in side.values):
            yield tuple(grid.texts((row, column) for column in side.labels))[-3:]


def _told_apart(rows: Iterable[_Row]) -> tuple[list[_Row], list[_Row]]:
    """Rows with labels of their own, and those that have none, or one that was there before."""
    kept: dict[str, _Row] = {}
    left_out: list[_Row] = []
    for labels in rows:
        name = "".join(map(normalised_label, labels))
        if not labels or not normalised_label(labels[-1]) or kept.setdefault(name, labels) is not labels:
            left_out.append(labels)
    return list(kept.values()), left_out


def _paths(grid: _Grid, n_header: int, side: _Side) -> list[list[str]]:
    """The headers of each column of values that has any, outermost first."""
    told = (grid.texts((row, column) for row in range(n_header)) for column in side.values)
    return list(filter(None, ([text for text in path if normalised_label(text)] for path in told)))


def _block(grid: _Grid, n_header: int, side: _Side, rows: Sequence[_Row], first: int, *, beside: bool) -> str:
    lines = ["beside: true"] if beside else []
    if corner := grid.texts((n_header - 1, column) for column in side.labels):
        lines.append(f"corner: {_scalar(''.join(corner))}")
    lines.append("columns:")
    for number, path in enumerate(_paths(grid, n_header, side), start=1):
        lines.append(f"  - {{key: c{number}, path: [{', '.join(map(_scalar, path))}]}}")
    lines.append("rows:")
    for number, texts in enumerate(rows, start=first):
        outer = zip(("side", "group"), ("", "", *texts)[-3:-1], strict=True)
        around = "".join(f", {field}: {_scalar(label)}" for field, label in outer if label)
        lines.append(f"  - {{key: r{number}, label: {_scalar(texts[-1])}{around}}}")
    return "".join(f"{'      - ' if not n else '        '}{line}\n" for n, line in enumerate(lines))


def _text(cell: Cell) -> str:
    return " ".join(cell.text.split())


def _scalar(text: str) -> str:
    """A text as YAML writes it inside of a list: in quotes where it must be."""
    dumped: str = yaml.safe_dump([text], allow_unicode=True, default_flow_style=True, width=float("inf"))
    return dumped.strip()[1:-1]
