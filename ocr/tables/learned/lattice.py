"""The lattice of a learned structure: its lines run where rules do, or where the print leaves room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import LearnedCell, LearnedTable
from ocr.tables.grid import Grid, Span

Bounds = tuple[float, float]
Profile = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
# A rule runs along this share of the cells that a line of the lattice parts.
_RULED = 0.5
# So many pixels to either side of it, print is on no more than this share of its length.
_BESIDE, _TOUCHED = 3, 0.15
# Paper counts as bare up to this share of the inkiest row of pixels near a line, in stretches of at least
# the second share of the widest one.
_BARE, _COMPARABLE = 0.05, 0.4


@dataclass(frozen=True, slots=True)
class Around:
    """What stands where a table is looked for, all masks (height, width): print without rules, and rules.

    `edges` are left, top, right and bottom of the table in pixels.
    """

    print_: Pixels
    across: Pixels
    down: Pixels
    edges: tuple[float, float, float, float]


def grid_of(table: LearnedTable, around: Around) -> Grid | None:
    """Draw the lattice of a table on a picture; None where its rows or columns are not in order."""
    rows = _Axis.of([(c.row, c.row_span, c.top, c.bottom) for c in table.cells], table.n_rows)
    columns = _Axis.of([(c.column, c.column_span, c.left, c.right) for c in table.cells], table.n_columns)
    if rows is None or columns is None:
        return None
    left, top, right, bottom = around.edges
    xs = [left, *columns.guesses, right]
    ys = [top, *_lines(around.print_, around.across, rows, [*_open_rows(table, xs)]), bottom]
    xs = [left, *_lines(around.print_.T, around.down.T, columns, [*_open_columns(table, ys)]), right]
    if any(after <= before for edges in (xs, ys) for before, after in pairwise(edges)):
        return None
    spans = tuple(Span(c.row, c.column, c.row_span, c.column_span) for c in table.cells)
    return Grid(tuple(xs), tuple(ys), spans)


@dataclass(frozen=True, slots=True)
class _Axis:
    """The middles of the rows, or columns, and between each two the model's guess where they part."""

    middles: tuple[float, ...]
    guesses: tuple[float, ...]

    @staticmethod
    def of(cells: Sequence[tuple[int, int, float, float]], count: int) -> _Axis | None:
        """By the cells that stand in one row alone; None where a row has none, or they are not in order."""
        single = [
            [(low, high) for n, span, low, high in cells if (n, span) == (at, 1)] for at in range(count)
        ]
        if not all(single):
            return None
        lows = [median(low for low, _ in one) for one in single]
        highs = [median(high for _, high in one) for one in single]
        middles = tuple((low + high) / 2 for low, high in zip(lows, highs, strict=True))
        if any(after <= before for before, after in pairwise(middles)):
            return None
        return _Axis(middles, tuple((high + low) / 2 for high, low in zip(highs, lows[1:], strict=False)))


def _open_rows(table: LearnedTable, columns: Sequence[float]) -> Iterator[list[Bounds]]:
    """For each line between two rows the stretches, in pixels, where no cell goes over it."""
    for row in range(table.n_rows - 1):
        over = {c for cell in table.cells if _over(cell.row, cell.row_span, row) for c in _columns(cell)}
        yield [(columns[c], columns[c + 1]) for c in range(table.n_columns) if c not in over]


def _open_columns(table: LearnedTable, rows: Sequence[float]) -> Iterator[list[Bounds]]:
    for column in range(table.n_columns - 1):
        over = {
            r for cell in table.cells if _over(cell.column, cell.column_span, column) for r in _rows(cell)
        }
        yield [(rows[r], rows[r + 1]) for r in range(table.n_rows) if r not in over]


def _over(first: int, span: int, line: int) -> bool:
    return first <= line < first + span - 1


def _columns(cell: LearnedCell) -> range:
    return range(cell.column, cell.column + cell.column_span)


def _rows(cell: LearnedCell) -> range:
    return range(cell.row, cell.row + cell.row_span)


def _lines(
    print_: Pixels, rules: Pixels, axis: _Axis, stretches: Sequence[Sequence[Bounds]]
) -> Iterator[float]:
    """Yield the lines of a lattice along the rows of pixels, one between the middles of each two rows."""
    for (low, high), guess, open_ in zip(pairwise(axis.middles), axis.guesses, stretches, strict=True):
        start = min(max(0, round(low)), len(print_) - 1)  # the model may see cells beside the picture
        stop = min(max(start + 1, round(high)), len(print_))
        inked = _profile(print_, start, stop, open_)
        ruled = _ruled_at(_profile(rules, start, stop, open_), inked, sum(b - a for a, b in open_))
        if ruled is None:
            ruled = _bare_near(inked, _profile(print_, start, stop, open_[:1]), guess - start)
        yield start + ruled


def _profile(mask: Pixels, start: int, stop: int, stretches: Sequence[Bounds]) -> Profile:
    """How many pixels are marked in each row of pixels, within the stretches."""
    marked = mask[start:stop] > 0
    stretches = [(max(0.0, a), max(0.0, b)) for a, b in stretches]
    parts = [marked[:, round(a) : round(b)].sum(axis=1) for a, b in stretches]
    return np.asarray(np.sum(parts, axis=0, dtype=np.float64), np.float64)


def _ruled_at(ruled: Profile, inked: Profile, length: float) -> float | None:
    """Where a rule runs along enough of a line; None for strokes of print, which have print beside them."""
    if not length or ruled.max(initial=0) < _RULED * length:
        return None
    rule = np.flatnonzero(ruled >= _RULED * length)
    beside = inked[max(0, rule[0] - _BESIDE) : rule[-1] + _BESIDE + 1]
    return float(rule.mean()) if beside.max(initial=0) <= _TOUCHED * length else None


def _bare_near(inked: Profile, first: Profile, guess: float) -> float:
    """The middle of the stretch with hardly any ink that is nearest to a guess.

    What stands in the `first` column begins a row: a line without is one that goes on.
    """
    if not inked.ndim:
        return guess
    bare = inked <= inked.min() + _BARE * (inked.max() - inked.min())
    runs = np.flatnonzero(np.diff(np.concatenate(([0], bare.astype(np.int8), [0])))).reshape(-1, 2).tolist()
    widest = max(stop - start for start, stop in runs)
    wide = [(start, stop) for start, stop in runs if stop - start >= _COMPARABLE * widest]
    ends = [*(start for start, _ in runs), len(inked)]
    begins = [
        (start, stop)
        for start, stop in wide
        if stop == len(inked) or first[stop : min(end for end in ends if end >= stop)].any()
    ]
    start, stop = min(begins or wide, key=lambda run: max(run[0] - guess, guess - run[1], 0.0))
    return float(start + stop) / 2
