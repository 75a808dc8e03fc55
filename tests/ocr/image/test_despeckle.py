"""Specks are found where a page is strewn with them, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.despeckle import speck_mask

DPI = 200.0


def printed() -> Pixels:
    """Ten squares of the size of digits, in a row."""
    ink = np.zeros((600, 600), np.uint8)
    for x in range(100, 500, 40):
        cv2.rectangle(ink, (x, 100), (x + 14, 125), 255, cv2.FILLED)
    return ink


def test_dirt_far_from_print_is_specks_and_a_point_between_digits_is_none() -> None:
    ink = printed()
    for x, y in ((x, y) for x in range(50, 600, 50) for y in range(250, 600, 50)):
        ink[y : y + 3, x : x + 3] = 255
    ink[122:125, 126:129] = 255  # between the first two
    specks = speck_mask(ink, DPI)
    assert specks[250:].any()
    assert np.array_equal(specks[250:], ink[250:])
    assert not specks[:200].any()


def test_a_clean_page_keeps_every_speck() -> None:
    ink = printed()
    ink[300:303, 300:303] = 255
    assert not speck_mask(ink, DPI).any()
