"""Numbers of a table that their ink does not bear out: print left over, or a digit that looks like another.

A report prints its digits in one face, dozens of times. A 4 that was read as 1 looks like the 4s of its
table and not like its 1s, however sure the recogniser is; a 7 that it left out makes the print wider than
one digit is. Measured on the pages of ocr/text/digits/marks.py: of 2,600 numbers read right 1 is doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike

from ocr.model import Cell, in_doubt
from ocr.tables.rule_removal import CleanedPage
from ocr.text.cell_crops import CellCrop
from ocr.text.cell_noise import is_bare
from ocr.text.digits.ink_tones import is_coloured_in_part, is_of_two_inks
from ocr.text.digits.marks import Mask, marks_of, print_mask
from ocr.text.ink import Band, lines_of

Shapes = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

# Shapes keep their hairlines (ocr/text/digits/marks.py parts digits by a darker one).
_DARK = 0.35
# A digit takes the pitch of its table, where at least so many numbers tell it: that which so many in a
# hundred stay below, and no less than the third; else the fourth, in heights.
_TELLING, _MOST, _LEAST_PITCH, _PITCH = 4, 75, 0.62, 0.9
# Print that reaches half a digit farther was not read; nor was a quarter, if several digits have more marks.
_MORE, _MORE_IN_MARKS = 0.5, 0.25
# What is between two digits, in heights.
_BETWEEN = 0.1
# A side of a shape and the height of a digit in it, in pixels; how far it is softened.
_SIDE, _HEIGHT, _SOFT = 28, 20, 1.0
# A kind of digits has so many examples. A digit is doubted that is so much more like another kind than like
# its own or, if its own has fewer, as much like another as this: unlike digits are to 0.89.
_EXAMPLES, _RATHER, _SAME = 3, 0.06, 0.94


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of one line in a table, with a sign or a comma if any: which cell, its text, its print."""

    index: int
    text: str
    line: Band
    mask: Mask


def doubt_numbers(
    cells: Sequence[Cell], cuts: Sequence[CellCrop], cleaned: CleanedPage, em: float
) -> list[Cell]:
    """Doubt the numbers whose print does not bear them out; `cuts` are of the same cells."""
    signed = list(_numbers(cells, cuts, cleaned, em))
    numbers = [number for number in signed if number.text.isdecimal()]
    doubted = {
        *_wider_than_read(numbers),
        *(number.index for number in numbers if _has_more(cuts[number.index], cleaned, em)),
        *_unlike_their_kind(numbers),
        *(number.index for number in signed if _is_of_two_inks(number, cuts[number.index], cleaned)),
    }
    return [in_doubt(cell) if index in doubted else cell for index, cell in enumerate(cells)]


def _numbers(
    cells: Sequence[Cell], cuts: Sequence[CellCrop], cleaned: CleanedPage, em: float
) -> Iterator[_Number]:
    for index, (cell, cut) in enumerate(zip(cells, cuts, strict=True)):
        is_number = cell.text.isascii() and any(map(str.isdecimal, cell.text))
        if is_number and len(lines := lines_of(cut.ink, em)) == 1:
            clean = cleaned.clean[cut.top : cut.bottom, cut.left : cut.right]
            yield _Number(index, cell.text, lines[0], print_mask(clean, lines[0], _DARK))


def _wider_than_read(numbers: Sequence[_Number]) -> Iterator[int]:
    """Yield numbers whose print reaches farther than their digits do."""
    widths = [number.line.width / number.line.height for number in numbers]
    pitches = [
        (width + _BETWEEN) / len(number.text)
        for width, number in zip(widths, numbers, strict=True)
        if len(number.text) > 1
    ]
    told = max(_LEAST_PITCH, float(np.percentile(pitches, _MOST))) if len(pitches) >= _TELLING else _PITCH
    for width, number in zip(widths, numbers, strict=True):
        more = width / told - len(number.text)
        more_marks = 1 < len(number.text) < len(marks_of(number.mask))
        if more > (_MORE_IN_MARKS if more_marks else _MORE):
            yield number.index


def _has_more(cut: CellCrop, cleaned: CleanedPage, em: float) -> bool:
    """Tell whether a cell has ink as high as a digit beside its print: taken for dirt it may be one."""
    rest = cleaned.ink[cut.top : cut.bottom, cut.left : cut.right].copy()
    left, top, width, height = cv2.boundingRect(cut.ink)
    rest[max(0, top - 3) : top + height + 3, max(0, left - 3) : left + width + 3] = 0
    return not is_bare(rest, em, cleaned.view.dpi)


def _is_of_two_inks(number: _Number, cut: CellCrop, cleaned: CleanedPage) -> bool:
    if cleaned.inks is None:
        return False
    line, coloured = number.line, cleaned.inks.coloured
    place = np.s_[cut.top + line.top : cut.top + line.bottom, cut.left + line.left : cut.left + line.right]
    if coloured is not None and is_coloured_in_part(cleaned.ink[place], coloured[place]):
        return True
    return is_of_two_inks(cleaned.inks.pixels[place], marks_of(number.mask))


def _unlike_their_kind(numbers: Sequence[_Number]) -> Iterator[int]:
    """Yield numbers with a digit that is more like those of another kind in the table than like its own."""
    parted = [
        (number, marks) for number in numbers if len(marks := marks_of(number.mask)) == len(number.text)
    ]
    if not parted:
        return
    height = float(np.median([mark.height for _, marks in parted for mark in marks]))
    shapes = np.array([_shape(number.mask, mark, height) for number, marks in parted for mark in marks])
    digits = np.array([digit for number, _ in parted for digit in number.text])
    owners = [number.index for number, _ in parted for _ in number.text]
    kinds = [digit for digit, count in Counter(digits.tolist()).items() if count >= _EXAMPLES]
    if len(kinds) < 2:
        return
    typical = np.array([_unit(np.median(shapes[digits == kind], axis=0)) for kind in kinds])
    likeness = shapes @ typical.T
    for owner, digit, row in zip(owners, digits.tolist(), likeness, strict=True):
        others = max(alike for kind, alike in zip(kinds, row, strict=True) if kind != digit)
        own = row[kinds.index(digit)] + _RATHER if digit in kinds else _SAME
        if others > own:
            yield owner


def _shape(mask: Mask, mark: Band, height: float) -> Shapes:
    """Draw a mark amid a square, softened, as a vector of length 1; `height` is that of digits."""
    ink = mask[mark.top : mark.bottom, mark.left : mark.right].astype(np.float32)
    scale = _HEIGHT / height
    size = [min(_SIDE, max(1, round(scale * side))) for side in (mark.width, mark.height)]
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    square = np.zeros((_SIDE, _SIDE), np.float32)
    top, left = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return _unit(cv2.GaussianBlur(square, (0, 0), _SOFT).ravel())


def _unit(drawn: MatLike) -> Shapes:
    vector = np.asarray(drawn, dtype=np.float32)
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)
