"""Taking coloured ink off a page: seals, stamps, tinted bands."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.document import Pixels
from ocr.view import View

# Colour counts from this difference between the strongest and weakest channel,
# 0 to 255, and fully from the second: JPEG leaves a tint of about 10 on grey print.
_TINTED, _COLOURED = 24.0, 60.0
# In coloured places the brightest channel is stretched between these: below the
# first it is print under the seal, above the second it is the seal itself.
_PRINT, _SEAL = 105.0, 175.0


def without_colour(view: View) -> View:
    """Bleach coloured ink; black print under it stays. Grey pages come back as they are."""
    red, green, blue = cv2.split(view.pixels)
    # numpy's max along the last axis takes thirty times as long.
    brightest = np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)
    darkest = np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)
    tint = np.asarray(brightest - darkest, dtype=np.float32)
    if float((tint > _COLOURED).mean()) < 1e-4:
        return view
    # The colour of a JPEG is coarser than its light, so it is spread to its neighbours.
    spread = cv2.blur(cv2.dilate(tint, np.ones((3, 3), np.uint8)), (3, 3))
    colour = np.clip((spread - _TINTED) / (_COLOURED - _TINTED), 0.0, 1.0)
    stretched = np.clip((brightest - _PRINT) / (_SEAL - _PRINT), 0.0, 1.0)
    bleached = brightest + (255.0 - brightest) * stretched * colour
    return replace(view, pixels=_grey_rgb(bleached))


def _grey_rgb(grey: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Pixels:
    return np.repeat(grey.astype(np.uint8)[:, :, np.newaxis], 3, axis=2)
