"""Reading a line that stands: twice, and what both readings are good at is kept.

The recogniser reads lines that lie. A standing line is brought to lie in two ways:
its characters are set side by side, each upright, or the whole is turned. Turned,
the characters lie on their sides; the recogniser knows such lines, and their
characters surely, but loses most of their marks. What is small in its square is a
mark, whatever it is read as; rings and strokes are told by their shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import NOTHING, Engine, Recognised
from ocr.engine.text_boxes import cell_with_paper
from ocr.text.ink import Band
from ocr.text.vertical.standing_line import MARK, VerticalLine

# Brackets lie across a standing line, this many em high and wide; both their ends are
# lower, or higher, than their middle by so many em, those of 一 are not.
_BRACKET, _WIDE_BRACKET = (0.15, 0.55), 0.55
_BENT, _EVEN = 0.08, 0.1
# A ring as small as a mark is 。; a stroke as long as its square and as thin is a dash. Two
# pieces one above the other are ：, or ； if the lower is longer by so much.
_DASH, _SQUARE, _LONGER = (0.16, 0.85), 1.1, 1.35
# Corner brackets stand across a line: how high at the least and most, how wide at the least, in em,
# and the share of their height that the short stroke at one end takes.
_CORNER, _UPRIGHT = (0.15, 0.6, 0.4), 0.8
# Marks as they are read; what is read otherwise in so small a square is in doubt.
_MARKS = frozenset("。，、；：．·,.;:")
_DOUBT = 0.5
# So many characters are read at a time.
_AT_A_TIME = 12


def read_column(column: VerticalLine, engine: Engine) -> Recognised:
    """Read a standing line both ways; if they tell of as many characters, each the way it is surer."""
    signs = [_sign(column, band) for band in column.characters]
    spoken = [band for band, sign in zip(column.characters, signs, strict=True) if not sign]
    read = _read(replace(column, characters=tuple(spoken)), engine)
    if len(read.text) != len(spoken):
        return read
    said = iter(read.text)
    return replace(read, text="".join(sign or next(said) for sign in signs))


def _read(column: VerticalLine, engine: Engine) -> Recognised:
    across, turned = _across(column, engine), _turned(column, engine)
    if len(across.text) == len(column.characters):
        return _both(across, turned, column)
    return max(across, turned, key=lambda read: _worth(read, column))


def _sign(column: VerticalLine, band: Band) -> str:
    """Return what is told by its shape alone, a long thin stroke or a corner bracket, "" for all else."""
    em = column.em
    if band.width <= _DASH[0] * em and band.height >= _DASH[1] * em:
        return "—" * max(1, round(band.height / (_SQUARE * em)))
    if not (_CORNER[0] * em <= band.height <= _CORNER[1] * em and band.width >= _CORNER[2] * em):
        return ""
    ink = column.ink[band.top : band.bottom, band.left : band.right] > 0
    fifths = np.array_split(ink, 5, axis=1)
    if _lies_at_the_top(fifths[:4]) and fifths[4].any(axis=1).mean() > _UPRIGHT:
        return "「"
    if _lies_at_the_top([part[::-1] for part in fifths[1:]]) and fifths[0].any(axis=1).mean() > _UPRIGHT:
        return "」"
    return ""


def _lies_at_the_top(parts: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]) -> bool:
    """Tell whether there is ink in every part, and all of it in the upper half."""
    return all(part.any() and not part[part.shape[0] // 2 :].any() for part in parts)


def _both(across: Recognised, turned: Recognised, column: VerticalLine) -> Recognised:
    """Keep the marks of the one reading, told by their shape too, and the characters of the surer one."""
    said = list(across.text)
    sizes = [max(band.height, band.width) / column.em for band in column.characters]
    letters = [place for place, size in enumerate(sizes) if size >= MARK and said[place].isalnum()]
    others = [char for char in turned.text if char.isalnum()]
    confidence = across.confidence
    if len(others) == len(letters):
        agree = all(said[place] == char for place, char in zip(letters, others, strict=True))
        confidence = (max if agree else min)(across.confidence, turned.confidence)
        if turned.confidence > across.confidence:
            for place, char in zip(letters, others, strict=True):
                said[place] = char
    for place, band in enumerate(column.characters):
        said[place] = _by_shape(
            column.ink[band.top : band.bottom, band.left : band.right], column.em, said[place]
        )
    if any(size < MARK and said[place] not in _MARKS for place, size in enumerate(sizes)):
        confidence = min(confidence, _DOUBT)
    return replace(across, text="".join(said), confidence=confidence)


def _by_shape(ink: Pixels, em: int, read: str) -> str:
    """Tell rings and pairs of dots by their shape; all else is as it was read."""
    height, width = ink.shape
    if max(height, width) >= MARK * em:
        return read
    if _has_hole(ink):
        return "。"
    rows = _runs_of_rows(ink)
    if len(rows) == 2:
        upper, lower = rows
        return "；" if lower > _LONGER * upper else "："
    return read


def _has_hole(ink: Pixels) -> bool:
    around = cv2.copyMakeBorder(255 - ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    count, _ = cv2.connectedComponents(around, connectivity=4)
    return count > 2


def _runs_of_rows(ink: Pixels) -> list[int]:
    """Return how high the pieces are that white parts from top to bottom."""
    marked = np.concatenate([[0], ink.any(axis=1).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(marked)).reshape(-1, 2)
    return [int(end - start) for start, end in edges]


def _worth(read: Recognised, column: VerticalLine) -> float:
    return read.confidence * min(1.0, len(read.text) / max(1, len(column.characters)))


def _turned(column: VerticalLine, engine: Engine) -> Recognised:
    return engine.recognise(cell_with_paper(np.ascontiguousarray(np.rot90(column.pixels))))


def _across(column: VerticalLine, engine: Engine) -> Recognised:
    """Read the characters set side by side, so many at a time."""
    squares = _squares(column)
    n_parts = -(-len(squares) // _AT_A_TIME)
    ends = [round(len(squares) * part / n_parts) for part in range(n_parts + 1)] if n_parts else []
    read = [engine.recognise(cell_with_paper(np.hstack(squares[start:end]))) for start, end in pairwise(ends)]
    return _joined([found for found in read if found.text])


def _joined(read: Sequence[Recognised]) -> Recognised:
    if len(read) <= 1:
        return read[0] if read else NOTHING
    length = sum(len(found.text) for found in read)
    return Recognised(
        text="".join(found.text for found in read),
        confidence=sum(found.confidence * len(found.text) for found in read) / length,
        weakest=min(found.weakest for found in read),
        numeral="",
        numeral_confidence=0.0,
    )


def _squares(column: VerticalLine) -> list[Pixels]:
    """Cut out the characters, each in a square of a little over an em."""
    if not column.characters:
        return []
    size = max(column.em, *(max(band.height, band.width) for band in column.characters)) + 4
    paper = np.median(column.pixels[column.ink == 0], axis=0) if (column.ink == 0).any() else 255
    return [_square(column, band, size, np.asarray(paper, np.uint8)) for band in column.characters]


def _square(column: VerticalLine, band: Band, size: int, paper: Pixels) -> Pixels:
    top, left = max(0, band.top - 2), max(0, band.left - 2)
    character = column.pixels[top : band.bottom + 2, left : band.right + 2]
    if _is_bracket(column.ink[band.top : band.bottom, band.left : band.right], column.em):
        character = np.rot90(character)
    height, width = character.shape[:2]
    # Marks stand at the lower left of a lying line's character, at the upper right of a standing one's.
    is_mark = max(band.height, band.width) < MARK * column.em
    above, before = (size - height - 2, 2) if is_mark else ((size - height) // 2, (size - width) // 2)
    square = np.full((size, size, 3), paper, np.uint8)
    square[above : above + height, before : before + width] = character
    return square


def _is_bracket(ink: Pixels, em: int) -> bool:
    height, width = ink.shape
    if not (_BRACKET[0] * em <= height < _BRACKET[1] * em and width > _WIDE_BRACKET * em):
        return False
    fifths = [part > 0 for part in np.array_split(ink, 5, axis=1)]
    if not all(part.any() for part in fifths):
        return False
    left, _, middle, _, right = (float(np.nonzero(part)[0].mean()) / em for part in fifths)
    return abs(left - right) < _EVEN and abs(middle - (left + right) / 2) > _BENT
