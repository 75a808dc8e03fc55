"""Lines that only cross a table belong to none of it."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.image.ruling_lines import Rulings, find_rulings
from ocr.tables.grid import find_grids
from ocr.tables.stray_lines import without_strays

DPI = 200.0


def ink_of_table(*, sides: bool = True) -> Pixels:
    """A table of 5 × 4 cells, 200 × 60 pixels each; without `sides` open at its left and right."""
    ink = np.zeros((1000, 1200), np.uint8)
    for y in range(300, 601, 60):
        ink[y : y + 2, 200:1002] = 255
    for x in range(200 if sides else 400, 1001 if sides else 801, 200):
        ink[300:602, x : x + 2] = 255
    return ink


def found_in(ink: Pixels) -> Rulings:
    return without_strays(find_rulings(ink, DPI), DPI)


def cells_of(rulings: Rulings) -> tuple[int, int, int]:
    (grid,) = find_grids(rulings, DPI)
    return grid.n_rows, grid.n_columns, len(grid.spans)


@pytest.mark.parametrize(
    "stroke",
    [np.s_[330:332, 250:950], np.s_[320:580, 500:502], np.s_[335:338, 230:1040], np.s_[250:570, 450:452]],
)
def test_a_stroke_of_a_pen_makes_no_cells(stroke: tuple[slice, slice]) -> None:
    ink = ink_of_table()
    ink[stroke] = 255
    rulings = found_in(ink)
    assert cells_of(rulings) == (5, 4, 20)
    assert rulings.strays is not None
    assert rulings.strays[stroke].any()


def test_the_frame_of_a_stamp_over_a_table_makes_no_cells() -> None:
    ink = ink_of_table()
    for y in (330, 450, 570):
        ink[y : y + 3, 480:920] = 255
    for x in (480, 560, 917):
        ink[330:573, x : x + 3] = 255
    assert cells_of(found_in(ink)) == (5, 4, 20)


@pytest.mark.parametrize("sides", [True, False])
def test_the_rules_of_a_table_all_belong_to_it(*, sides: bool) -> None:
    rulings = find_rulings(ink_of_table(sides=sides), DPI)
    assert without_strays(rulings, DPI) is rulings


def test_rules_that_stop_short_of_the_frame_of_their_table_belong_to_it() -> None:
    """As on a page that lies a little askew: the part behind a label that three rows share."""
    ink = ink_of_table()
    ink[300:480, 200:400] = 0
    for y in (360, 420):
        ink[y : y + 2, 200:406] = 0
        ink[y : y + 2, 995:1002] = 0
    ink[300:302, 200:1002] = 255
    ink[300:602, 200:202] = 255
    ink[300:474, 400:402] = 0
    ink[306:474, 412:414] = 255
    ink[360:362, 412:995] = ink[420:422, 412:995] = 255
    rulings = find_rulings(ink, DPI)
    assert without_strays(rulings, DPI).strays is None
