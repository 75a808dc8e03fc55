"""Dark margins: what a copier shows beside the paper."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.binarise import binarise
from ocr.image.components import components_of
from ocr.image.page_image import PageImage

# Darker than this, 0 to 255, is not paper, whatever the light.
_DARK = 100
# A row or column of pixels at the edge is margin if this share of it is dark.
_STRIP_SHARE = 0.5
# A margin is solid over at least this many inches and no wider than this share of the page.
_SOLID, _WIDEST = 0.1, 0.12
# Print does not begin closer to a margin than this, in inches; its blurred edge does.
_BLUR = 0.03
# Marks of this height and width, in inches, and no longer than so many times as wide, may be characters;
# so many of them, none farther than this from the next, are print. Measured at 220 dpi on tops of desks,
# drawn of wood, cloth and paint, with noise of σ 2 to 7: 0 to 0.9 marks a square inch; thirds of pages of
# tables and text, in full light and a quarter of it: 3.6 to 14.
_CHARACTER, _LONGEST = (0.05, 0.3), 2.5
_PRINT, _NEXT = 8, 0.4
# The paper is continued on a page this many times smaller; there print is no wider than so many pixels.
_COARSE, _PRINTED = 8, 5


def remove_dark_borders(view: PageImage) -> PageImage:
    """Paint dark margins in the tone of the paper beside them; a page without any comes back as it is.

    White would do on white paper; beside grey paper its edge would look like a rule. What is
    printed on is no margin, however dark it is there: a corner of the page lies in shade.
    """
    grey = view.grey
    dark = np.asarray(grey < _DARK, dtype=np.uint8)
    margin = _strips(dark) | _solid_at_edge(dark, view.dpi)
    if not margin.any():
        return view
    margin = _without_print(margin, grey, view.dpi)
    if not margin.any():
        return view
    reach = 2 * round(_BLUR * view.dpi) + 1
    spread = np.asarray(cv2.dilate(margin, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    pixels = view.pixels.copy()
    pixels[spread > 0] = continue_paper(view.pixels, spread)[spread > 0]
    return replace(view, pixels=pixels)


def _without_print(margin: Pixels, grey: Pixels, dpi: float) -> Pixels:
    """Leave out the pieces of a margin that carry print."""
    pieces = components_of(margin)
    large = pieces.stats[:, cv2.CC_STAT_AREA] >= _PRINT * (_CHARACTER[0] * dpi) ** 2
    large[0] = False
    if not large.any():
        return margin
    bare = ~large
    for index in np.flatnonzero(large):
        left, top, width, height, _ = pieces.stats[index].tolist()
        there = np.s_[top : top + height, left : left + width]
        place = pieces.pixels(int(index)).astype(np.uint8)
        bare[index] = not carries_print(np.ascontiguousarray(grey[there]), place, dpi)
    return pieces.chosen(bare)


def carries_print(grey: Pixels, place: Pixels, dpi: float) -> bool:
    """Tell whether marks like characters, dark or light, stand together in a place of a grey picture."""
    inner = cv2.erode(place, np.ones((2 * round(_BLUR * dpi) + 1,) * 2, np.uint8))
    inks = (np.where(inner > 0, binarise(page, dpi), np.uint8(0)) for page in (grey, np.uint8(255) - grey))
    return any(_stand_together(np.asarray(ink, np.uint8), dpi) for ink in inks)


def _stand_together(ink: Pixels, dpi: float) -> bool:
    marks = components_of(ink)
    sides = marks.stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    low, high = sides.min(axis=1), sides.max(axis=1)
    alike = (high >= _CHARACTER[0] * dpi) & (high <= _CHARACTER[1] * dpi) & (high <= _LONGEST * low)
    alike[0] = False
    if alike.sum() < _PRINT:
        return False
    spots = np.zeros(ink.shape[:2], np.uint8)
    x, y = marks.centres[alike].astype(int).T
    spots[y, x] = 1
    reach = np.ones((round(_NEXT * dpi),) * 2, np.uint8)
    together = components_of(np.asarray(cv2.dilate(spots, reach), np.uint8))
    owners = together.labels[y - together.place[0].start, x - together.place[1].start]
    return int(np.bincount(owners).max()) >= _PRINT


def continue_paper(pixels: Pixels, margin: Pixels) -> Pixels:
    """Return a picture with its paper continued into a mask (Telea, 2004), coarsely: paper has no detail."""
    height, width = margin.shape
    coarse = width // _COARSE, height // _COARSE
    small = cv2.resize(pixels, coarse, interpolation=cv2.INTER_AREA)
    hole = cv2.dilate(cv2.resize(margin, coarse, interpolation=cv2.INTER_NEAREST), np.ones((3, 3), np.uint8))
    # Print close to the margin is no paper.
    bare = np.where(hole[:, :, None] > 0, np.uint8(0), small)
    bare = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((_PRINTED, _PRINTED), np.uint8))
    filled = cv2.inpaint(bare, hole, 3, cv2.INPAINT_TELEA)
    return np.asarray(cv2.resize(filled, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


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
    if not solid.any():
        return np.zeros_like(dark)
    _, labels = cv2.connectedComponents(np.asarray(solid, dtype=np.uint8))
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.asarray(np.isin(labels, edge[edge > 0]), dtype=np.uint8)
