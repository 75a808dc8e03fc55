"""A page laid flat: where every place of the flat sheet stands on the page as stored.

A photograph is bent in no way that a matrix could tell. So a mesh of points is
kept, in points of the page, which serves at every resolution.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.model import Warp

Points = np.ndarray[Any, np.dtype[np.float64]]
_PAPER = (255, 255, 255)
# Steps of Newton's method from the flat sheet back; the mesh is all but linear.
_STEPS = 4


def make_warp(width: float, height: float, nodes: Points) -> Warp:
    """Make a warp of nodes, shape (rows, columns, 2)."""
    rows = tuple(tuple((float(x), float(y)) for x, y in row) for row in nodes)
    return Warp(width, height, rows)


def to_stored_page(warp: Warp, points: Points) -> Points:
    """Return where points of the flat sheet, shape (n, 2), stand on the stored page."""
    nodes = _nodes(warp)
    down = _weights(points[:, 1] / warp.height, nodes.shape[0])
    across = _weights(points[:, 0] / warp.width, nodes.shape[1])
    return np.asarray(np.einsum("nr,rcd,nc->nd", down, nodes, across), dtype=np.float64)


def to_flat_page(warp: Warp, points: Points) -> Points:
    """Return where points of the stored page, shape (n, 2), stand on the flat sheet."""
    found = np.tile([warp.width / 2, warp.height / 2], (len(points), 1))
    for _ in range(_STEPS):
        here = to_stored_page(warp, found)
        beside = [to_stored_page(warp, found + np.array(step)) - here for step in ((1.0, 0.0), (0.0, 1.0))]
        slopes = np.stack(beside, axis=2)
        found = found + np.linalg.solve(slopes, (points - here)[:, :, np.newaxis])[:, :, 0]
    return np.asarray(found, dtype=np.float64)


def resample_flat(pixels: Pixels, to_pixels: Points, warp: Warp, dpi: float) -> Pixels:
    """Sample a stored page, whose points `to_pixels` (3 × 3) takes to pixels, as the flat sheet at `dpi`."""
    nodes = _nodes(warp)
    corners = np.concatenate([nodes, np.ones((*nodes.shape[:2], 1))], axis=2) @ to_pixels.T
    wanted = corners[:, :, :2] / corners[:, :, 2:]
    height, width = round(warp.height * dpi / 72), round(warp.width * dpi / 72)
    down = _weights((np.arange(height) + 0.5) / height, nodes.shape[0])
    across = _weights((np.arange(width) + 0.5) / width, nodes.shape[1])
    # A pixel's own place is its middle, half a pixel on.
    x, y = ((down @ wanted[:, :, axis] @ across.T - 0.5).astype(np.float32) for axis in (0, 1))
    picture = cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderValue=_PAPER)
    return np.asarray(picture, dtype=np.uint8)


@lru_cache(maxsize=4)
def _nodes(warp: Warp) -> Points:
    return np.array(warp.nodes, dtype=np.float64)


def _weights(places: Points, count: int) -> Points:
    """Return the weights of `count` even nodes at places from 0 to 1, shape (n, count); beyond, linear."""
    at = places * (count - 1)
    first = np.clip(np.floor(at).astype(int), 0, count - 2)
    weights = np.zeros((len(places), count))
    each = np.arange(len(places))
    weights[each, first] = 1.0 - (at - first)
    weights[each, first + 1] = at - first
    return weights
