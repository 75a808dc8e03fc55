"""Dark margins: what a copier shows beside the paper."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.document import Pixels
from ocr.view import View

# Darker than this, 0 to 255, is not paper, whatever the light.
_DARK = 100
# A row or column of pixels at the edge is margin if this share of it is dark.
_STRIP_SHARE = 0.5
# A margin is solid over at least this many inches and no wider than this share of the page.
_SOLID, _WIDEST = 0.1, 0.12
# Print does not begin closer to a margin than this, in inches; its blurred edge does.
_BLUR = 0.03


def without_margins(view: View) -> View:
    """Paint dark margins white; a page without any comes back as it is."""
    dark = np.asarray(view.grey < _DARK, dtype=np.uint8)
    margin = _strips(dark) | _solid_at_edge(dark, view.dpi)
    if not margin.any():
        return view
    reach = 2 * round(_BLUR * view.dpi) + 1
    spread = cv2.dilate(margin, np.ones((reach, reach), np.uint8))
    pixels = view.pixels.copy()
    pixels[spread > 0] = 255
    return replace(view, pixels=pixels)


def _strips(dark: Pixels) -> Pixels:
    """Mark the rows and columns at the edges that are mostly dark, from the edge inward."""
    marked = np.zeros_like(dark)
    for side in range(4):
        turned, canvas = np.rot90(dark, side), np.rot90(marked, side)
        mostly = turned[: round(turned.shape[0] * _WIDEST)].mean(axis=1) > _STRIP_SHARE
        depth = int(np.argmin(mostly)) if not mostly.all() else len(mostly)
        canvas[:depth] = 1
    return marked


def _solid_at_edge(dark: Pixels, dpi: float) -> Pixels:
    """Mark solid dark areas that touch an edge: the corners and wedges of a paper laid askew."""
    size = max(3, round(_SOLID * dpi))
    element = np.ones((size, size), np.uint8)
    core = cv2.erode(dark, element, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    solid = cv2.dilate(core, element)
    _, labels = cv2.connectedComponents(np.asarray(solid, dtype=np.uint8))
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.asarray(np.isin(labels, edge[edge > 0]), dtype=np.uint8)
