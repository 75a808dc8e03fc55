"""Print at a side where a table has no rule may go on beyond it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.page_image import PageImage
from ocr.model import DOUBTED, Box, Cell
from ocr.page_analysis import PageAnalysis
from ocr.text.cell_crops import crop_cells
from ocr.text.cut_off import doubt_cut_off

DPI = 200.0
ROWS = ("12408", "36", "", "7")


def table(numbers: tuple[str, ...] = ROWS) -> np.ndarray:
    """Draw a table of two columns, the numbers in the middle of the second; RGB, on paper wider than it."""
    page = np.full((60 + 60 * len(numbers), 700, 3), 255, np.uint8)
    for row in range(len(numbers) + 1):
        page[30 + 60 * row : 32 + 60 * row, 50:602] = 0
    for x in (50, 300, 600):
        page[30 : 32 + 60 * len(numbers), x : x + 2] = 0
    for row, number in enumerate(numbers):
        (width, _), _ = cv2.getTextSize(number, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 2)
        place = (450 - width // 2, 72 + 60 * row)
        cv2.putText(page, number, place, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2, cv2.LINE_AA)
    return page


def doubted(page: np.ndarray) -> list[int]:
    """The rows of the last column that are doubted."""
    analysis = PageAnalysis(PageImage(page, np.diag([0.36, 0.36, 1.0]), DPI))
    (grid,) = analysis.grids
    cuts = crop_cells(analysis.cleaned, grid)
    box = Box(0, 0, 1, 1)
    cells = [
        Cell(cut.span.row, cut.span.column, 1, 1, "", box, 0.99, 1, "", inked=bool(cut.ink.any()))
        for cut in cuts
    ]
    after = doubt_cut_off(cells, cuts, grid, analysis.cleaned)
    assert all(cell.doubted == (cell.confidence == DOUBTED) for cell in after)
    return [cell.row for cell in after if cell.doubted and cell.column == 1]


def test_a_closed_table_is_sure() -> None:
    assert doubted(table()) == []


@pytest.mark.parametrize("edge", [460, 470, 477])
def test_a_number_at_the_edge_of_the_picture_is_doubted_and_what_may_be_beyond_it(edge: int) -> None:
    assert set(doubted(table()[:, :edge])) >= {0, 2}


def test_a_number_at_the_edge_of_a_margin_that_was_painted_over_is_doubted() -> None:
    page = table()
    page[:, 465:] = 255
    assert set(doubted(page)) >= {0, 2}


def test_an_empty_column_at_the_edge_of_the_picture_is_doubted() -> None:
    assert doubted(table()[:, :380]) == [0, 1, 2, 3]


def test_a_whole_number_in_a_table_that_is_open_by_design_is_sure() -> None:
    page = table()
    page[:, 600:602] = 255
    for row in range(len(ROWS) + 1):
        page[30 + 60 * row : 32 + 60 * row, 600:602] = 0
    assert doubted(page) == []


def open_below(room: int) -> np.ndarray:
    """The table without its last rule; its upright ones run on for so many pixels below the last number."""
    page = table()
    end = 72 + 60 * (len(ROWS) - 1) + 1 + room
    page[end:] = 255
    return page


def test_a_row_that_a_page_break_leaves_open_is_sure() -> None:
    assert doubted(open_below(10)) == []


def test_a_row_that_is_cut_across_its_digits_is_doubted() -> None:
    assert doubted(open_below(-6)) == [len(ROWS) - 1]
