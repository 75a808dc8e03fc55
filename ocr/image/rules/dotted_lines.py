"""Rules drawn in dots or dashes, filled so that they look like any other rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.binarise import faint_lines
from ocr.image.components import components_of

# A dot or a dash, in inches: no thicker and no longer than this. Measured on rules of typst,
# 0.4 to 0.75 pt, dotted, dashed and both, at 200 dpi: up to 0.025 and 0.06.
_THICKEST, _LONGEST = 0.03, 0.1
# The widest gap between two of them, and how far a line may end short of another, where
# two dashes cross in one mark, in inches.
_GAP, _CORNER = 0.08, 0.12
# Dots closer than this, in inches, run together here and there.
_CLOSE = 0.02
# Between these distances above and below, in inches, a line has ink over no more than this share.
_NEAR, _FAR, _BARE = 0.015, 0.04, 0.3
# A page has dotted rules from so many inches of lines across on. Those are at least so long, and
# narrow columns and low rows so short: dots apart run from crossing to crossing, those together on
# over them, farther than print does.
_FEWEST, _APART, _TOGETHER = 4.0, (0.35, 0.2, 0.1), (1.0, 0.25, 0.2)
# Dots together have so many gaps an inch. Short lines have no fewer than this share of those of
# the long ones: a stroke of print has some too. Measured at 200 dpi on dots of 0.4 and 0.5 pt: 28 to
# 50 gaps, solid rules up to 2.
_DENSE, _AS_MANY = 15.0, 0.5

# Of the gaps of a faint rule, ink in part, all show a faint line; of densely dotted rules of the corpus,
# which scanning makes one grey line, 0.94, of dotted ones 0.4. From this share on rules are whole, if faint.
_FAINT_GAPS = 0.5


def fill_dotted_lines(ink: Pixels, dpi: float) -> Pixels:
    """Return the ink of a page with its dotted and dashed rules drawn through; `ink` itself without any.

    Args:
        ink: the binarised, straightened page.
        dpi: the resolution.
    """
    drawn = ink
    for find, (long, narrow, low), usual in ((_apart, _APART, 0.0), (_together, _TOGETHER, _DENSE)):
        rules = [line for line in find(ink, long, dpi) if line.gaps]
        if sum(line.width for line in rules) < _FEWEST * dpi:
            continue
        density = float(np.median([line.gaps / line.width for line in rules]))
        if density < usual / dpi:
            continue
        across = _drawn(find(ink, narrow, dpi), _AS_MANY * density, ink.shape)
        down = _drawn(find(ink.T, low, dpi), _AS_MANY * density, ink.T.shape).T
        drawn = np.asarray(drawn | _to_corners(across, down, dpi), dtype=np.uint8)
    return drawn


def are_faint(gaps: Pixels, grey: Pixels | None, dpi: float) -> bool:
    """Tell whether gaps of lines that look dotted show a line too faint for ink: then nothing was dotted.

    Args:
        gaps: 255 on what was filled.
        grey: the page, shape (height, width); without it nothing is told.
        dpi: its resolution.
    """
    if grey is None:
        return False
    return bool((np.bitwise_or(*faint_lines(grey, dpi, hairlines=True))[gaps > 0] > 0).mean() >= _FAINT_GAPS)


@dataclass(frozen=True, slots=True)
class _Line:
    """A thin line along the rows: its place and size in pixels, its pixels, how many gaps it has."""

    left: int
    top: int
    width: int
    height: int
    pixels: Pixels
    gaps: int


def _apart(ink: Pixels, length: float, dpi: float) -> Iterator[_Line]:
    """Find lines of dots or dashes along the rows, of that length at least, in inches."""
    marks = _marks(np.ascontiguousarray(ink), dpi)
    return _lines(marks, _joined(marks, _GAP, length, dpi), dpi)


def _together(ink: Pixels, length: float, dpi: float) -> Iterator[_Line]:
    """Find lines of dots that have run together in part, as `_apart` does."""
    inked = np.ascontiguousarray(ink > 0, np.uint8)
    return _lines(inked, _joined(inked, _CLOSE, length, dpi), dpi)


def _marks(ink: Pixels, dpi: float) -> Pixels:
    """Keep the pieces of ink that may be dots, or dashes along the rows."""
    pieces = components_of(ink)
    width, height = pieces.stats[:, cv2.CC_STAT_WIDTH], pieces.stats[:, cv2.CC_STAT_HEIGHT]
    return pieces.chosen((width <= _LONGEST * dpi) & (height <= _THICKEST * dpi))


def _joined(marks: Pixels, gap: float, length: float, dpi: float) -> Pixels:
    """Join marks that follow each other along the rows; keep the lines at least that long, in inches."""
    reach, shortest = (2 * round(size * dpi / 2) + 1 for size in (gap, length))
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    return np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8)), np.uint8)


def _lines(ink: Pixels, joined: Pixels, dpi: float) -> Iterator[_Line]:
    """Yield what was joined as far as it is thin and lies by itself: shading is full of dots in line.

    The gaps are those of the row that has the most.
    """
    pieces = components_of(joined)
    near, far = round(_NEAR * dpi), round(_FAR * dpi)
    for index, (left, top, width, height, _) in enumerate(pieces.stats[1:].tolist(), start=1):
        above = ink[max(0, top - far) : max(0, top - near), left : left + width]
        below = ink[top + height + near : top + height + far, left : left + width]
        bare = all(not side.size or side.any(axis=0).mean() <= _BARE for side in (above, below))
        if bare and height <= _THICKEST * dpi:
            place = np.s_[top : top + height, left : left + width]
            pixels = np.asarray(pieces.pixels(index), np.uint8)
            starts = np.diff((ink[place] & pixels).astype(np.int8), axis=1) == 1
            yield _Line(left, top, width, height, pixels, int(np.count_nonzero(starts, axis=1).max()))


def _drawn(lines: Iterable[_Line], fewest: float, shape: tuple[int, ...]) -> Pixels:
    """Draw the lines that have enough gaps for their width; 255 on them."""
    canvas = np.zeros(shape, np.uint8)
    for line in lines:
        if line.gaps >= max(1.0, fewest * line.width):
            canvas[line.top : line.top + line.height, line.left : line.left + line.width] |= line.pixels
    return canvas * np.uint8(255)


def _to_corners(across: Pixels, down: Pixels, dpi: float) -> Pixels:
    """Draw lines on at their ends as far as to the next line of the other direction, if one is near."""
    size = 2 * round(_CORNER * dpi) + 1
    farther = np.asarray(cv2.dilate(across, np.ones((1, size), np.uint8)), np.uint8)
    lower = np.asarray(cv2.dilate(down, np.ones((size, 1), np.uint8)), np.uint8)
    joints = _joints(across, farther, lower) | _joints(down.T, lower.T, farther.T).T
    return np.asarray(across | down | joints, dtype=np.uint8)


def _joints(lines: Pixels, longer: Pixels, others: Pixels) -> Pixels:
    """Return what lies along the rows between lines, or lines and others, and where they cross."""
    ends = np.where((lines | others) > 0, np.uint8(0), longer)
    _, labels = cv2.connectedComponents(ends)
    before, after = (
        [np.unique(places[mask > 0]) for mask in masks]
        for places, masks in (
            (labels[:, 1:], (lines[:, :-1], others[:, :-1])),
            (labels[:, :-1], (lines[:, 1:], others[:, 1:])),
        )
    )
    pairs = ((before[0], after[0]), (before[0], after[1]), (before[1], after[0]))
    joining = np.concatenate([np.intersect1d(*pair) for pair in pairs])
    between = np.isin(labels, joining[joining > 0])
    return np.asarray(np.where(between, np.uint8(255), longer & others), dtype=np.uint8)
