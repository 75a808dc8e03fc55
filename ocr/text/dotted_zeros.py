"""Zeros with a dot inside, as faces of even width print them: the recogniser takes one for 日.

Among digits the shape is plain: a round ring, and in the middle of its one hole a
small island of ink. Filled with paper, the island is gone and a zero is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from ocr.arrays import Pixels

Contour = np.ndarray[tuple[int, ...], np.dtype[np.int32]]

# The line is looked at this high, in pixels, and parted at these shares of the way from
# ink to paper: fat print closes a ring at one, pale print opens it at another.
_HEIGHT = 96
_LEVELS = (0.5, 0.35, 0.65, 0.2)
# Measured on DejaVu Sans Mono at 150 to 300 dpi, JPEG 45 and up: rings are 0.58 to 0.67
# as wide as high and cover 0.76 to 0.82 of their box (日 covers all of it), islands are
# 0.05 to 0.12 of their hole and within 0.03 of the middle.
_NARROWEST, _WIDEST = 0.4, 0.85
_ROUND = 0.9
_LARGEST_DOT = 0.3
_OFF_CENTRE = 0.1
# A ring has at least this share of the height of the picture, which has a margin.
_TALL = 0.5
# What the dot leaves around itself, as a share of the height.
_HALO = 0.04


def remove_zero_dots(line: Pixels) -> tuple[Pixels, int]:
    """Paint the dots of dotted zeros out of an RGB picture of one line; also return how many there were."""
    scale = _HEIGHT / max(line.shape[0], 1)
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY)
    large = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    dark, light = np.percentile(large, 2), np.percentile(large, 98)
    inks = (np.asarray(large < dark + level * (light - dark), dtype=np.uint8) for level in _LEVELS)
    found = max(((list(_dots(ink)), ink) for ink in inks), key=lambda pair: len(pair[0]))
    dots, ink = found
    if not dots:
        return line, 0
    mask = np.zeros_like(ink)
    cv2.drawContours(mask, dots, -1, 1, cv2.FILLED)
    halo = 2 * round(_HALO * _HEIGHT) + 1
    spread = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (halo, halo)))
    shape = (line.shape[1], line.shape[0])
    covered = cv2.resize(spread * 255, shape, interpolation=cv2.INTER_AREA)[:, :, np.newaxis] / 255.0
    return np.asarray(line * (1 - covered) + light * covered, dtype=np.uint8), len(dots)


def _dots(ink: Pixels) -> Iterator[Contour]:
    """Yield the outline of every dot inside a zero; `ink` is 1 on print, else 0."""
    found, tree = cv2.findContours(ink, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    outlines = [np.asarray(outline, dtype=np.int32) for outline in found]
    for index, (*_, parent) in enumerate(tree[0] if tree is not None else ()):
        holes = _children(tree[0], index) if parent < 0 else []
        islands = _children(tree[0], holes[0]) if len(holes) == 1 else []
        if len(islands) == 1:
            ring, hole, island = outlines[index], outlines[holes[0]], outlines[islands[0]]
            if _is_zero(ring, hole, island, ink.shape[0]):
                yield island


def _children(tree: Sequence[Sequence[int]], index: int) -> list[int]:
    """Return the contours directly inside one, by OpenCV's (next, previous, first child, parent)."""
    found, child = [], int(tree[index][2])
    while child >= 0:
        found.append(child)
        child = int(tree[child][0])
    return found


def _is_zero(ring: Contour, hole: Contour, island: Contour, line_height: int) -> bool:
    left, top, width, height = cv2.boundingRect(ring)
    x, y, across, down = cv2.boundingRect(island)
    off = (x + across / 2 - left) / width - 0.5, (y + down / 2 - top) / height - 0.5
    return (
        height >= _TALL * line_height
        and _NARROWEST <= width / height <= _WIDEST
        and cv2.contourArea(ring) <= _ROUND * width * height
        and cv2.contourArea(island) <= _LARGEST_DOT * cv2.contourArea(hole)
        and max(map(abs, off)) <= _OFF_CENTRE
    )
