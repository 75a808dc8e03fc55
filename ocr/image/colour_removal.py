"""Taking coloured ink off a page: seals, stamps, tinted bands. Coloured print stays, in black.

A seal lies over what is printed and must go; a number printed in red or blue is a
value, and bleached it would be a blank. They are told apart by size: print comes in
lines, a seal is as high as several of them. Rules in colour stay too. A straight stroke
goes as well, but print that it runs through may be struck out, so it is told where strokes were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of
from ocr.image.page_image import PageImage
from ocr.image.ruling_lines import SHORTEST_HORIZONTAL, SHORTEST_VERTICAL, THICKEST

# Colour counts from this difference between the strongest and weakest channel,
# 0 to 255, and fully from the second: JPEG leaves a tint of about 10 on grey print.
_TINTED, _COLOURED = 24.0, 60.0
# Rows worked on at a time, and as far as colour is spread to either side of them.
_BAND, _SPREAD = 256, 2
# In coloured places the brightest channel is stretched between these: below the
# first it is print under the seal, above the second it is the seal itself.
_PRINT, _SEAL = 105.0, 175.0
# Coloured marks closer than this across and down, in inches, belong together. Print is at
# most this high or, as the titles of official letters, this many times wider than high;
# and has strokes, which cover less than this share of their box.
_BESIDE, _BELOW, _HIGHEST_LINE, _TITLE, _STROKES = 0.2, 0.06, 0.35, 2.5, 0.6

# A stroke of a pen, or two side by side, is no higher than this, in inches; highlighter is 0.15. It goes
# through a digit at least: shorter pieces are colour that a JPEG or a lens puts beside black print.
_STROKE, _SHORTEST_STROKE = 0.12, 0.06
# Rules of a table hang together with one that is longer than any seal, in inches.
_LONG_RUN = 2.0

Tint = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class PalePage:
    """A page without colour.

    `strokes` is 255 where coloured strokes lay, else 0, and `print` where coloured print stayed as black;
    None where there was none.
    """

    view: PageImage
    strokes: Pixels | None = None
    print: Pixels | None = None


def remove_colour(view: PageImage) -> PalePage:
    """Bleach seals and tints, blacken coloured print; a grey page comes back as it is."""
    red, green, blue = cv2.split(view.pixels)
    # numpy's max along the last axis takes thirty times as long.
    brightest = np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)
    darkest = np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)
    difference = np.asarray(cv2.subtract(brightest, darkest), np.uint8)
    if cv2.countNonZero(cv2.inRange(difference, _COLOURED + 1, 255)) < 1e-4 * difference.size:
        return PalePage(view)
    coloured = np.asarray(difference > _COLOURED, dtype=np.uint8)
    rules = _rules_of(coloured, view.dpi)
    coloured_print, strokes = _print_of(coloured & (1 - rules), view.dpi)
    bleached = np.where(coloured_print | rules > 0, darkest, _bleached(brightest, difference))
    pale = replace(view, pixels=np.asarray(cv2.merge([bleached] * 3), np.uint8))
    masks = (mask * np.uint8(255) if mask.any() else None for mask in (strokes, coloured_print))
    return PalePage(pale, *masks)


def _bleached(brightest: Pixels, difference: Pixels) -> Pixels:
    """Return the tones of a page with its colours bleached, what is strongly coloured most.

    Args:
        brightest: the brightest of the channels of each pixel.
        difference: how far above the darkest it is.
    """
    bleached = np.empty_like(brightest)
    # In bands: as a whole its fractions would take eight times the memory of the page.
    for top in range(0, len(brightest), _BAND):
        first, last = max(0, top - _SPREAD), top + _BAND + _SPREAD
        here, tint = brightest[top : top + _BAND], difference[first:last].astype(np.float32)
        # The colour of a JPEG is coarser than its light, so it is spread to its neighbours.
        spread = cv2.blur(cv2.dilate(tint, np.ones((3, 3), np.uint8)), (3, 3))[top - first :][: len(here)]
        colour = np.clip((np.asarray(spread) - _TINTED) / (_COLOURED - _TINTED), 0.0, 1.0)
        stretched = np.clip((here - _PRINT) / (_SEAL - _PRINT), 0.0, 1.0)
        bleached[top : top + _BAND] = here + (255.0 - here) * stretched * colour
    return bleached


def _rules_of(coloured: Pixels, dpi: float) -> Pixels:
    """Return a mask, 1 on the rules of tables that are drawn in colour."""
    long = round(_LONG_RUN * dpi)
    whole = _runs(coloured, (1, long)) | _runs(coloured, (long, 1))
    if not whole.any():
        return whole
    runs = _runs(coloured, (1, round(SHORTEST_HORIZONTAL * dpi))) | _runs(
        coloured, (round(SHORTEST_VERTICAL * dpi), 1)
    )
    thick = round(THICKEST * dpi)
    thin = runs & (1 - _spread(_runs(coloured, (thick, thick))))
    pieces = components_of(thin)
    which = np.zeros(len(pieces), np.bool_)
    which[pieces.under(whole)] = True
    return _spread(pieces.chosen(which))


def _runs(mask: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(size, np.uint8)), np.uint8)


def _print_of(coloured: Pixels, dpi: float) -> tuple[Pixels, Pixels]:
    """Return the masks of coloured marks that are print, in lines and in nothing larger, and of strokes."""
    reach = np.ones([2 * round(gap * dpi / 2) + 1 for gap in (_BELOW, _BESIDE)], np.uint8)
    together = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, reach)
    pieces = components_of(np.asarray(together, np.uint8))
    stats, labels = pieces.stats, np.zeros(coloured.shape, np.int32)
    labels[pieces.place] = pieces.labels
    own = np.bincount(labels[coloured > 0], minlength=len(pieces))
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    line = (height <= _HIGHEST_LINE * dpi) | (width >= _TITLE * height)
    is_print = line & (own <= _STROKES * width * height)
    is_stroke = ~is_print & (height <= _STROKE * dpi) & (width >= _SHORTEST_STROKE * dpi)
    is_print[0] = is_stroke[0] = False
    for index in np.flatnonzero(~(is_print | is_stroke)[1:]) + 1:
        left, top = stats[index, cv2.CC_STAT_LEFT], stats[index, cv2.CC_STAT_TOP]
        inside = np.unique(labels[top : top + height[index], left : left + width[index]])
        # What stands inside a seal is the seal's, too.
        is_print[inside] = is_stroke[inside] = False
    return _spread(pieces.chosen(is_print) & coloured), _spread(pieces.chosen(is_stroke) & coloured)


def _spread(mask: Pixels) -> Pixels:
    """The colour of a JPEG is coarser than its light: a pixel more all round."""
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), dtype=np.uint8)
