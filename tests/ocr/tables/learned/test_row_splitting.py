"""Rows of a proposed grid with several printed rows in them are parted where their figures stand in line."""

from __future__ import annotations

from ocr.tables.borderless.words import Word, lines_of
from ocr.tables.grid import Grid, Span
from ocr.tables.learned.row_splitting import with_stacked_rows_apart

EM = 20.0
XS, YS = (0.0, 100.0, 200.0, 300.0, 400.0), (0.0, 60.0, 160.0)
CELLS = tuple(Span(r, c, 1, 1) for r in range(2) for c in range(1, 4))
GRID = Grid(XS, YS, (Span(0, 0, 2, 1), *CELLS))


def word(column: int, top: float, figures: bool = True) -> Word:
    return Word(100 * column + 30, top, 100 * column + 70, top + 20, figures)


def parted(*words: Word) -> Grid:
    head = [word(column, 20) for column in range(1, 4)]
    return with_stacked_rows_apart(GRID, lines_of([*head, *words]), EM)


def test_figures_in_line_are_rows_of_their_own() -> None:
    found = parted(*(word(column, top) for column in range(1, 4) for top in (70, 100, 130)))
    assert found.ys == (0.0, 60.0, 95.0, 125.0, 160.0)
    assert found.spans[0] == Span(0, 0, 4, 1)
    assert {(span.row, span.row_span) for span in found.spans[1:]} == {(row, 1) for row in range(4)}


def test_lines_of_text_are_not() -> None:
    words = [word(column, top, figures=False) for column in range(1, 4) for top in (70, 100, 130)]
    assert parted(*words) is GRID


def test_nor_what_stands_at_other_heights_or_goes_over() -> None:
    uneven = [word(column, top + 9 * column) for column in range(1, 4) for top in (70, 110)]
    assert parted(*uneven) is GRID
    label = Word(310, 84, 390, 110)
    assert parted(*(word(column, top) for column in (1, 2) for top in (70, 110)), label) is GRID


def test_a_cell_with_fewer_lines_keeps_them_where_they_stand() -> None:
    wide = Grid(
        (*XS, 500.0), YS, (Span(0, 0, 2, 1), *(Span(r, c, 1, 1) for r in range(2) for c in range(1, 5)))
    )
    words = [word(column, top) for column in range(1, 4) for top in (70, 110)]
    found = with_stacked_rows_apart(wide, lines_of([*words, word(4, 70)]), EM)
    assert found.n_rows == 3
