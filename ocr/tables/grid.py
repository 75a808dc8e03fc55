"""From ruled lines to the cells of a table.

The distinct positions of the rules make a lattice; where a piece of the lattice
has no rule, the two unit cells beside it are one. Cells never overlap and
together cover the table (tests/ocr/tables/test_grid.py holds this as a property).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import Components, components_of
from ocr.image.rules.rule_ends import REACH, Segment
from ocr.image.ruling_lines import WIDEST_GAP, Rulings
from ocr.model import Box, Cell, Table
from ocr.tables.lattice_completion import complete

Edges = np.ndarray[tuple[int, int], np.dtype[np.bool_]]

# A piece of the lattice counts as ruled when this share of its length has ink.
# Measured on skewed grey scans of the samples: ruled pieces ≥ 0.9, others ≤ 0.2.
_RULED_SHARE = 0.6
# A frame smaller than this, width and height in inches, is no table but part of a large character.
_SMALLEST_TABLE = (1.0, 0.2)
# Of its box a table encloses so much and more, two edges of a sheet no more than the second.
_TABLE_ENCLOSES, _CORNER_ENCLOSES = 0.5, 0.1
# Two rules nearer than this, in inches, are one, drawn double or apart in parts of the table: no type
# stands between them.
_DOUBLE = 0.05
# Rules that run on past the last one across, by this many inches, leave a row open
# if this share of them does.
_OPEN_ROW = 0.09
_OPEN_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Span:
    """A cell of a lattice: its top left unit and how many units it covers."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table: `xs` and `ys` are the lattice lines, in the caller's unit, rising.

    A side is open where rules run on past the last one across it: without a rule of its own the table ends
    where they do. `confidence` is that of the lattice, as in `Table`.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    open_top: bool = False
    open_bottom: bool = False
    open_left: bool = False
    open_right: bool = False
    confidence: float = 1.0

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

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the table."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the table."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def covers(self, other: Grid) -> bool:
        """Tell whether the middle of another table lies in this one."""
        return self.holds((other.xs[0] + other.xs[-1]) / 2, (other.ys[0] + other.ys[-1]) / 2)


def table_of(grid: Grid, box: Box, page: int, cells: Sequence[Cell]) -> Table:
    """The table of a grid whose cells were read; `box` is its place on the page, in points."""
    return Table(
        page=page,
        box=box,
        n_rows=grid.n_rows,
        n_columns=grid.n_columns,
        cells=tuple(cells),
        open_top=grid.open_top,
        open_bottom=grid.open_bottom,
        confidence=grid.confidence,
    )


def find_grids(rulings: Rulings, dpi: float) -> list[Grid]:
    """Recover every ruled table of a page, from top to bottom."""
    if not rulings.fragments:
        rulings = _hanging_together(rulings, dpi)
    grids = [
        _compact(_singled(grid, dpi))
        for region in _regions(rulings, dpi)
        for grid in _grids(rulings, region, dpi)
    ]
    tables = [grid for grid in grids if len(grid.spans) > 1]
    return sorted(tables, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _singled(grid: Grid, dpi: float) -> Grid:
    """Take rules that are drawn double for one: what lies between them belongs to the cell before."""
    gone_x, gone_y = _doubled(grid.xs, dpi), _doubled(grid.ys, dpi)
    if not gone_x and not gone_y:
        return grid
    row, column = _without(grid.n_rows, gone_y), _without(grid.n_columns, gone_x)
    xs = tuple(x for n, x in enumerate(grid.xs) if n - 1 not in gone_x)
    ys = tuple(y for n, y in enumerate(grid.ys) if n - 1 not in gone_y)
    return replace(grid, xs=xs, ys=ys, spans=_moved(grid.spans, row, column))


def _doubled(edges: Sequence[float], dpi: float) -> frozenset[int]:
    """The columns, or rows, that are but the room between two rules."""
    return frozenset(n for n, (low, high) in enumerate(pairwise(edges)) if high - low <= _DOUBLE * dpi)


def _without(count: int, gone: frozenset[int]) -> dict[int, int]:
    """The new number of each line of a lattice: the second of two that are one has that of the first."""
    return {n: n - sum(one < n for one in gone) for n in range(count + 1)}


def _moved(spans: Iterable[Span], row: Mapping[int, int], column: Mapping[int, int]) -> tuple[Span, ...]:
    """The cells by the new numbers of the lines of their lattice; those between two that are one are gone."""
    moved = (
        Span(
            row[span.row],
            column[span.column],
            row[span.row + span.row_span] - row[span.row],
            column[span.column + span.column_span] - column[span.column],
        )
        for span in spans
    )
    return tuple(span for span in moved if span.row_span and span.column_span)


def _compact(grid: Grid) -> Grid:
    """Leave out lines of the lattice that part no two cells: a stroke or a stump of a rule lies on them."""
    rows = sorted({edge for span in grid.spans for edge in (span.row, span.row + span.row_span)})
    columns = sorted({edge for span in grid.spans for edge in (span.column, span.column + span.column_span)})
    if (len(rows), len(columns)) == (len(grid.ys), len(grid.xs)):
        return grid
    row, column = ({edge: n for n, edge in enumerate(edges)} for edges in (rows, columns))
    xs, ys = tuple(grid.xs[edge] for edge in columns), tuple(grid.ys[edge] for edge in rows)
    return replace(grid, xs=xs, ys=ys, spans=_moved(grid.spans, row, column))


def _hanging_together(rulings: Rulings, dpi: float) -> Rulings:
    """Leave out rules that hang together with no others to the size of a table.

    Within a large bold character strokes meet each other as rules do, and the characters of a heading
    stand close to the rules above and below: what stops short of another by more than `REACH` does
    not hang together with it.
    """
    bridge = round(dpi * REACH) + 1
    pieces = components_of(_closed(rulings.mask, (bridge, bridge)))
    width, height = pieces.stats[:, cv2.CC_STAT_WIDTH], pieces.stats[:, cv2.CC_STAT_HEIGHT]
    wide, high = width >= dpi * _SMALLEST_TABLE[0], height >= dpi * _SMALLEST_TABLE[1]
    tables = pieces.chosen(wide & high)
    # The outermost rule of a table that is open at a page break meets no other.
    long = pieces.chosen(wide | high)
    return replace(
        rulings,
        horizontal=tuple(line for line in rulings.horizontal if _lies_on(line, tables)),
        vertical=tuple(line for line in rulings.vertical if _lies_on(line, tables.T)),
        horizontal_mask=np.asarray(rulings.horizontal_mask * long, np.uint8),
        vertical_mask=np.asarray(rulings.vertical_mask * long, np.uint8),
    )


def _lies_on(line: Segment, mask: Pixels) -> bool:
    """Tell whether the most of a line along the rows is marked."""
    band = mask[max(0, round(line.at) - 2) : round(line.at) + 3, round(line.start) : round(line.end) + 1]
    return bool(band.any(axis=0).mean() > 0.5)


Region = tuple[int, int, int, int]


def _regions(rulings: Rulings, dpi: float) -> Iterator[Region]:
    """Yield left, top, right and bottom around rules that hang together.

    Broken ones hang together over gaps. What has lost all connection may still lie inside of the rest. Two
    edges of the sheet lie around a table as well, but enclose nothing.
    """
    reach = _odd(dpi * REACH)
    joined = _closed(rulings.mask, (reach, reach))
    if rulings.fragments:
        gap = _odd(dpi * WIDEST_GAP / 2)
        joined = joined | _closed(rulings.mask, (1, gap)) | _closed(rulings.mask, (gap, 1))
    regions: list[Region] = []
    pieces = components_of(joined)
    boxes = [(left, top, left + width, top + height) for left, top, width, height, _ in pieces.stats.tolist()]
    enclosed = [0.0, *(_encloses(pieces, index) for index in range(1, len(pieces)))]
    tables = [box for box, share in zip(boxes, enclosed, strict=True) if share >= _TABLE_ENCLOSES]
    for own, share in zip(boxes[1:], enclosed[1:], strict=True):
        if share < _CORNER_ENCLOSES and any(_lies_around(own, table) for table in tables):
            continue
        for other in [other for other in regions if _overlap(own, other)]:
            regions.remove(other)
            own = *np.minimum(own[:2], other[:2]).tolist(), *np.maximum(own[2:], other[2:]).tolist()
        regions.append(own)
    for left, top, right, bottom in regions:
        if right - left >= dpi * _SMALLEST_TABLE[0] and bottom - top >= dpi * _SMALLEST_TABLE[1]:
            yield left, top, right, bottom


def _encloses(pieces: Components, index: int) -> float:
    """Return the share of its box that a piece encloses."""
    mask = pieces.pixels(index).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return max(map(cv2.contourArea, outlines), default=0.0) / mask.size


def _lies_around(box: Region, table: Region) -> bool:
    """Tell whether the middle of a table lies in a box that reaches beyond it."""
    x, y = (table[0] + table[2]) / 2, (table[1] + table[3]) / 2
    beyond = box[0] < table[0] or box[1] < table[1] or box[2] > table[2] or box[3] > table[3]
    return beyond and box[0] < x < box[2] and box[1] < y < box[3]


def _odd(reach: float) -> int:
    """Return the size of an element that reaches so many pixels to either side."""
    return 2 * round(reach) + 1


def _closed(mask: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(size, np.uint8)), np.uint8)


def _overlap(one: Region, other: Region) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _grids(rulings: Rulings, region: Region, dpi: float) -> Iterator[Grid]:
    """Yield the tables of a region: one, or more where broken rules have run together."""
    reach = dpi * REACH
    left, top, right, bottom = region
    across = [line for line in rulings.horizontal if _inside(line, (top, bottom), (left, right), reach)]
    down = [line for line in rulings.vertical if _inside(line, (left, right), (top, bottom), reach)]
    if not across or not down:
        return
    ys, open_top, open_bottom = _lattice(across, down, dpi)
    xs, *open_sides = _lattice(down, across, dpi)
    if len(xs) < 2 or len(ys) < 2:
        return
    if rulings.fragments:
        for one in complete(xs, ys, rulings.fragments, dpi):
            spans = tuple(merge_units(one.horizontal, one.vertical))
            ends = open_top and one.ys[0] == ys[0], open_bottom and one.ys[-1] == ys[-1]
            sides = open_sides[0] and one.xs[0] == xs[0], open_sides[1] and one.xs[-1] == xs[-1]
            yield Grid(one.xs, one.ys, spans, *ends, *sides)
        return
    horizontal = _ruled(rulings.horizontal_mask, ys, xs, reach)
    vertical = _ruled(rulings.vertical_mask.T, xs, ys, reach).T
    spans = tuple(merge_units(horizontal, vertical))
    yield Grid(tuple(xs), tuple(ys), spans, open_top, open_bottom, *open_sides)


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
    before = _common_end([positions[0] - line.start for line in crossing], dpi)
    after = _common_end([line.end - positions[-1] for line in crossing], dpi)
    first = [positions[0] - before] if before else []
    last = [positions[-1] + after] if after else []
    return first + positions + last, bool(before), bool(after)


def _common_end(overhangs: Sequence[float], dpi: float) -> float:
    """Return how far rules run on past the last one across, 0 unless enough of those that reach it do."""
    reaching = [overhang for overhang in overhangs if overhang >= -dpi * REACH]
    beyond = [overhang for overhang in reaching if overhang > dpi * _OPEN_ROW]
    return median(beyond) if len(beyond) > 1 and len(beyond) >= _OPEN_SHARE * len(reaching) else 0.0


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


def _ruled(mask: Pixels, across: Sequence[float], along: Sequence[float], reach: float) -> Edges:
    """Tell which pieces of the lattice are ruled: shape (len(across), len(along) - 1).

    The outermost lines always count: a table has an end where its rules end.
    """
    ruled = np.ones((len(across), len(along) - 1), dtype=bool)
    for row, at in enumerate(across):
        if row in (0, len(across) - 1):
            continue
        # A rule that is nearer to the next line is that one's.
        first = max(at - reach, (across[row - 1] + at) / 2)
        last = min(at + reach, (at + across[row + 1]) / 2)
        inked = np.asarray(mask[max(0, round(first)) : round(last) + 1].any(axis=0))
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
