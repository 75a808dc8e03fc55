"""The lattice of a learned structure runs where rules do, else where the print leaves room."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.engine.base import LearnedCell, LearnedTable
from ocr.tables.learned.lattice import Around, grid_of

SIZE = (300, 400)


def table(*cells: tuple[int, int, int, int, tuple[float, float, float, float]]) -> LearnedTable:
    made = tuple(LearnedCell(row, column, down, across, *box) for row, column, down, across, box in cells)
    rows = max(cell.row + cell.row_span for cell in made)
    return LearnedTable(rows, max(cell.column + cell.column_span for cell in made), made)


def lattice(rows: int, columns: int, off: float = 0.0) -> LearnedTable:
    """Cells of 100 × 100 pixels, told `off` from where they are."""
    return table(
        *(
            (r, c, 1, 1, (100 * c + 20 + off, 100 * r + 20 + off, 100 * c + 80 + off, 100 * r + 80 + off))
            for r in range(rows)
            for c in range(columns)
        )
    )


def around(print_=None, across=None, down=None) -> Around:
    empty = np.zeros(SIZE, np.uint8)
    masks = (empty if mask is None else mask for mask in (print_, across, down))
    return Around(*masks, edges=(0.0, 0.0, 400.0, 300.0))


def ink(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros(SIZE, np.uint8)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = 255
    return mask


def test_lines_run_through_the_room_between_the_print():
    words = ink(
        *((100 * c + 30, 100 * r + 45, 100 * c + 60, 100 * r + 75) for r in range(3) for c in range(4))
    )
    grid = grid_of(lattice(3, 4, off=12.0), around(words))
    assert grid.ys == pytest.approx((0, 110, 210, 300), abs=2)
    assert (grid.xs[0], grid.xs[-1]) == (0, 400)
    assert all(100 * n - 40 <= x <= 100 * n + 30 for n, x in enumerate(grid.xs[1:-1], 1))
    assert len(grid.spans) == 12


def test_a_rule_is_where_rows_part():
    across = ink((0, 88, 400, 90))
    grid = grid_of(lattice(3, 4), around(across=across))
    assert grid.ys[1] == pytest.approx(88.5)


def test_a_stump_of_a_rule_parts_nothing():
    grid = grid_of(lattice(3, 4), around(across=ink((0, 70, 90, 72))))
    assert grid.ys[1] == pytest.approx(100, abs=2)


def test_a_line_that_goes_on_belongs_to_the_row_above():
    words = ink(
        (10, 40, 60, 60), (110, 40, 160, 60), (110, 80, 160, 100), (10, 130, 60, 150), (110, 130, 160, 150)
    )
    grid = grid_of(lattice(2, 4, off=-25.0), around(words))
    assert 100 <= grid.ys[1] <= 130


def test_a_cell_over_rows_does_not_hinder_them():
    box = (20.0, 20.0, 80.0, 180.0)
    cells = [(0, 0, 2, 1, box)]
    cells += [
        (r, c, 1, 1, (100 * c + 20, 100 * r + 20, 100 * c + 80, 100 * r + 80)) for r in (0, 1) for c in (1, 2)
    ]
    cells += [(2, c, 1, 1, (100 * c + 20, 220, 100 * c + 80, 280)) for c in range(3)]
    words = ink((30, 80, 60, 120), (130, 40, 160, 60), (130, 140, 160, 160))
    grid = grid_of(table(*cells), around(words))
    assert 60 <= grid.ys[1] <= 140
    assert next(span for span in grid.spans if span.row_span == 2).column == 0


def test_rows_out_of_order_are_no_lattice():
    told = table(
        (0, 0, 1, 1, (0, 200, 10, 220)),
        (1, 0, 1, 1, (0, 20, 10, 40)),
        (0, 1, 1, 1, (50, 200, 60, 220)),
        (1, 1, 1, 1, (50, 20, 60, 40)),
    )
    assert grid_of(told, around()) is None


def test_a_row_without_a_cell_of_its_own_is_no_lattice():
    assert grid_of(table((0, 0, 2, 1, (0, 0, 10, 90)), (0, 1, 2, 1, (50, 0, 60, 90))), around()) is None


PLACES = st.floats(-300, 900)


@given(
    st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.tuples(PLACES, PLACES, PLACES, PLACES), min_size=columns, max_size=columns),
            min_size=1,
            max_size=5,
        )
    ),
    st.booleans(),
)
def test_whatever_the_model_says_is_a_lattice_within_its_edges_or_none(boxes, dark):
    cells = [
        (r, c, 1, 1, (min(a, b), min(d, e), max(a, b), max(d, e)))
        for r, row in enumerate(boxes)
        for c, (a, b, d, e) in enumerate(row)
    ]
    grid = grid_of(table(*cells), around(np.full(SIZE, 255 if dark else 0, np.uint8)))
    if grid is not None:
        assert (grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]) == (0.0, 400.0, 0.0, 300.0)
        assert list(grid.xs) == sorted(set(grid.xs))
        assert list(grid.ys) == sorted(set(grid.ys))
        assert len(grid.spans) == len(cells)
