"""Streaks that run off the page are taken off; rules of tables stay, even of one cut out of its page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.image.marks.streaks import remove_streaks
from ocr.image.page_image import PageImage
from ocr.page_analysis import PageAnalysis

DPI = 200.0


def table(left: int = 200, top: int = 300, right: int = 1000, bottom: int = 1100) -> Pixels:
    """A page of 1200 × 1600 pixels with a table of 20 × 4 cells and a digit in each."""
    page = np.full((1600, 1200, 3), 255, np.uint8)
    rows, columns = np.linspace(top, bottom, 21).astype(int), np.linspace(left, right, 5).astype(int)
    for y in rows:
        cv2.line(page, (left, int(y)), (right, int(y)), (0, 0, 0), 2)
    for x in columns:
        cv2.line(page, (int(x), top), (int(x), bottom), (0, 0, 0), 2)
    for y in rows[:-1]:
        for x in columns[:-1]:
            cv2.putText(page, "8", (int(x) + 90, int(y) + 32), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2)
    return page


def view_of(pixels: Pixels) -> PageImage:
    return PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)


@pytest.mark.parametrize(("width", "level", "lean"), [(1, 0, 0), (2, 90, 0), (3, 150, 8), (2, 0, -20)])
@pytest.mark.parametrize("turned", [False, True])
def test_a_streak_makes_no_column(width: int, level: int, lean: int, *, turned: bool) -> None:
    page = table()
    if turned:
        cv2.line(page, (0, 725), (1199, 725 + lean), (level,) * 3, width)
    else:
        cv2.line(page, (530, 0), (530 + lean, 1599), (level,) * 3, width)
    analysis = PageAnalysis(view_of(page))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 4, 80)


def test_print_that_a_streak_touches_is_spoilt_and_no_other() -> None:
    page = table()
    cv2.line(page, (500, 0), (500, 1599), (0, 0, 0), 2)
    cleaned = PageAnalysis(view_of(page)).cleaned
    spoilt = []
    for column, left in enumerate(range(200, 1000, 200)):
        place = np.s_[304:336, left + 6 : left + 194]
        spoilt += [column] if cleaned.is_spoilt(place, np.ascontiguousarray(cleaned.ink[place])) else []
    assert spoilt == [1]


@pytest.mark.parametrize("frame", [(200, 0, 1000, 1599), (0, 0, 1199, 1599), (0, 300, 1199, 1100)])
def test_a_table_cut_out_of_its_page_has_rules_and_no_streaks(frame: tuple[int, int, int, int]) -> None:
    view = view_of(table(*frame))
    assert remove_streaks(view)[0] is view


def test_a_page_without_streaks_comes_back_as_it_is() -> None:
    view = view_of(table())
    assert remove_streaks(view) == (view, None)
