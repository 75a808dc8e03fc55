"""Printed lines as the detector gives them: four corner points each."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.arrays import Pixels

# Corner points in pixels, shape (4, 2), clockwise from the top left.
Quad = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Point = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

# A line of running text is this many times as long as high, one of a cell this many. Such get paper above
# and below, as a share of their height. What a recogniser costs grows with the width at its own height, and
# print that fills six tenths of the height reads as print that fills three quarters, in a quarter less time.
# Of 1,016 lines of 14 kinds of scan and the real set, five times as long as high, none that had been read by
# 0.8 and more was read otherwise, brackets and gaps aside; with 0.2 and 0.3 three and four were.
_RUNNING_TEXT, _CELL, _PAPER = 15.0, 5.0, 0.15
# Cells get none below the height, in pixels, that the recognisers see lines at: of tables in small type,
# shown larger than they are, ln was read for In, 十 for +; nor do shorter ones, of which lone O and 0 changed
# places.
_LOWEST_CELL = 48


def box_size(text_box: Quad) -> tuple[float, float]:
    """Return the width and height of the upright rectangle around a quad, in pixels."""
    low, high = text_box.min(axis=0), text_box.max(axis=0)
    return float(high[0] - low[0]), float(high[1] - low[1])


def bounding_rectangle(text_box: Quad) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the upright rectangle around a quad."""
    low, high = text_box.min(axis=0), text_box.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def crop_upright(pixels: Pixels, text_box: Quad) -> Pixels:
    """Cut the upright rectangle around a quad out of an image, as far as it is inside."""
    left, top, right, bottom = (round(value) for value in bounding_rectangle(text_box))
    return pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]


def with_paper(line: Pixels, long: float = _RUNNING_TEXT, lowest: int = 1) -> Pixels:
    """Return a line with paper above and below, in the tone of its edges, if it is so long and so high.

    Args:
        line: the picture of a line; others come back as they are.
        long: the least length, as a multiple of the height.
        lowest: the least height in pixels.
    """
    height, width = line.shape[:2]
    if height < lowest or width < long * height:
        return line
    paper = round(height * _PAPER)
    return np.asarray(cv2.copyMakeBorder(line, paper, paper, 0, 0, cv2.BORDER_REPLICATE), np.uint8)


def cell_with_paper(line: Pixels) -> Pixels:
    """Return the line of a cell or column likewise."""
    return with_paper(line, _CELL, _LOWEST_CELL)


def crop_deskewed(pixels: Pixels, text_box: Quad) -> Pixels:
    """Cut a slanted quad out of an image, set straight; what lies outside of the image repeats its edge."""
    left_top, right_top, left_bottom = _corners(text_box)
    width, height = np.hypot(*(right_top - left_top)), np.hypot(*(left_bottom - left_top))
    size = max(1, round(float(width))), max(1, round(float(height)))
    target = np.array([[0, 0], [size[0], 0], [0, size[1]]], np.float32)
    matrix = cv2.getAffineTransform(np.stack([left_top, right_top, left_bottom]).astype(np.float32), target)
    found = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.uint8)


def _corners(text_box: Quad) -> tuple[Point, Point, Point]:
    """Return the corners left top, right top and left bottom: a slanted quad may begin at any of them."""
    width, height = box_size(text_box)
    if height > width:
        (one, two), (three, four) = np.split(text_box[np.argsort(text_box[:, 1])], 2)
        tops, bottoms = sorted((one, two), key=_x), sorted((three, four), key=_x)
        return tops[0], tops[1], bottoms[0]
    (one, two), (three, four) = np.split(text_box[np.argsort(text_box[:, 0])], 2)
    lefts, rights = sorted((one, two), key=_y), sorted((three, four), key=_y)
    return lefts[0], rights[0], lefts[1]


def _x(point: Point) -> float:
    return float(point[0])


def _y(point: Point) -> float:
    return float(point[1])
