"""Dark margins go, print stays."""

from __future__ import annotations

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
