"""The marks that a number is printed with: are they digits of one size, and does a stroke run through them?

The recogniser reads 185 with a raised 1 behind it as 1851, and digits that are struck out as if
they were not. Looked at closely the marks tell: their heights, their feet, and runs of ink that no digit has.
Shares were measured on 2,700 cells of 25 pages (clean scans, faxes, JPEG of quality 35, photographs) and on
marked and struck numbers in four faces at 150 to 200 dpi (bench/cases).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.text.ink import Band, bands_of

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NUMBER = re.compile(r"[0-9][0-9,.]*[⁰¹²³⁴-⁹]*")

# Dark enough to part digits that run together on the binarised page, but for 11 numbers of 2,700.
_DARK = 0.5
# Dust is lower than this share of the height of the digits; points and commas lie within it over the line.
_DUST = 0.3
# Heads and feet of the digits of a number are level to 0.12 of their height. Those of smaller print are not:
# a raised digit is 0.5 to 0.85 as high, its foot stands 0.45 over the others' and its head does too, by 0.04
# and more; that of a digit whose lower half is worn away does not.
_LEVEL, _OVER_THE_LINE, _ABOVE = 0.14, 0.25, 0.04
# A number ends at its foot or reaches no farther than a 7 does, 0.33 of its height, unless a raised digit
# touches its last; the foot is so much of it.
_OVERHANG, _FOOT = 0.45, 0.75
# No note has a longer number.
_LONGEST_NOTE = 2
# Between these shares of the height, from the top, no digit but the 4 has a long bar: 0.59 of the height of
# the digits at the most, a 4 0.72; a digit is 0.75 wide with what is between it and the next.
# Strokes through digits are 0.75 and more.
_MIDDLE = 0.25, 0.8
_LONGEST_RUN, _BAR_OF_4, _WIDTH = 0.66, 0.85, 0.95
# Strokes of a hand rise and fall: by so much for a step across they are looked for, and are longer across
# than the last, in heights. Slants of digits are steeper, or short: 0.73 at the most in 941 numbers of six
# documents (soft, grey, JPEG 35, a fax, a photograph), strokes 1.5 and more (bench/cases/pen_digits.py).
_SLANTS, _LONGEST_SLANT = (-0.6, -0.4, -0.2, 0.2, 0.4, 0.6), 1.1
# What is lower than this share of all bands together is none of digits.
_LOW_BAND = 0.2
# An underline that touches its digits lies below the first share of the height and is longer than the second.
_UNDERLINE = 0.75, 0.9


@dataclass(frozen=True, slots=True)
class Note:
    """Smaller marks among those of a number.

    `start` is the column, in pixels of the piece, that parts the number from the mark of a note behind it;
    None where the marks may be anything.
    """

    start: int | None


def print_mask(clean: Pixels, line: Band, darkness: float = _DARK) -> Mask:
    """Return where a piece of a line has print, without an underline.

    Args:
        clean: the cell, RGB.
        line: the piece.
        darkness: ink is what is darker than this share of the way from the paper to the darkest print.
    """
    cell = np.asarray(cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    grey = cell[line.top : line.bottom, line.left : line.right]
    paper, darkest = float(np.median(cell[::3, ::3])), grey.size // 50
    dark = float(np.partition(grey, darkest, axis=None)[darkest])
    return _without_underline(_digits_of(np.asarray(grey < paper - darkness * (paper - dark))))


def marks_of(mask: Mask) -> list[Band]:
    """Return the marks of a number from left to right: runs of columns that have ink."""
    columns = np.flatnonzero(np.diff(np.concatenate([[0], mask.any(axis=0).astype(np.int8), [0]])))
    return [_mark(mask, int(left), int(right)) for left, right in columns.reshape(-1, 2)]


def is_struck(mask: Mask, text: str) -> bool:
    """Tell whether a stroke runs through digits that were read as `text`; `mask` as of `print_mask`."""
    height, digits = mask.shape[0], re.sub("[^0-9]", "", text)
    columns = np.flatnonzero(mask.any(axis=0))
    if not columns.size or not digits:
        return False
    _, start, end = _longest_run(mask[round(_MIDDLE[0] * height) : round(_MIDDLE[1] * height) + 1])
    pitch = (columns[-1] + 1 - columns[0]) / len(digits)
    below = min(len(digits) - 1, max(0, int(((start + end) / 2 - columns[0]) / pitch)))
    fours = max(map(len, re.findall("4+", digits)), default=0) if digits[below] == "4" else 0
    most = fours * _BAR_OF_4 if fours else _LONGEST_RUN
    if end - start > max(most * height, max(fours, 1) * _WIDTH * pitch):
        return True
    return any(_run_aslant(mask, slope) > _LONGEST_SLANT * height for slope in _SLANTS)


def find_note(mask: Mask) -> Note | None:
    """Find marks smaller than the digits of a number; None if all are of one size."""
    marks = marks_of(mask)
    highest = max(marks, key=lambda mark: mark.height, default=None)
    if highest is None:
        return None
    height = highest.height
    points = highest.bottom - _DUST * height
    marks = [mark for mark in marks if mark.height >= _DUST * height and mark.top < points]
    small = [mark for mark in marks if not _is_level(mark, highest)]
    if not small:
        return Note(None) if _overhang(mask) > _OVERHANG * height else None
    digits = [mark for mark in marks if mark not in small]
    first = len(marks) - len(small)
    at_end = marks[first:] == small and first > 0 and len(small) <= _LONGEST_NOTE
    return Note(small[0].left if at_end and _are_raised(small, digits) else None)


def _is_level(mark: Band, other: Band) -> bool:
    return max(abs(mark.top - other.top), abs(mark.bottom - other.bottom)) <= _LEVEL * other.height


def _overhang(mask: Mask) -> int:
    """Return how far print reaches to the right of its own foot."""
    foot = np.flatnonzero(mask[round(_FOOT * mask.shape[0]) :].any(axis=0))
    return int(np.flatnonzero(mask.any(axis=0))[-1] - foot[-1]) if foot.size else 0


def _are_raised(small: Sequence[Band], digits: Sequence[Band]) -> bool:
    head, foot = min(mark.top for mark in digits), max(mark.bottom for mark in digits)
    height = foot - head
    return all(
        head - mark.top >= _ABOVE * height and foot - mark.bottom >= _OVER_THE_LINE * height for mark in small
    )


def _digits_of(mask: Mask) -> Mask:
    """Leave out low bands above and below: an underline, dust. Thin strokes may part digits themselves."""
    bands = bands_of(mask.astype(np.uint8))
    least = _LOW_BAND * (bands[-1].bottom - bands[0].top) if bands else 0.0
    high = [band for band in bands if band.height >= least]
    return mask[high[0].top : high[-1].bottom] if high else mask


def _without_underline(mask: Mask) -> Mask:
    """Cut off a stroke below digits that touches them."""
    height, low = mask.shape[0], round(_UNDERLINE[0] * mask.shape[0])
    row, start, end = _longest_run(mask[low:])
    return mask[: low + row] if end - start > _UNDERLINE[1] * height else mask


def _mark(mask: Mask, left: int, right: int) -> Band:
    rows = np.flatnonzero(mask[:, left:right].any(axis=1))
    return Band(left, int(rows[0]), right, int(rows[-1]) + 1)


def _run_aslant(mask: Mask, slope: float) -> int:
    """Return the columns that the longest run of ink covers along lines that fall by `slope` a column."""
    height, width = mask.shape
    shifts = np.rint(slope * np.arange(width)).astype(np.intp)
    shifts -= shifts.max()
    sheared = np.zeros((height - int(shifts.min()), width), np.bool_)
    rows = np.arange(height)[:, np.newaxis] - shifts
    sheared[rows, np.arange(width)] = mask
    _, start, end = _longest_run(sheared)
    return end - start


def _longest_run(mask: Mask) -> tuple[int, int, int]:
    """Return the row, the start and the end of the longest run of ink in a row; the first of equal ones."""
    width = mask.shape[1] + 1  # a column of paper ends the runs of a row
    padded = np.zeros(mask.shape[0] * width + 1, np.int8)
    padded[1:].reshape(-1, width)[:, :-1] = mask
    edges = np.flatnonzero(np.diff(padded))
    if not edges.size:
        return 0, 0, 0
    longest = int((edges[1::2] - edges[::2]).argmax())
    start, end = int(edges[2 * longest]), int(edges[2 * longest + 1])
    return start // width, start % width, start % width + end - start
