"""A digit that a hand set beside print is of another ink; print of one ink is not, thin strokes or not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.text.digits.ink_tones import is_coloured_in_part, is_of_two_inks
from ocr.text.digits.marks import marks_of
from ocr.text.ink import Band

BLACK, BLUE, RED, PENCIL = (30, 30, 32), (40, 60, 150), (200, 40, 45), (135, 135, 137)


def piece(*digits: tuple[str, tuple[int, int, int]]) -> tuple[Pixels, list[Band]]:
    """Print digits side by side, each in its ink, and blur them as a scanner does."""
    pixels = np.full((34, 8 + 24 * len(digits), 3), 248, np.uint8)
    for place, (digit, ink) in enumerate(digits):
        cv2.putText(pixels, digit, (6 + 24 * place, 27), cv2.FONT_HERSHEY_DUPLEX, 0.8, ink, 1, cv2.LINE_AA)
    blurred = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.6), np.uint8)
    return blurred, marks_of(np.asarray(blurred.min(axis=2) < 190))


@pytest.mark.parametrize("ink", [BLUE, RED, PENCIL])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_digit_of_another_ink_is_told(ink: tuple[int, int, int], place: int) -> None:
    digits = [("5", BLACK), ("2", BLACK), ("9", BLACK)]
    digits[place] = (digits[place][0], ink)
    assert is_of_two_inks(*piece(*digits))


@pytest.mark.parametrize("ink", [BLACK, BLUE, RED, PENCIL])
@pytest.mark.parametrize("text", ["529", "11", "1480", "7"])
def test_print_of_one_ink_is_of_one(ink: tuple[int, int, int], text: str) -> None:
    assert not is_of_two_inks(*piece(*((digit, ink) for digit in text)))


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, False), (0.05, False), (0.2, True), (0.8, True), (1.0, False)]
)
def test_ink_that_is_coloured_in_part_is_of_two_inks(share: float, told: bool) -> None:
    ink = np.zeros((20, 40), np.uint8)
    ink[4:16, 5:35] = 255
    coloured = np.zeros_like(ink)
    coloured[:, : 5 + round(30 * share)] = 255
    assert is_coloured_in_part(ink, coloured) is told
