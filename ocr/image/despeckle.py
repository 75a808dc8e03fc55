"""Specks of dirt, as faxes and copies of copies are strewn with."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of

# Nothing larger than this, in inches, is a speck; nothing as close as the second to
# larger print is one: it may be the dot of a character.
_LARGEST, _CLOSE = 0.03, 0.01
# A point between two digits has one on either side within this distance, in inches.
_REACH = 0.1
# A page with fewer specks than this a square inch is clean, and nothing is taken off
# it. Measured: grey scans of the samples have up to 0.1, the recipe `fax` 30 and more.
_CLEAN = 3.0


def speck_mask(ink: Pixels, dpi: float) -> Pixels:
    """Return a mask (height, width) of the specks of a page; empty for a clean page.

    Args:
        ink: the print of the page, rules already taken out.
        dpi: the resolution.
    """
    pieces = components_of(ink)
    size = np.maximum(pieces.stats[:, cv2.CC_STAT_WIDTH], pieces.stats[:, cv2.CC_STAT_HEIGHT])
    small = size <= _LARGEST * dpi
    small[0] = False
    large = pieces.chosen(~small)
    lone = small.copy()
    lone[pieces.under(_spread(large, _CLOSE * dpi, _CLOSE * dpi))] = False
    if lone.sum() < _CLEAN * ink.size / dpi**2:
        return np.zeros_like(ink)
    lone[pieces.under(_between(large, dpi))] = False
    return pieces.chosen(lone) * np.uint8(255)


def _spread(mask: Pixels, across: float, down: float) -> Pixels:
    element = np.ones((2 * round(down) + 1, 2 * round(across) + 1), np.uint8)
    return np.asarray(cv2.dilate(mask, element), dtype=np.uint8)


def _between(large: Pixels, dpi: float) -> Pixels:
    """Mark where print stands close by on the left and on the right: the place of a decimal point."""
    reach = round(_REACH * dpi)
    element = np.ones((3, reach), np.uint8)
    leftward = np.asarray(cv2.dilate(large, element, anchor=(reach - 1, 1)), dtype=np.uint8)
    rightward = np.asarray(cv2.dilate(large, element, anchor=(0, 1)), dtype=np.uint8)
    return np.bitwise_and(leftward, rightward)
