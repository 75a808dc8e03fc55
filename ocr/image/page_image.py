"""A page as pixels, together with where each pixel stands on the stored page.

Turning and straightening move pixels; the matrix moves with them, so that every
box found later can be told in points of the page as stored. What a matrix cannot
tell, the bending of a photographed page, the warp does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
from cv2.typing import MatLike

from ocr.arrays import Matrix, Pixels
from ocr.documents.base import Sheet
from ocr.image.warp import resample_flat, to_flat_page, to_stored_page
from ocr.model import Box, Warp

# A page is read at the resolution of its picture, within these bounds in dpi:
# below, small print needs enlarging; above, a page costs more than it should.
_LOWEST_DPI, HIGHEST_DPI = 200.0, 300.0
# Points looked at along each side of a rectangle: what is straight here may be bent there.
_ALONG = 9
# Rounds until the rectangle that has a given box is found, to a tenth of a pixel.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class PageImage:
    """RGB `pixels` (height, width, 3) at about `dpi`; `to_page` (3 × 3) maps pixels to points.

    With a `warp` these are points of the flat sheet, which it maps to the page.
    """

    pixels: Pixels
    to_page: Matrix
    dpi: float
    warp: Warp | None = None

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def grey(self) -> Pixels:
        """Luminance, shape (height, width), 0 black to 255 white."""
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return the upright box on the page around a rectangle of pixels."""
        points = self.points(_outline(left, top, right, bottom, _ALONG if self.warp else 2))
        low, high = points.min(axis=0), points.max(axis=0)
        return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def points(self, places: Matrix) -> Matrix:
        """Return the points of the page that places in pixels, shape (n, 2), show."""
        found = _apply(self.to_page, places)
        return to_stored_page(self.warp, found) if self.warp else found

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel that shows a point of the page."""
        point = np.array([[x, y]], dtype=np.float64)
        to_pixels = np.asarray(np.linalg.inv(self.to_page), dtype=np.float64)
        found = _apply(to_pixels, to_flat_page(self.warp, point) if self.warp else point)[0]
        return float(found[0]), float(found[1])

    def pixels_of(self, box: Box, margin: float = 0.0) -> tuple[slice, slice]:
        """Return the rows and columns, and so many pixels more, of a box in a view by `render_page`."""
        across, down = float(self.to_page[0, 0]), float(self.to_page[1, 1])
        rows = slice(max(0, int(box.top / down - margin)), max(0, ceil(box.bottom / down + margin)))
        return rows, slice(max(0, int(box.left / across - margin)), max(0, ceil(box.right / across + margin)))

    def rectangle(self, box: Box) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of the rectangle of pixels that `box` tells this box of.

        The inverse of `box`, for views less than 45° from a quarter turn of the page.
        """
        x, y = self.pixel(*box.centre)
        slopes = self.points(np.array([[x, y], [x + 1.0, y], [x, y + 1.0]]))
        # How wide and high on the page one pixel across and one pixel down are.
        extent = np.abs(slopes[1:] - slopes[0]).T
        centre, size = np.array([x, y]), np.linalg.solve(extent, [box.width, box.height])
        for _ in range(_ROUNDS if self.warp else 0):
            there = self.box(*(centre - size / 2), *(centre + size / 2))
            size = size + np.linalg.solve(extent, [box.width - there.width, box.height - there.height])
            centre = centre + np.array([x, y]) - self.pixel(*there.centre)
        left, top, right, bottom = (float(value) for value in (*(centre - size / 2), *(centre + size / 2)))
        return left, top, right, bottom


def render_page(sheet: Sheet, dpi: float, *, text: bool = True) -> PageImage:
    """Render a sheet, its text left out if so asked, at `dpi` (less for a page of too many pixels)."""
    pixels = sheet.render(dpi, text=text)
    scale = sheet.width / pixels.shape[1]
    to_page = np.diag([scale, sheet.height / pixels.shape[0], 1.0])
    return PageImage(pixels, to_page, 72.0 / scale)


def reading_dpi(sheet: Sheet) -> float:
    """Return the resolution a page is read at."""
    return min(max(sheet.native_dpi or _LOWEST_DPI, _LOWEST_DPI), HIGHEST_DPI)


def render_flat(view: PageImage, warp: Warp, dpi: float) -> PageImage:
    """Show a page as stored, as `render_page` gives it, as its flat sheet at `dpi`."""
    pixels = resample_flat(view.pixels, np.linalg.inv(view.to_page).astype(np.float64), warp, dpi)
    to_sheet = np.diag([warp.width / pixels.shape[1], warp.height / pixels.shape[0], 1.0])
    return PageImage(pixels, to_sheet, dpi, warp)


def rotate_quarters(view: PageImage, degrees: int) -> PageImage:
    """Turn a view clockwise by 0, 90, 180 or 270 degrees, losing nothing."""
    if degrees % 360 == 0:
        return view
    pixels = np.ascontiguousarray(np.rot90(view.pixels, k=-(degrees // 90)))
    height, width = view.pixels.shape[:2]
    back = {
        90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }[degrees]
    return PageImage(pixels, view.to_page @ np.array(back, dtype=np.float64), view.dpi, view.warp)


def rotate_small(view: PageImage, degrees: float) -> PageImage:
    """Rotate clockwise by a small angle about the centre, keeping the size; corners continue the edge.

    Rotated by 0 a view comes back as it is.
    """
    if degrees == 0:
        return view
    forward = _about_centre(view.width, view.height, degrees)
    back = np.linalg.inv(np.vstack([forward, [0.0, 0.0, 1.0]]))
    return PageImage(_moved(view.pixels, forward), view.to_page @ back, view.dpi, view.warp)


def rotate_mask(mask: Pixels, degrees: float) -> Pixels:
    """Rotate a mask (height, width) as `rotate_small` does the page it is of; corners have none of it."""
    if degrees == 0:
        return mask
    height, width = mask.shape[:2]
    forward = _about_centre(width, height, degrees)
    return np.asarray(cv2.warpAffine(mask, forward, (width, height), flags=cv2.INTER_NEAREST), np.uint8)


def _about_centre(width: int, height: int, degrees: float) -> MatLike:
    """Return the matrix (2 × 3) that turns a picture of that size clockwise."""
    return cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)


def _moved(pixels: Pixels, forward: MatLike) -> Pixels:
    """Move RGB pixels by a matrix (2 × 3); of a grey page, whose channels are alike, one is moved for all."""
    red, green, blue = cv2.split(pixels)
    is_grey = np.array_equal(red, green) and np.array_equal(green, blue)
    moved = cv2.warpAffine(
        red if is_grey else pixels,
        forward,
        (pixels.shape[1], pixels.shape[0]),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cv2.merge([moved] * 3) if is_grey else moved, dtype=np.uint8)


def _outline(left: float, top: float, right: float, bottom: float, count: int) -> Matrix:
    """Return `count` points along each side of a rectangle."""
    across, down = np.linspace(left, right, count), np.linspace(top, bottom, count)
    sides = [(across, np.full(count, top)), (across, np.full(count, bottom))]
    sides += [(np.full(count, left), down), (np.full(count, right), down)]
    return np.concatenate([np.stack(side, axis=1) for side in sides])


def _apply(matrix: Matrix, points: Matrix) -> Matrix:
    homogeneous = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:], dtype=np.float64)
