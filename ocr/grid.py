"""From ruled lines to the cells of a table.

The distinct positions of the rules make a lattice; where a piece of the lattice
has no rule, the two unit cells beside it are one. Cells never overlap and
together cover the table (tests/test_grid.py holds this as a property).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocr.document import Pixels
from ocr.rulings import REACH, Rulings, Segment

Edges = np.ndarray[tuple[int, int], np.dtype[np.bool_]]

# A piece of the lattice counts as ruled when this share of its length has ink.
# Measured on skewed grey scans of the samples: ruled pieces ≥ 0.9, others ≤ 0.2.
_RULED_SHARE = 0.6
# A frame smaller than this, width and height in inches, is no table but part of a large character.
_SMALLEST_TABLE = (1.0, 0.2)
# Rules that run on past the last one across, by this many inches, leave a row open.
_OPEN_ROW = 0.09


@dataclass(frozen=True, slots=True)
class Span:
    """A cell of a lattice: its top left unit and how many units it covers."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table: `xs` and `ys` are the lattice lines, in the caller's unit, rising."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    open_top: bool = False
    open_bottom: bool = False

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_columns(self) -> int:
        return len(self.xs) - 1

    def rectangle(self, span: Span) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a cell."""
        return (
            self.xs[span.column],
            self.ys[span.row],
            self.xs[span.column + span.column_span],
            self.ys[span.row + span.row_span],
        )


def find_grids(rulings: Rulings, dpi: float) -> list[Grid]:
    """Recover every ruled table of a page, from top to bottom."""
    grids = [_grid(rulings, region, dpi) for region in _regions(rulings.mask, dpi)]
    tables = [grid for grid in grids if grid is not None and len(grid.spans) > 1]
    return sorted(tables, key=lambda grid: (grid.ys[0], grid.xs[0]))


Region = tuple[int, int, int, int]


def _regions(mask: Pixels, dpi: float) -> Iterator[Region]:
    """Yield left, top, right and bottom around rules that hang together."""
    reach = 2 * round(dpi * REACH) + 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    for index in range(1, count):
        left, top, width, height, _ = (int(value) for value in stats[index])
        if width >= dpi * _SMALLEST_TABLE[0] and height >= dpi * _SMALLEST_TABLE[1]:
            yield left, top, left + width, top + height


def _grid(rulings: Rulings, region: Region, dpi: float) -> Grid | None:
    reach = dpi * REACH
    left, top, right, bottom = region
    across = [line for line in rulings.horizontal if _inside(line, (top, bottom), (left, right), reach)]
    down = [line for line in rulings.vertical if _inside(line, (left, right), (top, bottom), reach)]
    if not across or not down:
        return None
    ys, open_top, open_bottom = _lattice(across, down, dpi)
    xs, _, _ = _lattice(down, across, dpi)
    if len(xs) < 2 or len(ys) < 2:
        return None
    horizontal = _ruled(rulings.horizontal_mask, ys, xs, reach)
    vertical = _ruled(rulings.vertical_mask.T, xs, ys, reach).T
    return Grid(tuple(xs), tuple(ys), tuple(merge_units(horizontal, vertical)), open_top, open_bottom)


def _inside(line: Segment, across: tuple[int, int], along: tuple[int, int], reach: float) -> bool:
    return (
        across[0] - reach <= line.at <= across[1] + reach
        and along[0] - reach <= line.start
        and line.end <= along[1] + reach
    )


def _lattice(
    lines: Sequence[Segment], crossing: Sequence[Segment], dpi: float
) -> tuple[list[float], bool, bool]:
    """Return the distinct positions of `lines`, closed by the ends of the `crossing` ones if those run on."""
    positions = _clustered(lines, dpi * REACH)
    first, last = _common_end(line.start for line in crossing), -_common_end(-line.end for line in crossing)
    opened = positions[0] - first > dpi * _OPEN_ROW
    left_open = last - positions[-1] > dpi * _OPEN_ROW
    return [first] * opened + positions + [last] * left_open, opened, left_open


def _clustered(lines: Iterable[Segment], reach: float) -> list[float]:
    """Merge lines closer than `reach`; a cluster stands at the mean, weighted by length."""
    clusters: list[list[Segment]] = []
    for line in sorted(lines, key=lambda line: line.at):
        if clusters and line.at - clusters[-1][-1].at <= reach:
            clusters[-1].append(line)
        else:
            clusters.append([line])
    return [
        float(np.average([line.at for line in group], weights=[line.length for line in group]))
        for group in clusters
    ]


def _common_end(ends: Iterable[float]) -> float:
    """Return the second smallest end: one stray rule does not open a row."""
    lowest = sorted(ends)[:2]
    return lowest[-1]


def _ruled(mask: Pixels, across: Sequence[float], along: Sequence[float], reach: float) -> Edges:
    """Tell which pieces of the lattice are ruled: shape (len(across), len(along) - 1).

    The outermost lines always count: a table has an end where its rules end.
    """
    ruled = np.ones((len(across), len(along) - 1), dtype=bool)
    for row, at in enumerate(across):
        if row in (0, len(across) - 1):
            continue
        inked = np.asarray(mask[max(0, round(at - reach)) : round(at + reach) + 1].any(axis=0))
        for column, (start, end) in enumerate(pairwise(along)):
            piece = inked[round(start + reach / 2) : round(end - reach / 2)]
            ruled[row, column] = float(piece.mean()) >= _RULED_SHARE if piece.size else False
    return ruled


def merge_units(horizontal: Edges, vertical: Edges) -> Iterator[Span]:
    """Yield the cells of a lattice, row by row.

    Args:
        horizontal: which horizontal pieces are ruled, shape (rows + 1, columns).
        vertical: which vertical pieces are ruled, shape (rows, columns + 1).
    """
    rows, columns = horizontal.shape[0] - 1, horizontal.shape[1]
    groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
    labels = _flooded(horizontal, vertical)
    for row in range(rows):
        for column in range(columns):
            groups[int(labels[row, column])].append((row, column))
    spans = [span for units in groups.values() for span in _rectangles(set(units))]
    yield from sorted(spans, key=lambda span: (span.row, span.column))


def _flooded(horizontal: Edges, vertical: Edges) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Label unit cells that no rule parts, by flooding a map with one pixel a unit and a piece."""
    rows, columns = horizontal.shape[0] - 1, horizontal.shape[1]
    plan = np.zeros((2 * rows - 1, 2 * columns - 1), np.uint8)
    plan[::2, ::2] = 1
    plan[1::2, ::2] = ~horizontal[1:-1]
    plan[::2, 1::2] = ~vertical[:, 1:-1]
    _, labels = cv2.connectedComponents(plan, connectivity=4)
    return np.asarray(labels[::2, ::2], dtype=np.int32)


def _rectangles(units: set[tuple[int, int]]) -> Iterator[Span]:
    """Cut a group of units into rectangles: a broken rule may leave an L, a cell never is one."""
    while units:
        row, column = min(units)
        width = 1
        while (row, column + width) in units:
            width += 1
        height = 1
        while all((row + height, column + step) in units for step in range(width)):
            height += 1
        yield Span(row, column, height, width)
        units -= {(row + down, column + step) for down in range(height) for step in range(width)}
