"""Whether the digits of a number are of one ink: a hand may have set one of its own beside print.

A blue 5 before 29 makes 529, and no engine doubts it; only the ink tells. Compared are the cores of the
marks, their darkest pixels: the edges of thin strokes are paler in any ink. Measured on 300 numbers of nine
pages (grey scans of 150 and 200 dpi, soft ones, photographs, a sealed page) and on bench/cases/pen_digits.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.arrays import Pixels
from ocr.text.ink import Band

# The core of a mark is this share of its pixels, and no fewer than so many.
_CORE, _FEWEST = 0.05, 3
# The tint of a core, the difference of its strongest and weakest channel, 0 to 255: in one number of black
# print up to 21 apart. One of coloured ink has the second and more, one of black print the first at most.
_BLACK, _COLOURED = 25.0, 45.0
# Cores of one ink differ by so much of the way from the paper to the darkest at the most: 0.34 on photographs
# that were sent small, 0.2 on scans.
_ONE_INK = 0.4
# Less than this share of the ink of a number is the edge of other print.
_IN_PART = 0.1


def is_of_two_inks(piece: Pixels, marks: Sequence[Band]) -> bool:
    """Tell whether one mark of a number is of another ink than the others.

    Args:
        piece: the print of a number with the paper behind it, RGB, in its own colours.
        marks: its digits, by their columns in `piece`.
    """
    if len(marks) < 2:
        return False
    cores = np.array([_core(piece[:, mark.left : mark.right]) for mark in marks])
    tints, tones = cores.max(axis=1) - cores.min(axis=1), cores.mean(axis=1)
    if tints.max() >= _COLOURED and tints.min() <= _BLACK:
        return True
    contrast = float(np.percentile(piece, 90)) - tones.min()
    return bool(tones.max() - tones.min() > _ONE_INK * contrast)


def is_coloured_in_part(ink: Pixels, coloured: Pixels) -> bool:
    """Tell whether some of the ink of a number is coloured print and some is black; both masks are of it."""
    share = float((coloured[ink > 0] > 0).mean()) if ink.any() else 0.0
    return _IN_PART <= share <= 1 - _IN_PART


def _core(mark: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return the colour of the darkest pixels of a mark."""
    pixels = mark.reshape(-1, 3).astype(np.float32)
    count = min(len(pixels), max(_FEWEST, round(_CORE * len(pixels))))
    darkest = np.argpartition(pixels.sum(axis=1), count - 1)[:count]
    return np.asarray(np.median(pixels[darkest], axis=0), dtype=np.float32)
