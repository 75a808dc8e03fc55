"""The columns of vertical print, as detected and put right: bands parted, lone characters joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.text_boxes import Quad, bounding_rectangle, box_size

# A line this many times as high as wide stands. Of a page of vertical print so many lines do,
# and they make up this share of the length of all.
_STANDING, _FEWEST, _SHARE = 1.8, 3, 0.6
# A piece as wide as others, to this many times, that is no farther from a column than so many em, is of it.
_AS_WIDE, _NEAR = 1.4, 1.2
# Bands are parted where no more than this share of the columns runs on, in white of so many em that is
# no farther than so many em below; what is less high than so many em is of the other band.
_CROSSING, _WHITE, _ABOUT, _SLIVER = 0.25, 0.25, 2.0, 0.7
# White left round print that is cut, in em.
_MARGIN = 0.1

Rectangle = tuple[float, float, float, float]


def is_vertical_print(text_boxes: Sequence[Quad]) -> bool:
    """Tell whether most of the printed lines of a page stand."""
    standing = [box for box in text_boxes if _stands(box)]
    length = sum(max(box_size(box)) for box in text_boxes)
    return len(standing) >= _FEWEST and sum(box_size(box)[1] for box in standing) >= _SHARE * length


def columns_of_print(text_boxes: Sequence[Quad], ink: Pixels) -> list[Quad]:
    """Return the printed lines of a page of vertical print, as columns of its bands.

    Args:
        text_boxes: the lines as detected.
        ink: of the page, shape (height, width).
    """
    em = float(np.median([box_size(box)[0] for box in text_boxes if _stands(box)]))
    joined = _with_lone_characters(list(text_boxes), em)
    borders = _borders([bounding_rectangle(box) for box in joined if _stands(box)], ink, em)
    return [part for box in joined for part in _parted(box, borders, ink, em)]


def _stands(box: Quad) -> bool:
    width, height = box_size(box)
    return height > _STANDING * width


def _with_lone_characters(boxes: list[Quad], em: float) -> list[Quad]:
    """Join pieces that are too short to be seen to stand to the columns that they are pieces of."""
    short = [box for box in boxes if not _stands(box) and box_size(box)[0] <= _AS_WIDE * em]
    columns = {id(box): bounding_rectangle(box) for box in boxes if _stands(box)}
    gone = set()
    for piece in sorted(short, key=lambda box: bounding_rectangle(box)[1]):
        place = bounding_rectangle(piece)
        own = next((name for name, column in columns.items() if _continues(column, place, em)), None)
        if own is not None:
            columns[own] = _around(columns[own], place)
            gone.add(id(piece))
    return [
        _quad(columns[id(box)]) if id(box) in columns and columns[id(box)] != bounding_rectangle(box) else box
        for box in boxes
        if id(box) not in gone
    ]


def _continues(column: Rectangle, piece: Rectangle, em: float) -> bool:
    middle = (piece[0] + piece[2]) / 2
    apart = max(piece[1] - column[3], column[1] - piece[3])
    return column[0] < middle < column[2] and apart <= _NEAR * em


def _borders(columns: Sequence[Rectangle], ink: Pixels, em: float) -> list[float]:
    """Return the y between two bands: columns end above and begin below, and few run on."""
    tops, bottoms = (np.array([column[side] for column in columns]) for side in (1, 3))
    left, right = min(column[0] for column in columns), max(column[2] for column in columns)
    found: list[float] = []
    for bottom in sorted(bottoms):
        if found and bottom - found[-1] < 2 * em:
            continue
        start, end = _white(ink[:, max(0, round(left)) : round(right)], float(bottom), em)
        y = (start + end) / 2
        above, under = int((bottoms <= y + em).sum()), int((tops >= y - em).sum())
        crossing = len(columns) - above - under
        if min(above, under) >= _FEWEST and crossing <= _CROSSING * len(columns):
            found.append(y)
    return found


def _parted(box: Quad, borders: Sequence[float], ink: Pixels, em: float) -> Iterator[Quad]:
    """Yield a column cut at the borders that it runs across, without the slivers beyond one."""
    left, top, right, bottom = bounding_rectangle(box)
    across = [border for border in borders if top < border < bottom]
    if not across or not _stands(box):
        yield box
        return
    own = ink[:, max(0, round(left)) : round(right)]
    cuts = [_white(own, border, em) for border in across]
    edges = [top, *(edge for cut in cuts for edge in cut), bottom]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start > _SLIVER * em:
            yield _quad((left, max(top, start - _MARGIN * em), right, min(bottom, end + _MARGIN * em)))


def _white(ink: Pixels, y: float, em: float) -> tuple[float, float]:
    """Return from where to where the widest white about a y is; nowhere but at the y if there is little."""
    start = max(0, round(y - em))
    marked = ink[start : round(y + _ABOUT * em)].any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[1], marked.astype(np.int8), [1]])))
    low, high = max(edges.reshape(-1, 2).tolist(), key=lambda run: run[1] - run[0], default=(0, 0))
    return (start + low, start + high) if high - low >= _WHITE * em else (y, y)


def _around(one: Rectangle, other: Rectangle) -> Rectangle:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def _quad(place: Rectangle) -> Quad:
    left, top, right, bottom = place
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
