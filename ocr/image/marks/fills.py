"""Filled areas, as tables have behind headers and totals, made white with dark print and ruled edges.

Within a fill whatever differs from it is print or a rule, be it lighter or darker: white digits
on navy, black ones on grey, white rules between shades. Its edges part cells as rules do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import Choice, components_of
from ocr.image.page_image import PageImage

# A fill is so much darker than the paper, 0 to 255: the lightest shades of office programs are 25 to 30
# darker, the noise of scans and JPEG is within 12.
_CONTRAST = 20
# Its smallest side and its larger one, in inches; no stroke of print is as thick as the third.
_LOW, _WIDE, _SOLID = 0.1, 0.3, 0.06
# Print of another tone leaves at least this share of it: in bold characters of a title, whose gaps
# are closed likewise, strokes take less. What is made of rectangles keeps the second share of
# itself where rectangles of these sides, in inches, fit in.
_SHARE, _SQUARE, _SIDES = 0.6, 0.9, (0.25, 0.1)
# Light print within a fill is no wider and higher than this, in inches: one character.
_CHARACTER = (0.5, 0.35)
# Strokes take less than this share of the box of a character; what takes more, and is no smaller than
# this, in inches, is a white cell.
_CELL = (0.7, 0.1)
_SIZE = (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA)
# A fill is narrower than this, in inches, across or down: beyond, paper shows again, be it in the margin.
_REACH = 7.0
# The edge of a fill is as sharp as this share of its contrast within `_SHARP` inches; a shadow has none.
_SHARP, _STEP = 0.02, 0.6
# So much of its edge must be sharp.
_SHARPLY = 0.6
# The page is looked at in steps of so many inches first; fewer solid places are no fill. So far around
# them, in inches, it is looked at closely.
_PLACE, _FEWEST, _MARGIN = 0.04, 12, 0.3
# The tone of a fill is the mean of so many inches around, of pixels within so much, 0 to 255, of a tone that
# this share has.
_AROUND, _ALIKE, _FREQUENT = 0.1, 16, 0.02
# Highlighter is brighter than this, and of a stronger colour, 0 to 255; tints of tables go up to 55.
_BRIGHT, _STRONG = 200, 70
# The light is looked at in squares of so many inches. Where a larger share of them is darker than the paper
# by a fill's contrast, these begin with such a step if they are fills: a table that is filled whole takes
# half a page, as the shade does in a slanting light, which goes over to it by 3 to 8 from square to square.
_TILE, _UNEVEN, _STEEP = 0.5, 0.35, 15
# Red of a seal is so much above green and blue, 0 to 255: 90 and more in scans and photographs of the corpus.
# Red areas longer than this, in inches, that take so much of a rectangle are fills: the largest seals measure
# 1.8, and neither their rings nor their stars are solid.
_RED, _LONGEST_SEAL, _SOLID_RED = 60, 2.0, 0.75
# A rule is no thicker than this, in inches.
_THIN = 0.04
# A page is a negative if light areas are no more than the first share of it, black ones at least the second.
_LIGHT, _BLACK = 0.25, 0.6


Tones = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class FlatPage:
    """A page without its filled areas, print in them dark on white.

    `edges` is 255 where a fill ended sharply, else 0; None without any fill, when the view is as it was.
    """

    view: PageImage
    edges: Pixels | None = None


def flatten_fills(view: PageImage) -> FlatPage:
    """Take the filled areas off a page, and turn a negative into a positive."""
    view = _positive(view)
    dpi = view.dpi
    grey = np.where(_is_seal(view.pixels, dpi), np.uint8(255), view.grey)
    if not _is_evenly_lit(grey, dpi):
        return FlatPage(view)
    found = [(place, _flattened(grey[place], paper, dpi)) for place, paper in _solid_places(grey, dpi)]
    if not any(fills.any() for _, (fills, _, _) in found):
        return FlatPage(view)
    pixels, edges = view.pixels.copy(), np.zeros_like(grey)
    for place, (fills, flat, rim) in found:
        edges[place] |= np.where(_is_highlighter(pixels[place]), np.uint8(0), rim)
        pixels[place] = np.where(fills[:, :, None] > 0, flat[:, :, None], pixels[place])
    return FlatPage(replace(view, pixels=pixels), edges)


def _is_evenly_lit(grey: Pixels, dpi: float) -> bool:
    """Tell a page whose paper has one tone: in a slanting light the darker half would be a fill.

    Where much of it is dark, the step to the dark squares beside light ones tells.
    """
    sample, size = grey[::4, ::4], max(1, round(dpi * _TILE / 4))
    rows, columns = (max(1, length // size) for length in sample.shape)
    whole = sample[: rows * size, : columns * size]
    tiles = whole.reshape(rows, whole.shape[0] // rows, columns, whole.shape[1] // columns)
    tones = np.percentile(tiles, 90, axis=(1, 3))
    dark = tones < np.percentile(tones, 95) - _CONTRAST
    steps = [_steps(tones, dark), _steps(tones.T, dark.T)]
    return bool(dark.mean() <= _UNEVEN or np.median(np.concatenate(steps)) >= _STEEP)


def _steps(tones: Tones, dark: Choice) -> Tones:
    """Return how far the tones of dark squares are from those of light ones below or above them."""
    return np.asarray(np.abs(np.diff(tones, axis=0))[dark[1:] != dark[:-1]], np.float32)


def _is_seal(pixels: Pixels, dpi: float) -> Choice:
    """Tell the pixels of a seal, whose solid star is no fill: seals are bleached later."""
    red, green, blue = cv2.split(pixels)
    is_red = np.asarray(cv2.subtract(red, cv2.max(green, blue)) > _RED, np.uint8)
    if not is_red.any():
        return is_red.astype(np.bool_)
    # Rules run through a fill.
    pieces = components_of(_closed(is_red, _THIN * dpi))
    width, height, area = (pieces.stats[:, column] for column in _SIZE)
    is_fill = (np.maximum(width, height) >= _LONGEST_SEAL * dpi) & (area >= _SOLID_RED * width * height)
    is_fill[0] = True
    return np.asarray(pieces.chosen(~is_fill) & is_red, np.bool_)


def _closed(mask: Pixels, width: float) -> Pixels:
    """Close gaps of a mask up to so many pixels."""
    size = 2 * round(width / 2) + 1
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)


def _is_highlighter(pixels: Pixels) -> Choice:
    """Tell the pixels of a bright, strong colour: a pen lays it across cells, and its edges are no rules."""
    red, green, blue = cv2.split(pixels)
    # numpy's max along the last axis takes thirty times as long.
    brightest, darkest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return np.asarray((brightest >= _BRIGHT) & (cv2.subtract(brightest, darkest) > _STRONG), np.bool_)


def _solid_places(grey: Pixels, dpi: float) -> Iterator[tuple[tuple[slice, slice], Pixels]]:
    """Yield the rows and columns around each area that may be a fill, and the tone of the paper there."""
    step = max(2, round(_PLACE * dpi))
    # The lightest of each place: print and rules vanish, solid areas stay.
    places = cv2.dilate(grey, np.ones((step + 1, step + 1), np.uint8))[step // 2 :: step, step // 2 :: step]
    if not places.size:  # a page smaller than one place
        return
    paper = _paper(np.ascontiguousarray(places), _REACH * dpi / step)
    solid = np.asarray(places < paper.astype(np.int16) - _CONTRAST, np.uint8)
    if not solid.any():
        return
    size, margin = round(_CHARACTER[0] * dpi / step) | 1, round(_MARGIN * dpi / step)
    joined = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    for left, top, width, height, area in components_of(np.asarray(joined, np.uint8)).stats[1:].tolist():
        if area < _FEWEST:
            continue
        rows = slice(max(0, top - margin), top + height + margin)
        columns = slice(max(0, left - margin), left + width + margin)
        tone = paper[rows, columns]
        place = np.s_[rows.start * step : rows.stop * step, columns.start * step : columns.stop * step]
        shape = grey[place].shape
        yield place, np.asarray(cv2.resize(tone, shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _positive(view: PageImage) -> PageImage:
    """Turn a page printed light on black into one dark on white."""
    sample = view.grey[::8, ::8]
    is_negative = (sample > 128).mean() < _LIGHT and (sample < 64).mean() > _BLACK
    return replace(view, pixels=255 - view.pixels) if is_negative else view


def _paper(places: Pixels, reach: float) -> Pixels:
    """Return the tone of the paper at each place: what is narrower than the reach either way is none."""
    size = round(reach)
    across = cv2.morphologyEx(places, cv2.MORPH_CLOSE, np.ones((1, size), np.uint8))
    down = cv2.morphologyEx(places, cv2.MORPH_CLOSE, np.ones((size, 1), np.uint8))
    return np.asarray(cv2.max(across, down), np.uint8)


def _filled(dark: Pixels, dpi: float) -> Pixels:
    """Return a mask, 1 on filled areas, of where a page is darker than its paper."""
    size = round(_SOLID * dpi)
    solid = cv2.morphologyEx(dark | _holes(dark, dpi), cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    pieces = components_of(np.asarray(solid, np.uint8))
    width, height = pieces.stats[:, cv2.CC_STAT_WIDTH], pieces.stats[:, cv2.CC_STAT_HEIGHT]
    is_fill = (np.maximum(width, height) >= _WIDE * dpi) & (np.minimum(width, height) >= _LOW * dpi)
    is_fill[0] = False
    for index in np.flatnonzero(is_fill):
        left, top = pieces.stats[index, cv2.CC_STAT_LEFT], pieces.stats[index, cv2.CC_STAT_TOP]
        area = pieces.pixels(int(index))
        own = dark[top : top + height[index], left : left + width[index]][area]
        is_fill[index] = own.mean() >= _SHARE and _is_of_rectangles(area, dpi)
    return pieces.chosen(is_fill)


def _holes(dark: Pixels, dpi: float) -> Pixels:
    """Return a mask, 1 on what is light and enclosed: a character, and no white cell between rules."""
    light = components_of(np.asarray(1 - dark, np.uint8))
    width, height, area = (light.stats[:, column] for column in _SIZE)
    is_small = (width <= _CHARACTER[0] * dpi) & (height <= _CHARACTER[1] * dpi)
    is_cell = (area >= _CELL[0] * width * height) & (np.minimum(width, height) >= _CELL[1] * dpi)
    return light.chosen(is_small & ~is_cell)


def _is_of_rectangles(area: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], dpi: float) -> bool:
    """Tell whether an area is made of rectangles; blots, stars and strokes are not."""
    long, short = (round(side * dpi) for side in _SIDES)
    mask = np.pad(area.astype(np.uint8), 1)
    lying, standing = (
        cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(size, np.uint8))
        for size in ((short, long), (long, short))
    )
    fitting = np.count_nonzero(cv2.bitwise_or(lying, standing))
    return bool(fitting >= _SQUARE * np.count_nonzero(mask))


def _flattened(grey: Pixels, paper: Pixels, dpi: float) -> tuple[Pixels, Pixels, Pixels]:
    """Return a mask, 1 on fills; the page as its difference to their tone; a mask, 255 on their edges."""
    fills = _filled(np.asarray(grey < paper.astype(np.int16) - _CONTRAST, np.uint8), dpi)
    if not fills.any():
        return fills, grey, fills
    tone = _tone(grey, fills, dpi)
    contrast = np.asarray(cv2.absdiff(grey, tone), np.float32)
    flat = np.clip(255.0 - contrast * (255.0 / np.maximum(tone, 255 - tone)), 0, 255).astype(np.uint8)
    # At its edge a fill goes over into the paper.
    flat[(_rim(fills) > 0) & (grey > tone)] = 255
    # Light rules part fills, too thin to be paper; all that they part is one area.
    area = _closed(fills, _THIN * dpi)
    rim = _rim(area)
    edges = _sharp(rim, grey, np.asarray(paper.astype(np.int16) - tone), dpi)
    ended = _sharply_ended(area, rim, edges)
    flattened = np.where(ended > 0, np.where(fills > 0, flat, np.uint8(255)), grey)
    return ended, flattened, (edges | (area - fills) * np.uint8(255)) * ended


def _rim(fills: Pixels) -> Pixels:
    return fills - np.asarray(cv2.erode(fills, np.ones((5, 5), np.uint8)), np.uint8)


def _sharply_ended(fills: Pixels, rim: Pixels, edges: Pixels) -> Pixels:
    """Keep those fills whose edge is mostly sharp: half a page in the shade is none."""
    pieces = components_of(fills)
    around, sharp = (
        np.bincount(pieces.labels[mask[pieces.place] > 0], minlength=len(pieces)) for mask in (rim, edges)
    )
    return pieces.chosen((around > 0) & (sharp >= _SHARPLY * around))


def _tone(grey: Pixels, fills: Pixels, dpi: float) -> Pixels:
    """Return the tone of the fill at each pixel; print and rules have that of the nearest solid place.

    One area may have fills of several tones: each is taken by itself, as uneven light leaves it.
    """
    solid, around = (np.ones((round(size * dpi),) * 2, np.uint8) for size in (_SOLID, _AROUND))
    tone = np.zeros(grey.shape, np.float32)
    for peak in _peaks(grey[fills > 0]):
        near = np.asarray(fills & (np.abs(grey.astype(np.int16) - peak) <= _ALIKE), np.uint8)
        own = _hanging_on(near, np.asarray(cv2.morphologyEx(near, cv2.MORPH_OPEN, solid), np.uint8))
        share = np.maximum(cv2.blur(own, around.shape), 1e-6)
        cv2.copyTo(cv2.blur(own * grey, around.shape) / share, own.astype(np.uint8), tone)
    unknown = np.asarray(tone == 0, np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(
        unknown, cv2.DIST_L2, cv2.DIST_MASK_3, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = np.zeros(int(nearest.max()) + 1, np.float32)
    known[nearest[unknown == 0]] = tone[unknown == 0]
    return np.asarray(known[nearest], np.uint8)


def _hanging_on(near: Pixels, solid: Pixels) -> Tones:
    """Return, as 1.0, what of a mask hangs together with its solid places: gaps between characters too."""
    pieces = components_of(
        np.asarray(cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    )
    which = np.zeros(len(pieces), np.bool_)
    which[pieces.under(solid)] = True
    return pieces.chosen(which).astype(np.float32)


def _peaks(tones: Pixels) -> Iterator[int]:
    """Yield the tones that many pixels have, the most frequent first, and none like another."""
    counts = np.convolve(np.bincount(tones, minlength=256), np.ones(5), "same")
    while counts.max() >= _FREQUENT * len(tones):
        peak = int(counts.argmax())
        yield peak
        counts[max(0, peak - _ALIKE) : peak + _ALIKE + 1] = 0


def _sharp(rim: Pixels, grey: Pixels, contrast: np.ndarray[Any, np.dtype[np.int16]], dpi: float) -> Pixels:
    """Return, as 255, the outermost pixels of fills where these end sharply."""
    near = np.ones((2 * round(_SHARP * dpi) + 1,) * 2, np.uint8)
    step = cv2.morphologyEx(cv2.blur(grey, (5, 5)), cv2.MORPH_GRADIENT, near)
    return np.asarray(rim * (step >= _STEP * contrast), np.uint8) * np.uint8(255)
