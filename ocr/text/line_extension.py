"""Lines as far as their ink goes: the detector cuts off marks at their ends, and skips short lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.text_boxes import Quad, bounding_rectangle
from ocr.image.components import components_of

# Left, top, right and bottom, in pixels.
Rectangle = tuple[float, float, float, float]

# Ink this near to the end of a line belongs to it, up to so far, in heights of the line.
# The detector leaves about a third of a height of white itself.
_NEAR, _FARTHEST = 0.7, 2.5
# Ink above and below this share of the height is of other lines.
_EDGE = 0.15
# A line that no quad shows: its height and least width in inches; gaps in it and the
# white around other print are narrower; the paper's edge, where dirt is. Where there are
# more than so many it is no print but dirt.
_LOWEST, _HIGHEST, _NARROWEST = 0.05, 0.3, 0.04
_GAP, _AROUND, _PAPER_EDGE, _MOST = 0.12, 0.04, 0.25, 8


def extend_line(text_box: Quad, others: Sequence[Rectangle], ink: Pixels) -> Quad | None:
    """Return the rectangle around a lying line with the marks at its ends, None if there are none.

    `others` are the lines and tables that it must not reach into.
    """
    left, top, right, bottom = (round(value) for value in bounding_rectangle(text_box))
    height = bottom - top
    edge = round(_EDGE * height)
    marked = np.asarray(ink[max(0, top + edge) : max(0, bottom - edge)].any(axis=0), dtype=np.uint8)
    beside = [wall for wall in others if min(bottom, wall[3]) - max(top, wall[1]) > 0.2 * height]
    far = _FARTHEST * height
    most = min([right + far, len(marked), *(wall[0] for wall in beside if wall[0] > left)])
    least = max([left - far, 0.0, *(wall[2] for wall in beside if wall[2] < right)])
    end = _followed(marked[max(0, right) : max(0, round(most))], height)
    start = _followed(marked[max(0, round(least)) : max(0, left)][::-1], height)
    if not (end or start):
        return None
    margin = max(2, height // 10)
    left, right = left - (start and start + margin), right + (end and end + margin)
    return _rectangle(max(0, left), top, right, bottom)


def _followed(marked: Pixels, height: int) -> int:
    """Return how far ink goes on from a line's end without a wide gap, in pixels."""
    reached = 0
    for place in np.flatnonzero(marked):
        if place - reached > _NEAR * height:
            break
        reached = int(place) + 1
    return reached


def find_missed_lines(ink: Pixels, known: Sequence[Rectangle], dpi: float) -> list[Quad]:
    """Return what looks like a short line of print and is in none of the lines and tables known."""
    rest = ink.copy()
    around = _AROUND * dpi
    for left, top, right, bottom in known:
        rest[max(0, round(top - around)) : max(0, round(bottom + around))][
            :, max(0, round(left - around)) : max(0, round(right + around))
        ] = 0
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((1, round(_GAP * dpi)), np.uint8))
    found = list(_lines(np.asarray(joined, np.uint8), dpi))
    return found if len(found) <= _MOST else []


def _lines(marks: Pixels, dpi: float) -> Iterator[Quad]:
    margin = round(_AROUND * dpi)
    edge = _PAPER_EDGE * dpi
    for left, top, width, height, _ in components_of(marks).stats[1:].tolist():
        whole = _rectangle(left - margin, top - margin, left + width + margin, top + height + margin)
        inside = left > edge and top > edge
        inside = inside and left + width < marks.shape[1] - edge and top + height < marks.shape[0] - edge
        if inside and _LOWEST * dpi <= height <= _HIGHEST * dpi and width >= _NARROWEST * dpi:
            yield whole


def _rectangle(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
