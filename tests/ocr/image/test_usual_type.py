"""Pages in small type are enlarged; what is there stands where it stood."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.binarise import binarise
from ocr.image.page_image import PageImage
from ocr.image.usual_type import type_heights, with_usual_type
from tests.support.drawn_pages import DPI, drawn, values


def type_height(ink: np.ndarray, dpi: float) -> float | None:
    heights = type_heights(ink, dpi, (0.5,))
    return heights and heights[0]


def page(scale: float) -> tuple[PageImage, np.ndarray]:
    rows = [(60 + 44 * n, row) for n, row in enumerate(values(15, 5))]
    view = drawn(rows, (30, 330, 550, 770, 990), scale=scale)
    return view, binarise(view.grey, view.dpi)


def test_usual_type_stays_as_it_is():
    view, ink = page(1.1)
    assert type_height(ink, DPI) > 20
    assert with_usual_type(view, ink) is view


def test_usual_type_is_enlarged_to_the_usual_at_the_same_places():
    view, ink = page(0.45)
    shown = with_usual_type(view, ink)
    assert 1.5 < shown.width / view.width <= 2.5
    assert shown.dpi == view.dpi
    assert type_height(binarise(shown.grey, shown.dpi), DPI) == pytest.approx(24, abs=4)
    whole = shown.box(0, 0, shown.width, shown.height)
    assert (whole.right, whole.bottom) == pytest.approx((view.width * 0.36, view.height * 0.36), abs=0.5)


def test_large_type_is_reduced_to_the_usual_at_the_same_places():
    view, _ = page(1.1)
    size = (view.width * 5, view.height * 5)
    large = PageImage(cv2.resize(view.pixels, size), np.diag([0.36, 0.36, 1.0]), DPI)
    shown = with_usual_type(large, binarise(large.grey, DPI))
    assert 14 <= type_height(binarise(shown.grey, shown.dpi), DPI) <= 40
    whole = shown.box(0, 0, shown.width, shown.height)
    assert (whole.right, whole.bottom) == pytest.approx((size[0] * 0.36, size[1] * 0.36), abs=0.5)


def test_a_large_title_over_usual_print_is_no_large_type():
    view, _ = page(1.1)
    pixels = view.pixels.copy()
    cv2.putText(pixels, "ANNUAL REPORT", (30, 900), cv2.FONT_HERSHEY_SIMPLEX, 5.0, (0, 0, 0), 20)
    titled = PageImage(pixels, view.to_page, view.dpi)
    assert with_usual_type(titled, binarise(titled.grey, DPI)) is titled


def test_specks_fills_and_rules_are_no_type():
    view, ink = page(1.1)
    spoilt = ink.copy()
    random = np.random.default_rng(7)
    for x, y in random.integers(0, 990, (4000, 2)):
        spoilt[y : y + 3, x : x + 3] = 255
    cv2.line(spoilt, (0, 700), (1390, 700), 255, 3)
    spoilt[800:900, 100:300] = 255
    assert with_usual_type(view, spoilt) is view


def test_an_empty_page_has_no_type():
    assert type_height(np.zeros((500, 500), np.uint8), DPI) is None
