"""Rules drawn in dots or dashes, filled so that they look like any other rule."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.document import Pixels

# A dot or a dash, in inches: no thicker and no longer than this. Measured on rules of typst,
# 0.4 to 0.75 pt, dotted, dashed and both, at 200 dpi: up to 0.025 and 0.06.
_THICKEST, _LONGEST = 0.03, 0.1
# The widest gap between two of them, and how far a line may end short of another, where
# two dashes cross in one mark, in inches. The shortest line that they make, across and
# down, as far as the lowest rows and narrowest columns are from corner to corner.
_GAP, CORNER = 0.08, 0.06
_SHORTEST_ACROSS, _SHORTEST_DOWN = 0.2, 0.12


def filled(ink: Pixels, dpi: float) -> Pixels:
    """Return the ink of a page with its dotted and dashed rules drawn through.

    Args:
        ink: the binarised, straightened page.
        dpi: the resolution.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small = np.maximum(width, height) <= _LONGEST * dpi
    small[0] = False
    low, narrow = (
        np.asarray((small & (size <= _THICKEST * dpi))[labels], np.uint8) for size in (height, width)
    )
    across, down = _lines(low, _SHORTEST_ACROSS, dpi), _lines(narrow.T, _SHORTEST_DOWN, dpi).T
    return np.asarray(ink | across | down, dtype=np.uint8)


def _lines(marks: Pixels, length: float, dpi: float) -> Pixels:
    """Join marks that follow each other along the rows; 255 on the lines at least that long, in inches."""
    gap, shortest, corner = (2 * round(size * dpi / 2) + 1 for size in (_GAP, length, 2 * CORNER))
    joined = cv2.morphologyEx(np.ascontiguousarray(marks), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    return np.asarray(cv2.dilate(long, np.ones((1, corner), np.uint8)) * 255, dtype=np.uint8)
