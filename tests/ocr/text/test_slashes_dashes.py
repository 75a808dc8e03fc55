"""Signs of a dirty table are believed where several are alike, and only there."""

import pytest

from ocr.model import Box, Cell
from ocr.text.slashes_dashes import BY_DIRTY_SHAPE, BY_SHAPE, confirm_signs


def cell(text: str, confidence: float = BY_DIRTY_SHAPE) -> Cell:
    return Cell(0, 0, 1, 1, text, Box(0, 0, 10, 10), confidence, 1, "none", inked=True)


def confidences(cells: list[Cell], sizes: list[tuple[int, int]]) -> list[float]:
    return [cell.confidence for cell in confirm_signs(cells, sizes)]


@pytest.mark.parametrize("sign", ["-", "/"])
def test_four_signs_alike_vouch_for_each_other(sign: str) -> None:
    assert confidences([cell(sign)] * 4, [(10, 4), (11, 4), (10, 5), (9, 4)]) == [BY_SHAPE] * 4


def test_three_are_too_few_and_another_sign_is_no_witness() -> None:
    cells = [cell("-"), cell("-"), cell("-"), cell("/")]
    assert confidences(cells, [(10, 4)] * 4) == [BY_DIRTY_SHAPE] * 4


def test_a_mark_of_another_size_is_not_vouched_for() -> None:
    cells = [cell("-")] * 5
    assert confidences(cells, [(10, 4)] * 4 + [(5, 4)]) == [BY_SHAPE] * 4 + [BY_DIRTY_SHAPE]


def test_a_sign_that_was_read_vouches_for_nothing_and_keeps_its_confidence() -> None:
    cells = [cell("-", 0.6), cell("-", 0.6), *[cell("-")] * 3]
    assert confidences(cells, [(10, 4)] * 5) == [0.6, 0.6, *[BY_DIRTY_SHAPE] * 3]
