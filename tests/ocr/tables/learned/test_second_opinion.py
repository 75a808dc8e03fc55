"""Tables in doubt are looked at by the real model, and the grid that the print bears out is taken."""

from __future__ import annotations

import pytest

from ocr.page_analysis import PageAnalysis
from ocr.tables.learned import second_opinion
from tests.support.drawn_pages import drawn, values

LEFTS = (120, 420, 640, 860, 1080)
DOWN = (100, 400, 620, 840, 1060, 1290)
HEAD = ["Name", "2021", "2022", "2023", "2024"]


def rows_at(first: int, pitch: int, texts):
    return [(first + pitch * n, row) for n, row in enumerate(texts)]


def shapes(view) -> list[tuple[int, int]]:
    return [(grid.n_rows, grid.n_columns) for grid in PageAnalysis(view).tables.grids]


@pytest.fixture
def never(monkeypatch):
    """A model that must not be asked."""

    def asked():
        raise AssertionError("the model was asked")

    monkeypatch.setattr(second_opinion, "table_model", asked)


def test_rows_without_rules_between_them_are_told_apart():
    texts = values(9, 5)
    view = drawn([(180, HEAD), *rows_at(250, 44, texts)], LEFTS, across=(140, 200, 630), down=DOWN)
    analysis = PageAnalysis(view)
    (grid,) = analysis.tables.grids
    assert (grid.n_rows, grid.n_columns) == (10, 5)
    for n, (baseline, _) in enumerate(rows_at(250, 44, texts), 1):
        assert grid.ys[n] < baseline - 20 < baseline < grid.ys[n + 1]
    assert grid.ys[1] == pytest.approx(200, abs=3)  # where the rule is


def test_a_table_that_is_ruled_throughout_is_not_asked_about(never):
    across = [140, *range(200, 640, 44)]
    view = drawn([(180, HEAD), *rows_at(232, 44, values(9, 5))], LEFTS, across=across, down=DOWN)
    assert shapes(view) == [(len(across) - 1, 5)]


def test_text_in_two_columns_is_no_table():
    texts = [["some words of a text that", "", "", "goes on beside it in another"] for _ in range(12)]
    assert shapes(drawn(rows_at(150, 44, texts), LEFTS, scale=0.7)) == []


def test_without_the_weights_tables_are_as_they_were(monkeypatch):
    view = drawn([(180, HEAD), *rows_at(250, 44, values(9, 5))], LEFTS, across=(140, 200, 630), down=DOWN)
    monkeypatch.setattr(second_opinion, "table_model", lambda: None)
    assert shapes(view) == [(2, 5)]


def test_what_the_print_does_not_bear_out_is_not_taken(monkeypatch):
    view = drawn([(180, HEAD), *rows_at(250, 44, values(9, 5))], LEFTS, across=(140, 200, 630), down=DOWN)
    monkeypatch.setattr(second_opinion, "agreement", lambda grid, lines, em: 0.6)
    assert shapes(view) == [(2, 5)]
