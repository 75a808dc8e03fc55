"""Tables that have no rules, or only some, from where their print stands.

The way of Nurminen (2013) and T-Recs (Kieninger, 1998): lines of print with wide
gaps, one below another, whose gaps make gutters. Rules across that belong to no
ruled table part rows and bound the table. A false table is worse than a lost
one: what does not look like a table in every respect stays body text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.rules.rule_ends import Segment
from ocr.image.ruling_lines import Rulings, find_lone_rules
from ocr.tables.borderless.column_gutters import find_gutters
from ocr.tables.borderless.grid_builder import build_grid
from ocr.tables.borderless.regions import find_regions, is_parted
from ocr.tables.borderless.row_bands import ColumnPrint
from ocr.tables.borderless.words import (
    FIGURE_HEIGHT,
    Word,
    WordLine,
    bounding_box,
    find_words,
    lines_of,
    split_words,
    usual_height,
)
from ocr.tables.grid import Grid

# Gaps of at least the first share of an em within the second of a gutter part print.
_GAP, _NEAR = 0.3, 0.5
# Print reaches into a column by at least this many em, or this share of its width.
_REACH = 0.3, 0.25
# A single character is no wider than this many times its height; of vertical print most words are
# one; of the tables of samples/unruled.pdf at most 0.07 are.
_SQUARE, _MOST_SINGLE = 1.3, 0.6
# So many cells in line are a table: the last row of one may stand alone on a page.
_MANY_CELLS = 5
# What is left of a rule lies this near to it, in inches; a shaded band is no higher than the second.
_CRUMBS, _BAND = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class DetectedTables:
    """All tables of a page in pixels, the ruled ones and the others, and the rules that belong to them."""

    ruled: tuple[Grid, ...]
    unruled: tuple[Grid, ...]
    rulings: Rulings

    @property
    def grids(self) -> tuple[Grid, ...]:
        """From top to bottom."""
        return tuple(sorted((*self.ruled, *self.unruled), key=lambda grid: (grid.ys[0], grid.xs[0])))


def add_borderless_tables(
    ruled: Sequence[Grid], ink: Pixels, rulings: Rulings, dpi: float, drawn: Pixels | None = None
) -> DetectedTables:
    """Add the tables that stand outside of the ruled ones.

    A single row or column of ruled cells counts only where no table without rules is found in its place:
    it may be a shaded band, or strokes of digits on a rule.

    Args:
        ruled: the ruled tables.
        ink: the page, binarised and straightened.
        rulings: its rules.
        dpi: the resolution.
        drawn: the part of the ink that is no print, where that is known.
    """
    tables_of_rules = [grid for grid in ruled if min(grid.n_rows, grid.n_columns) > 1]
    firm = [grid for grid in ruled if grid in tables_of_rules or len(grid.spans) >= _MANY_CELLS]
    known = _inside(rulings.mask, firm, _CRUMBS * dpi)
    rules, mask = find_lone_rules(ink if drawn is None else drawn, known, dpi)
    words = find_words(_rest(ink, known | mask, rules, firm, dpi), dpi)
    if not words:
        return DetectedTables(tuple(ruled), (), rulings)
    em = usual_height(words)
    tables = [_table(lines, rules) for lines in find_regions(lines_of(words), em)]
    unruled = tuple(
        grid for grid in tables if grid and not any(_overlap(grid, other) for other in tables_of_rules)
    )
    kept = tuple(grid for grid in ruled if not any(table.covers(grid) for table in unruled))
    return DetectedTables(kept, unruled, _with_lone(rulings, mask, unruled, em) if unruled else rulings)


def _with_lone(rulings: Rulings, lone: Pixels, tables: Sequence[Grid], em: float) -> Rulings:
    """Inside of tables take none but the lone rules: others are strokes of print that run together."""
    across, down = rulings.horizontal_mask.copy(), rulings.vertical_mask.copy()
    for area in (_area(grid, em) for grid in tables):
        across[area] = lone[area]
        down[area] = 0
    return replace(rulings, horizontal_mask=across, vertical_mask=down)


def _overlap(table: Grid, grid: Grid) -> bool:
    """Tell whether two tables share a place: what lies around a ruled one is dirt or shade beside it."""
    return (
        table.xs[0] < grid.xs[-1]
        and grid.xs[0] < table.xs[-1]
        and table.ys[0] < grid.ys[-1]
        and grid.ys[0] < table.ys[-1]
    )


def _rest(ink: Pixels, mask: Pixels, rules: Sequence[Segment], grids: Sequence[Grid], dpi: float) -> Pixels:
    """Take the rules and the ruled tables out of the ink of a page."""
    around = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    rest = np.where(around > 0, np.uint8(0), ink)
    edge = round(_CRUMBS * dpi / 2)
    areas = [grid.bounds for grid in grids]
    for left, top, right, bottom in [*areas, *_sides(rules, dpi)]:
        rest[
            max(0, round(top) - edge) : round(bottom) + edge, max(0, round(left) - edge) : round(right) + edge
        ] = 0
    return rest


def _sides(rules: Sequence[Segment], dpi: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield left, top, right and bottom of the ends of shaded bands: between two rules that end alike."""
    reach = _CRUMBS * dpi
    ends = [(side, end, rule.at) for rule in rules for side, end in enumerate((rule.start, rule.end))]
    for (side, x, top), (other, beside, bottom) in permutations(ends, 2):
        if side == other and abs(x - beside) <= reach and 0 < bottom - top <= _BAND * dpi:
            yield min(x, beside) - reach / 2, top, max(x, beside) + reach / 2, bottom


def _inside(mask: Pixels, grids: Sequence[Grid], reach: float) -> Pixels:
    """Keep what of a mask belongs to tables."""
    kept = np.zeros_like(mask)
    for area in (_area(grid, reach) for grid in grids):
        kept[area] = mask[area]
    return kept


def _area(grid: Grid, reach: float) -> tuple[slice, slice]:
    """Return the rows and columns of pixels around a table."""
    top, bottom = max(0, round(grid.ys[0] - reach)), round(grid.ys[-1] + reach)
    return slice(top, bottom), slice(max(0, round(grid.xs[0] - reach)), round(grid.xs[-1] + reach))


def _table(lines: Sequence[WordLine], rules: Sequence[Segment]) -> Grid | None:
    """Make a table of lines of print, None if they are none."""
    lines = _below_title(lines, rules)
    em = type_height(lines)
    gutters = find_gutters(lines, em)
    if not gutters or _is_vertical(lines):
        return None
    pieces = cut_at_gaps(lines, gutters, em)
    box = bounding_box([piece.box for piece in pieces])
    across = [rule for rule in rules if _belongs(rule, box, em)]
    return build_grid(pieces, gutters, across, em)


def _is_vertical(lines: Sequence[WordLine]) -> bool:
    """Tell vertical print, which stands in columns too: most of its words are single square characters."""
    words = [word for line in lines for word in line.words]
    single = [word for word in words if not word.figures and word.width <= _SQUARE * word.height]
    return len(single) >= _MOST_SINGLE * len(words)


def _below_title(lines: Sequence[WordLine], rules: Sequence[Segment]) -> Sequence[WordLine]:
    """Leave out the lines without a gap that stand above the rule that begins the table."""
    first = next((index for index, line in enumerate(lines) if is_parted(line)), 0)
    top, end = lines[0].box.bottom, lines[first].box.top
    ruled = [
        rule.at
        for rule in rules
        if top - 1 <= rule.at <= end and rule.end > lines[first].box.centre > rule.start
    ]
    return [line for line in lines if not ruled or line.box.bottom > max(ruled)]


def _belongs(rule: Segment, box: Word, em: float) -> bool:
    """Tell whether a rule bounds or crosses the table with that box."""
    shared = min(rule.end, box.right) - max(rule.start, box.left)
    near = box.top - 1.5 * em <= rule.at <= box.bottom + 1.5 * em
    return near and shared >= 0.5 * (rule.end - rule.start)


def type_height(lines: Sequence[WordLine]) -> float:
    """Return the height in pixels of the type that lines are set in."""
    words = [word for line in lines for word in line.words]
    letters = [word.height for word in words if not word.figures]
    if len(letters) >= 3:
        return float(np.percentile(letters, 70))
    return float(np.median([word.height for word in words])) / FIGURE_HEIGHT


def cut_at_gaps(lines: Sequence[WordLine], gutters: Sequence[float], em: float) -> list[ColumnPrint]:
    """Cut lines at wide gaps, and at gutters wherever no print goes over them."""
    pieces = [
        piece
        for line in lines
        for run in split_words(line.words, lambda gap, _: gap > em)
        for piece in _cut(run, gutters, em)
    ]
    return [piece for piece in pieces if not any(_is_stroke(piece.box, other.box) for other in pieces)]


def _is_stroke(box: Word, other: Word) -> bool:
    """Tell whether print is a stroke inside of other print."""
    inside = other.left <= box.left and box.right <= other.right
    return inside and other.top <= box.middle <= other.bottom and box.height < other.height / 2


def _cut(run: Sequence[Word], gutters: Sequence[float], em: float) -> list[ColumnPrint]:
    """Cut print without wide gaps at gutters, if each piece then stands in one column.

    Heads of columns stand as close as that; but a full-width comma also leaves a
    gap, and where what follows goes over a gutter it was only a comma.
    """

    def is_gutter(gap: float, middle: float) -> bool:
        reach = gap / 2 + _NEAR * em
        return gap >= _GAP * em and any(abs(gutter - middle) <= reach for gutter in gutters)

    pieces = [_placed(bounding_box(part), gutters, em) for part in split_words(run, is_gutter)]
    return [_placed(bounding_box(run), gutters, em)] if any(piece.spans for piece in pieces) else pieces


def _placed(box: Word, gutters: Sequence[float], em: float) -> ColumnPrint:
    """Say over which columns a piece of print reaches."""
    reach = min(_REACH[0] * em, _REACH[1] * box.width)
    first = sum(gutter <= box.left + reach for gutter in gutters)
    last = sum(gutter <= box.right - reach for gutter in gutters)
    return ColumnPrint(box, min(first, last), last)
