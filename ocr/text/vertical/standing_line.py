"""Lines that stand, cut into their characters: one below another, as in a vertical column of print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of
from ocr.text.ink import Band

# Gaps of ink narrower than this share of a picture do not part a column from its neighbour.
_PARTING = 0.08
# Ink in fewer rows than this share is that of punctuation, which tells no width of a column.
_SPARSE = 0.03
# Marks stand out to the side of a column by this many em at the most.
_OVERHANG = 0.15
# The distance of one character to the next, in em.
_LEAST_PITCH, _MOST_PITCH = 0.9, 1.6
# That of print set solid. It is taken where the ink is like itself at another distance by chance:
# more than this share of the parts are then higher than any character.
_SET_SOLID, _TWO, _FEW = 1.08, 1.3, 0.1
# A character takes this share of the pitch at least and at most. What it costs to be
# longer by the whole pitch, to be shorter (the last one: it may be a mark), to leave
# a pitch blank, beside a cut through ink of a whole em, which costs 1. Chosen on six
# pages in Song, Kai and Hei, 12 to 16 pt, set solid and spaced, at 150 and 200 dpi.
_SHORTEST, _LONGEST = 0.55, 1.35
_STRETCHED, _PRESSED, _LAST, _BLANK = 3.0, 0.6, 0.1, 0.3

# What is smaller than this in an em, both ways, is a mark.
MARK = 0.5
# A character that has a piece of a mark in its square is so many times as high as others;
# both pieces together are no higher than so many em.
_TAILED, _TAIL = 1.15, 1.25
# Colour, as the difference between the strongest and weakest channel (ocr/image/colour_removal.py),
# and the largest coloured mark as a share of the width of a line's picture.
_COLOURED, _COLOURED_MARK = 60, 0.6


@dataclass(frozen=True, slots=True)
class VerticalLine:
    """A standing line: its picture, its ink, how wide its type is, and its characters, from the top."""

    pixels: Pixels
    ink: Pixels
    em: int
    characters: tuple[Band, ...]


def column_of(pixels: Pixels, ink: Pixels) -> VerticalLine:
    """Cut the picture of a standing line, and its ink (same size), into characters."""
    left, right = _extent(ink)
    em = max(1, right - left)
    reach = round(_OVERHANG * em)
    inside = np.s_[:, max(0, left - reach) : right + reach]
    own = np.ascontiguousarray(ink[inside])
    characters = _with_whole_marks(list(_characters(own, em)), own, em)
    return VerticalLine(np.ascontiguousarray(pixels[inside]), own, em, tuple(characters))


def with_coloured_marks(pale: Pixels, coloured: Pixels) -> Pixels:
    """Return the picture of a standing line without its colours, but with the small coloured marks in it.

    A seal that lies over a line is wider than a mark, or comes in from the side; a red 。
    or ， is neither, and is too solid to be taken for print where seals are taken off.

    Args:
        pale: the line without its colours, shape (height, width, 3).
        coloured: the same with them.
    """
    if pale is coloured or np.array_equal(pale, coloured):
        return pale
    darkest = coloured.min(axis=2)
    tinted = np.asarray(coloured.max(axis=2) - darkest > _COLOURED, np.uint8)
    pieces = components_of(tinted * np.uint8(255))
    left, width, height = (
        pieces.stats[:, column] for column in (cv2.CC_STAT_LEFT, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)
    )
    inside = (left > 0) & (left + width < pale.shape[1])
    small = inside & (np.maximum(width, height) <= _COLOURED_MARK * pale.shape[1])
    marks = cv2.dilate(pieces.chosen(small) * np.uint8(255), np.ones((3, 3), np.uint8))
    grey = np.minimum(pale.min(axis=2), darkest)
    return np.where((marks > 0)[:, :, np.newaxis], grey[:, :, np.newaxis], pale)


def _extent(ink: Pixels) -> tuple[int, int]:
    """Return where the line with the most ink begins and ends across; a neighbour may reach in."""
    full = (ink > 0).sum(axis=0) > _SPARSE * ink.shape[0]
    runs: list[list[int]] = []
    for start, end in _runs(full):
        if runs and start - runs[-1][1] <= _PARTING * ink.shape[1]:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    best = max(runs, key=lambda run: int((ink[:, run[0] : run[1]] > 0).sum()), default=[0, ink.shape[1]])
    return best[0], best[1]


def _runs(marked: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Sequence[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _characters(ink: Pixels, em: int) -> Iterator[Band]:
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    load = np.asarray((ink[top:bottom] > 0).sum(axis=1) / em, dtype=np.float64)
    parts = _cuts(load, _pitch(load, em))
    if sum(end - start > _TWO * em for start, end in _inked(parts, load)) > _FEW * len(parts):
        parts = _cuts(load, round(_SET_SOLID * em))
    for start, end in parts:
        if ink[top + start : top + end].any():
            yield _band_of(ink, top + start, top + end)


def _inked(
    parts: Sequence[tuple[int, int]], load: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> Iterator[tuple[int, int]]:
    """Yield the parts of a line from their first row with ink to the last."""
    for start, end in parts:
        rows = np.flatnonzero(load[start:end])
        yield start + int(rows[0]), start + int(rows[-1]) + 1


def _with_whole_marks(bands: Sequence[Band], ink: Pixels, em: int) -> list[Band]:
    """Give a mark what of it was cut off with the next character, as the tail of ； is.

    It may touch that character: what is more than others are high is the mark's.
    """
    whole = list(bands)
    usual = float(np.median([band.height for band in bands])) if bands else 0.0
    for place, (mark, band) in enumerate(pairwise(bands)):
        if band.height < _TAILED * usual or max(mark.width, mark.height) >= MARK * em:
            continue
        cut = band.bottom - round(usual)
        tail = _band_of(ink, band.top, cut)
        if tail.width < MARK * em and tail.bottom - mark.top < _TAIL * em:
            left, right = min(mark.left, tail.left), max(mark.right, tail.right)
            whole[place : place + 2] = (
                Band(left, mark.top, right, tail.bottom),
                _band_of(ink, cut, band.bottom),
            )
    return whole


def _band_of(ink: Pixels, top: int, bottom: int) -> Band:
    """Return the box round the ink, of which there is some, between two rows."""
    lines, columns = np.flatnonzero(ink[top:bottom].any(axis=1)), np.flatnonzero(ink[top:bottom].any(axis=0))
    return Band(int(columns[0]), top + int(lines[0]), int(columns[-1]) + 1, top + int(lines[-1]) + 1)


def _pitch(load: np.ndarray[tuple[int, ...], np.dtype[np.float64]], em: int) -> int:
    """Return the distance of one character to the next, in pixels: where the ink is most like itself."""
    lags = range(max(1, round(_LEAST_PITCH * em)), round(_MOST_PITCH * em) + 1)
    if len(load) < 2 * lags[-1]:
        return round(_SET_SOLID * em)
    even = load - load.mean()
    return max(lags, key=lambda lag: float((even[:-lag] * even[lag:]).mean()))


def _cuts(load: np.ndarray[tuple[int, ...], np.dtype[np.float64]], pitch: int) -> list[tuple[int, int]]:
    """Part the rows of a line into characters, by dynamic programming: even ones, cut where no ink is.

    `load` is the ink of each row in em. The last character may be a short mark.
    """
    n_rows = len(load)
    shortest, longest = max(2, int(_SHORTEST * pitch)), int(_LONGEST * pitch)
    through = np.concatenate([load, [0.0]])
    cost, back = np.full(n_rows + 1, np.inf), np.zeros(n_rows + 1, np.int64)
    cost[0] = 0.0
    for row in range(1, n_rows + 1):
        if load[row - 1] == 0:
            cost[row], back[row] = cost[row - 1] + _BLANK / pitch, row - 1
        last = row == n_rows
        lengths = np.arange(2 if last else shortest, min(longest, row) + 1)
        if lengths.size:
            off = lengths / pitch - 1
            uneven = np.where(off > 0, _STRETCHED, _LAST if last else _PRESSED)
            costs = cost[row - lengths] + uneven * off**2 + through[row]
            best = int(costs.argmin())
            if costs[best] < cost[row]:
                cost[row], back[row] = costs[best], row - lengths[best]
    return _walked(back, load)


def _walked(
    back: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    load: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> list[tuple[int, int]]:
    parts, row = [], len(load)
    while row > 0:
        start = int(back[row])
        if load[start:row].any():
            parts.append((start, row))
        row = start
    return parts[::-1]
