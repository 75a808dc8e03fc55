"""Which way up a scanned page is: each page by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.document import Pixels
from ocr.engine import Engine
from ocr.quads import Quad, rectified, size_of
from ocr.rulings import binarise
from ocr.vertical import column_of, uprightness
from ocr.view import View, turned

# How many of the longest lines are read to tell up from down, and of each standing
# one how much, in multiples of its width: all of it would cost more and tell no more.
_WITNESSES, _STANDING_WITNESSES = 6, 3
_ENOUGH = 16
# Standing lines are read where they are longer, together, than this share of the lying ones.
_MANY = 0.25
# A page this legible is the right way up, and no other way is tried: most of the
# length of its lines lies and reads at 0.97 or better. Others were seen at 0.62 at most.
_UPRIGHT = 0.80
# Below this no way up makes sense, and the page stays as it is.
_LEGIBLE = 0.30
# A line that stands upright reads at 0.9 or better both ways, others at 0.2 at most.
_STANDS = 0.5


def upright(view: View, engine: Engine) -> tuple[View, int, list[Quad]]:
    """Turn a page upright.

    Returns:
        The view turned, the clockwise turn in degrees, and the printed lines of
        the turned view as corner points.
    """
    lines = engine.detect(view.pixels)
    if not lines:
        return view, 0, []
    candidates = [(_legibility(view, lines, engine), view, 0, lines)]
    if candidates[0][0] < _UPRIGHT:
        for degrees in (180, 90, 270):
            other = turned(view, degrees)
            found = engine.detect(other.pixels)
            candidates.append((_legibility(other, found, engine), other, degrees, found))
    best = max(candidates, key=lambda candidate: candidate[0])
    _, chosen, turn, quads = best if best[0] >= _LEGIBLE else candidates[0]
    return chosen, turn, quads


def _legibility(view: View, lines: Sequence[Quad], engine: Engine) -> float:
    """Return how well the longest lines of Chinese read, weighed by how much of all is like them, 0 to 1.

    A page fed in sideways is full of standing lines whose characters lie on their
    side; those of vertical print, or of stacked headers, are upright. Digits tell
    little: a row of zeros reads well on its side.
    """
    sizes = [size_of(line) for line in lines]
    lying = [(width, line) for (width, height), line in zip(sizes, lines, strict=True) if width > 2 * height]
    standing = [
        (height, line) for (width, height), line in zip(sizes, lines, strict=True) if height > 2 * width
    ]
    flat, tall = (sum(length for length, _ in some) for some in (lying, standing))
    score = _lying_score(view, _longest(lying, _WITNESSES), engine) * flat
    if tall > _MANY * flat:
        score += _standing_score(view, _longest(standing, _STANDING_WITNESSES), engine) * tall
    return score / (flat + tall) if flat + tall else 0.0


def _longest(lines: Sequence[tuple[float, Quad]], count: int) -> list[Quad]:
    return [line for _, line in sorted(lines, key=lambda found: -found[0])[:count]]


def _lying_score(view: View, lines: Sequence[Quad], engine: Engine) -> float:
    """Return how well lying lines read; 0 if they are columns of a page of vertical print on its side."""
    read = [engine.recognise(rectified(view.pixels, line)) for line in lines]
    scores = [found.confidence for found in read if any("\u4e00" <= char <= "\u9fff" for char in found.text)]
    if not scores or _stands(np.rot90(rectified(view.pixels, lines[0]), -1), view.dpi, engine) >= _STANDS:
        return 0.0
    return float(np.median(scores))


def _standing_score(view: View, lines: Sequence[Quad], engine: Engine) -> float:
    return float(np.median([_stands(rectified(view.pixels, line), view.dpi, engine) for line in lines]))


def _stands(picture: Pixels, dpi: float, engine: Engine) -> float:
    part = np.ascontiguousarray(picture[: _ENOUGH * picture.shape[1]])
    if not part.size:
        return 0.0
    grey = np.asarray(part.mean(axis=2), np.uint8)
    return uprightness(column_of(part, binarise(grey, dpi)), engine)
