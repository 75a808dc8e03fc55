"""Digits of unlike size in a text layer."""

from __future__ import annotations

from ocr.documents.base import Char
from ocr.model import Box
from ocr.textlayer.lines import text_of

# Ink of a digit in em: its head and foot over the line; the type-set box from 0.9 to -0.2.
LINING = (0.72, 0.0)


def digits(
    text: str, left: float = 0.0, size: float = 10.0, rise: float = 0.0, ink: tuple[float, float] = LINING
) -> list[Char]:
    """Digits on a line at 100 points, half an em wide each."""
    base = 100 - rise
    return [
        Char(
            text=digit,
            box=Box(x, base - ink[0] * size, x + 0.45 * size, base - ink[1] * size),
            loose=Box(x, base - 0.9 * size, x + 0.5 * size, base + 0.2 * size),
            font=1,
            visible=True,
            mapped=True,
        )
        for digit, x in zip(text, (left + 0.5 * size * place for place in range(len(text))), strict=True)
    ]


def test_a_raised_digit_behind_a_number_is_raised_in_its_text() -> None:
    assert text_of(digits("185") + digits("1", 15, size=6, rise=3.8)) == "185¹"
    assert text_of(digits("185") + digits("12", 15, size=8.3, rise=3.3)) == "185¹²"


def test_a_raised_digit_of_full_width_or_of_the_size_of_the_number_is_raised_in_its_text() -> None:
    assert text_of(digits("185") + digits("１", 15, size=6, rise=3.8)) == "185¹"
    assert text_of(digits("185") + digits("1", 15, rise=3.0)) == "185¹"


def test_a_lowered_digit_of_the_size_of_the_number_is_parted_from_it() -> None:
    assert text_of(digits("12") + digits("64", 10, rise=-2.5)) == "12 64"
    assert text_of(digits("1", rise=3.0) + digits("26", 5)) == "1 26"


def test_raised_figures_of_a_face_of_their_own_are_raised() -> None:
    assert text_of(digits("37") + digits("2", 10, ink=(0.8, 0.36))) == "37²"


def test_old_style_figures_are_one_number() -> None:
    tall, hanging, short = (0.7, 0.0), (0.48, -0.22), (0.48, 0.0)
    number = digits("6", 0, ink=tall) + digits("3", 5, ink=hanging) + digits("1", 10, ink=short)
    assert text_of(number) == "631"
    assert text_of(digits("3", 0, ink=hanging) + digits("1", 5, ink=short)) == "31"


def test_a_smaller_digit_that_is_no_note_is_parted_from_the_number() -> None:
    assert text_of(digits("37") + digits("2", 10, size=6)) == "37 2"
    assert text_of(digits("2", 0, size=6, rise=3.8) + digits("37", 3)) == "2 37"


def test_a_number_of_one_size_is_left_alone() -> None:
    assert text_of(digits("1851")) == "1851"
