"""Pixels keep their place on the page, however the page is turned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.image.page_image import PageImage, rotate_quarters, rotate_small


def page_with_a_mark(x: int, y: int) -> PageImage:
    """A white page of 300 × 400 pixels at 144 dpi with a black square of 9 pixels about (x, y)."""
    pixels = np.full((400, 300, 3), 255, np.uint8)
    pixels[y - 4 : y + 5, x - 4 : x + 5] = 0
    return PageImage(pixels, np.diag([0.5, 0.5, 1.0]), 144.0)


def place_of_mark(view: PageImage) -> tuple[float, float]:
    rows, columns = np.nonzero(view.pixels[:, :, 0] < 128)
    left, right = columns.min(), columns.max() + 1
    top, bottom = rows.min(), rows.max() + 1
    return view.box(left, top, right, bottom).centre


@given(st.integers(40, 260), st.integers(40, 360), st.sampled_from([0, 90, 180, 270]))
def test_a_mark_keeps_its_place_on_the_page_when_turned(x: int, y: int, degrees: int) -> None:
    found = place_of_mark(rotate_quarters(page_with_a_mark(x, y), degrees))
    assert found == pytest.approx(((x + 0.5) / 2, (y + 0.5) / 2), abs=0.01)


@given(st.floats(-5, 5))
def test_a_mark_keeps_its_place_on_the_page_when_straightened(degrees: float) -> None:
    found = place_of_mark(rotate_small(page_with_a_mark(150, 120), degrees))
    assert found == pytest.approx((75.25, 60.25), abs=0.6)


@given(st.floats(0, 140), st.floats(0, 190), st.sampled_from([0, 90, 180, 270]), st.floats(-3, 3))
def test_a_point_goes_to_a_pixel_and_back(x: float, y: float, degrees: int, skew: float) -> None:
    view = rotate_small(rotate_quarters(page_with_a_mark(100, 100), degrees), skew)
    column, row = view.pixel(x, y)
    assert view.box(column, row, column, row).centre == pytest.approx((x, y), abs=1e-6)


def test_a_grey_page_is_rotated_as_a_coloured_one_is() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (120, 90), np.uint8)
    grey = PageImage(np.repeat(noise[:, :, np.newaxis], 3, axis=2), np.eye(3), 72.0)
    tinted = replace(grey, pixels=grey.pixels.copy())
    tinted.pixels[0, 0] = (255, 0, 0)
    assert np.array_equal(rotate_small(grey, 1.3).pixels[20:], rotate_small(tinted, 1.3).pixels[20:])
    assert rotate_small(grey, 0.0) is grey
