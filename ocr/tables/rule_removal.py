"""A page made ready for cutting: nothing but print is left on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.despeckle import speck_mask
from ocr.image.page_image import PageImage
from ocr.image.rules.rule_ends import REACH
from ocr.image.ruling_lines import Rulings

# How far from its line a broken rule may have left ink, in inches.
_CRUMBS = 0.015
# A mark so close beside print, in inches, may hide a digit of it: the gap before a 1. In an empty cell none
# stands within this share of its sides.
_BESIDE, _MARGIN = 0.035, 0.15


# Left, top, right and bottom.
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Inks:
    """The pixels of a view before its colours were taken off; `coloured` is 255 where print had one."""

    pixels: Pixels
    coloured: Pixels | None = None


@dataclass(frozen=True, slots=True)
class CleanedPage:
    """A page ready for cutting.

    The view; all its ink; its ink without rules and specks; a copy of the view that has these painted over.
    `dirty` says that there were specks, `marks` is 255 where streaks, blots or strokes have spoilt the print.
    """

    view: PageImage
    raw: Pixels
    ink: Pixels
    clean: Pixels
    dirty: bool = False
    marks: Pixels | None = None
    inks: Inks | None = None

    def is_spoilt(self, place: tuple[slice, slice], ink: Pixels) -> bool:
        """Tell whether a mark touches the print of a cell, or stands where an empty one may have had some.

        Args:
            place: the rows and columns of the cell.
            ink: its print.
        """
        if self.marks is None:
            return False
        marks = self.marks[place]
        reach = 2 * round(_BESIDE * self.view.dpi) + 1
        if ink.any():
            beside = np.asarray(cv2.dilate(ink, np.ones((1, reach), np.uint8)), np.uint8)
            return bool((beside & marks).any())
        edges = [round(_MARGIN * side) for side in marks.shape]
        return bool(marks[edges[0] : marks.shape[0] - edges[0], edges[1] : marks.shape[1] - edges[1]].any())


def clean_page(
    view: PageImage,
    ink: Pixels,
    rulings: Rulings,
    cells: Sequence[Rectangle],
    marks: Pixels | None = None,
    inks: Inks | None = None,
) -> CleanedPage:
    """Take the rules of tables and specks out of a page, so that a crop shows only print.

    Rules lie between cells, `cells` of tables in pixels: in the middle of one, and outside of tables,
    strokes of print may look like some. Of broken rules no mask has every crumb: there the edges of all
    cells are cleared.
    """
    mask = np.asarray(cv2.dilate(rulings.mask, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    rules = mask & _drawn(cells, REACH * view.dpi, ink)
    if rulings.fragments:
        rules |= _drawn(cells, _CRUMBS * view.dpi, ink)
    specks = speck_mask(np.where(rules > 0, np.uint8(0), ink), view.dpi)
    dirt = rules | specks
    clean = view.pixels.copy()
    cv2.copyTo(_paper(view.pixels), dirt, clean)
    print_ = np.where(dirt > 0, np.uint8(0), ink)
    return CleanedPage(view, ink, print_, clean, bool(specks.any()), marks, inks)


def _drawn(rectangles: Sequence[Rectangle], reach: float, like: Pixels) -> Pixels:
    """Draw the edges of rectangles, `reach` pixels to either side, on a mask of the size of another."""
    mask = np.zeros_like(like)
    for left, top, right, bottom in rectangles:
        corners = (round(left), round(top)), (round(right), round(bottom))
        cv2.rectangle(mask, *corners, 255, 2 * round(reach) + 1)
    return mask


def _paper(pixels: Pixels) -> Pixels:
    """Estimate the paper behind the print: the brightest tone near each pixel."""
    small = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (5, 5))
    paper = cv2.resize(bright, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(paper, dtype=np.uint8)
