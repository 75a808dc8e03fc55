"""Rules too faint for ink, and tables open at a side, are no broken rules."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.image.page_image import PageImage
from ocr.page_analysis import PageAnalysis

DPI = 200.0


def shot(level: int, right: bool = True) -> PageImage:
    """A page of 20 × 4 low cells full of print as a screen at 96 dpi shows it, its rules of a grey level."""
    page = np.full((480, 576), 255, np.uint8)
    for y in range(50, 451, 20):
        page[y, 48:528] = level
    for x in range(48, 529 if right else 409, 120):
        page[50:451, x] = level
    for y in range(50, 450, 20):
        for x in range(48, 528, 120):
            cv2.putText(page, "480916", (x + 20, y + 15), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    large = cv2.resize(page, None, fx=DPI / 96, fy=DPI / 96, interpolation=cv2.INTER_CUBIC)
    pixels: Pixels = np.repeat(np.asarray(large, np.uint8)[:, :, None], 3, axis=2)
    return PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)


@pytest.mark.parametrize("level", [0, 160, 204, 221])
def test_rules_are_found_however_faint(level: int) -> None:
    analysis = PageAnalysis(shot(level))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 4, 80)
    assert analysis.rulings.fragments is None


@pytest.mark.parametrize("level", [0, 204])
def test_a_table_open_at_a_side_has_no_broken_rules(level: int) -> None:
    analysis = PageAnalysis(shot(level, right=False))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 4, 80)
    assert analysis.rulings.fragments is None
