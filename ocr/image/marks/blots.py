"""Blots, ticks of a thick pen and punched holes: dark masses thicker than any stroke of print in a table."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of

# Thicker than this, in inches, either way, and no larger than the second. Measured at 200 dpi: strokes of
# bold digits of 16 pt and frames of 3 pt are up to 0.045, of bold titles of 26 pt, outside of tables, 0.07.
_THICK, _LARGEST = 0.07, 1.2
# Darker than this share of the tone of the paper.
_DARK = 0.45
# The soft edge of a blot reaches this far, in inches.
_EDGE = 0.015


def find_blots(grey: Pixels, dpi: float) -> Pixels | None:
    """Return a mask (height, width), 255 on blots; None without any.

    Args:
        grey: the page, without fills and colours.
        dpi: the resolution.
    """
    dpi, half = dpi / 2, grey[::2, ::2]  # a blot is seen at half of the scale as well
    dark = np.asarray(half < _DARK * float(np.percentile(grey[::8, ::8], 90)), np.uint8)
    size = np.ones((round(_THICK * dpi),) * 2, np.uint8)
    cores = cv2.erode(dark, size)
    if not cores.any():
        return None
    pieces = components_of(np.asarray(cv2.dilate(cores, size), np.uint8))
    extent = pieces.stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1)
    blots = pieces.chosen(extent <= _LARGEST * dpi)
    reach = 2 * round(_EDGE * dpi) + 1
    spread = cv2.dilate(blots, np.ones((reach, reach), np.uint8)) * np.uint8(255)
    return np.asarray(cv2.resize(spread, grey.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
