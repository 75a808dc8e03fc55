"""The ink of a cell: print is kept, dirt is not, signs are known by their shape."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.text.cell_noise import is_bare, remove_noise
from ocr.text.ink import Band, bands_of, is_stacked, lines_of, print_of
from ocr.text.slashes_dashes import dashes_in, is_slash, slant_of

DPI = 200.0


def paper(height: int = 60, width: int = 120) -> np.ndarray:
    return np.zeros((height, width), np.uint8)


def stroke(ink: np.ndarray, start: tuple[int, int], end: tuple[int, int], width: int = 3) -> np.ndarray:
    return cv2.line(ink, start, end, 255, width)


def cut(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("lean", [8, 10, 16])
def test_a_leaning_stroke_is_a_slash(lean: int) -> None:
    assert is_slash(cut(stroke(paper(), (30 + lean, 10), (30, 32))))


def test_an_upright_stroke_is_no_slash() -> None:
    assert not is_slash(cut(stroke(paper(), (40, 10), (40, 32))))


def test_a_seven_is_no_slash() -> None:
    seven = stroke(stroke(paper(), (30, 10), (44, 10)), (44, 10), (35, 32))
    assert not is_slash(cut(seven))


def test_two_touching_digits_are_no_slash() -> None:
    """A 17 whose digits touch leans as a whole, but has two runs of ink in most rows."""
    one = stroke(paper(), (30, 10), (30, 32))
    seventeen = stroke(stroke(one, (30, 10), (48, 10)), (48, 10), (40, 32))
    assert not is_slash(cut(seventeen))


def test_a_backslash_is_no_slash() -> None:
    assert not is_slash(cut(stroke(paper(), (30, 10), (40, 32))))


def test_specks_and_rests_of_rules_are_no_print() -> None:
    ink = stroke(paper(), (40, 15), (40, 40), 4)
    dirty = ink.copy()
    dirty[5, 90:92] = 255  # a speck
    dirty[:, 0:2] = 255  # a rest of the rule at the left
    dirty[0:3, 20:100] = 255  # a fringe along the upper rule
    assert (print_of(dirty, DPI) == ink).all()


def test_a_decimal_point_near_the_lower_rule_is_print() -> None:
    ink = paper(height=40)
    ink[8:38, 20:36] = 255
    ink[33:38, 42:47] = 255  # the point, as low as the digits
    ink[8:38, 52:68] = 255
    assert (print_of(ink, DPI) == ink).all()


def test_strokes_of_one_character_are_one_line_and_two_lines_are_two() -> None:
    ink = paper(height=120)
    for top in (10, 22, 34):  # 三
        ink[top : top + 4, 20:50] = 255
    ink[70:100, 20:50] = 255
    assert len(bands_of(ink)) == 4
    assert [(line.top, line.bottom) for line in lines_of(ink, em=30)] == [(10, 38), (70, 100)]


def test_single_characters_one_below_another_are_a_stack() -> None:
    ink = paper(height=160, width=60)
    for top in (10, 50, 90):
        ink[top : top + 28, 15:43] = 255
    assert is_stacked(lines_of(ink, em=28), em=28)


def dash_in_cell(left: int, right: int, row: int, thick: int = 3) -> tuple[np.ndarray, Band]:
    ink = paper()
    ink[row : row + thick, left:right] = 255
    return ink, Band(left, row, right, row + thick)


@pytest.mark.parametrize("right", [48, 58, 70])
def test_a_level_stroke_in_the_middle_of_a_cell_is_a_dash(right: int) -> None:
    assert dashes_in(*dash_in_cell(40, right, 30), em=28) == 1


@pytest.mark.parametrize("place", [(40, 70, 2), (40, 70, 56), (0, 30, 30), (0, 120, 30)])
def test_a_rest_of_a_rule_at_the_edge_of_a_cell_is_no_dash(place: tuple[int, int, int]) -> None:
    assert dashes_in(*dash_in_cell(*place), em=28) == 0


def test_a_digit_is_no_dash() -> None:
    ink = paper()
    ink[20:40, 50:60] = 255
    assert dashes_in(ink, Band(50, 20, 60, 40), em=28) == 0


def test_three_touching_digits_are_no_dash() -> None:
    """A 464 at 150 dpi has ink in every column and is wider than high."""
    ink = paper()
    ink[20:40, 40:85] = 255
    ink[24:30, 45:80] = 0
    assert dashes_in(ink, Band(40, 20, 85, 40), em=28) == 0


def test_two_strokes_in_a_row_are_two_dashes() -> None:
    ink, _ = dash_in_cell(40, 50, 30)
    ink[30:33, 54:64] = 255
    assert dashes_in(ink, Band(40, 30, 64, 33), em=28) == 2


def test_a_slash_leans_more_than_an_italic_one_and_an_upright_one_not_at_all() -> None:
    assert slant_of(cut(stroke(paper(), (42, 10), (34, 32)))) > 0.28
    assert 0.1 < slant_of(cut(stroke(paper(), (40, 10), (35, 32)))) < 0.28
    assert abs(slant_of(cut(stroke(paper(), (40, 10), (40, 32))))) < 0.05


def test_the_flag_of_a_one_leans_the_other_way() -> None:
    one = stroke(stroke(paper(), (40, 10), (40, 32)), (34, 15), (40, 10))
    assert slant_of(cut(one)) <= 0


def test_a_cell_of_no_size_has_no_print() -> None:
    assert print_of(np.zeros((0, 40), np.uint8), DPI).size == 0


EM = 30.0


def digit(ink: np.ndarray, left: int) -> np.ndarray:
    return cv2.rectangle(ink, (left, 20), (left + 12, 41), 255, 3)


def test_marks_beside_above_and_below_digits_are_no_print() -> None:
    ink = digit(digit(paper(), 50), 68)
    dirty = ink.copy()
    dirty[5:9, 55:60] = 255  # above
    dirty[30:34, 10:14] = 255  # beside
    dirty[30:33, 108:113] = 255  # beside, on the right
    assert (remove_noise(dirty, EM, DPI) == ink).all()


def test_signs_and_points_of_a_number_are_print() -> None:
    ink = digit(digit(paper(), 50), 76)
    ink[38:42, 68:71] = 255  # a decimal point
    ink[29:32, 34:44] = 255  # a minus
    assert (remove_noise(ink, EM, DPI) == ink).all()


def test_a_lone_mark_is_kept_only_where_a_dash_would_stand() -> None:
    dash, corner = paper(), paper()
    dash[29:32, 54:66] = 255
    corner[8:11, 20:32] = 255
    assert (remove_noise(dash, EM, DPI) == dash).all()
    assert not remove_noise(corner, EM, DPI).any()


def test_the_pieces_of_a_broken_digit_are_not_marks() -> None:
    ink = digit(paper(), 54)
    ink[27:29] = 0
    ink[34:36] = 0
    assert (remove_noise(ink, EM, DPI) == ink).all()


def test_a_part_of_a_digit_is_no_dash() -> None:
    five = paper()
    five[20:25, 50:64] = 255  # the bar of a 5 that lost its stem
    cv2.rectangle(five, (50, 31), (64, 41), 255, 2)
    assert (remove_noise(five, EM, DPI) == five).all()


def test_a_broken_digit_beside_a_whole_one_and_a_dash_with_a_speck_stay() -> None:
    ink = digit(paper(), 40)
    cv2.rectangle(ink, (62, 29), (72, 41), 255, 2)  # the bowl of a 5
    assert (remove_noise(ink, EM, DPI) == ink).all()
    dash = paper()
    dash[29:33, 55:64] = dash[25:29, 58:61] = 255
    assert (remove_noise(dash, EM, DPI) == dash).all()


def test_the_dashes_of_two_cells_run_together_are_print() -> None:
    ink = paper()
    ink[29:32, 15:27] = ink[29:32, 95:107] = 255
    assert (remove_noise(ink, EM, DPI) == ink).all()


def test_a_slash_stays_one_with_specks_at_it_and_a_seven_is_none() -> None:
    slash = stroke(paper(), (44, 10), (34, 36), 3)
    slash[18:20, 36:38] = slash[30:32, 38:41] = 255
    slash[25] = 0
    assert is_slash(cut(slash))
    assert not is_slash(cut(stroke(stroke(paper(), (44, 10), (34, 36), 3), (32, 10), (44, 10), 3)))


def test_a_cell_with_a_broken_digit_taken_for_dirt_is_not_bare() -> None:
    ink = paper()
    for top in range(18, 42, 4):
        ink[top : top + 2, 58:61] = 255
    assert not is_bare(ink, EM, DPI)
    specks = paper()
    specks[20:22, 20:22] = specks[44:46, 90:92] = 255
    assert is_bare(specks, EM, DPI)
