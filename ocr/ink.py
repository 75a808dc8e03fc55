"""The ink inside a cell: what of it is print, and where its lines are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from ocr.document import Pixels

# Specks smaller than this, in square inches, are no print: a decimal point of
# 9 pt type has about 0.0003.
_SPECK = 0.00012
# A rest of a rule lies along the edge of its cell and is longer than this share of it.
_REST_OF_RULE = 0.8
# A digit is at least this many em high.
_DIGIT_HEIGHT = 0.45
# A part of a broken digit, and a sign, that is no speck has at least this size, in em.
_LARGE_PART, _LARGE_SIGN = 0.3, 0.2
# Pieces of a broken stroke are as near as this to each other, in inches.
_BROKEN = 0.02
# No number in a narrow cell is wider than this many em; a point behind the last digit stands
# within the next; a dash is this many times wider than high, and a sign as near as this to the middle.
_NUMBER_WIDTH, _POINT_GAP, _DASH_ASPECT, _SIGN = 4.0, 0.2, 1.5, 0.15
# Digits are as high as each other, to this share.
_DIGITS_ALIKE = 0.8
# A dash alone in its cell stands as near as this to its middle, in shares of the cell.
_CENTRED = 0.2
# Rests of shading lie within this distance of the edge of a cell, in inches.
_FRINGE = 0.03
# Two bands of ink are one line of print while together not taller than this many
# em; so the strokes of 三 stay together and two lines stay apart.
_LINE_HEIGHT = 1.35

# A dash is no higher than this many em, this share of its box has ink, and no more
# than so many stand in a row. Measured on the kinds clean300 to jpeg35 of the corpus.
_DASH_HEIGHT, _DASH_FILL, _MOST_DASHES = 0.25, 0.6, 4
# So many of the rows of a stroke are like each other.
_MOST = 0.8
# A stroke of less than so many rows does not tell how it leans.
_LEAST_STROKE = 8
# A gap this many times as wide as the line is high parts two pieces of print.
_WIDE = 1.5


Numbers = np.ndarray[tuple[int, ...], np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Band:
    """A line of print inside a cell: left, top, right and bottom in pixels of the cell's image."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def print_of(ink: Pixels, dpi: float) -> Pixels:
    """Return the ink of a cell, rules already taken out, without specks and rests of rules."""
    if not ink.any():  # of no size at all, where two lines of a broken table meet
        return ink
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    height, width = ink.shape[:2]
    kept = np.zeros(count, np.uint8)
    for index in range(1, count):
        kept[index] = not _is_dirt(stats[index], height, width, dpi)
    return _without_fringe(np.asarray(kept[labels] * 255, dtype=np.uint8), dpi)


def _without_fringe(ink: Pixels, dpi: float) -> Pixels:
    """Drop thin bands along the upper and lower edge: what shading leaves beside a rule.

    A whole band, never a component: a decimal point may stand as low, but not
    without its digits.
    """
    strip = _FRINGE * dpi
    fringe = [band for band in bands_of(ink) if band.bottom <= strip or band.top >= ink.shape[0] - strip]
    for band in fringe:
        ink[band.top : band.bottom] = 0
    return ink


def _is_dirt(
    stat: np.ndarray[tuple[int, ...], np.dtype[np.int32]], height: int, width: int, dpi: float
) -> bool:
    left, top, across, down, area = (int(value) for value in stat)
    if area < _SPECK * dpi * dpi:
        return True
    edge = dpi * 0.02
    at_side = left <= edge or left + across >= width - edge
    at_end = top <= edge or top + down >= height - edge
    return (at_side and across <= edge and down >= _REST_OF_RULE * height) or (
        at_end and down <= edge and across >= _REST_OF_RULE * width
    )


def without_marks(ink: Pixels, em: float, dpi: float) -> Pixels:
    """Return the ink of a cell of a specked page without marks that are specks run together.

    Pieces close to each other are one: they may be a broken digit. What is as large as a part of
    a digit stays.
    """
    if not ink.any():
        return ink
    _, labels, stats, centres = cv2.connectedComponentsWithStats(_closed(ink, dpi))
    marks = _Marks(*(stats[1:, column].astype(np.float64) for column in range(4)), *centres[1:].T)
    tall = marks.height >= _DIGIT_HEIGHT * em
    kept = _kept_beside(marks, tall, em) if tall.any() else _kept_alone(marks, ink.shape, em)
    return np.asarray(np.where(np.concatenate([[False], kept])[labels], ink, np.uint8(0)), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Marks:
    """The pieces of ink in a cell: arrays of edges, sizes and centres, in pixels."""

    left: Numbers
    top: Numbers
    width: Numbers
    height: Numbers
    x: Numbers
    y: Numbers

    def reach(self, size: float) -> Numbers:
        """Tell which are as large as that one way or the other."""
        return np.asarray(np.maximum(self.width, self.height) >= size)

    @property
    def level(self) -> Numbers:
        """Tell which lie flat, as a dash does."""
        return np.asarray(self.width >= _DASH_ASPECT * self.height)


def _kept_beside(marks: _Marks, tall: Numbers, em: float) -> Numbers:
    """Tell which marks are print where some are as tall as a digit.

    Where all print has the size of digits, small marks beside, above and below it go; a point or a
    comma stands low among digits.
    """
    heights = marks.height[tall]
    if marks.width[tall].max() > _NUMBER_WIDTH * em or heights.min() < _DIGITS_ALIKE * heights.max():
        return np.ones_like(tall)
    first, last = marks.left[tall].min(), (marks.left + marks.width)[tall].max()
    middle = float(np.median(marks.y[tall]))
    inside = (marks.left >= first) & (marks.left + marks.width <= last + _POINT_GAP * em)
    low = inside & (marks.y > middle)
    minus = (marks.left < first) & marks.level & (np.abs(marks.y - middle) < _SIGN * em)
    part = marks.reach(_LARGE_PART * em) & (np.abs(marks.y - middle) < heights.max() / 2)
    return np.asarray(tall | low | minus | part)


def _kept_alone(marks: _Marks, shape: tuple[int, ...], em: float) -> Numbers:
    """Tell which marks are print where none is as tall as a digit.

    What may be a dash is: in the middle of the cell, and wider than high unless it is large, for
    a speck may hang on it: so where one lies flat the others are none. Two cells that lost the
    rule between them may hold one each.
    """
    if (marks.height >= _LARGE_PART * em).any():
        return np.ones(len(marks.height), dtype=bool)
    across = np.abs(marks.x / shape[1] - 0.5) <= _CENTRED
    down = np.abs(marks.y / shape[0] - 0.5) <= _CENTRED
    large = marks.reach(_LARGE_SIGN * em)
    flat = down & marks.level & (across | marks.reach(_LARGE_PART * em))
    return np.asarray(flat if (flat & large).any() else flat | down & across & large)


def _closed(ink: Pixels, dpi: float) -> Pixels:
    """Join pieces of ink that are close to each other."""
    size = 2 * round(_BROKEN * dpi / 2) + 1
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)


def is_bare(ink: Pixels, em: float, dpi: float) -> bool:
    """Tell whether a cell that shows no print had nothing in it that may have been a digit.

    Args:
        ink: all ink of the cell, rules and dirt too.
        em: the height of the type in pixels.
        dpi: the resolution.
    """
    edge = round(_FRINGE * dpi)
    inside = np.ascontiguousarray(ink[edge : ink.shape[0] - edge, edge : ink.shape[1] - edge])
    if not inside.any():
        return True
    _, _, stats, _ = cv2.connectedComponentsWithStats(_closed(inside, dpi))
    return bool((stats[1:, cv2.CC_STAT_HEIGHT] < _DIGIT_HEIGHT * em).all())


def bands_of(ink: Pixels) -> list[Band]:
    """Cut ink into its horizontal bands: runs of rows that have any, top to bottom."""
    rows = ink.any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    return [_band(ink, int(top), int(bottom)) for top, bottom in edges.reshape(-1, 2)]


def _band(ink: Pixels, top: int, bottom: int) -> Band:
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    return Band(int(columns[0]), top, int(columns[-1]) + 1, bottom)


def extent_of(ink: Pixels) -> tuple[int, int]:
    """Return the width and height of all print of a cell together, in pixels."""
    if not ink.any():
        return 0, 0
    _, _, width, height = cv2.boundingRect(ink)
    return width, height


def lines_of(ink: Pixels, em: float) -> list[Band]:
    """Join bands into lines of print; `em` is the height of the type in pixels."""
    lines: list[Band] = []
    for band in bands_of(ink):
        if lines and band.bottom - lines[-1].top <= _LINE_HEIGHT * em:
            lines[-1] = _joined(lines[-1], band)
        else:
            lines.append(band)
    return lines


def _joined(first: Band, second: Band) -> Band:
    return Band(
        min(first.left, second.left),
        first.top,
        max(first.right, second.right),
        second.bottom,
    )


def pieces_of(ink: Pixels, line: Band) -> list[Band]:
    """Cut a line where a gap in it is wider than print ever leaves one: there a rule was lost."""
    columns = np.asarray(ink[line.top : line.bottom, line.left : line.right].any(axis=0))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], columns.astype(np.int8), [0]]))).reshape(-1, 2)
    cuts = [0, *(after[0] for before, after in pairwise(edges) if after[0] - before[1] > _WIDE * line.height)]
    ends = [*cuts[1:], len(columns)]
    return [_piece(ink, line, int(start), int(end)) for start, end in zip(cuts, ends, strict=True)]


def _piece(ink: Pixels, line: Band, start: int, end: int) -> Band:
    columns = np.flatnonzero(ink[line.top : line.bottom, line.left + start : line.left + end].any(axis=0))
    left = line.left + start
    return Band(left + int(columns[0]), line.top, left + int(columns[-1]) + 1, line.bottom)


def type_size(inks: list[Pixels], dpi: float) -> float:
    """Estimate the em of a table's type, in pixels, from the bands of its cells.

    Bands of several characters are as tall as the type; the upper quartile of
    them keeps out lines of digits. Without any, 10.5 pt is assumed.
    """
    heights = [
        band.height
        for ink in inks
        for band in bands_of(ink)
        if band.width > 1.8 * band.height and 0.06 * dpi < band.height < 0.35 * dpi
    ]
    return float(np.percentile(heights, 75)) if heights else 10.5 / 72 * dpi


def lean_of(ink: Pixels) -> float:
    """Return how far a single stroke leans to the right, across for each step up; 0 if too short to tell."""
    rows = np.flatnonzero(ink.any(axis=1))
    if len(rows) < _LEAST_STROKE:
        return 0.0
    first, last = ink[rows].argmax(axis=1), ink.shape[1] - 1 - ink[rows][:, ::-1].argmax(axis=1)
    return -float(np.polyfit(rows, (first + last) / 2, 1)[0])


def is_slash(ink: Pixels) -> bool:
    """Tell whether a line of print is a single leaning stroke, as `/` is and no digit.

    A straight line is fitted to the middles of its rows, again without the rows that stray most: it
    must lean to the right by 14° to 50° and be slim. Most rows have about the same width and stray by
    no more than a twelfth of the height; a speck may touch the stroke or part it, but nothing
    reaches as far from it as the bar of a 7.
    """
    height = ink.shape[0]
    rows = np.flatnonzero(ink.any(axis=1))
    if height < 8 or len(rows) < _MOST * height:
        return False
    first, last = ink[rows].argmax(axis=1), ink.shape[1] - 1 - ink[rows][:, ::-1].argmax(axis=1)
    middles, widths = (first + last) / 2, last - first + 1
    strays = _strays(middles, rows, np.ones(len(rows), dtype=bool))[0]
    strays, lean = _strays(middles, rows, strays <= np.quantile(strays, _MOST))
    width = float(np.median(widths))
    near = (strays <= height / 12 + 1) & (widths <= 2 * width)
    slim = width <= height / 4 and float((strays + widths / 2).max()) <= height / 6 + width / 2 + 1
    return bool(-1.2 <= lean <= -0.25 and near.mean() >= _MOST and slim)


def _strays(middles: Numbers, rows: Numbers, chosen: Numbers) -> tuple[Numbers, float]:
    """Fit a line to the middles of the chosen rows; return how far each strays from it, and its lean."""
    lean, start = np.polyfit(rows[chosen], middles[chosen], 1)
    return np.abs(middles - (lean * rows + start)), float(lean)


def dashes_in(ink: Pixels, line: Band, em: float) -> int:
    """Return how many dashes a line of print is made of, 0 if of anything else.

    A dash is solid, wider than high and a quarter of an em high at the most (a
    digit has three quarters). All of them stand away from the edges of the cell,
    where rests of rules are.
    """
    height, width = ink.shape[:2]
    middle = (line.top + line.bottom) / 2 / height
    inside = 0.2 <= middle <= 0.8 and line.left > 0.03 * width and line.right < 0.97 * width
    if not inside or line.height > _DASH_HEIGHT * em:
        return 0
    stroke = ink[line.top : line.bottom, line.left : line.right] > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], stroke.any(axis=0).astype(np.int8), [0]])))
    runs = [stroke[:, start:end] for start, end in edges.reshape(-1, 2)]
    solid = all(run.shape[1] >= 1.2 * line.height and run.mean() >= _DASH_FILL for run in runs)
    return len(runs) if solid and len(runs) <= _MOST_DASHES else 0


def is_stacked(lines: list[Band], em: float) -> bool:
    """Tell whether lines are single characters set one below another."""
    return len(lines) > 1 and all(line.width <= 1.3 * em for line in lines)
