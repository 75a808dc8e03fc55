"""Digits that are smaller than those beside them: the mark of a note, or what nobody can tell.

In the text layer 185 with a raised 1 behind it is the digits 1851; size and place tell them apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from ocr.documents.base import Char
from ocr.text.digits.marks import RAISED

# Digits of one size differ by less than this share in the size of their type. Raised ones are set 0.5 to
# 0.7 as large by twelve programs and style sheets, 0.83 by browsers.
_SMALLER = 0.88
# Their feet stand this share of a digit's height and more over the line (0.2 em and more in all of those).
_OVER_THE_LINE = 0.15
# Digits of the size and font of the first stand off its line by more than this share of their height, or on
# it; word processors raise and lower by 0.2 em and more, and a digit is 0.73 em high.
_OFF_THE_LINE = 0.15
# Figures made raised by their face have the type of the others; they are so much lower, and reach
# above them. Old-style figures never do both.
_LOWER, _ABOVE = 0.75, 0.03
# No note has a longer number.
_LONGEST = 2


def digit_texts(run: Sequence[Char]) -> list[str]:
    """Return the text of each character of a run, from left to right; a digit of a note is raised there too.

    Digits of unlike size that are no note are parted by a space: nobody can tell that they are one number.
    """
    texts = [char.text for char in run]
    digits = [index for index, char in enumerate(run) if char.text.isdecimal()]
    small = _smaller([run[index] for index in digits])
    if not any(small):
        return texts
    tall = [run[index] for index, is_small in zip(digits, small, strict=True) if not is_small]
    notes = {index for index, is_small in zip(digits, small, strict=True) if is_small}
    if _is_note(sorted(notes), run, tall):
        return [_raised(text) if index in notes else text for index, text in enumerate(texts)]
    for before, after in pairwise(digits):
        if after == before + 1 and (before in notes) != (after in notes):
            texts[after] = " " + texts[after]
    return texts


def _raised(text: str) -> str:
    return str(unicodedata.decimal(text)).translate(RAISED)


def _smaller(digits: Sequence[Char]) -> list[bool]:
    """Tell which digits are smaller than the others, or of their size and set off their line."""
    if len(digits) < 2:
        return [False] * len(digits)
    size = max(char.loose.height for char in digits)
    top = min(char.box.top for char in digits if char.loose.height >= _SMALLER * size)
    height = max(char.box.height for char in digits)
    first = next(char for char in digits if char.loose.height >= _SMALLER * size)
    return [
        char.loose.height < _SMALLER * size
        or (
            char is not first
            and char.box.height < _LOWER * height
            and first.box.top - char.box.top > _ABOVE * height
            and char.box.top <= top
        )
        or (char.font == first.font and abs(char.loose.bottom - first.loose.bottom) > _OFF_THE_LINE * height)
        for char in digits
    ]


def _is_note(places: Sequence[int], run: Sequence[Char], tall: Sequence[Char]) -> bool:
    """Tell whether small digits are the last of a run, few, and raised."""
    at_end = list(places) == list(range(len(run) - len(places), len(run)))
    foot, height = max(char.box.bottom for char in tall), max(char.box.height for char in tall)
    over = all(foot - run[place].box.bottom > _OVER_THE_LINE * height for place in places)
    return at_end and len(places) <= _LONGEST and over
