"""What of a picture is ink: darker than its surroundings."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from ocr.arrays import Pixels

# A line fainter than ink is this much darker than the paper on both sides of it, 0 to 255, and no thicker
# than the second, in inches. A hairline is smoothed along itself, by so many pixels, so that it keeps its
# contrast. Measured on pages shot at 96 dpi, rules #ddd: 20 to 34, #e5e5e5: 10 to 26; noise of grey
# scans: 6.
_FAINT, _THIN, _ALONG = 8, 0.035, 3


def binarise(grey: Pixels, dpi: float) -> Pixels:
    """Return the ink of a grey page: 255 where darker than its surroundings, else 0.

    The surroundings are a sixth of an inch, so that uneven light and coloured
    bands do not count as ink.
    """
    window = int(dpi / 6) | 1
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    ink = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 14)
    return np.asarray(ink, dtype=np.uint8)


def faint_lines(grey: Pixels, dpi: float, *, hairlines: bool = False) -> tuple[Pixels, Pixels]:
    """Return what is darker than the paper above and below, and to the left and right: 255 there, else 0.

    Thin lines too faint for ink are among it, even close to dark print, where `binarise` loses
    them; the black top-hat of Serra (1982). Most of it is no line: that is for its length to tell. With
    `hairlines` those of a single pixel are among it, and more noise.
    """
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    size = 2 * round(_THIN * dpi / 2) + 1
    lying, standing = np.ones((1, size), np.uint8), np.ones((size, 1), np.uint8)
    across, down = _darker(smooth, standing), _darker(smooth, lying)
    if hairlines:
        across |= _darker(cv2.GaussianBlur(grey, (_ALONG, 1), 0), standing)
        down |= _darker(cv2.GaussianBlur(grey, (1, _ALONG), 0), lying)
    # Where two cross neither is darker than what is beside it; both run on.
    joined = (
        np.asarray(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, shape), np.uint8)
        for lines, shape in ((across, lying), (down, standing))
    )
    crossing = np.bitwise_and(*joined)
    return across | crossing, down | crossing


def _darker(grey: MatLike, beside: Pixels) -> Pixels:
    hat = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, beside)
    return np.asarray(hat >= _FAINT, np.uint8) * np.uint8(255)
