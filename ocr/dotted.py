"""Rules drawn in dots or dashes, filled so that they look like any other rule."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.document import Pixels

# A dot or a dash, in inches: no thicker and no longer than this. Measured on rules of typst,
# 0.4 to 0.75 pt, dotted, dashed and both, at 200 dpi: up to 0.025 and 0.06.
_THICKEST, _LONGEST = 0.03, 0.1
# The widest gap between two of them, and how far a line may end short of another, where
# two dashes cross in one mark, in inches.
_GAP, CORNER = 0.08, 0.06
# A page has dotted rules from so many inches across on, in lines of the second length. On such a
# page lines are as short as the lowest rows and narrowest columns from corner to corner.
_FEWEST, _LONG = 4.0, 0.35
_SHORTEST_ACROSS, _SHORTEST_DOWN = 0.2, 0.1


def filled(ink: Pixels, dpi: float) -> Pixels:
    """Return the ink of a page with its dotted and dashed rules drawn through; `ink` itself without any.

    Args:
        ink: the binarised, straightened page.
        dpi: the resolution.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small = np.maximum(width, height) <= _LONGEST * dpi
    small[0] = False
    low = np.asarray((small & (height <= _THICKEST * dpi))[labels], np.uint8)
    if np.count_nonzero(_lines(low, _LONG, dpi)) < _FEWEST * dpi * _THICKEST * dpi / 2:
        return ink
    narrow = np.asarray((small & (width <= _THICKEST * dpi))[labels], np.uint8)
    across, down = _lines(low, _SHORTEST_ACROSS, dpi), _lines(narrow.T, _SHORTEST_DOWN, dpi).T
    return np.asarray(ink | _drawn_on(across, dpi) | _drawn_on(down.T, dpi).T, dtype=np.uint8)


def _lines(marks: Pixels, length: float, dpi: float) -> Pixels:
    """Join marks that follow each other along the rows; 1 on the lines at least that long, in inches."""
    gap, shortest = (2 * round(size * dpi / 2) + 1 for size in (_GAP, length))
    joined = cv2.morphologyEx(np.ascontiguousarray(marks), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    return np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8)), np.uint8)


def _drawn_on(lines: Pixels, dpi: float) -> Pixels:
    """Draw lines on at their ends, up to where others cross; 255 on them."""
    reach = 2 * round(CORNER * dpi) + 1
    longer = cv2.dilate(np.ascontiguousarray(lines), np.ones((1, reach), np.uint8))
    return np.asarray(longer * 255, dtype=np.uint8)
