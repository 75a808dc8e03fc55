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
# A line read at this mean confidence or better is the right way up. Measured on
# samples: upright lines 0.97 to 1.00, the same upside down 0.3 to 0.75.
_UPRIGHT = 0.90


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
    return max(candidates, key=lambda candidate: _legibility(candidate[0].pixels, candidate[2], engine))


def _legibility(pixels: Pixels, lines: Sequence[Quad], engine: Engine) -> float:
    """Return the median confidence of the longest lying lines, 0 to 1; without any, 0.

    Standing lines tell nothing: a page fed in sideways is full of them, and so is
    a table with stacked headers.
    """
    lying = [line for line in lines if size_of(line)[0] > 2 * size_of(line)[1]]
    longest = sorted(lying, key=lambda line: -size_of(line)[0])[:_WITNESSES]
    scores = [engine.recognise(crop(pixels, line)).confidence for line in longest]
    return float(np.median(scores)) if scores else 0.0
