"""From pieces of print to the cells of a table that has no rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from ocr.image.rules.rule_ends import Segment
from ocr.tables.borderless.row_bands import (
    LEADING,
    ColumnPrint,
    RowBand,
    are_in_line,
    match_labels,
    rows_of_values,
)
from ocr.tables.borderless.spanning_cells import areas_of
from ocr.tables.borderless.words import Word, bounding_box
from ocr.tables.grid import Grid, merge_units

# A column holds values if this share of its print is figures, and there are as many as this
# share of those in the fullest; a line of figures has print in this share of the columns, or in so many.
_VALUES_SHARE, _VALUES_OF_MOST, _ENOUGH_COLUMNS, _MANY_COLUMNS = 0.5, 0.25, 0.4, 3
# A table has at least so many rows; this share of them have print in two columns.
_LEAST_ROWS, _FILLED_SHARE = 3, 0.5
# With so many columns of values two rows are enough: the rest of a table over a page break.
_MANY_VALUES = 4
# A table reaches so many em beyond its print.
_MARGIN = 0.5
# Without values, a table has so many columns, and one of them has print no wider than so many em.
_TEXT_COLUMNS, _SHORT = 3, 8.0
# A line is full when less than this many em are left in its column.
_FULL = 2.5


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of a table while it is put together."""

    pieces: tuple[ColumnPrint, ...]
    n_columns: int
    values: frozenset[int]
    rules: tuple[float, ...]
    em: float
    top: float

    @property
    def stub(self) -> int:
        """The first column that is not of labels."""
        return min(self.values)


def build_grid(
    pieces: Sequence[ColumnPrint], gutters: Sequence[float], rules: Sequence[Segment], em: float
) -> Grid | None:
    """Put pieces of print into the cells of a table; None if they look like none.

    Args:
        pieces: the print, with the columns it stands in.
        gutters: what parts the columns, in pixels, rising.
        rules: rules across the table.
        em: the height of the type in pixels.
    """
    count = len(gutters) + 1
    top = _body_top(pieces, count)
    values = _value_columns(pieces, count, top)
    ys = tuple(sorted({round(rule.at, 1) for rule in rules}))
    plan = _Plan(tuple(_carried_on(pieces, em)), count, values or frozenset(range(count)), ys, em, top)
    if not (_is_list(plan, rules) if not values else _is_headed(plan, rules)):
        return None
    rows = _rows(plan)
    if not rows:
        return None
    edges = _edges_across(plan, rows)
    if len(rows) < (_LEAST_ROWS if len(values) < _MANY_VALUES else 2) or any(
        after <= before for before, after in pairwise(edges)
    ):
        return None
    if not _is_filled(plan, edges):
        return None
    return _grid(plan, rows, edges, _edges_down(plan, gutters, rules))


def _body_top(pieces: Sequence[ColumnPrint], count: int) -> float:
    """Return where the first line of figures begins: half of its print, and in enough columns."""
    enough = min(_MANY_COLUMNS, math.ceil(_ENOUGH_COLUMNS * (count - 1)))
    single = [piece for piece in pieces if piece.first > 0 and not piece.spans]
    for piece in sorted(single, key=lambda piece: piece.box.top):
        line = [p.box.figures for p in single if p.box.top < piece.box.middle < p.box.bottom]
        if piece.box.figures and sum(line) >= max(enough, len(line) / 2):
            return piece.box.top - piece.box.height / 2
    return math.inf


def _value_columns(pieces: Sequence[ColumnPrint], count: int, top: float) -> frozenset[int]:
    """Tell which columns hold figures, in the lines from `top` on that have some.

    The first never counts, it names the rows.
    """
    single = [p for p in pieces if p.first > 0 and not p.spans and p.box.top > top]
    lines = [p.box for p in single if p.box.figures]
    figures: dict[int, int] = {}
    for column in range(1, count):
        own = [p.box for p in single if p.first == column]
        body = [box.figures for box in own if any(line.top < box.middle < line.bottom for line in lines)]
        if body and sum(body) >= _VALUES_SHARE * len(body):
            figures[column] = sum(body)
    least = _VALUES_OF_MOST * max(figures.values(), default=0)
    return frozenset(column for column, number in figures.items() if number >= least)


def _is_headed(plan: _Plan, rules: Sequence[Segment]) -> bool:
    """Tell whether a table of figures is one; a single column of them needs a head or rules.

    A table of contents has neither.
    """
    first = min(plan.pieces, key=lambda piece: piece.box.top if piece.last in plan.values else np.inf)
    return plan.n_columns > 2 or bool(rules) or not first.box.figures


def _is_list(plan: _Plan, rules: Sequence[Segment]) -> bool:
    """Tell whether a table of text is one: several columns, of which one is short."""
    widths = [
        [piece.box.width for piece in plan.pieces if piece.first == piece.last == column]
        for column in range(1, plan.n_columns)
    ]
    short = any(own and median(own) <= _SHORT * plan.em for own in widths)
    return short and (plan.n_columns >= _TEXT_COLUMNS or len(rules) >= 2)


def _carried_on(pieces: Sequence[ColumnPrint], em: float) -> Iterator[ColumnPrint]:
    """Give a line that goes on below a full one the columns of that."""
    ends: dict[int, float] = {}
    for piece in pieces:
        ends[piece.last] = max(ends.get(piece.last, 0.0), piece.box.right)
    done: list[ColumnPrint] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.top):
        above = next((one for one in reversed(done) if _goes_on(one, piece, ends[one.last], em)), None)
        done.append(replace(piece, last=above.last) if above else piece)
    yield from done


def _goes_on(above: ColumnPrint, piece: ColumnPrint, right: float, em: float) -> bool:
    return (
        above.spans
        and above.first == piece.first
        and piece.last < above.last
        and 0 <= piece.box.top - above.box.bottom <= LEADING * em
        and abs(piece.box.left - above.box.left) <= em
        and above.box.right >= right - _FULL * em
    )


def _rows(plan: _Plan) -> list[RowBand]:
    """Find the rows of a table, from top to bottom; none where labels and values do not go together."""
    own = [piece for piece in plan.pieces if any(piece.touches(c) for c in plan.values)]
    rows = _headed(rows_of_values(own, plan.rules, plan.top), plan)
    labels = _labels(plan)
    head = next((index for index, row in enumerate(rows) if row.values), 0)
    beside = rows[head - 1].bottom if head else -np.inf
    below = [line for line in labels if line.middle > beside]
    right = max((line.right for line in below), default=0.0)
    matched = match_labels(rows[head:], below, right, plan.em, plan.rules)
    if not are_in_line(matched, plan.em):
        return []
    return rows[:head] + [_with(row, lines) for row, lines in matched]


def _with(row: RowBand | None, lines: Sequence[Word]) -> RowBand:
    if not lines:
        return row or RowBand(0.0, 0.0)
    box = bounding_box(lines)
    return row.around(box) if row else RowBand(box.top, box.bottom)


def _labels(plan: _Plan) -> list[Word]:
    """Return the lines of the last column of labels, with what reaches into it."""
    column = plan.stub - 1
    boxes = [p.box for p in plan.pieces if p.touches(column) and p.last <= column] if column >= 0 else []
    lines: list[Word] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if lines and box.top < lines[-1].middle:
            lines[-1] = bounding_box([lines[-1], box])
        else:
            lines.append(box)
    return lines


def _headed(rows: Sequence[tuple[RowBand, list[ColumnPrint]]], plan: _Plan) -> list[RowBand]:
    """Join the lines of heads, and part heads over several columns from those below them."""
    merged: list[tuple[RowBand, list[ColumnPrint]]] = []
    for row, pieces in rows:
        if merged and _is_next_line(merged[-1], (row, pieces), plan):
            upper, above = merged[-1]
            merged[-1] = (RowBand(upper.top, row.bottom, upper.values or row.values), [*above, *pieces])
        else:
            merged.append((row, pieces))
    return [part for row, pieces in merged for part in _levels(row, pieces, plan.em)]


def _is_next_line(
    upper: tuple[RowBand, list[ColumnPrint]], lower: tuple[RowBand, list[ColumnPrint]], plan: _Plan
) -> bool:
    """Tell whether a row is only the next line of the heads above it."""
    (row, pieces), (below, under) = upper, lower
    if row.values or below.values or any(row.bottom <= rule <= below.top for rule in plan.rules):
        return False
    close = below.top - row.bottom <= LEADING * plan.em
    heads = {(piece.first, piece.last) for piece in pieces}
    return close and all((piece.first, piece.last) in heads for piece in under)


def _levels(row: RowBand, pieces: Sequence[ColumnPrint], em: float) -> list[RowBand]:
    """Cut a row of heads below every head that has others under it."""
    cuts: list[float] = []
    for piece in pieces:
        if piece.spans and not row.values:
            under = [p.box.top for p in pieces if _is_under(p, piece)]
            over = [p.box.bottom for p in pieces if _is_under(piece, p)]
            cuts += [(piece.box.bottom + min(under)) / 2] if under else []
            cuts += [(piece.box.top + max(over)) / 2] if over else []
    apart = [
        cut for index, cut in enumerate(sorted(cuts)) if index == 0 or cut - sorted(cuts)[index - 1] > em / 2
    ]
    ends = [row.top, *apart, row.bottom]
    return [RowBand(top, bottom, row.values) for top, bottom in pairwise(ends)]


def _is_under(piece: ColumnPrint, head: ColumnPrint) -> bool:
    shares = piece.first <= head.last and piece.last >= head.first
    return (
        shares and (piece.first, piece.last) != (head.first, head.last) and piece.box.top >= head.box.middle
    )


def _edges_across(plan: _Plan, rows: Sequence[RowBand]) -> list[float]:
    """Return the lines between rows, and above the first and below the last: rules where there are such."""
    reach = _MARGIN * plan.em
    top = min(piece.box.top for piece in plan.pieces)
    bottom = max(piece.box.bottom for piece in plan.pieces)
    between = [_between(before.bottom, after.top, plan.rules) for before, after in pairwise(rows)]
    first = max((rule for rule in plan.rules if rule <= top), default=top - reach)
    last = min((rule for rule in plan.rules if rule >= bottom), default=bottom + reach)
    return [first, *between, last]


def _between(above: float, below: float, rules: Sequence[float]) -> float:
    return next((rule for rule in rules if above <= rule <= below), (above + below) / 2)


def _edges_down(plan: _Plan, gutters: Sequence[float], rules: Sequence[Segment]) -> list[float]:
    reach = _MARGIN * plan.em
    left = min([*(p.box.left - reach for p in plan.pieces), *(rule.start for rule in rules)])
    right = max([*(p.box.right + reach for p in plan.pieces), *(rule.end for rule in rules)])
    return [left, *gutters, right]


def _is_filled(plan: _Plan, edges: Sequence[float]) -> bool:
    """Tell whether enough rows have print in two columns."""
    filled = [
        len({p.first for p in plan.pieces if top <= p.box.middle < bottom}) > 1
        for top, bottom in pairwise(edges)
    ]
    return sum(filled) >= max(2, _FILLED_SHARE * len(filled))


def _grid(plan: _Plan, rows: Sequence[RowBand], ys: Sequence[float], xs: Sequence[float]) -> Grid:
    """Take the rules out of a full lattice wherever one cell has several units."""
    horizontal = np.ones((len(ys), len(xs) - 1), dtype=bool)
    vertical = np.ones((len(ys) - 1, len(xs)), dtype=bool)
    for area in areas_of(plan.pieces, tuple(xs), tuple(ys), [row.values for row in rows], plan.stub, plan.em):
        horizontal[area.top + 1 : area.bottom + 1, area.first : area.last + 1] = False
        vertical[area.top : area.bottom + 1, area.first + 1 : area.last + 1] = False
    return Grid(tuple(xs), tuple(ys), tuple(merge_units(horizontal, vertical)))
