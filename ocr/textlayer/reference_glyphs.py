"""How hanzi look in a font that is known: a cheap first look at whether a glyph is what it is said to be.

Shapes are compared by the directions of their strokes, a coarse picture for each of four (the direction
features of Kimura et al., "Modified quadratic discriminant functions and the application to Chinese
character recognition", 1987), which differ less from one typeface to another than the strokes themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from PIL import ImageFont

from core.fonts import packaged_fonts
from ocr.arrays import Pixels
from ocr.textlayer.glyphs import Shape, shape_of

# Size in pixels at which the known font is drawn: twice that of the shapes.
_SIZE = 48
# Blur of strokes and of directions, and the distance of the points that are kept, in pixels of a shape.
_STROKE, _SPREAD, _STEP = 0.8, 2.0, 3
# White between shapes that are looked at together, in pixels.
_APART = 8
# What all directions share of a place tells none.
_COMMON = 0.8


def fits(shapes: Sequence[Shape], texts: Sequence[str], pool: Sequence[str]) -> list[float]:
    """Tell of each shape how much better it fits its text than the best other one of a pool.

    Args:
        shapes: of `normalised_shape`.
        texts: a character each, members of the pool.
        pool: characters, each once.

    Returns:
        From −1 to 1; above 0 nothing fits better. 0 for all if there is no known font.
    """
    if not packaged_fonts() or not shapes:
        return [0.0] * len(shapes)
    likeness = _features(shapes) @ np.stack([_known()[text] for text in _drawn(pool)]).T
    place = {text: index for index, text in enumerate(pool)}
    rows, own = np.arange(len(shapes)), [place[text] for text in texts]
    fit = likeness[rows, own]
    likeness[rows, own] = -1.0
    return [float(value) for value in fit - likeness.max(axis=1)]


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(packaged_fonts()[0], _SIZE)


@cache
def _known() -> dict[str, Shape]:
    """Features by character, of those drawn so far."""
    return {}


def _drawn(texts: Sequence[str]) -> Sequence[str]:
    """Make sure that the features of characters are known."""
    new = [text for text in texts if text not in _known()]
    if new:
        _known().update(zip(new, _features([_draw(text) for text in new]), strict=True))
    return texts


def _draw(text: str) -> Shape:
    mask = _font().getmask(text, mode="L")
    width, height = mask.size
    drawn: Pixels = np.array(mask, np.uint8).reshape(height, width)
    return shape_of(drawn)


def _features(shapes: Sequence[Shape]) -> Shape:
    """Return a vector of length 1 for each shape, of its four directions at coarse places.

    They are looked at in one tall picture, so far apart that none blurs into the next.
    """
    side = shapes[0].shape[0]
    apart = np.pad(np.stack(shapes), ((0, 0), (0, _APART), (0, 0)))
    soft = cv2.GaussianBlur(apart.reshape(-1, side), (0, 0), _STROKE)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    rising, falling = (across - down) * np.sqrt(0.5), (across + down) * np.sqrt(0.5)
    strengths = [np.abs(part) for part in (across, falling, down, rising)]
    common = _COMMON / 4 * sum(strengths[1:], strengths[0])
    coarse = [
        cv2.GaussianBlur(np.maximum(part - common, 0), (0, 0), _SPREAD)
        .reshape(len(shapes), -1, side)[:, 1:side:_STEP, 1::_STEP]
        .reshape(len(shapes), -1)
        for part in strengths
    ]
    vectors = np.sqrt(np.hstack(coarse))
    vectors -= vectors.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)
