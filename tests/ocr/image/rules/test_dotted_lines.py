"""Rules in dots and dashes are rules; print is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.rules.dotted_lines import fill_dotted_lines
from ocr.image.ruling_lines import find_rulings
from ocr.tables.grid import find_grids

DPI = 200.0
XS, YS = (100, 400, 650, 900), (100, 180, 260, 340, 420)


def ruled(dash: int, gap: int, thick: int = 3) -> np.ndarray:
    """The ink of a table of four rows and three columns with dashed rules."""
    ink = np.zeros((520, 1000), np.uint8)
    for y in YS:
        for start in range(XS[0], XS[-1], dash + gap):
            ink[y : y + thick, start : min(start + dash, XS[-1])] = 255
    for x in XS:
        for start in range(YS[0], YS[-1], dash + gap):
            ink[start : min(start + dash, YS[-1]), x : x + thick] = 255
    return ink


@pytest.mark.parametrize(("dash", "gap"), [(3, 5), (3, 3), (8, 8), (8, 5)])
def test_a_table_ruled_in_dots_or_dashes_is_found(dash: int, gap: int) -> None:
    grids = find_grids(find_rulings(ruled(dash, gap), DPI), DPI)
    assert [(grid.n_rows, grid.n_columns, len(grid.spans)) for grid in grids] == [(4, 3, 12)]


def test_a_page_of_print_comes_back_as_it_is() -> None:
    ink = np.zeros((520, 1000), np.uint8)
    for row, text in enumerate(
        ("1: 0,345 - 22; ...... 17", "item = 5 -- 6 -- 7 -- 8", "i.i.i.i.i.i.i.i.i.i")
    ):
        cv2.putText(ink, text, (60, 120 + 90 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 255, 2)
    assert fill_dotted_lines(ink, DPI) is ink


def test_shading_in_dots_is_no_rule() -> None:
    ink = np.zeros((520, 1000), np.uint8)
    for y in range(100, 180, 6):
        for x in range(100, 900, 6):
            ink[y : y + 2, x : x + 2] = 255
    assert fill_dotted_lines(ink, DPI) is ink
