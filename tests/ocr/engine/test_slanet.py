"""What the model says of a picture, as rows, cells and spans."""

from __future__ import annotations

from ocr.engine.slanet import _placed, _Told, table_model
from tests.support.drawn_pages import drawn, values

CORNERS = (0.0, 0.0, 9.0, 0.0, 9.0, 5.0, 0.0, 5.0)


def test_the_model_sees_the_rows_and_columns_of_a_picture():
    rows = [(60 + 44 * n, row) for n, row in enumerate(values(7, 4))]
    view = drawn(rows, (30, 330, 550, 770), across=range(26, 350, 44), down=(10, 300, 520, 740, 950))
    picture = view.pixels[20:340, :960]
    told = table_model().structure(picture)
    assert (told.n_rows, told.n_columns, len(told.cells)) == (7, 4, 28)
    for cell in told.cells:
        middle = (cell.top + cell.bottom) / 2
        assert abs(middle - (32 + 44 * cell.row)) < 22
        assert 0 <= cell.left < cell.right <= 1000


def test_cells_are_laid_as_html_lays_them():
    def cell(down: int = 1, across: int = 1) -> _Told:
        return _Told(down, across, CORNERS)

    placed = list(_placed([[cell(2), cell(1, 2)], [cell(), cell()], [cell(), cell(), cell()]]))
    assert [(one.row, one.column, one.row_span, one.column_span) for one in placed] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
        (2, 0, 1, 1),
        (2, 1, 1, 1),
        (2, 2, 1, 1),
    ]


def test_a_cell_ends_with_the_table():
    (one,) = _placed([[_Told(5, 1, CORNERS)]])
    assert one.row_span == 1
    assert (one.left, one.top, one.right, one.bottom) == (0.0, 0.0, 9.0, 5.0)
