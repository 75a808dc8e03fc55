"""Filled areas become white, what is printed in them dark, and their edges rules."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.image.marks.fills import flatten_fills
from ocr.image.page_image import PageImage
from ocr.page_analysis import PageAnalysis

DPI = 200.0
Colour = tuple[int, int, int]
WHITE, BLACK, NAVY, GREY = (255,) * 3, (0,) * 3, (31, 56, 100), (150,) * 3
ROWS, COLUMNS = range(300, 601, 60), range(200, 1001, 200)


def view_of(pixels: Pixels) -> PageImage:
    return PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)


def filled(fill: Colour, text: Colour, rule: Colour) -> Pixels:
    """A table of 5 × 4 cells whose first row and last column are filled, with a number in each."""
    page = np.full((1000, 1200, 3), 255, np.uint8)
    page[300:360, 200:1001] = fill
    page[300:601, 800:1001] = fill
    for y in ROWS:
        cv2.line(page, (200, y), (1000, y), rule, 2)
    for x in COLUMNS:
        cv2.line(page, (x, 300), (x, 600), rule, 2)
    for y in ROWS[:-1]:
        for x in COLUMNS[:-1]:
            colour = text if y == 300 or x == 800 else BLACK
            cv2.putText(page, "48", (x + 80, y + 42), cv2.FONT_HERSHEY_SIMPLEX, 0.9, colour, 2, cv2.LINE_AA)
    return page


@pytest.mark.parametrize(
    ("fill", "text", "rule"),
    [
        (NAVY, WHITE, GREY),
        (NAVY, WHITE, WHITE),
        (BLACK, WHITE, GREY),
        (GREY, BLACK, WHITE),
        (GREY, WHITE, BLACK),
    ],
)
def test_a_table_with_dark_cells_is_read_as_one_without(fill: Colour, text: Colour, rule: Colour) -> None:
    page = filled(fill, text, rule)
    if rule == WHITE:  # white on white shows nothing: elsewhere the rules are grey
        plain = filled(WHITE, BLACK, GREY)
        page[361:601, 200:799] = plain[361:601, 200:799]
        page[361:601, 200] = page[361:601, 199] = GREY
    analysis = PageAnalysis(view_of(page), keeps_colour=True)
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (5, 4, 20)
    # The print of a filled cell covers as much as that of any other.
    inside = [analysis.cleaned.ink[y + 8 : y + 52, x + 20 : x + 180] for y in ROWS[:-1] for x in COLUMNS[:-1]]
    shares = [float((cell > 0).mean()) for cell in inside]
    assert min(shares) > 0.5 * max(shares) > 0.03


@pytest.mark.parametrize("thick", [1, 2, 3])
def test_a_table_filled_whole_is_parted_by_its_white_rules(thick: int) -> None:
    page = np.full((1500, 1200, 3), 255, np.uint8)
    for row, y in enumerate(range(200, 1400, 60)):
        page[y : y + 60, 100:1101] = ((219, 219, 219), (191, 191, 191))[row % 2]
    for y in range(200, 1402, 60):
        cv2.line(page, (100, y), (1100, y), WHITE, thick)
    for x in range(100, 1102, 200):
        cv2.line(page, (x, 200), (x, 1400), WHITE, thick)
    for y in range(200, 1400, 60):
        for x in range(100, 1100, 200):
            cv2.putText(page, "48", (x + 80, y + 42), cv2.FONT_HERSHEY_SIMPLEX, 0.9, BLACK, 2, cv2.LINE_AA)
    (grid,) = PageAnalysis(view_of(page)).grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 5, 100)


def test_a_red_fill_longer_than_any_seal_keeps_its_print() -> None:
    page = np.full((1600, 1200, 3), 255, np.uint8)
    page[200:1400] = np.vstack([filled(WHITE, BLACK, GREY)[300:600]] * 4)
    page[200:1400, 800:1001] = (192, 0, 0)
    for y in range(200, 1400, 60):
        cv2.putText(page, "48", (880, y + 42), cv2.FONT_HERSHEY_SIMPLEX, 0.9, WHITE, 2, cv2.LINE_AA)
    ink = PageAnalysis(view_of(page)).cleaned.ink
    assert all((ink[y + 8 : y + 52, 850:950] > 0).mean() > 0.03 for y in range(200, 1400, 60))


def test_a_negative_is_turned_into_a_positive() -> None:
    positive = filled(WHITE, BLACK, BLACK)
    turned = flatten_fills(view_of(255 - positive))
    assert np.array_equal(turned.view.pixels, positive)
    assert turned.edges is None


def test_a_page_without_fills_comes_back_as_it_is() -> None:
    view = view_of(filled(WHITE, BLACK, BLACK))
    assert flatten_fills(view).view is view
    cv2.putText(view.pixels, "TITLE", (200, 200), cv2.FONT_HERSHEY_SIMPLEX, 3.0, BLACK, 8)
    assert flatten_fills(view).view is view


def test_highlighter_over_a_number_makes_no_rules() -> None:
    page = filled(WHITE, BLACK, BLACK)
    band = page[372:412, 240:700]
    band[:] = np.minimum(band, 190)
    analysis = PageAnalysis(view_of(page), keeps_colour=True)
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (5, 4, 20)


def test_paper_in_a_slanting_light_is_no_fill() -> None:
    page = filled(WHITE, BLACK, BLACK)
    light = np.linspace(1.0, 0.55, page.shape[1])[None, :, None]
    view = view_of(np.asarray(page * light, np.uint8))
    assert flatten_fills(view).edges is None


def test_the_red_star_of_a_seal_is_no_fill() -> None:
    page = filled(WHITE, BLACK, BLACK)
    star = np.array([(600, 330), (640, 480), (500, 390), (700, 390), (560, 480)], np.int32)
    cv2.fillPoly(page, [star], (215, 70, 80))
    assert flatten_fills(view_of(page)).edges is None


def test_a_fill_that_meets_no_rule_tells_of_no_broken_ones() -> None:
    page = filled(WHITE, BLACK, BLACK)
    for y in range(20, 281, 40):
        page[y : y + 24, 250 + y : 900 - y] = GREY
    analysis = PageAnalysis(view_of(page), keeps_colour=True)
    assert analysis.flat is not analysis.view
    assert analysis.rulings.fragments is None
