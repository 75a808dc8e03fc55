"""Which way up a scanned page is: each page by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.document import Pixels
from ocr.engine import Engine
from ocr.quads import Quad, crop, size_of
from ocr.view import View, turned

# How many of the longest lines are read to tell up from down.
_WITNESSES = 6
# Among more standing lines than lying ones, fewer witnesses than this tell nothing.
_FEWEST = 3
# A line read at this mean confidence or better is the right way up. Measured on
# samples: upright lines 0.97 to 1.00, the same upside down 0.3 to 0.75.
_UPRIGHT = 0.90
# Below this no way up makes sense, and the page stays as it is.
_LEGIBLE = 0.70


def upright(view: View, engine: Engine) -> tuple[View, int, list[Quad]]:
    """Turn a page upright.

    Returns:
        The view turned, the clockwise turn in degrees, and the printed lines of
        the turned view as corner points.
    """
    lines = engine.detect(view.pixels)
    if not lines:
        return view, 0, []
    if _legibility(view.pixels, lines, engine) >= _UPRIGHT:
        return view, 0, lines
    candidates = [(view, 0, lines)]
    for degrees in (180, 90, 270):
        other = turned(view, degrees)
        found = engine.detect(other.pixels)
        candidates.append((other, degrees, found))
        if _legibility(other.pixels, found, engine) >= _UPRIGHT:
            break
    best = max(candidates, key=lambda candidate: _legibility(candidate[0].pixels, candidate[2], engine))
    return best if _legibility(best[0].pixels, best[2], engine) >= _LEGIBLE else candidates[0]


def _legibility(pixels: Pixels, lines: Sequence[Quad], engine: Engine) -> float:
    """Return the median confidence of the longest lying lines of Chinese, 0 to 1; without any, 0.

    Standing lines tell nothing: a page fed in sideways is full of them, and so is
    a table with stacked headers. Digits tell little: a row of zeros reads well on its side.
    """
    lying = [line for line in lines if size_of(line)[0] > 2 * size_of(line)[1]]
    standing = sum(height > 2 * width for width, height in map(size_of, lines))
    longest = sorted(lying, key=lambda line: -size_of(line)[0])[:_WITNESSES]
    read = [engine.recognise(crop(pixels, line)) for line in longest]
    scores = [found.confidence for found in read if any("\u4e00" <= char <= "\u9fff" for char in found.text)]
    enough = len(scores) >= _FEWEST or len(lying) >= standing
    return float(np.median(scores)) if scores and enough else 0.0
