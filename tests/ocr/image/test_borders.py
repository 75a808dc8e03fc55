"""Dark margins go, print stays."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.borders import remove_dark_borders
from ocr.image.page_image import PageImage


def page() -> np.ndarray:
    pixels = np.full((800, 600, 3), 240, np.uint8)
    pixels[300:320, 100:500] = 20  # print
    return pixels


def bleached(pixels: np.ndarray) -> np.ndarray:
    return remove_dark_borders(PageImage(pixels, np.eye(3), 100.0)).pixels


def test_strips_along_the_edges_are_painted_as_paper() -> None:
    dark = page()
    dark[:12] = dark[:, -9:] = 25
    clean = bleached(dark)
    assert clean[:12].min() >= 238
    assert clean[:, -9:].min() >= 238
    assert (clean[300:320, 100:500] == 20).all()


def test_a_wedge_of_an_askew_paper_is_painted_as_paper() -> None:
    dark = page()
    for row in range(800):
        dark[row, : max(0, 60 - row // 8)] = 25
    clean = bleached(dark)
    assert clean[:300, :20].min() >= 238
    assert (clean[300:320, 100:500] == 20).all()


def test_a_page_without_margins_is_left_alone() -> None:
    pixels = page()
    view = PageImage(pixels, np.eye(3), 100.0)
    assert remove_dark_borders(view) is view


def test_a_table_that_reaches_the_edge_keeps_its_rules() -> None:
    pixels = page()
    pixels[400:403] = 20
    pixels[:, 50:53] = 20
    assert (bleached(pixels) == pixels).all()


def test_print_in_deep_shade_at_the_edge_is_no_margin() -> None:
    shaded = page()
    for x in range(20, 300, 24):
        cv2.putText(shaded, "8", (x, 700), cv2.FONT_HERSHEY_DUPLEX, 0.6, (20, 20, 20), 1, cv2.LINE_AA)
    shaded[600:, :320] = (shaded[600:, :320] * 0.36).astype(np.uint8)
    assert (bleached(shaded)[640:720, :300] == shaded[640:720, :300]).all()


def test_a_dark_band_with_white_print_is_no_margin() -> None:
    banded = page()
    banded[:90] = 60
    for x in range(40, 560, 24):
        cv2.putText(banded, "8", (x, 60), cv2.FONT_HERSHEY_DUPLEX, 0.6, (250, 250, 250), 1, cv2.LINE_AA)
    assert (bleached(banded)[:90] == banded[:90]).all()


def test_a_dark_desk_without_print_is_painted_as_paper() -> None:
    dark = page()
    grain = np.random.default_rng(0).normal(60, 6, (200, 320, 1))
    dark[600:, :320] = np.clip(grain, 0, 255).astype(np.uint8)
    assert bleached(dark)[610:, :300].min() >= 200


def test_print_close_to_a_margin_leaves_no_shade_in_it() -> None:
    dark = page()
    dark[:12] = 25
    for x in range(100, 500, 24):
        cv2.putText(dark, "8", (x, 34), cv2.FONT_HERSHEY_DUPLEX, 0.6, (20, 20, 20), 2, cv2.LINE_AA)
    assert bleached(dark)[:12].min() >= 230
