"""Numbers that are longer than their cell."""

from __future__ import annotations

from ocr.documents.base import Char
from ocr.model import Box
from ocr.tables.grid import Span
from ocr.textlayer.cut_numbers import cut_numbers

LEFT, RIGHT = Span(0, 0, 1, 1), Span(0, 1, 1, 1)


def digits(text: str, left: float) -> list[Char]:
    """Digits of 10 points on one line, 5 points wide each."""
    boxes = [Box(left + 5.0 * place, 0, left + 5.0 * place + 5, 10) for place in range(len(text))]
    return [Char(digit, box, box, 1, True, True) for digit, box in zip(text, boxes, strict=True)]


def test_a_number_over_a_rule_is_cut_in_both_cells() -> None:
    number = digits("12345", 0)
    cells = {LEFT: number[:3], RIGHT: number[3:]}
    assert cut_numbers(number, cells) == {LEFT: "12345", RIGHT: "12345"}


def test_a_number_that_leaves_its_table_is_cut() -> None:
    number = digits("1,264", 0)
    assert cut_numbers(number, {RIGHT: number[:2]}) == {RIGHT: "1,264"}


def test_numbers_of_neighbouring_cells_are_whole() -> None:
    one, other = digits("123", 0), digits("45", 18)
    assert cut_numbers([*one, *other], {LEFT: one, RIGHT: other}) == {}
