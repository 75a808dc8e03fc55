"""Two pages on one picture, as of a book scanned open."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.model import Box

# A spread is wider than high at least so many times; its gutter lies in the middle,
# between these shares of its width, and is as wide as the last share at least.
_LANDSCAPE = 1.2
_MIDDLE = (0.42, 0.58)
_WIDTH = 0.03
# So many things stand on either page, at least.
_FEWEST = 2


def find_page_gutter(boxes: Sequence[Box], width: float, height: float) -> float | None:
    """Return the x between two pages side by side, None if the picture shows one.

    Args:
        boxes: everything printed on the picture set upright, lines and whole tables.
        width: of the picture, in the unit of the boxes.
        height: of the picture.
    """
    if width < _LANDSCAPE * height:
        return None
    free = max(_gaps(boxes, width), key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))
    x = (free[0] + free[1]) / 2
    sides = sum(box.right <= x for box in boxes), sum(box.left >= x for box in boxes)
    return x if free[1] - free[0] >= _WIDTH * width and min(sides) >= _FEWEST else None


def _gaps(boxes: Sequence[Box], width: float) -> list[tuple[float, float]]:
    """Return the white stripes that reach into the middle of the picture, as (left, right)."""
    low, high = (share * width for share in _MIDDLE)
    edges, reached = [], 0.0
    for box in sorted(boxes, key=lambda box: box.left):
        if box.left > reached:
            edges.append((reached, box.left))
        reached = max(reached, box.right)
    return [(start, end) for start, end in edges if low <= (start + end) / 2 <= high]
