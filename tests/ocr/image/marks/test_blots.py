"""Blots are no rules, and what they touch is doubtful."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.marks.blots import find_blots
from ocr.image.page_image import PageImage
from ocr.page_analysis import PageAnalysis

DPI = 200.0


def page_with(*blots: tuple[int, int, int]) -> PageImage:
    """A table of 5 × 4 cells, 200 × 60 pixels each, with round blots: x, y and radius."""
    page = np.full((1000, 1200, 3), 255, np.uint8)
    for y in range(300, 601, 60):
        cv2.line(page, (200, y), (1000, y), (0, 0, 0), 2)
    for x in range(200, 1001, 200):
        cv2.line(page, (x, 300), (x, 600), (0, 0, 0), 2)
    for x, y, radius in blots:
        cv2.circle(page, (x, y), radius, (30, 30, 40), cv2.FILLED, cv2.LINE_AA)
    return PageImage(page, np.diag([0.36, 0.36, 1.0]), DPI)


def test_a_blot_makes_no_cells_and_hides_no_rule() -> None:
    for blot in ((500, 390, 25), (600, 390, 20), (500, 420, 28)):
        (grid,) = PageAnalysis(page_with(blot)).grids
        assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (5, 4, 20)


def test_an_empty_cell_with_a_blot_is_spoilt_and_no_other() -> None:
    cleaned = PageAnalysis(page_with((500, 390, 20))).cleaned
    spoilt = [
        (row, column)
        for row in range(5)
        for column in range(4)
        for place in [np.s_[304 + 60 * row : 356 + 60 * row, 204 + 200 * column : 396 + 200 * column]]
        if cleaned.is_spoilt(place, np.ascontiguousarray(cleaned.ink[place]))
    ]
    assert spoilt == [(1, 1)]


def test_print_and_rules_are_no_blots() -> None:
    view = page_with()
    cv2.putText(view.pixels, "1408", (220, 350), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 6)
    assert find_blots(view.grey, DPI) is None
