"""Which way up a scanned page is: each page by itself.

Single hanzi tell it, for they stand upright in lying, stacked and vertical text
alike. The recogniser knows them upright and, as its training turns standing lines
that way, also turned by a quarter against the clock; so that both readings prove
each other. Pages without hanzi are told by their longest lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import Engine
from ocr.engine.text_boxes import Quad, box_size, crop_upright
from ocr.image.components import components_of
from ocr.image.page_image import PageImage, rotate_quarters

_TURNS = (0, 90, 180, 270)
# Characters looked at, in the first round and if that leaves a doubt; fewer tell nothing.
_FEW, _MANY, _FEWEST = 8, 24, 4
# The sizes of a character in inches, its proportion, and the gaps inside it.
_SMALLEST, _LARGEST, _SQUARE, _STROKE_GAP = 0.09, 0.32, 1.35, 0.02
# Legibility upright and a quarter turn back, summed, 0 to 2. Measured on 52 pages of the kinds
# turned, fax, jpeg35 and phone of the corpus: the right way has 1.62 to 2.0, others at most 1.44.
_PROVED, _LEGIBLE = 1.55, 0.9
# Few marks prove that a page is upright if they are also as legible as this the way they are: of a page
# that lies on its side eight had 0.57.
_UPRIGHT = 0.75
# Of pages without hanzi: lines read, and how legible they are the right way up. Latin
# text: 0.97 and more upright, 0.7 at most on its head.
_WITNESSES, _CLEAR = 6, 0.80


def turn_upright(view: PageImage, marks: Sequence[Pixels], engine: Engine) -> tuple[PageImage, int]:
    """Turn a page upright, by its `marks` as `sample_characters` cuts them out, or by its lines.

    Returns:
        The view turned, and the clockwise turn in degrees.
    """
    turn = _by_characters(marks, engine)
    if turn is None:
        turn = _by_lines(view, engine)
    return rotate_quarters(view, turn), turn


def _by_characters(found: Sequence[Pixels], engine: Engine) -> int | None:
    """Return the clockwise turn that single characters ask for, None where they do not tell."""
    if len(found) < _FEWEST:
        return None
    legibility = cache(lambda index, turn: _legibility_of(found[index], turn, engine))

    def mean(marks: int, turn: int) -> float:
        return float(np.mean([legibility(index, turn) for index in range(marks)]))

    for marks in (min(_FEW, len(found)), len(found)):
        as_it_is = mean(marks, 0)
        if as_it_is >= _UPRIGHT and as_it_is + mean(marks, 270) >= _PROVED:
            return 0
    known = {turn: mean(len(found), turn) for turn in _TURNS}
    proofs = {turn: known[turn] + known[(turn - 90) % 360] for turn in _TURNS}
    best = max(proofs, key=proofs.__getitem__)
    return best if proofs[best] >= _LEGIBLE else None


def sample_characters(view: PageImage, ink: Pixels, rules: Pixels) -> list[Pixels]:
    """Cut out up to `_MANY` marks that have the size and proportion of a hanzi, from all over the page.

    Args:
        view: the page without seals, for what is under them reads as nothing any way up.
        ink: its ink, shape (height, width).
        rules: a mask of its rules.
    """
    rules = np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)
    gap = max(1, round(_STROKE_GAP * view.dpi))
    whole = cv2.morphologyEx(
        np.where(rules > 0, np.uint8(0), ink), cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8)
    )
    boxes = components_of(np.asarray(whole, np.uint8)).stats[1:, :4].tolist()
    square = [box for box in boxes if _is_character(box[2], box[3], view.dpi)]
    chosen = square[:: max(1, len(square) // _MANY)][:_MANY]
    # Spread over the page, so that the first few are not of one corner.
    order = np.argsort([index * 7 % len(chosen) for index in range(len(chosen))], kind="stable")
    return [_cut(view.pixels, *chosen[index]) for index in order]


def _is_character(width: int, height: int, dpi: float) -> bool:
    sized = all(_SMALLEST * dpi <= size <= _LARGEST * dpi for size in (width, height))
    return sized and max(width, height) <= _SQUARE * min(width, height)


def _cut(pixels: Pixels, left: int, top: int, width: int, height: int) -> Pixels:
    margin = max(2, round(0.13 * height))
    return pixels[max(0, top - margin) : top + height + margin, max(0, left - margin) : left + width + margin]


def _legibility_of(mark: Pixels, degrees: int, engine: Engine) -> float:
    """Return how surely a mark turned clockwise reads as a single hanzi, 0 to 1."""
    read = engine.recognise(np.ascontiguousarray(np.rot90(mark, -degrees // 90)))
    return read.confidence if _is_hanzi(read.text) else 0.0


def _is_hanzi(text: str) -> bool:
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"


def _by_lines(view: PageImage, engine: Engine) -> int:
    """Return the turn by which the longest lying lines read best; most of what is printed must lie."""
    legibility: dict[int, float] = {}
    for degrees in (0, 180, 90, 270):
        shown = rotate_quarters(view, degrees)
        lines = engine.detect(shown.pixels)
        legibility[degrees] = _legibility(shown.pixels, lines, engine)
        if legibility[0] >= _CLEAR or not lines:
            break
    best = max(legibility, key=legibility.__getitem__)
    return best if legibility[best] >= _CLEAR else 0


def _legibility(pixels: Pixels, lines: Sequence[Quad], engine: Engine) -> float:
    """Return how well the longest lying lines of letters read, times their share of all length, 0 to 1.

    Digits tell little: a row of zeros reads well on its side.
    """
    sizes = [box_size(line) for line in lines]
    lying = [(width, line) for (width, height), line in zip(sizes, lines, strict=True) if width > 2 * height]
    standing = sum(height for width, height in sizes if height > 2 * width)
    longest = sorted(lying, key=lambda found: -found[0])[:_WITNESSES]
    read = [engine.recognise(crop_upright(pixels, line)) for _, line in longest]
    scores = [found.confidence for found in read if sum(map(str.isalpha, found.text)) > 2]
    length = sum(width for width, _ in lying)
    return float(np.median(scores)) * length / (length + standing) if scores else 0.0
