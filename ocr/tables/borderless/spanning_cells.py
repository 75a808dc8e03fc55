"""Which cells of a table without rules go over several rows or columns, by how their print stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import inf

import numpy as np

from ocr.tables.borderless.row_bands import ColumnPrint, RowBand, blocks_of, tiled
from ocr.tables.borderless.words import Word, bounding_box

# Print that has this share of its height in a row stands in it; a head that has this share.
_STANDS, _HEAD_STANDS = 0.35, 0.12
# Print over several columns is in their middle, give or take so many em; wider is
# better by so many em a column.
_CENTRED, _WIDER = 2.0, 0.25

# A head of the labels stands for all of the head if no further from its middle, as a share.
_IN_THE_MIDDLE = 0.2
# Print no wider than so many em is set one character below another.
_STACKED = 1.6

Taken = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Area:
    """A cell: rows `top` to `bottom`, columns `first` to `last`, all included."""

    top: int
    bottom: int
    first: int
    last: int

    @property
    def place(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom + 1), slice(self.first, self.last + 1)


def areas_of(
    pieces: Sequence[ColumnPrint],
    xs: tuple[float, ...],
    ys: tuple[float, ...],
    values: Sequence[bool],
    stub: int,
    em: float,
) -> Iterator[Area]:
    """Yield the cells of more than one row or column; none overlap.

    Args:
        pieces: the print of the table.
        xs: the lines between columns, in pixels.
        ys: the lines between rows.
        values: which rows have figures; those before the first are heads.
        stub: how many columns of labels there are.
        em: the height of the type.
    """
    head = values.index(True) if True in values else 0
    taken = np.zeros((len(ys) - 1, len(xs) - 1), dtype=bool)
    placed = [(piece, _rows_of(piece.box, ys)) for piece in pieces]
    heads = [piece for piece, (_, bottom) in placed if bottom < head]
    body = [(piece, top) for piece, (top, bottom) in placed if bottom >= head]
    found = list(_heads(heads, xs, ys, head, stub, em))
    found += _wide(body, xs, values, em)
    yield from _apart(found, taken)
    groups = [_groups(body, column, taken, ys, head, stub, em) for column in range(len(xs) - 1)]
    yield from _apart([area for group in groups for area in group], taken)


def _apart(areas: Sequence[Area], taken: Taken) -> Iterator[Area]:
    """Yield the areas that lie on no other, and take their place."""
    for area in areas:
        if not taken[area.place].any():
            taken[area.place] = True
            yield area


def _rows_of(box: Word, ys: Sequence[float], least: float = _STANDS) -> tuple[int, int]:
    """Return the first and the last row that print stands in, with that share of its height at least."""
    shares = [min(bottom, box.bottom) - max(top, box.top) for top, bottom in pairwise(ys)]
    rows = [row for row, shared in enumerate(shares) if shared >= least * box.height]
    return (rows[0], rows[-1]) if rows else (int(np.argmax(shares)),) * 2


def _heads(
    pieces: Sequence[ColumnPrint],
    xs: tuple[float, ...],
    ys: tuple[float, ...],
    head: int,
    stub: int,
    em: float,
) -> Iterator[Area]:
    """Yield the cells of the head, each as far as its print is in the middle and nothing else is there."""
    blocks = list(_blocks(pieces, em))
    areas = [
        Area(*_rows_of(block.box, ys[: head + 1], _HEAD_STANDS), block.first, block.last) for block in blocks
    ]
    # Heads of one column say by their height what is free for those over several.
    single = [index for index, block in enumerate(blocks) if not block.spans and block.first >= stub]
    spanning = [index for index, block in enumerate(blocks) if block.spans or block.first < stub]
    for index in (*single, *spanning):
        others = areas[:index] + areas[index + 1 :]
        if index in spanning:
            areas[index] = _widened(areas[index], blocks[index].box, others, stub, xs, em)
        off = abs((ys[0] + ys[head]) / 2 - blocks[index].box.middle)
        alone = blocks[index].last < stub and not any(other.first < stub for other in others)
        if alone and off <= _IN_THE_MIDDLE * (ys[head] - ys[0]):
            areas[index] = replace(areas[index], top=0, bottom=head - 1)
        else:
            areas[index] = _heightened(areas[index], blocks[index].box, others, ys[: head + 1], em)
    yield from areas


def _blocks(pieces: Sequence[ColumnPrint], em: float) -> Iterator[ColumnPrint]:
    """Join the lines of every head."""
    ordered = sorted(pieces, key=lambda piece: (piece.first, piece.last))
    for (first, last), group in groupby(ordered, key=lambda piece: (piece.first, piece.last)):
        for box in blocks_of([piece.box for piece in group], em):
            yield ColumnPrint(box, first, last)


def _widened(
    area: Area, box: Word, others: Sequence[Area], stub: int, xs: Sequence[float], em: float
) -> Area:
    """Give a head of labels the free columns of labels, any other those that it is in the middle of."""
    beside = [other for other in others if other.top <= area.bottom and area.top <= other.bottom]
    end = stub if area.last < stub else len(xs) - 1
    low = max([0, *(other.last + 1 for other in beside if other.last < area.first)])
    high = min([end - 1, *(other.first - 1 for other in beside if other.first > area.last)])
    if area.last < stub:
        return replace(area, first=min(low, area.first), last=max(high, area.last))
    first, last = _middle_of((area.first, area.last), (low, high), box.centre, xs, em)
    return replace(area, first=first, last=last)


def _heightened(area: Area, box: Word, others: Sequence[Area], ys: Sequence[float], em: float) -> Area:
    """Give a head the rows that it is in the middle of, as many as are free."""
    over = [other for other in others if other.first <= area.last and area.first <= other.last]
    low = max([0, *(other.bottom + 1 for other in over if other.bottom < area.top)])
    high = min([len(ys) - 2, *(other.top - 1 for other in over if other.top > area.bottom)])
    top, bottom = _middle_of((area.top, area.bottom), (low, high), box.middle, ys, em)
    return replace(area, top=top, bottom=bottom)


def _middle_of(
    own: tuple[int, int], free: tuple[int, int], middle: float, edges: Sequence[float], em: float
) -> tuple[int, int]:
    """Return the first and last of the units in whose middle print stands best; more are a little better."""

    def cost(units: tuple[int, int]) -> float:
        off = abs((edges[units[0]] + edges[units[1] + 1]) / 2 - middle) / em
        return off - _WIDER * (units[1] - units[0]) if off <= _CENTRED or units == own else inf

    options = [(a, b) for a in range(free[0], own[0] + 1) for b in range(own[1], free[1] + 1)]
    return min(options, key=cost, default=own)


def _wide(
    body: Sequence[tuple[ColumnPrint, int]], xs: tuple[float, ...], values: Sequence[bool], em: float
) -> Iterator[Area]:
    """Yield the cells of the body that go over columns; headings of parts are in the middle of theirs."""
    for piece, row in body:
        if piece.spans:
            area = Area(row, row, piece.first, piece.last)
            others = [Area(at, at, other.first, other.last) for other, at in body if other is not piece]
            yield area if values[row] else _widened(area, piece.box, others, 0, xs, em)


def _groups(
    body: Sequence[tuple[ColumnPrint, int]],
    column: int,
    taken: Taken,
    ys: tuple[float, ...],
    head: int,
    stub: int,
    em: float,
) -> Iterator[Area]:
    """Yield the cells of one column that go over several rows of the body.

    Labels of groups stand in the middle of their rows; those that do not, but stand
    in two rows at once, join these.
    """
    own = [piece.box for piece, _ in body if piece.first == piece.last == column]
    for run in _free_runs(taken[:, column], head):
        blocks = blocks_of([box for box in own if ys[run.start] <= box.middle < ys[run.stop]], em)
        rows = [RowBand(ys[row], ys[row + 1]) for row in run]
        ends = _tiled(rows, blocks, em) if blocks and column < stub - 1 else None
        if ends:
            starts = [0, *ends[:-1]]
            yield from (
                Area(run.start + start, run.start + end - 1, column, column)
                for start, end in zip(starts, ends, strict=True)
            )
        elif column < stub - 1:
            astride = [_rows_of(block, ys) for block in _astride(own, blocks, ys)]
            yield from (Area(top, bottom, column, column) for top, bottom in astride if bottom > top)


def _tiled(rows: Sequence[RowBand], blocks: Sequence[Word], em: float) -> list[int] | None:
    """Part rows by the labels of groups; characters one below another are a single label."""
    stacked = max(block.width for block in blocks) <= _STACKED * em
    return tiled(rows, blocks, em) or (tiled(rows, [bounding_box(blocks)], em) if stacked else None)


def _free_runs(taken: np.ndarray[tuple[int], np.dtype[np.bool_]], head: int) -> Iterator[range]:
    """Yield the runs of rows of the body that no other cell has taken."""
    for free, group in groupby(range(head, len(taken)), key=lambda row: not taken[row]):
        rows = list(group)
        if free:
            yield range(rows[0], rows[-1] + 1)


def _astride(own: Sequence[Word], blocks: Sequence[Word], ys: Sequence[float]) -> Iterator[Word]:
    """Yield the blocks of which a single line stands in two rows at once."""
    for block in blocks:
        lines = [box for box in own if block.top <= box.middle <= block.bottom]
        if any(top != bottom for top, bottom in (_rows_of(line, ys, _HEAD_STANDS) for line in lines)):
            yield bounding_box(lines)
