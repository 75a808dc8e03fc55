"""Tables whose grid the print does not bear out are looked at by a model, and the better grid is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.factory import table_model
from ocr.tables.borderless.detection import DetectedTables
from ocr.tables.borderless.regions import find_regions, is_parted
from ocr.tables.borderless.words import Word, WordLine, bounding_box, find_words, lines_of, usual_height
from ocr.tables.grid import Grid
from ocr.tables.learned.agreement import agreement
from ocr.tables.learned.lattice import Around, grid_of
from ocr.tables.learned.row_splitting import with_stacked_rows_apart
from ocr.tables.structure_confidence import GridSource

# A grid with this agreement is not asked about. Another takes its place that agrees better by the first share
# and by the second at least; in place of rules it is clearly better, or nearly whole, of broken ones the
# former: print is as torn as they are. Measured on 27 real pages with 36 grids and the faxes of the corpus.
_SOUND, _LEAST = 0.93, 0.7
_BETTER = ((0.05, _LEAST),)
_BETTER_THAN_BROKEN = ((0.15, 0.85),)
_BETTER_THAN_RULES = (*_BETTER_THAN_BROKEN, (0.05, 0.95))
# The model sees so many em around a table; it answers otherwise to other margins.
_NEAR = (0.5, 1.5)
# Lines with wide gaps that follow a table, so many em from each other, may be rows that it lacks, if they
# are as many as the second or more: one alone is a caption with its unit.
_FOLLOWS, _LEAST_LINES = 1.5, 2

# A table of which nothing was found has so many lines with wide gaps, this share of figures, and so many rows
# and columns: a page set in columns has none.
_MANY_LINES, _FIGURES, _LEAST_SIDE = 4, 0.2, 3

# In a table that is a picture this share of the print, and more, is no text of the document.
_IN_PICTURES = 0.2

Area = tuple[int, int, int, int]
Field = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _View:
    """The page straightened: its picture, its ink without rules, and its words; `em` in pixels.

    `across` and `down` mask what parts rows and columns: rules, and edges of fills.
    """

    picture: Pixels
    print_: Pixels
    across: Pixels
    down: Pixels
    words: tuple[Word, ...]
    em: float


def with_second_opinion(
    tables: DetectedTables,
    picture: Pixels,
    ink: Pixels,
    fills: Pixels | None,
    dpi: float,
    *,
    drawn: Pixels | None = None,
) -> DetectedTables:
    """The tables of a page, those in doubt as a model sees them where the page bears that out better.

    Each says how sure it is.

    Args:
        tables: as they were found by rules and by where print stands.
        picture: the page, RGB, straightened.
        ink: the same binarised.
        fills: the edges of filled areas, 255, else 0; None where there are none.
        dpi: the resolution.
        drawn: the part of the ink that is no text of the document, where that is known.
    """
    view = _view(tables, picture, ink, fills, dpi)
    if not view.words:
        return tables
    made_of = _sources(tables, view, drawn)
    shares = {grid: _agreement(grid, grid.bounds, view) for grid in tables.ruled}
    firm = [grid for grid, share in shares.items() if share >= _SOUND]
    for grid in tables.grids:
        if grid not in tables.grids or grid in firm:
            continue
        of_rules = _BETTER_THAN_BROKEN if tables.rulings.fragments else _BETTER_THAN_RULES
        limits = of_rules if grid in tables.ruled else _BETTER
        if better := _better(grid, firm, view, limits):
            tables = _instead(tables, grid, better)
    missed = tuple(_missed(tables.grids, view))

    def sured(grid: Grid) -> Grid:
        share = shares[grid] if grid in shares else _agreement(grid, grid.bounds, view)
        return replace(grid, confidence=made_of.get(grid, GridSource.LEARNED).confidence(share))

    ruled, unruled = (tuple(map(sured, grids)) for grids in (tables.ruled, (*tables.unruled, *missed)))
    return replace(tables, ruled=ruled, unruled=unruled)


def _sources(tables: DetectedTables, view: _View, drawn: Pixels | None) -> dict[Grid, GridSource]:
    """What the grids were made of that no model proposed."""
    broken = tables.rulings.fragments is not None
    seen = GridSource.BROKEN if broken else GridSource.RULED
    of_rules = {
        grid: GridSource.DRAWN if not broken and _is_drawn(grid, view, drawn) else seen
        for grid in tables.ruled
    }
    return of_rules | dict.fromkeys(tables.unruled, GridSource.PRINT)


def _is_drawn(grid: Grid, view: _View, drawn: Pixels | None) -> bool:
    """Tell whether the print in a grid is the document's text, so that its rules are lines that it draws."""
    if drawn is None:
        return False
    left, top, right, bottom = map(round, grid.bounds)
    here = np.s_[max(0, top) : bottom, max(0, left) : right]
    print_ = view.print_[here]
    return int(np.count_nonzero(print_ & drawn[here])) <= _IN_PICTURES * int(np.count_nonzero(print_))


def _missed(grids: Sequence[Grid], view: _View) -> Iterator[Grid]:
    """Yield tables outside of all grids: lines of columns, figures among them, that make a grid together."""
    outside = [word for word in view.words if not any(grid.holds(word.centre, word.middle) for grid in grids)]
    for lines in find_regions(lines_of(outside), view.em) if outside else ():
        pieces = [piece for line in lines for piece in line.groups()]
        box = bounding_box(pieces)
        field = (
            box.left - view.em / 2,
            box.top - view.em / 2,
            box.right + view.em / 2,
            box.bottom + view.em / 2,
        )
        if any(grid.holds(box.centre, box.middle) for grid in grids):
            continue
        figures = sum(piece.figures for piece in pieces) >= _FIGURES * len(pieces)
        if not figures or sum(map(is_parted, lines)) < _MANY_LINES:
            continue
        found = _best(field, view)
        if found and _is_clear(found, field, view):
            yield found


def _is_clear(grid: Grid, field: Field, view: _View) -> bool:
    return min(grid.n_rows, grid.n_columns) >= _LEAST_SIDE and _agreement(grid, field, view) >= _LEAST


def _agreement(grid: Grid, field: Field, view: _View) -> float:
    """How well a grid agrees with the print of a field; with none it does."""
    lines = _lines(field, view)
    return agreement(grid, lines, view.em) if lines else 1.0


def _lines(field: Field, view: _View) -> list[WordLine]:
    """The print of a field; none where there is none."""
    words = _within(view.words, _around(field, view, _NEAR[0]))
    return lines_of(words) if words else []


def _view(tables: DetectedTables, picture: Pixels, ink: Pixels, fills: Pixels | None, dpi: float) -> _View:
    rules = cv2.dilate(tables.rulings.mask, np.ones((3, 3), np.uint8))
    print_ = np.where(rules > 0, np.uint8(0), ink)
    words = tuple(find_words(print_, dpi))
    em = usual_height(words) if words else 0.0
    across, down = (
        mask if fills is None else mask | fills
        for mask in (tables.rulings.horizontal_mask, tables.rulings.vertical_mask)
    )
    return _View(picture, print_, across, down, words, em)


def _instead(tables: DetectedTables, grid: Grid, better: Grid) -> DetectedTables:
    """Put a grid in the place of one, and of all others that it covers."""

    def kept(grids: Sequence[Grid]) -> tuple[Grid, ...]:
        return tuple(better if one is grid else one for one in grids if one is grid or not better.covers(one))

    return replace(tables, ruled=kept(tables.ruled), unruled=kept(tables.unruled))


def _better(
    grid: Grid, firm: Sequence[Grid], view: _View, limits: Sequence[tuple[float, float]]
) -> Grid | None:
    """The model's grid, if it agrees so much better with the print; it takes nothing of `firm` ones."""
    field = _field(grid, firm, view)
    own = _agreement(grid, field, view)
    if own >= _SOUND:
        return None
    needed = min(max(own + by, least) for by, least in limits)
    best = _best(field, view) if needed <= 1 else None
    return best if best and _agreement(best, field, view) >= needed else None


def _best(field: Field, view: _View) -> Grid | None:
    """Of the model's grids of a field the one that agrees best with the print."""
    others = (_learned(field, _around(field, view, margin), view) for margin in _NEAR)
    whole = [other for other in others if other]
    found = [*whole, *(with_stacked_rows_apart(other, _lines(field, view), view.em) for other in whole)]
    return max(found, key=lambda grid: _agreement(grid, field, view), default=None)


def _field(grid: Grid, firm: Sequence[Grid], view: _View) -> Field:
    """Where the table may reach: over its grid to the lines with wide gaps that follow it closely."""
    left, top, right, bottom = grid.bounds
    beside = [word for word in view.words if left - view.em <= word.centre <= right + view.em]
    lines = lines_of(beside) if beside else []
    first = max([0.0, *(other.ys[-1] for other in firm if other.ys[-1] <= top)])
    last = min([np.inf, *(other.ys[0] for other in firm if other.ys[0] >= bottom)])
    above = _run([one for one in reversed(lines) if first < one.box.middle < top], top, -1, view.em)
    below = _run([one for one in lines if bottom < one.box.middle < last], bottom, 1, view.em)
    half = view.em / 2
    return (
        min([left, *(line.box.left - half for line in (*above, *below))]),
        min([top, *(line.box.top - half for line in above)]),
        max([right, *(line.box.right + half for line in (*above, *below))]),
        max([bottom, *(line.box.bottom + half for line in below)]),
    )


def _run(lines: Sequence[WordLine], edge: float, way: int, em: float) -> list[WordLine]:
    """The lines with wide gaps next to an edge, up (-1) or down, up to the last that has one."""
    run: list[WordLine] = []
    parted = 0
    for line in lines:
        gap = line.box.top - edge if way > 0 else edge - line.box.bottom
        if gap > _FOLLOWS * em:
            break
        run.append(line)
        parted = len(run) if is_parted(line) else parted
        edge = line.box.bottom if way > 0 else line.box.top
    found = run[:parted]
    return found if sum(map(is_parted, found)) >= max(_LEAST_LINES, len(found) / 2) else []


def _around(field: Field, view: _View, margin: float) -> Area:
    """Left, top, right and bottom of the pixels that are looked at, so many em around a table."""
    reach = margin * view.em
    height, width = view.print_.shape[:2]
    left, top, right, bottom = field
    return (
        max(0, round(left - reach)),
        max(0, round(top - reach)),
        min(width, round(right + reach)),
        min(height, round(bottom + reach)),
    )


def _within(words: Sequence[Word], area: Area) -> list[Word]:
    left, top, right, bottom = area
    return [word for word in words if left <= word.centre <= right and top <= word.middle <= bottom]


def _learned(field: Field, area: Area, view: _View) -> Grid | None:
    left, top, right, bottom = area
    here = np.s_[top:bottom, left:right]
    # It is loaded only now: pages without a table in doubt do without.
    model = table_model()
    found = model.structure(np.ascontiguousarray(view.picture[here])) if model else None
    if not found or min(found.n_rows, found.n_columns) < 2:
        return None
    edges = field[0] - left, field[1] - top, field[2] - left, field[3] - top
    around = Around(view.print_[here], view.across[here], view.down[here], edges)
    grid = grid_of(found, around)
    return grid and replace(grid, xs=tuple(x + left for x in grid.xs), ys=tuple(y + top for y in grid.ys))
