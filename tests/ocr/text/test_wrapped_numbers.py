"""Two lines of digits are one number only where the cell has no room, or its row is surely one."""

from __future__ import annotations

import pytest

from ocr.text.wrapped_numbers import Extent, is_wrapped_number, whole_rows

TWO_LINES = [Extent(10, 30, 25), Extent(36, 56, 13)]


def test_a_number_goes_on_below_where_its_cell_is_full() -> None:
    assert is_wrapped_number(["16", "2"], TWO_LINES, width=36)
    assert not is_wrapped_number(["16", "2"], TWO_LINES, width=80)


def test_wide_padding_counts_as_full_where_the_row_is_surely_one() -> None:
    assert not is_wrapped_number(["16", "2"], TWO_LINES, width=65)
    assert is_wrapped_number(["16", "2"], TWO_LINES, width=65, one_row=True)


def test_two_values_a_row_apart_are_never_one_number() -> None:
    apart = [Extent(10, 30, 25), Extent(60, 80, 13)]
    assert not is_wrapped_number(["16", "2"], apart, width=36, one_row=True)


def test_short_numbers_with_room_beside_them_are_never_one() -> None:
    assert not is_wrapped_number(["1", "2"], [Extent(10, 30, 10), Extent(36, 56, 10)], 90, one_row=True)


@pytest.mark.parametrize(
    "texts", [["1,29", "1"], ["1,", "291"], ["25100", "0元"], ["385.9", "8"], ["385.", "98万元"]]
)
def test_separators_points_and_units_may_be_broken_off_too(texts: list[str]) -> None:
    lines = [Extent(10, 30, 40), Extent(36, 56, 30)]
    assert is_wrapped_number(texts, lines, width=48)


@pytest.mark.parametrize("texts", [["12", ",3"], ["1.2", "3.4"], ["规章", "12"], ["12", "/"]])
def test_what_together_is_no_number_is_not_joined(texts: list[str]) -> None:
    lines = [Extent(10, 30, 40), Extent(36, 56, 30)]
    assert not is_wrapped_number(texts, lines, width=48)


def test_a_single_line_in_the_middle_proves_its_row_to_be_one() -> None:
    middle = [Extent(23, 43, 10)]
    assert whole_rows([((2, 1), 0.0, 66.0, middle)]) == {(2, 1)}


@pytest.mark.parametrize("top", [6, 40])
def test_a_single_line_in_either_half_proves_nothing(top: float) -> None:
    """A value of one of two rows whose rule was lost; the other row is blank there."""
    assert whole_rows([((2, 1), 0.0, 66.0, [Extent(top, top + 20, 10)])]) == frozenset()


def test_lines_closer_than_rows_prove_their_row_to_be_one() -> None:
    close = [Extent(20, 40, 25), Extent(50, 70, 13)]
    assert whole_rows([((2, 1), 0.0, 90.0, close)]) == {(2, 1)}


@pytest.mark.parametrize("first_height", [30, 45, 60])
def test_the_lines_of_two_rows_run_together_prove_nothing(first_height: float) -> None:
    """Each line stands in the middle of its own row, however high the rows are."""
    upper, lower = first_height / 2, first_height + (90 - first_height) / 2
    lines = [Extent(middle - 10, middle + 10, 20) for middle in (upper, lower)]
    assert whole_rows([((2, 1), 0.0, 90.0, lines)]) == frozenset()
