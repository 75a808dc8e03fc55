"""The ink inside a cell: what of it is print, and where its lines are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of

# Specks smaller than this, in square inches, are no print: a decimal point of
# 9 pt type has about 0.0003.
_SPECK = 0.00012
# A rest of a rule lies along the edge of its cell and is longer than this share of it.
_REST_OF_RULE = 0.8
# Rests of shading lie within this distance of the edge of a cell, in inches.
FRINGE = 0.03
# Two bands of ink are one line of print while together not taller than this many
# em; so the strokes of 三 stay together and two lines stay apart.
_LINE_HEIGHT = 1.35
# A gap this many times as wide as the line is high parts two pieces of print.
_WIDE = 1.5


@dataclass(frozen=True, slots=True)
class Band:
    """A line of print inside a cell: left, top, right and bottom in pixels of the cell's image."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def print_of(ink: Pixels, dpi: float) -> Pixels:
    """Return the ink of a cell, rules already taken out, without specks and rests of rules."""
    if not ink.any():  # of no size at all, where two lines of a broken table meet
        return ink
    pieces = components_of(ink)
    height, width = ink.shape[:2]
    kept = [not _is_dirt(stat, height, width, dpi) for stat in pieces.stats.tolist()]
    return _without_fringe(pieces.chosen(np.array(kept)) * np.uint8(255), dpi)


def _without_fringe(ink: Pixels, dpi: float) -> Pixels:
    """Drop thin bands along the upper and lower edge: what shading leaves beside a rule.

    A whole band, never a component: a decimal point may stand as low, but not
    without its digits.
    """
    strip = FRINGE * dpi
    fringe = [band for band in bands_of(ink) if band.bottom <= strip or band.top >= ink.shape[0] - strip]
    for band in fringe:
        ink[band.top : band.bottom] = 0
    return ink


def _is_dirt(stat: Sequence[int], height: int, width: int, dpi: float) -> bool:
    left, top, across, down, area = stat
    if area < _SPECK * dpi * dpi:
        return True
    edge = dpi * 0.02
    at_side = left <= edge or left + across >= width - edge
    at_end = top <= edge or top + down >= height - edge
    return (at_side and across <= edge and down >= _REST_OF_RULE * height) or (
        at_end and down <= edge and across >= _REST_OF_RULE * width
    )


def bands_of(ink: Pixels) -> list[Band]:
    """Cut ink into its horizontal bands: runs of rows that have any, top to bottom."""
    rows = ink.any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    return [_band(ink, int(top), int(bottom)) for top, bottom in edges.reshape(-1, 2)]


def _band(ink: Pixels, top: int, bottom: int) -> Band:
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    return Band(int(columns[0]), top, int(columns[-1]) + 1, bottom)


def extent_of(ink: Pixels) -> tuple[int, int]:
    """Return the width and height of all print of a cell together, in pixels."""
    if not ink.any():
        return 0, 0
    _, _, width, height = cv2.boundingRect(ink)
    return width, height


def lines_of(ink: Pixels, em: float) -> list[Band]:
    """Join bands into lines of print; `em` is the height of the type in pixels."""
    lines: list[Band] = []
    for band in bands_of(ink):
        if lines and band.bottom - lines[-1].top <= _LINE_HEIGHT * em:
            lines[-1] = _joined(lines[-1], band)
        else:
            lines.append(band)
    return lines


def _joined(first: Band, second: Band) -> Band:
    return Band(
        min(first.left, second.left),
        first.top,
        max(first.right, second.right),
        second.bottom,
    )


def pieces_of(ink: Pixels, line: Band) -> list[Band]:
    """Cut a line where a gap in it is wider than print ever leaves one: there a rule was lost."""
    columns = np.asarray(ink[line.top : line.bottom, line.left : line.right].any(axis=0))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], columns.astype(np.int8), [0]]))).reshape(-1, 2)
    cuts = [0, *(after[0] for before, after in pairwise(edges) if after[0] - before[1] > _WIDE * line.height)]
    ends = [*cuts[1:], len(columns)]
    return [_piece(ink, line, int(start), int(end)) for start, end in zip(cuts, ends, strict=True)]


def _piece(ink: Pixels, line: Band, start: int, end: int) -> Band:
    columns = np.flatnonzero(ink[line.top : line.bottom, line.left + start : line.left + end].any(axis=0))
    left = line.left + start
    return Band(left + int(columns[0]), line.top, left + int(columns[-1]) + 1, line.bottom)


def type_size(inks: list[Pixels], dpi: float) -> float:
    """Estimate the em of a table's type, in pixels, from the bands of its cells.

    Bands of several characters are as tall as the type; the upper quartile of
    them keeps out lines of digits. Without any, 10.5 pt is assumed.
    """
    heights = [
        band.height
        for ink in inks
        for band in bands_of(ink)
        if band.width > 1.8 * band.height and 0.06 * dpi < band.height < 0.35 * dpi
    ]
    return float(np.percentile(heights, 75)) if heights else 10.5 / 72 * dpi


def is_stacked(lines: list[Band], em: float) -> bool:
    """Tell whether lines are single characters set one below another."""
    return len(lines) > 1 and all(line.width <= 1.3 * em for line in lines)
