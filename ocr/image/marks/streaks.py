"""Streaks that dirt on the glass of a scanner draws over a page, taken for rules if they stay.

A streak is a thin straight line that runs off the page. It passes the rules of a table, while the
rules of the other direction neither start nor stop at it. Where it is taken off, print that it
touched is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.binarise import faint_lines
from ocr.image.components import components_of
from ocr.image.page_image import PageImage

# A streak shows in this strip along an edge of the page, in inches, on so much of it: it is looked for there.
_STRIP, _SHOWN = 0.25, 0.85
# It leans by no more than this share of its length: pages are straightened, streaks with them.
_LEAN, _LEANS = 0.045, 91
# It is no shorter than this, in inches; on this share of it is something dark, and gaps are no longer
# than the next, in inches.
_SHORTEST, _DARK, _GAP = 1.5, 0.9, 0.3
# Of a rule so many others begin or end within `_REACH` inches of it, each at least `_OTHERS` inches long.
_JOINTS, _REACH, _OTHERS = 2, 0.03, 0.4
# Where so many lines run off the page each way it is a part of a table, cut out.
_CUT_OUT = 3
# What is darker than this, 0 to 255, may be a line that is crossed.
_BLACK = 128
# So many pixels to either side belong to it at most.
_WIDEST = 6
# What is darker than a streak by this much, 0 to 255, is print under it.
_UNDER = 20

Line = tuple[float, float]
Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Streak:
    """A line from row `start` to row `end`, at column `at + lean * row`, so many pixels wide."""

    at: float
    lean: float
    start: int
    end: int
    width: int

    def columns(self) -> Places:
        """Return the column of each row."""
        return _columns(self.at, self.lean, np.arange(self.start, self.end))


def _columns(at: float, lean: float, rows: Places) -> Places:
    return np.asarray(np.rint(at + lean * rows), dtype=np.intp)


def remove_streaks(view: PageImage) -> tuple[PageImage, Pixels | None]:
    """Return a page without its streaks and a mask, 255 where they were; the view and None without any."""
    grey, dpi = view.grey, view.dpi
    upright = _off_the_page(grey, dpi)
    lying = _off_the_page(np.asarray(cv2.transpose(grey), np.uint8), dpi)
    if not (upright or lying) or min(len(upright), len(lying)) >= _CUT_OUT:
        return view, None
    lines = faint_lines(grey, dpi)
    down = list(_streaks(grey, lines[1], lines[0], upright, dpi))
    flipped, thin, crossing = (np.asarray(cv2.transpose(one), np.uint8) for one in (grey, *lines))
    across = list(_streaks(flipped, thin, crossing, lying, dpi))
    if not (down or across):
        return view, None
    pixels, mask = _wiped(view.pixels, down)
    turned, other = _wiped(np.asarray(cv2.transpose(pixels), np.uint8), across)
    pixels = np.asarray(cv2.transpose(turned), np.uint8)
    return replace(view, pixels=pixels), mask | np.asarray(cv2.transpose(other), np.uint8)


def _off_the_page(grey: Pixels, dpi: float) -> list[Line]:
    """Return where thin lines down run off the upper or lower edge of a page: row and column of each."""
    height = round(_STRIP * dpi)
    found = []
    for top in (0, max(0, grey.shape[0] - height)):
        thin = faint_lines(np.ascontiguousarray(grey[top : top + height]), dpi)[1]
        joined = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        for left, _, width, tall, _ in components_of(np.asarray(joined, np.uint8)).stats[1:].tolist():
            if tall >= _SHOWN * height and width <= _REACH * dpi + _LEAN * height:
                found.append((float(top), left + width / 2))
    return found


def _streaks(
    grey: Pixels, thin: Pixels, crossing: Pixels, starts: Sequence[Line], dpi: float
) -> Iterator[Streak]:
    """Yield the streaks among the lines that run off the page; none if rules do at the same edge."""
    # Where two lines cross, neither is thin.
    others = _ends(np.where(grey < _BLACK, np.uint8(255), crossing), dpi)
    for edge in {row for row, _ in starts}:
        found = [_traced(grey, thin, start, dpi) for start in starts if start[0] == edge]
        streaks = [streak for streak in dict.fromkeys(found) if streak is not None]
        if not any(_joints(streak, others, dpi) >= _JOINTS for streak in streaks):
            yield from streaks


def _traced(grey: Pixels, thin: Pixels, start: Line, dpi: float) -> Streak | None:
    """Follow a line through the page, whichever way it leans; None if it is too short."""
    row, column = start
    middle = row + _STRIP * dpi / 2
    spread = np.asarray(cv2.dilate(thin, np.ones((1, 3), np.uint8)) > 0)
    rows = np.arange(len(grey))
    leans = np.linspace(-_LEAN, _LEAN, _LEANS)
    shifts = np.arange(-2, 3)
    places = column + shifts[:, None, None] + leans[None, :, None] * (rows - middle)
    hits = spread[rows, np.clip(np.rint(places).astype(np.intp), 0, grey.shape[1] - 1)]
    shift, lean = np.unravel_index(int(hits.sum(axis=2).argmax()), hits.shape[:2])
    at = column + shifts[shift] - leans[lean] * middle
    slope = float(leans[lean])
    at, slope = _fitted(thin, column + float(shifts[shift]) - slope * middle, slope)
    on_line = np.clip(_columns(at, slope, rows), 0, grey.shape[1] - 1)
    dark = spread[rows, on_line] | (grey[rows, on_line] < _BLACK)
    first, last = _extent(dark, int(middle), round(_GAP * dpi))
    if last - first < _SHORTEST * dpi or dark[first:last].mean() < _DARK:
        return None
    return Streak(at, slope, first, last, _width(thin, on_line, first, last))


def _fitted(thin: Pixels, at: float, lean: float) -> Line:
    """Lay a line through the middle of what it passes, column at the first row and lean, by least squares."""
    rows = np.arange(len(thin))
    reach = np.arange(-_WIDEST, _WIDEST + 1)
    for _ in range(2):
        columns = _columns(at, lean, rows)
        around = thin[rows[:, None], np.clip(columns[:, None] + reach, 0, thin.shape[1] - 1)] > 0
        count = around.sum(axis=1)
        # Where print stands beside it as much again is dark.
        alone = (count > 0) & (count <= np.median(count[count > 0]) + 1)
        middles = columns[alone] + (around[alone] * reach).sum(axis=1) / count[alone]
        lean, at = (float(value) for value in np.polyfit(rows[alone], middles, 1))
    return at, lean


def _extent(dark: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], middle: int, gap: int) -> tuple[int, int]:
    """Return the rows from one gap to the next around the middle."""
    places = np.flatnonzero(dark)
    cuts = np.flatnonzero(np.diff(places) > gap)
    bounds = [0, *(cuts + 1), len(places)]
    for first, last in pairwise(bounds):
        if last > first and places[first] - gap <= middle <= places[last - 1] + gap:
            return int(places[first]), int(places[last - 1]) + 1
    return 0, 0


def _width(thin: Pixels, columns: Places, first: int, last: int) -> int:
    """Return how wide a line is mostly, in pixels."""
    reach = np.arange(-_WIDEST, _WIDEST + 1)
    rows = np.arange(first, last)
    around = np.clip(columns[first:last, None] + reach, 0, thin.shape[1] - 1)
    counts = np.count_nonzero(thin[rows[:, None], around], axis=1)
    return int(np.median(counts[counts > 0])) if counts.any() else 1


def _ends(crossing: Pixels, dpi: float) -> Pixels:
    """Return a mask of the ends of the longer lines across."""
    length = round(_OTHERS * dpi)
    thick = cv2.dilate(crossing, np.ones((3, 1), np.uint8))
    runs = components_of(np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))))
    mask = np.zeros_like(crossing)
    for left, top, width, height, _ in runs.stats[1:].tolist():
        for x in (left, left + width - 1):
            mask[top + height // 2, x] = 255
    return mask


def _joints(streak: Streak, ends: Pixels, dpi: float) -> int:
    """Count the lines across that begin or end at a line."""
    reach = np.arange(-round(_REACH * dpi), round(_REACH * dpi) + 1)
    around = np.clip(streak.columns()[:, None] + reach, 0, ends.shape[1] - 1)
    return int(np.count_nonzero(ends[np.arange(streak.start, streak.end)[:, None], around]))


def _wiped(pixels: Pixels, streaks: Sequence[Streak]) -> tuple[Pixels, Pixels]:
    """Draw what is on both sides over streaks down an RGB page; return it and a mask of the places."""
    wiped, mask = pixels.copy(), np.zeros(pixels.shape[:2], np.uint8)
    for streak in streaks:
        rows, reach = np.arange(streak.start, streak.end), streak.width // 2 + 2
        columns = streak.columns()
        steps = np.arange(-reach, reach + 1)[:, None]
        band = wiped[rows, np.clip(columns + steps, 0, pixels.shape[1] - 1)].astype(np.float32)
        level = np.percentile(band, 10, axis=1).min()
        share = np.linspace(0, 1, 2 * reach + 1)[:, None, None]
        between = band[:1] * (1 - share) + band[-1:] * share
        new = np.where(band < level - _UNDER, band, np.maximum(band, between))
        place = rows, np.clip(columns + steps, 0, pixels.shape[1] - 1)
        wiped[place], mask[place] = new.astype(np.uint8), 255
    return wiped, mask
