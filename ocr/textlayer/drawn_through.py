"""Digits that something is drawn or printed through: a stroke of any colour, a slash set over them.

In the text layer they are digits like any other, and a pale or bright stroke is no ink.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.image.page_image import PageImage

# What differs so much from the ground of a digit in one channel is drawn there.
_DRAWN = 24
# A stroke goes through so many of the columns of a digit, is on average so thick a share of its height, and
# lies between these shares of it: an underline does not. Strokes of word processors are 0.07 to 0.14 thick.
_ACROSS, _THICK = 0.9, 0.3
_TOP, _FOOT = 0.08, 0.92
# It does not jump by more than this share of the height from one column to the next.
_JUMP = 0.25
# Signs that stand for a value of their own where they are printed over another.
_SIGNS = frozenset("/／\\-－—–|｜×xX✕✗")


def drawn_through(chars: Iterable[Char], crossed: Iterable[Char], bare: PageImage) -> Iterator[Char]:
    """Yield the digits with a stroke through them, and signs that other characters stand over.

    Args:
        chars: those that are seen.
        crossed: those of them that stand where another one does.
        bare: the page drawn without its text.
    """
    signs = {char for char in crossed if char.text in _SIGNS}
    for char in chars:
        if char in signs or (char.text.isdecimal() and _has_a_stroke(bare.pixels[bare.pixels_of(char.box)])):
            yield char


def _has_a_stroke(under: Pixels) -> bool:
    """Tell whether one stroke goes all across what is under a digit, shape (height, width, 3)."""
    height = under.shape[0]
    middle = under[round(_TOP * height) : round(_FOOT * height)].astype(np.int16)
    if middle.size == 0 or np.ptp(middle, axis=(0, 1)).max() < _DRAWN:
        return False
    ground = np.median(middle, axis=(0, 1))
    drawn = np.abs(middle - ground).max(axis=2) >= _DRAWN
    columns = np.flatnonzero(drawn.any(axis=0))
    if len(columns) < _ACROSS * drawn.shape[1]:
        return False
    rows = np.arange(len(drawn))[:, None]
    thick = drawn[:, columns].sum(axis=0)
    centres = (rows * drawn[:, columns]).sum(axis=0) / thick
    jumps = np.abs(np.diff(centres)).max(initial=0.0)
    return bool(thick.mean() <= _THICK * height and jumps <= max(1.5, _JUMP * height))
