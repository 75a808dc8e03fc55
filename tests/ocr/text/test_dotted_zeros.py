"""Dotted zeros are known by their shape, and nothing else loses ink for it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engine.base import Engine
from ocr.text.cells import read_piece
from ocr.text.dotted_zeros import remove_zero_dots

MONO = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")


def zero(height: int = 40, *, dot: bool) -> np.ndarray:
    """A drawn zero: an oval ring, with a dot in its middle or without."""
    picture = np.full((height + 12, height + 12, 3), 255, np.uint8)
    centre = (height + 12) // 2, (height + 12) // 2
    cv2.ellipse(picture, centre, (height * 3 // 10, height // 2 - 2), 0, 0, 360, (0, 0, 0), 5, cv2.LINE_AA)
    if dot:
        cv2.circle(picture, centre, 4, (0, 0, 0), -1, cv2.LINE_AA)
    return picture


def test_the_dot_of_a_zero_is_painted_out() -> None:
    plain, dots = remove_zero_dots(zero(dot=True))
    assert dots == 1
    middle = plain.shape[0] // 2
    assert plain[middle - 5 : middle + 6, middle - 5 : middle + 6].min() > 200
    assert plain.min() < 50  # the ring is still there


def test_a_plain_zero_keeps_its_ink() -> None:
    picture = zero(dot=False)
    plain, dots = remove_zero_dots(picture)
    assert dots == 0
    assert (plain == picture).all()


def test_a_sun_whose_bar_stands_free_is_no_zero() -> None:
    """日 fills its box, corners included, and its bar is wide."""
    picture = np.full((52, 44, 3), 255, np.uint8)
    cv2.rectangle(picture, (8, 6), (36, 46), (0, 0, 0), 3)
    cv2.line(picture, (13, 26), (31, 26), (0, 0, 0), 3)
    assert remove_zero_dots(picture)[1] == 0


@pytest.mark.skipif(not MONO.exists(), reason="the face is not installed here")
@pytest.mark.parametrize("size", [20, 28, 48])
@pytest.mark.parametrize("text", ["0", "100", "2,060"])
def test_dotted_zeros_are_read_as_zeros(text: str, size: int, engine: Engine) -> None:
    font = ImageFont.truetype(str(MONO), size)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    margin = max(2, round(0.13 * (bottom - top)))
    picture = Image.new("RGB", (right - left + 2 * margin, bottom - top + 2 * margin), "white")
    ImageDraw.Draw(picture).text((margin - left, margin - top), text, fill="black", font=font)
    assert read_piece(np.asarray(picture), engine).numeral == text
