"""Cells from ruled lines: they never overlap and always cover the table."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ocr.image.ruling_lines import find_rulings
from ocr.tables.grid import find_grids, merge_units

DPI = 200.0


@st.composite
def lattices(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    horizontal = draw(arrays(np.bool_, (rows + 1, columns)))
    vertical = draw(arrays(np.bool_, (rows, columns + 1)))
    return horizontal, vertical


@given(lattices())
def test_cells_cover_the_lattice_once(lattice: tuple[np.ndarray, np.ndarray]) -> None:
    horizontal, vertical = lattice
    covered = np.zeros((vertical.shape[0], horizontal.shape[1]), int)
    for span in merge_units(horizontal, vertical):
        covered[span.row : span.row + span.row_span, span.column : span.column + span.column_span] += 1
    assert (covered == 1).all()


@given(lattices())
def test_a_ruled_piece_is_never_inside_a_rectangular_group(
    lattice: tuple[np.ndarray, np.ndarray],
) -> None:
    """With every rule present each unit is a cell of its own."""
    horizontal, vertical = lattice
    horizontal[:], vertical[:] = True, True
    spans = list(merge_units(horizontal, vertical))
    assert len(spans) == vertical.shape[0] * horizontal.shape[1]


def ink_of_table(rows: int, columns: int, *, closed: bool = True) -> np.ndarray:
    """Draw a table of 100 × 60 pixel cells; an open one lacks its last horizontal rule."""
    ink = np.zeros((rows * 60 + 80, columns * 100 + 80), np.uint8)
    last = rows + 1 if closed else rows
    for row in range(last):
        ink[40 + row * 60 : 43 + row * 60, 40 : 43 + columns * 100] = 255
    for column in range(columns + 1):
        ink[40 : 43 + rows * 60, 40 + column * 100 : 43 + column * 100] = 255
    return ink


def test_a_ruled_table_is_recovered_with_all_its_cells() -> None:
    (grid,) = find_grids(find_rulings(ink_of_table(4, 5), DPI), DPI)
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (4, 5, 20)
    assert not grid.open_top
    assert not grid.open_bottom


def test_a_table_cut_by_a_page_break_keeps_its_open_row() -> None:
    (grid,) = find_grids(find_rulings(ink_of_table(4, 5, closed=False), DPI), DPI)
    assert (grid.n_rows, grid.n_columns, grid.open_bottom) == (4, 5, True)


def test_a_missing_piece_of_rule_joins_two_cells() -> None:
    ink = ink_of_table(3, 3)
    ink[95:110, 145:238] = 0  # the rule between the first two cells of the second column
    (grid,) = find_grids(find_rulings(ink, DPI), DPI)
    tall = [span for span in grid.spans if span.row_span == 2]
    assert [(span.row, span.column) for span in tall] == [(0, 1)]
    assert len(grid.spans) == 8


def test_strokes_of_characters_are_no_rules() -> None:
    ink = np.zeros((400, 600), np.uint8)
    ink[100:104, 100:180] = 255  # 一
    ink[150:240, 300:304] = 255  # 丨
    assert find_rulings(ink, DPI).horizontal == ()
    assert find_rulings(ink, DPI).vertical == ()


def test_strokes_of_a_large_character_that_meet_split_no_cell() -> None:
    ink = np.zeros((600, 900), np.uint8)
    for y in (100, 300, 500):
        ink[y : y + 3, 100:800] = 255
    for x in (100, 450, 800):
        ink[100:503, x : x + 3] = 255
    ink[180:186, 200:260] = ink[210:216, 200:260] = 255  # 井
    ink[160:240, 214:220] = ink[160:240, 240:246] = 255
    (grid,) = find_grids(find_rulings(ink, 200.0), 200.0)
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (2, 2, 4)


def test_strokes_of_a_heading_join_no_tables_above_and_below() -> None:
    above, below = ink_of_table(4, 6), ink_of_table(3, 6)
    ink = np.vstack([above[:-30], below[30:]])
    ink = np.insert(ink, np.full(38, len(above) - 30), 0, axis=0)
    top = int(np.flatnonzero(above.any(axis=1)).max()) + 12
    for left in (300, 345):
        ink[top : top + 32, left : left + 4] = 255
    ink[top + 14 : top + 18, 298:349] = 255
    found = find_grids(find_rulings(ink, DPI), DPI)
    assert [(grid.n_rows, grid.n_columns, len(grid.spans)) for grid in found] == [(4, 6, 24), (3, 6, 18)]


def test_two_edges_of_a_sheet_around_a_table_are_none_of_its_rules() -> None:
    ink = ink_of_table(6, 5)
    page = np.pad(ink, ((60, 160), (60, 160)))
    page[-40:-36, 30:-30] = 255
    page[20:-36, -40:-36] = 255
    page[-40:-10, 90:94] = 255
    found = find_grids(find_rulings(page, DPI), DPI)
    assert [(grid.n_rows, grid.n_columns, len(grid.spans)) for grid in found] == [(6, 5, 30)]


def test_rules_drawn_double_are_one() -> None:
    ink = ink_of_table(4, 5)
    for column in range(6):
        ink[40:223, 46 + column * 100 : 48 + column * 100] = 255
    (grid,) = find_grids(find_rulings(ink, DPI), DPI)
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (4, 5, 20)


def test_a_stump_of_a_rule_makes_no_column() -> None:
    ink = ink_of_table(4, 5)
    ink[40:75, 80:83] = 255  # as high as half a row, below the rule
    (grid,) = find_grids(find_rulings(ink, DPI), DPI)
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (4, 5, 20)
