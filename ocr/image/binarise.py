"""What of a picture is ink: darker than its surroundings."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.arrays import Pixels


def binarise(grey: Pixels, dpi: float) -> Pixels:
    """Return the ink of a grey page: 255 where darker than its surroundings, else 0.

    The surroundings are a sixth of an inch, so that uneven light and coloured
    bands do not count as ink.
    """
    window = int(dpi / 6) | 1
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    ink = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 14)
    return np.asarray(ink, dtype=np.uint8)
