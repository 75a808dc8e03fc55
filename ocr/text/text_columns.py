"""Columns of lying text, one after the other, as in a newspaper.

A zone of them is where a gutter runs through many lines with nothing across it,
and full lines stand on both sides: so labels beside values, or a date at the
right, make none. The page is parted at gutters from the largest zone on, as by
the X-Y cut (Nagy and Seth, 1984), but only there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from ocr.model import Box

# So many lines at least stand on both sides of a gutter; on either, what is printed in
# one row, half of them more, half less, fills this share of the side's width, which
# has so many line heights at least.
_FEWEST, _FILLED, _NARROWEST = 4, 0.7, 7.0
# A gutter is as wide as this share of the height of a line at least; the boxes of a scan
# reach a third of that height beyond the print, those of a text layer are 1.4 em high.
_GUTTER = 0.6
# White of so many line heights, right across, ends a zone where only one side goes on.
_WHITE = 1.5


@dataclass(frozen=True, slots=True)
class Zone:
    """Where two columns stand side by side: the middle of the gutter, and from where to where it runs."""

    x: float
    top: float
    bottom: float

    def parts(self, left: Box, right: Box) -> bool:
        """Tell whether the gutter runs between two boxes of one row."""
        y = (max(left.top, right.top) + min(left.bottom, right.bottom)) / 2
        return left.right <= self.x <= right.left and self.top <= y <= self.bottom


def zone_of(lines: Sequence[Box], others: Sequence[Box] = ()) -> Zone | None:
    """Return the zone of the most lines, None if there is none; `others` are tables and the like."""
    if len(lines) < 2 * _FEWEST:
        return None
    em = median(box.height for box in lines)
    zones = [found for x in _candidates(lines, em) for found in _zones(x, lines, others, em)]
    best = max(zones, key=lambda found: found[0], default=None)
    return best[1] if best else None


def zones_of(lines: Sequence[Box]) -> list[Zone]:
    """Return all zones, those inside of the columns of others too."""
    zone = zone_of(lines)
    if zone is None:
        return []
    parts = split_at_zone(zone, lines)
    return [zone, *(inner for part in parts for inner in zones_of([lines[i] for i in part]))]


def split_at_zone(zone: Zone, boxes: Sequence[Box]) -> tuple[list[int], list[int], list[int], list[int]]:
    """Part boxes, by their index: before the zone, its left side, its right side, after it."""
    parts: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for index, box in enumerate(boxes):
        x, y = box.centre
        place = 0 if y < zone.top else 3 if y > zone.bottom else 1 if x < zone.x else 2
        parts[place].append(index)
    return parts


def _candidates(lines: Sequence[Box], em: float) -> set[float]:
    """Return the middles of the gaps to the right of lines, to half an em."""
    ordered = sorted(lines, key=lambda box: box.left)
    found = set()
    for box in lines:
        beside = (other for other in ordered if other.left >= box.right and _share_rows(box, other))
        after = next(beside, None)
        if after and after.left - box.right >= _GUTTER * em:
            found.add(round((box.right + after.left) / em) * em / 2)
    return found


def _share_rows(one: Box, other: Box) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.3 * min(one.height, other.height)


def _zones(x: float, lines: Sequence[Box], others: Sequence[Box], em: float) -> Iterator[tuple[int, Zone]]:
    """Yield the zones of a gutter at `x`, each with its number of lines."""
    texts = set(lines)
    boxes = sorted([*lines, *others], key=lambda box: box.centre[1])
    for across, run in groupby(boxes, key=lambda box: box.left < x < box.right):
        members = [] if across else _without_tail(list(run), x, em)
        sides = _sides(members, x)
        if all(_is_column([box for box in side if box in texts], em) for side in sides) and _is_gutter(
            *sides, em
        ):
            middle = (max(box.right for box in sides[0]) + min(box.left for box in sides[1])) / 2
            bounds = min(box.top for box in members), max(box.bottom for box in members)
            yield sum(box in texts for box in members), Zone(middle, *bounds)


def _sides(boxes: Sequence[Box], x: float) -> tuple[list[Box], list[Box]]:
    return [box for box in boxes if box.centre[0] < x], [box for box in boxes if box.centre[0] >= x]


def _is_column(lines: Sequence[Box], em: float) -> bool:
    if len(lines) < _FEWEST:
        return False
    width = max(box.right for box in lines) - min(box.left for box in lines)
    printed = median(sum(other.width for other in lines if _share_rows(box, other)) for box in lines)
    return width >= _NARROWEST * em and printed >= _FILLED * width


def _is_gutter(left: Sequence[Box], right: Sequence[Box], em: float) -> bool:
    """Tell whether two columns stand side by side with white between them."""
    gap = min(box.left for box in right) - max(box.right for box in left)
    tops, bottoms = (
        [edge(getattr(box, name) for box in side) for side in (left, right)]
        for edge, name in ((min, "top"), (max, "bottom"))
    )
    shared = min(bottoms) - max(tops)
    return gap >= _GUTTER * em and shared >= 0.5 * min(bottoms[i] - tops[i] for i in (0, 1))


def _without_tail(boxes: list[Box], x: float, em: float) -> list[Box]:
    """Leave out what follows the columns below white, on one side only: a signature, a note."""
    ordered = sorted(boxes, key=lambda box: box.top)
    for index in range(len(ordered) - 1, 0, -1):
        white = ordered[index].top - max(box.bottom for box in ordered[:index])
        if white > _WHITE * em and not all(_sides(ordered[index:], x)):
            return ordered[:index]
    return ordered
