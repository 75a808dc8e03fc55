"""Slashes and dashes, known by their shape: alone they are too little for a recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.model import Cell
from ocr.text.cell_noise import Numbers
from ocr.text.ink import Band, extent_of

# The confidence of a sign known by its shape. On a dirty page two specks may look like a hyphen, and
# a broken 1 like a slash.
BY_SHAPE, BY_DIRTY_SHAPE, DOUBTFUL = 0.98, 0.8, ("-", "/")
# So many others vouch for a sign, as wide and high as it to this share of its size.
_VOUCH, _ALIKE = 3, 0.25
# A dash shorter than this many em is a hyphen.
_HYPHEN = 0.6
# A dash is no higher than this many em, this share of its box has ink, and no more
# than so many stand in a row. Measured on the kinds clean300 to jpeg35 of the corpus.
_DASH_HEIGHT, _DASH_FILL, _MOST_DASHES = 0.25, 0.6, 4
# So many of the rows of a stroke are like each other.
_MOST = 0.8
# A stroke of less than so many rows does not tell how it leans.
_LEAST_STROKE = 8
# On a dirty page no sign has a piece smaller than this many em. No digit is lower than the second.
_SPECK, LOWEST_DIGIT = 0.2, 0.3


def clean_strokes(ink: Pixels, em: float) -> Pixels:
    """Rid strokes of specks: black ones beside them, and on them if too low for digits, and white ones.

    Two hyphens are further apart than the holes of white specks are high.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = np.where((size >= _SPECK * em)[labels], ink, np.uint8(0))
    if extent_of(kept)[1] <= LOWEST_DIGIT * em:
        return np.asarray(
            cv2.morphologyEx(kept, cv2.MORPH_OPEN, np.ones((1, round(_SPECK * em)), np.uint8)), np.uint8
        )
    return np.asarray(cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8)), dtype=np.uint8)


def sign_by_shape(ink: Pixels, line: Band, em: float) -> str:
    """Return the slash or dash that a line of print is by its shape, "" if it is neither.

    Alone, both are too little for the recogniser: it reads a slash as 1, a dash as 一 or 1.
    """
    if is_slash(ink[line.top : line.bottom, line.left : line.right]):
        return "/"
    if count := dashes_in(ink, line, em):
        return ("-" if line.width < _HYPHEN * em * count else "—") * count
    return ""


def confirm_signs(cells: Sequence[Cell], sizes: Sequence[tuple[int, int]]) -> list[Cell]:
    """Believe the signs of a dirty table that were known by their shape where several are alike.

    Specks run together may look like a hyphen, but not all over a table like the same one.

    Args:
        cells: the cells of a table.
        sizes: the width and height of the print of each, in pixels.
    """
    doubtful = [
        (cell.text, *size) for cell, size in zip(cells, sizes, strict=True) if _is_doubtful_sign(cell)
    ]
    return [
        replace(cell, confidence=BY_SHAPE)
        if _is_doubtful_sign(cell) and sum(_alike((cell.text, *size), other) for other in doubtful) > _VOUCH
        else cell
        for cell, size in zip(cells, sizes, strict=True)
    ]


def _is_doubtful_sign(cell: Cell) -> bool:
    return cell.text in DOUBTFUL and cell.confidence == BY_DIRTY_SHAPE


def _alike(sign: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    text, width, height = sign
    reach = _ALIKE * max(width, height)
    return text == other[0] and abs(width - other[1]) <= reach and abs(height - other[2]) <= reach


def slant_of(ink: Pixels) -> float:
    """Return how far a single stroke leans to the right, across for each step up; 0 if too short to tell."""
    rows = np.flatnonzero(ink.any(axis=1))
    if len(rows) < _LEAST_STROKE:
        return 0.0
    first, last = ink[rows].argmax(axis=1), ink.shape[1] - 1 - ink[rows][:, ::-1].argmax(axis=1)
    return -float(np.polyfit(rows, (first + last) / 2, 1)[0])


def is_slash(ink: Pixels) -> bool:
    """Tell whether a line of print is a single leaning stroke, as `/` is and no digit.

    A straight line is fitted to the middles of its rows, again without the rows that stray most: it
    must lean to the right by 14° to 50° and be slim. Most rows have about the same width and stray by
    no more than a twelfth of the height; a speck may touch the stroke or part it, but nothing
    reaches as far from it as the bar of a 7.
    """
    height = ink.shape[0]
    rows = np.flatnonzero(ink.any(axis=1))
    if height < 8 or len(rows) < _MOST * height:
        return False
    first, last = ink[rows].argmax(axis=1), ink.shape[1] - 1 - ink[rows][:, ::-1].argmax(axis=1)
    middles, widths = (first + last) / 2, last - first + 1
    width = float(np.median(widths))
    if width > height / 4:
        return False
    strays = _strays(middles, rows, np.ones(len(rows), dtype=bool))[0]
    strays, lean = _strays(middles, rows, strays <= np.quantile(strays, _MOST))
    near = (strays <= height / 12 + 1) & (widths <= 2 * width)
    slim = float((strays + widths / 2).max()) <= height / 6 + width / 2 + 1
    return bool(-1.2 <= lean <= -0.25 and near.mean() >= _MOST and slim)


def _strays(middles: Numbers, rows: Numbers, chosen: Numbers) -> tuple[Numbers, float]:
    """Fit a line to the middles of the chosen rows; return how far each strays from it, and its lean."""
    lean, start = np.polyfit(rows[chosen], middles[chosen], 1)
    return np.abs(middles - (lean * rows + start)), float(lean)


def dashes_in(ink: Pixels, line: Band, em: float) -> int:
    """Return how many dashes a line of print is made of, 0 if of anything else.

    A dash is solid, wider than high and a quarter of an em high at the most (a
    digit has three quarters). All of them stand away from the edges of the cell,
    where rests of rules are.
    """
    height, width = ink.shape[:2]
    middle = (line.top + line.bottom) / 2 / height
    inside = 0.2 <= middle <= 0.8 and line.left > 0.03 * width and line.right < 0.97 * width
    if not inside or line.height > _DASH_HEIGHT * em:
        return 0
    stroke = ink[line.top : line.bottom, line.left : line.right] > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], stroke.any(axis=0).astype(np.int8), [0]])))
    runs = [stroke[:, start:end] for start, end in edges.reshape(-1, 2)]
    solid = all(run.shape[1] >= 1.2 * line.height and run.mean() >= _DASH_FILL for run in runs)
    return len(runs) if solid and len(runs) <= _MOST_DASHES else 0
