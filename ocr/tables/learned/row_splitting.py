"""Rows of a proposed grid that hold several printed rows: figures stacked in line across its columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.tables.borderless.words import Word, WordLine, bounding_box
from ocr.tables.grid import Grid, Span
from ocr.tables.learned.agreement import cell_of, in_line

# So many cells of a row, and so large a share of those with print, hold the same number of lines, each within
# this many em of the others'; so much of it is figures. Lines of a text in a few cells are not.
_FEWEST, _MOST, _IN_LINE, _FIGURES = 3, 0.6, 0.3, 0.6

Stack = list[Word]


def with_stacked_rows_apart(grid: Grid, lines: Sequence[WordLine], em: float) -> Grid:
    """Part each row whose cells hold as many lines of figures, in line with each other; `em` in pixels."""
    held: dict[Span, list[Word]] = defaultdict(list)
    for piece in (piece for line in lines for piece in line.groups()):
        if cell := cell_of(grid, piece):
            held[cell].append(piece)
    stacks = {cell: _stack(pieces) for cell, pieces in held.items() if cell.row_span == 1}
    by_row = [[stack for cell, stack in stacks.items() if cell.row == row] for row in range(grid.n_rows)]
    cuts = {row: found for row, own in enumerate(by_row) if (found := [*_cuts(own, em)])}
    return _cut(grid, cuts) if cuts else grid


def _stack(pieces: Sequence[Word]) -> Stack:
    """The lines of one cell, from the top."""
    rows: list[list[Word]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if rows and in_line(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [bounding_box(row) for row in rows]


def _cuts(stacks: Sequence[Stack], em: float) -> Iterator[float]:
    """Yield where a row is to be parted, from top to bottom; nowhere if its cells do not agree."""
    if not stacks:
        return
    count = Counter(map(len, stacks)).most_common(1)[0][0]
    first = next(stack for stack in stacks if len(stack) == count)
    alike = [stack for stack in stacks if len(stack) == count and _are_in_line(stack, first, em)]
    lines = [line for stack in alike for line in stack]
    figures = sum(line.figures for line in lines) >= _FIGURES * len(lines)
    if count < 2 or not figures or len(alike) < max(_FEWEST, _MOST * len(stacks)):
        return
    edges = [
        (max(stack[n].bottom for stack in alike), min(stack[n + 1].top for stack in alike))
        for n in range(count - 1)
    ]
    cuts = [(above + below) / 2 for above, below in edges if above < below]
    crossed = any(line.top < cut < line.bottom for stack in stacks for line in stack for cut in cuts)
    if len(cuts) == count - 1 and not crossed:
        yield from cuts


def _are_in_line(stack: Stack, other: Stack, em: float) -> bool:
    return all(abs(one.middle - two.middle) <= _IN_LINE * em for one, two in zip(stack, other, strict=True))


def _cut(grid: Grid, cuts: Mapping[int, Sequence[float]]) -> Grid:
    """Lay more rows into a grid; cells of several rows reach over those that are new in theirs."""
    starts, ys = [0], [grid.ys[0]]
    for row, (_, bottom) in enumerate(pairwise(grid.ys)):
        ys += [*cuts.get(row, ()), bottom]
        starts.append(len(ys) - 1)
    spans = []
    for span in grid.spans:
        first, last = starts[span.row], starts[span.row + span.row_span]
        if span.row_span > 1 or span.row not in cuts:
            spans.append(replace(span, row=first, row_span=last - first))
        else:
            spans += [replace(span, row=row, row_span=1) for row in range(first, last)]
    return replace(grid, ys=tuple(ys), spans=tuple(sorted(spans, key=lambda one: (one.row, one.column))))
