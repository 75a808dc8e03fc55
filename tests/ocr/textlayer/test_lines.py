"""Characters of a text layer come back in reading order."""

from __future__ import annotations

from ocr.documents.base import Char
from ocr.model import Box
from ocr.textlayer.lines import text_of, visible_characters


def char(text: str, x: float, y: float, size: float = 10.0) -> Char:
    box = Box(x, y, x + size, y + size)
    return Char(text, box, box, font=1, visible=True, mapped=True)


def line(text: str, x: float, y: float, pitch: float = 10.0) -> list[Char]:
    return [char(letter, x + pitch * index, y) for index, letter in enumerate(text)]


def tall(text: str, x: float) -> list[Char]:
    """Digits of 10 points in type whose lines are 14.5 points high."""
    places = [x + 5.6 * index for index in range(len(text))]
    return [
        Char(letter, Box(left + 0.7, 3, left + 4.9, 11), Box(left, 0, left + 5.6, 14.5), 1, True, True)
        for letter, left in zip(text, places, strict=True)
    ]


def column(text: str, x: float, y: float) -> list[Char]:
    return [char(letter, x, y + 10.5 * index) for index, letter in enumerate(text)]


def test_a_wrapped_label_is_read_line_by_line() -> None:
    assert text_of(line("社会公益", 0, 0) + line("组织", 0, 14)) == "社会公益组织"


def test_a_stacked_label_is_read_from_top_to_bottom() -> None:
    assert text_of(column("结果维持", 0, 0)) == "结果维持"


def test_interleaved_characters_are_put_back_in_order() -> None:
    scattered = sorted(column("结果维持", 0, 0), key=lambda char: char.text)
    assert text_of(scattered) == "结果维持"


def test_vertical_columns_are_read_from_right_to_left() -> None:
    right, left = column("三本年度", 20, 0), column("办理结果", 0, 0)
    assert text_of(left + right) == "三本年度办理结果"


def test_two_values_in_one_cell_never_look_like_one_number() -> None:
    assert text_of(line("12", 0, 0, 5) + line("34", 60, 0, 5)) == "12 34"


def test_two_values_with_a_space_between_are_parted_however_tall_the_lines_of_their_type_are() -> None:
    """A space is 0.22 em wide in faces whose lines are 1.45 em high, digits 0.56 em."""
    assert text_of(tall("3", 0) + tall("5", 5.6 + 2.2)) == "3 5"
    assert text_of(tall("1", 0) + tall("264", 5.6 + 2.2)) == "1 264"
    assert text_of(tall("1264", 0)) == "1264"


def test_values_below_each_other_are_no_vertical_print() -> None:
    assert text_of(column("35", 0, 0), width=80) == "3 5"
    assert text_of(column("-5", 0, 0), width=80) == "- 5"
    assert text_of(column("３５", 0, 0), width=80) == "３ ５"


def test_a_number_in_a_column_as_wide_as_a_digit_goes_on_below() -> None:
    assert text_of(column("35", 0, 0), width=12) == "35"


def test_a_character_drawn_twice_to_look_bold_is_read_once() -> None:
    doubled = [char("0", 0, 0), char("0", 0.3, 0), char("1", 10, 0), char("1", 10.3, 0)]
    assert text_of(visible_characters(doubled)) == "01"


def test_a_digit_printed_twice_side_by_side_is_read_twice() -> None:
    assert text_of(visible_characters(line("00", 0, 0, 5.5))) == "00"


def test_hidden_characters_are_not_printed() -> None:
    ghost = Char("9", Box(0, 0, 5, 10), Box(0, 0, 5, 10), font=1, visible=False, mapped=True)
    assert visible_characters([ghost]) == []


def test_a_number_goes_on_below_only_where_its_cell_is_full() -> None:
    wrapped = line("46", 2, 0, 5) + line("4", 4, 12, 5)
    assert text_of(wrapped, width=18) == "464"
    assert text_of(wrapped, width=60) == "46 4"


def test_the_same_digit_twice_is_two_in_a_font_whose_lines_are_high() -> None:
    places = (0.0, 5.5)
    digits = [Char("6", Box(x, 10, x + 4.6, 17), Box(x, 0, x + 5.5, 21), 1, True, True) for x in places]
    assert text_of(visible_characters(digits)) == "66"
    bold = [Char("6", Box(x, 10, x + 4.6, 17), Box(x, 0, x + 5.5, 21), 1, True, True) for x in (0.0, 0.4)]
    assert text_of(visible_characters(bold)) == "6"
