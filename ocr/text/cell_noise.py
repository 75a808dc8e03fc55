"""Marks in the cells of a specked page: which are print, and which are specks run together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.text.ink import FRINGE

Numbers = np.ndarray[tuple[int, ...], np.dtype[Any]]

# A digit is at least this many em high.
_DIGIT_HEIGHT = 0.45
# A part of a broken digit, and a sign, that is no speck has at least this size, in em.
_LARGE_PART, _LARGE_SIGN = 0.3, 0.2
# Pieces of a broken stroke are as near as this to each other, in inches.
_BROKEN = 0.02
# No number in a narrow cell is wider than this many em; a point behind the last digit stands
# within the next; a dash is this many times wider than high. A sign is as near as this to the middle of
# the digits, and to the first of them: 0.38 em at the most in the fonts of
# bench/corpus/specimens.py and 30 more.
_NUMBER_WIDTH, _POINT_GAP, _DASH_ASPECT, _SIGN, _SIGN_GAP = 4.0, 0.2, 1.5, 0.15, 0.45
# Digits are as high as each other, to this share.
_DIGITS_ALIKE = 0.8
# A dash alone in its cell stands as near as this to its middle, in shares of the cell.
_CENTRED = 0.2


def remove_noise(ink: Pixels, em: float, dpi: float) -> Pixels:
    """Return the ink of a cell of a specked page without marks that are specks run together.

    Pieces close to each other are one: they may be a broken digit. What is as large as a part of
    a digit stays.
    """
    if not ink.any():
        return ink
    _, labels, stats, centres = cv2.connectedComponentsWithStats(_closed(ink, dpi))
    marks = _Marks(*(stats[1:, column].astype(np.float64) for column in range(4)), *centres[1:].T)
    tall = marks.height >= _DIGIT_HEIGHT * em
    kept = _kept_beside(marks, tall, em) if tall.any() else _kept_alone(marks, ink.shape, em)
    return np.asarray(np.where(np.concatenate([[False], kept])[labels], ink, np.uint8(0)), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Marks:
    """The pieces of ink in a cell: arrays of edges, sizes and centres, in pixels."""

    left: Numbers
    top: Numbers
    width: Numbers
    height: Numbers
    x: Numbers
    y: Numbers

    def reach(self, size: float) -> Numbers:
        """Tell which are as large as that one way or the other."""
        return np.asarray(np.maximum(self.width, self.height) >= size)

    @property
    def level(self) -> Numbers:
        """Tell which lie flat, as a dash does."""
        return np.asarray(self.width >= _DASH_ASPECT * self.height)


def _kept_beside(marks: _Marks, tall: Numbers, em: float) -> Numbers:
    """Tell which marks are print where some are as tall as a digit.

    Where all print has the size of digits, small marks beside, above and below it go; a point or a
    comma stands low among digits.
    """
    heights = marks.height[tall]
    if marks.width[tall].max() > _NUMBER_WIDTH * em or heights.min() < _DIGITS_ALIKE * heights.max():
        return np.ones_like(tall)
    first, last = marks.left[tall].min(), (marks.left + marks.width)[tall].max()
    middle = float(np.median(marks.y[tall]))
    inside = (marks.left >= first) & (marks.left + marks.width <= last + _POINT_GAP * em)
    low = inside & (marks.y > middle)
    close = (marks.left < first) & (first - marks.left - marks.width < _SIGN_GAP * em)
    minus = close & marks.level & (np.abs(marks.y - middle) < _SIGN * em)
    part = marks.reach(_LARGE_PART * em) & (np.abs(marks.y - middle) < heights.max() / 2)
    return np.asarray(tall | low | minus | part)


def _kept_alone(marks: _Marks, shape: tuple[int, ...], em: float) -> Numbers:
    """Tell which marks are print where none is as tall as a digit.

    What may be a dash is: in the middle of the cell, and wider than high unless it is large, for
    a speck may hang on it: so where one lies flat the others are none. Two cells that lost the
    rule between them may hold one each.
    """
    if (marks.height >= _LARGE_PART * em).any():
        return np.ones(len(marks.height), dtype=bool)
    across = np.abs(marks.x / shape[1] - 0.5) <= _CENTRED
    down = np.abs(marks.y / shape[0] - 0.5) <= _CENTRED
    large = marks.reach(_LARGE_SIGN * em)
    flat = down & marks.level & (across | marks.reach(_LARGE_PART * em))
    return np.asarray(flat if (flat & large).any() else flat | down & across & large)


def _closed(ink: Pixels, dpi: float) -> Pixels:
    """Join pieces of ink that are close to each other."""
    size = 2 * round(_BROKEN * dpi / 2) + 1
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)


def is_bare(ink: Pixels, em: float, dpi: float) -> bool:
    """Tell whether a cell that shows no print had nothing in it that may have been a digit.

    Args:
        ink: all ink of the cell, rules and dirt too.
        em: the height of the type in pixels.
        dpi: the resolution.
    """
    edge = round(FRINGE * dpi)
    inside = np.ascontiguousarray(ink[edge : ink.shape[0] - edge, edge : ink.shape[1] - edge])
    if not inside.any():
        return True
    _, _, stats, _ = cv2.connectedComponentsWithStats(_closed(inside, dpi))
    return bool((stats[1:, cv2.CC_STAT_HEIGHT] < _DIGIT_HEIGHT * em).all())
