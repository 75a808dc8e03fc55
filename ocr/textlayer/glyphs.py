"""The pictures of single characters, cut out of a page where its text layer says they stand."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.image.page_image import PageImage
from ocr.model import Box
from ocr.textlayer.lines import box_of

Shape = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
# White between the glyphs of a strip and round it, as a share of its height: read
# best as close as print is set.
_GAP = 0.13
# The larger side, in pixels, of shapes that are compared.
_SIDE = 24
# How far, in such pixels, one may be moved to fit the other.
_ROOM = 2


def crop_glyph(view: PageImage, char: Char) -> Pixels:
    """Cut out one character by its ink box and not a pixel of its neighbours."""
    return _cut(view, char.box, 0.0)


def crop_run(view: PageImage, chars: Sequence[Char]) -> Pixels:
    """Cut out the characters of a run with a little of the paper round them."""
    box = box_of(chars)
    return _cut(view, box, max(2.0, _GAP * box.height * view.dpi / 72))


def glyph_strip(glyphs: Sequence[Pixels]) -> Pixels:
    """Set glyphs side by side on clean paper, as one line of print."""
    height = max(glyph.shape[0] for glyph in glyphs)
    gap = max(2, round(_GAP * height))
    return np.hstack([_set(glyph, height, gap) for glyph in glyphs])


def _set(glyph: Pixels, height: int, gap: int) -> Pixels:
    """Lay a glyph on its paper, the brightest tone in it, in the middle of the line."""
    above = (height - glyph.shape[0]) // 2
    below = height - glyph.shape[0] - above
    paper = [int(tone) for tone in glyph.reshape(-1, 3).max(axis=0)]
    framed = cv2.copyMakeBorder(
        glyph, above + gap, below + gap, (gap + 1) // 2, (gap + 1) // 2, cv2.BORDER_CONSTANT, value=paper
    )
    return np.asarray(framed, dtype=np.uint8)


def normalised_shape(view: PageImage, char: Char) -> Shape:
    """Draw a character alone in a square, its larger side so many pixels: its shape apart from its size.

    The page is sampled between its pixels: half a pixel aside, a 3 of 20 pixels is as much like an 8.
    """
    scale = view.dpi / 72
    left, top = char.box.left * scale, char.box.top * scale
    width, height = max(char.box.width * scale, 1.0), max(char.box.height * scale, 1.0)
    step = max(width, height) / _SIDE
    side = _SIDE + 2 * _ROOM
    x, y = (left + width / 2 - step * side / 2, top + height / 2 - step * side / 2)
    place = np.array([[step, 0, x + step / 2 - 0.5], [0, step, y + step / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(view.pixels, place, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    dark = 255 - cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    alone = np.zeros((side, side), np.float32)
    # A pixel more than the box: print is set on whole pixels.
    across = max(0, round(side / 2 - width / step / 2 - 1))
    down = max(0, round(side / 2 - height / step / 2 - 1))
    inside = np.s_[down : side - down, across : side - across]
    alone[inside] = dark[inside]
    return alone


def shape_of(drawn: Pixels) -> Shape:
    """Set a character drawn alone, light on black, in the square of `normalised_shape`."""
    alone = np.zeros((_SIDE + 2 * _ROOM,) * 2, np.float32)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return alone
    glyph = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, round(side * _SIDE / max(glyph.shape))) for side in glyph.shape)
    top, left = (alone.shape[0] - height) // 2, (alone.shape[1] - width) // 2
    small = cv2.resize(glyph, (width, height), interpolation=cv2.INTER_AREA)
    alone[top : top + height, left : left + width] = small
    return alone


def shape_similarity(one: Shape, other: Shape) -> float:
    """Compare two shapes where they fit best: 1 if they are the same, about 0 if nothing alike."""
    core = one[_ROOM:-_ROOM, _ROOM:-_ROOM]
    return float(cv2.matchTemplate(other, core, cv2.TM_CCOEFF_NORMED).max())


def _cut(view: PageImage, box: Box, margin: float) -> Pixels:
    cut = view.pixels[view.pixels_of(box, margin)]
    return cut if cut.size else np.full((1, 1, 3), 255, np.uint8)
