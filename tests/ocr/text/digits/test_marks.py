"""Numbers with marks of notes and strokes, told by their ink."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.text.digits.marks import Mask, Note, find_note, is_struck, marks_of, print_mask
from ocr.text.ink import Band
from tests.support.printed_numbers import BASE, FACES, LEFT, print_number, width_of

NUMBERS = ("0", "4", "8", "44", "185", "1431", "96", "62", "1,234", "861.83", "777", "500")


def strike(cell: Pixels, left: float, right: float, at: int = BASE - 7) -> Pixels:
    struck = cell.copy()
    struck[at : at + 2, round(left) : round(right)] = 0
    return struck


def mask_of(cell: Pixels) -> Mask:
    rows, columns = np.nonzero((cell < 128).any(axis=2))
    return print_mask(
        cell, Band(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    )


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("text", NUMBERS)
def test_plain_numbers_have_neither_note_nor_stroke(text: str, face: str) -> None:
    mask = mask_of(print_number(text, face))
    assert not is_struck(mask, text)
    assert find_note(mask) is None


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("note", ["1", "2", "7", "12"])
def test_a_raised_number_begins_where_it_is_printed(note: str, face: str) -> None:
    found = find_note(mask_of(print_number("185", face, note)))
    assert found is not None
    assert found.start == pytest.approx(width_of("185", face), abs=3)


@pytest.mark.parametrize("face", FACES)
def test_a_smaller_digit_on_the_line_may_be_anything(face: str) -> None:
    assert find_note(mask_of(print_number("37", face, "2", rise=0))) == Note(None)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("struck", "number"), [("12", "15"), ("3", "8"), ("40", "46"), ("5", "47"), ("12", "")]
)
def test_a_stroke_through_digits_is_seen(struck: str, number: str, face: str) -> None:
    cell = strike(print_number(struck + number, face), LEFT, LEFT + width_of(struck, face))
    assert is_struck(mask_of(cell), struck + number)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("text", ["22", "185", "77", "1431"])
@pytest.mark.parametrize("rise", [-8, 5, 9])
def test_a_stroke_aslant_through_digits_is_seen(rise: int, text: str, face: str) -> None:
    cell = print_number(text, face).copy()
    ends = (LEFT - 2, BASE - 8 + rise), (LEFT + round(width_of(text, face)) + 2, BASE - 8 - rise)
    cv2.line(cell, *ends, (0, 0, 0), 2)
    assert is_struck(mask_of(cell), text)


@pytest.mark.parametrize("face", FACES)
def test_an_underline_is_no_stroke(face: str) -> None:
    cell = strike(print_number("1215", face), LEFT + 28, LEFT + 58, BASE + 1)
    assert not is_struck(mask_of(cell), "1215")


def test_digits_are_marks_of_their_own() -> None:
    assert len(marks_of(mask_of(print_number("1431", FACES[0])))) == 4
