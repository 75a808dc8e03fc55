"""Finding ruled lines in a page image.

Straight runs of ink are found by morphological opening with a line-shaped
element, the method of the lattice parsers (Nurminen, 2013); what is new here is
only the test that a rule meets others, which throws strokes of characters out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.document import Pixels

# The shortest run of ink taken for a piece of a rule, in inches: longer than the
# strokes of table text (10 pt), shorter than the narrowest column and row.
_SHORTEST_HORIZONTAL = 0.22
_SHORTEST_VERTICAL = 0.15
# How far a rule may wander from its line or stop short of another, in inches.
REACH = 0.03
# No rule is thicker than this, in inches; what is, is a filled band.
_THICKEST = 0.06


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rule: it lies at `at`, across, and runs from `start` to `end`, in pixels."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rulings:
    """The rules of a page: segments of both directions and masks (height, width) of their pixels."""

    horizontal: tuple[Segment, ...]
    vertical: tuple[Segment, ...]
    horizontal_mask: Pixels
    vertical_mask: Pixels

    @property
    def mask(self) -> Pixels:
        return np.asarray(self.horizontal_mask | self.vertical_mask)


def binarise(grey: Pixels, dpi: float) -> Pixels:
    """Return the ink of a grey page: 255 where darker than its surroundings, else 0.

    The surroundings are a sixth of an inch, so that uneven light and coloured
    bands do not count as ink.
    """
    window = int(dpi / 6) | 1
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    ink = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 14)
    return np.asarray(ink, dtype=np.uint8)


def find_rulings(ink: Pixels, dpi: float) -> Rulings:
    """Find the rules in a binarised, straightened page."""
    across = _runs(ink, (round(dpi * _SHORTEST_HORIZONTAL), 1))
    down = _runs(ink, (1, round(dpi * _SHORTEST_VERTICAL)))
    horizontal = _segments(across, dpi)
    vertical = [_transposed(found) for found in _segments(down.T, dpi)]
    horizontal, vertical = _meeting(horizontal, vertical, dpi * REACH)
    return Rulings(
        tuple(piece.segment for piece in horizontal),
        tuple(piece.segment for piece in vertical),
        _drawn(horizontal, ink.shape[:2]),
        _drawn(vertical, ink.shape[:2]),
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    segment: Segment
    left: int
    top: int
    pixels: Pixels


def _runs(ink: Pixels, element: tuple[int, int]) -> Pixels:
    """Keep the straight runs of ink; widen them a pixel across first, as a slight slope makes steps."""
    widen = (1, 3) if element[1] == 1 else (3, 1)
    thick = cv2.dilate(ink, np.ones(widen[::-1], np.uint8))
    return np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(element[::-1], np.uint8)), np.uint8)


def _segments(runs: Pixels, dpi: float) -> list[_Piece]:
    """Take each connected run that is thin enough for a rule as a segment."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(np.ascontiguousarray(runs))
    pieces = []
    for index in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[index])
        if area > width * dpi * _THICKEST:
            continue
        segment = Segment(float(centres[index][1]), float(left), float(left + width))
        pixels = (labels[top : top + height, left : left + width] == index).astype(np.uint8) * 255
        pieces.append(_Piece(segment, left, top, pixels))
    return pieces


def _transposed(piece: _Piece) -> _Piece:
    return _Piece(piece.segment, piece.top, piece.left, np.ascontiguousarray(piece.pixels.T))


def _meeting(
    horizontal: list[_Piece], vertical: list[_Piece], reach: float
) -> tuple[list[_Piece], list[_Piece]]:
    """Keep the pieces that meet rules of the other direction.

    A rule ends at other rules or crosses them; a stroke of a character meets
    none. A vertical rule cut by a page break meets at least the row above.
    """
    while True:
        kept_h = [piece for piece in horizontal if _meets(piece, vertical, reach) >= 2]
        kept_v = [piece for piece in vertical if _meets(piece, kept_h, reach) >= 1]
        if len(kept_h) == len(horizontal) and len(kept_v) == len(vertical):
            return kept_h, kept_v
        horizontal, vertical = kept_h, kept_v


def _meets(piece: _Piece, others: list[_Piece], reach: float) -> int:
    """Count the distinct lines of the other direction that a piece touches."""
    own = piece.segment
    places = sorted(
        other.segment.at
        for other in others
        if own.start - reach <= other.segment.at <= own.end + reach
        and other.segment.start - reach <= own.at <= other.segment.end + reach
    )
    return sum(1 for index, at in enumerate(places) if index == 0 or at - places[index - 1] > reach)


def _drawn(pieces: list[_Piece], shape: tuple[int, ...]) -> Pixels:
    canvas = np.zeros(shape, np.uint8)
    for piece in pieces:
        rows, columns = piece.pixels.shape
        canvas[piece.top : piece.top + rows, piece.left : piece.left + columns] |= piece.pixels
    return canvas
