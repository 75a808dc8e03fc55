"""The angle of a page, from its rules and from its text."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.deskew import skew_of_rules, skew_of_text
from ocr.image.page_image import PageImage, rotate_small


def page(*, rules: bool) -> PageImage:
    """A page of 8 × 10 inches at 100 dpi with lines of small marks, or with rules."""
    pixels = np.full((1000, 800, 3), 255, np.uint8)
    for y in range(100, 900, 25):
        if rules:
            cv2.line(pixels, (100, y), (700, y), (0, 0, 0), 2)
        else:
            for x in range(100, 700, 14):
                cv2.rectangle(pixels, (x, y), (x + 8, y + 9), (0, 0, 0), cv2.FILLED)
    return PageImage(pixels, np.diag([0.72, 0.72, 1.0]), 100.0)


@pytest.mark.parametrize("degrees", [-1.7, -0.4, 0.0, 0.9])
def test_rules_tell_the_angle_that_straightens_them(degrees: float) -> None:
    mask = np.asarray(rotate_small(page(rules=True), degrees).grey < 128, np.uint8) * np.uint8(255)
    assert skew_of_rules(mask, 100.0) == pytest.approx(-degrees, abs=0.05)


@pytest.mark.parametrize("degrees", [-3.0, 0.0, 2.0])
def test_text_tells_it_roughly(degrees: float) -> None:
    assert skew_of_text(rotate_small(page(rules=False), degrees).grey) == pytest.approx(-degrees, abs=0.3)


def test_short_rules_tell_nothing() -> None:
    mask = np.zeros((300, 300), np.uint8)
    cv2.line(mask, (20, 20), (100, 30), 255, 2)
    assert skew_of_rules(mask, 100.0) is None


def test_rules_that_do_not_agree_tell_nothing_where_they_are_asked_to() -> None:
    mask = np.zeros((600, 800), np.uint8)
    for place, drop in ((50, 0), (150, 4), (250, 8), (350, 12)):
        cv2.line(mask, (100, place), (700, place + drop), 255, 2)
    assert skew_of_rules(mask, 100.0, 0.05) is None
    assert skew_of_rules(mask, 100.0) == pytest.approx(-0.4, abs=0.2)
