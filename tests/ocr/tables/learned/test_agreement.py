"""How well a grid agrees with the print."""

from __future__ import annotations

import pytest

from ocr.tables.borderless.words import Word, lines_of
from ocr.tables.grid import Grid, Span
from ocr.tables.learned.agreement import agreement

EM = 20.0


def grid(xs: tuple[float, ...], ys: tuple[float, ...]) -> Grid:
    spans = tuple(Span(r, c, 1, 1) for r in range(len(ys) - 1) for c in range(len(xs) - 1))
    return Grid(xs, ys, spans)


def word(left: float, top: float, figures: bool = True) -> Word:
    return Word(left, top, left + 40, top + 20, figures)


WORDS = [word(100 * c + 30, 60 * r + 20) for r in range(4) for c in range(3)]
COLUMNS, ROWS = (0.0, 100.0, 200.0, 300.0), (0.0, 60.0, 120.0, 180.0, 240.0)


def test_print_in_cells_of_its_own_agrees_wholly():
    assert agreement(grid(COLUMNS, ROWS), lines_of(WORDS), EM) == 1.0


@pytest.mark.parametrize(
    ("xs", "ys", "share"),
    [
        (COLUMNS, (0.0, 240.0), 0.25),  # figures of four rows in one
        ((0.0, 300.0), ROWS, 0.0),  # three columns in one, each beside two others
        ((0.0, 50.0, 100.0, 200.0, 300.0), ROWS, 2 / 3),  # a line through a column
        (COLUMNS, (0.0, 60.0, 120.0), 0.5),  # half of the print outside
    ],
)
def test_print_that_shares_goes_over_or_lies_outside_does_not(xs, ys, share):
    assert agreement(grid(xs, ys), lines_of(WORDS), EM) == pytest.approx(share, abs=0.01)


def test_lines_of_a_text_may_share_a_cell():
    words = [word(30, 20 + 30 * n, figures=False) for n in range(4)]
    assert agreement(grid((0.0, 100.0), (0.0, 200.0)), lines_of(words), EM) == 1.0


def test_nothing_agrees_with_no_print():
    assert agreement(grid(COLUMNS, ROWS), [], EM) == 0.0
