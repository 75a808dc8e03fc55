"""The pictures of single characters, cut out of a page where its text layer says they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from ocr.document import Char, Pixels
from ocr.layer import box_of
from ocr.model import Box
from ocr.view import View

Shape = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
# White between the glyphs of a strip and round it, as a share of its height: read
# best as close as print is set.
_GAP = 0.13
# Side in pixels of the square that shapes are compared in.
_SIDE = 24


def glyph_of(view: View, char: Char) -> Pixels:
    """Cut out one character by its ink box and not a pixel of its neighbours."""
    return _cut(view, char.box, 0.0)


def line_of(view: View, chars: Sequence[Char]) -> Pixels:
    """Cut out the characters of a run with a little of the paper round them."""
    box = box_of(chars)
    return _cut(view, box, max(2.0, _GAP * box.height * view.dpi / 72))


def strip_of(glyphs: Sequence[Pixels]) -> Pixels:
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


def shape_of(view: View, char: Char) -> Shape:
    """Tell the shape of a character apart from its size and tone: a vector of length 1.

    The page is sampled between its pixels: half a pixel aside, a 3 of 20 pixels is as much like an 8.
    """
    scale = view.dpi / 72
    left, top = char.box.left * scale, char.box.top * scale
    width, height = max(char.box.width * scale, 1.0), max(char.box.height * scale, 1.0)
    scale = max(width, height) / _SIDE
    corner = (left + width / 2 - scale * _SIDE / 2, top + height / 2 - scale * _SIDE / 2)
    place = np.array([[scale, 0, corner[0] + scale / 2 - 0.5], [0, scale, corner[1] + scale / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(view.pixels, place, (_SIDE, _SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    dark = 255.0 - cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = round(_SIDE / 2 - width / scale / 2), round(_SIDE / 2 - height / scale / 2)
    alone = np.zeros_like(dark)
    alone[down : _SIDE - down, across : _SIDE - across] = dark[down : _SIDE - down, across : _SIDE - across]
    flat = (alone - alone.mean()).ravel()
    return np.asarray(flat / (float(np.linalg.norm(flat)) or 1.0), dtype=np.float32)


def likeness(one: Shape, other: Shape) -> float:
    """Compare two shapes: 1 if they are the same, about 0 if they have nothing in common."""
    return float(one @ other)


def nearest(shape: Shape, known: Mapping[str, Shape]) -> str:
    """Return the name of the known shape (at least one) that this is most like."""
    return max(known, key=lambda name: likeness(shape, known[name]))


def _cut(view: View, box: Box, margin: float) -> Pixels:
    cut = view.pixels[view.pixels_of(box, margin)]
    return cut if cut.size else np.full((1, 1, 3), 255, np.uint8)
