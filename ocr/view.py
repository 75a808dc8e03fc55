"""A page as pixels, together with where each pixel stands on the stored page.

Turning and straightening move pixels; the matrix moves with them, so that every
box found later can be told in points of the page as stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ocr.document import Pixels, Sheet
from ocr.model import Box

Matrix = np.ndarray[Any, np.dtype[np.float64]]
_PAPER = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class View:
    """RGB `pixels` (height, width, 3) at about `dpi`; `to_page` (3 × 3) maps pixels to points."""

    pixels: Pixels
    to_page: Matrix
    dpi: float

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
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64)
        points = _apply(self.to_page, corners)
        low, high = points.min(axis=0), points.max(axis=0)
        return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel that shows a point of the page."""
        to_pixels = np.asarray(np.linalg.inv(self.to_page), dtype=np.float64)
        found = _apply(to_pixels, np.array([[x, y]], dtype=np.float64))[0]
        return float(found[0]), float(found[1])


def view_of(sheet: Sheet, dpi: float) -> View:
    """Render a sheet at `dpi` (less for a page that would have too many pixels)."""
    pixels = sheet.render(dpi)
    scale = sheet.width / pixels.shape[1]
    to_page = np.diag([scale, sheet.height / pixels.shape[0], 1.0])
    return View(pixels, to_page, 72.0 / scale)


def turned(view: View, degrees: int) -> View:
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
    return View(pixels, view.to_page @ np.array(back, dtype=np.float64), view.dpi)


def rotated(view: View, degrees: float) -> View:
    """Rotate clockwise by a small angle about the centre, keeping the size; corners fill with white."""
    centre = (view.width / 2, view.height / 2)
    forward = cv2.getRotationMatrix2D(centre, -degrees, 1.0)
    pixels = cv2.warpAffine(
        view.pixels, forward, (view.width, view.height), flags=cv2.INTER_CUBIC, borderValue=_PAPER
    )
    back = np.linalg.inv(np.vstack([forward, [0.0, 0.0, 1.0]]))
    return View(np.asarray(pixels, dtype=np.uint8), view.to_page @ back, view.dpi)


def _apply(matrix: Matrix, points: Matrix) -> Matrix:
    homogeneous = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:], dtype=np.float64)
