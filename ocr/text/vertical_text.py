"""Lines that stand: characters one below another, as in a vertical column of print.

The recogniser reads lines that lie. A standing line is brought to lie in two ways:
its characters are set side by side, each upright, or the whole is turned. Turned,
the characters lie on their sides; the recogniser knows such lines, but loses most
of their punctuation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import NOTHING, Engine, Recognised
from ocr.text.ink import Band

# Gaps of ink narrower than this share of a picture do not part a column from its neighbour.
_PARTING = 0.08
# Ink in fewer rows than this share is that of punctuation, which tells no width of a column.
_SPARSE = 0.03
# Marks stand out to the side of a column by this many em at the most.
_OVERHANG = 0.15
# The distance of one character to the next, in em.
_LEAST_PITCH, _MOST_PITCH = 0.9, 1.6
# A character takes this share of the pitch at least and at most. What it costs to be
# longer by the whole pitch, to be shorter (the last one: it may be a mark), to leave
# a pitch blank, beside a cut through ink of a whole em, which costs 1. Chosen on six
# pages in Song, Kai and Hei, 12 to 16 pt, set solid and spaced, at 150 and 200 dpi.
_SHORTEST, _LONGEST = 0.55, 1.35
_STRETCHED, _PRESSED, _LAST, _BLANK = 3.0, 0.6, 0.1, 0.3
# Marks smaller than this, in em, stand at the lower left of a lying line's character;
# at the upper right of a standing one's.
_MARK = 0.5
# Brackets lie across a standing line, this many em high and wide; both their ends are
# lower, or higher, than their middle by so many em, those of 一 are not.
_BRACKET, _WIDE_BRACKET = (0.15, 0.55), 0.55
_BENT, _EVEN = 0.08, 0.1
# So many characters are read at a time.
_AT_A_TIME = 12


@dataclass(frozen=True, slots=True)
class VerticalLine:
    """A standing line: its picture, its ink, how wide its type is, and its characters, from the top."""

    pixels: Pixels
    ink: Pixels
    em: int
    characters: tuple[Band, ...]


def column_of(pixels: Pixels, ink: Pixels) -> VerticalLine:
    """Cut the picture of a standing line, and its ink (same size), into characters."""
    left, right = _extent(ink)
    em = max(1, right - left)
    reach = round(_OVERHANG * em)
    inside = np.s_[:, max(0, left - reach) : right + reach]
    own = np.ascontiguousarray(ink[inside])
    return VerticalLine(np.ascontiguousarray(pixels[inside]), own, em, tuple(_characters(own, em)))


def read_column(column: VerticalLine, engine: Engine) -> Recognised:
    """Read a standing line both ways and keep the one that says more, surely, of its characters."""
    return max(_across(column, engine), _turned(column, engine), key=lambda read: _worth(read, column))


def _worth(read: Recognised, column: VerticalLine) -> float:
    return read.confidence * min(1.0, len(read.text) / max(1, len(column.characters)))


def _turned(column: VerticalLine, engine: Engine) -> Recognised:
    return engine.recognise(np.ascontiguousarray(np.rot90(column.pixels)))


def _across(column: VerticalLine, engine: Engine) -> Recognised:
    """Read the characters set side by side, so many at a time."""
    squares = _squares(column)
    n_parts = -(-len(squares) // _AT_A_TIME)
    ends = [round(len(squares) * part / n_parts) for part in range(n_parts + 1)] if n_parts else []
    read = [engine.recognise(np.hstack(squares[start:end])) for start, end in pairwise(ends)]
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
    is_mark = max(band.height, band.width) < _MARK * column.em
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


def _extent(ink: Pixels) -> tuple[int, int]:
    """Return where the line with the most ink begins and ends across; a neighbour may reach in."""
    full = (ink > 0).sum(axis=0) > _SPARSE * ink.shape[0]
    runs: list[list[int]] = []
    for start, end in _runs(full):
        if runs and start - runs[-1][1] <= _PARTING * ink.shape[1]:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    best = max(runs, key=lambda run: int((ink[:, run[0] : run[1]] > 0).sum()), default=[0, ink.shape[1]])
    return best[0], best[1]


def _runs(marked: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Sequence[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _characters(ink: Pixels, em: int) -> Iterator[Band]:
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    load = np.asarray((ink[top:bottom] > 0).sum(axis=1) / em, dtype=np.float64)
    for start, end in _cuts(load, _pitch(load, em)):
        part = ink[top + start : top + end]
        lines, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if lines.size:
            begin = top + start
            yield Band(
                int(columns[0]), begin + int(lines[0]), int(columns[-1]) + 1, begin + int(lines[-1]) + 1
            )


def _pitch(load: np.ndarray[tuple[int, ...], np.dtype[np.float64]], em: int) -> int:
    """Return the distance of one character to the next, in pixels: where the ink is most like itself."""
    lags = range(max(1, round(_LEAST_PITCH * em)), round(_MOST_PITCH * em) + 1)
    if len(load) < 2 * lags[-1]:
        return round(1.08 * em)
    even = load - load.mean()
    return max(lags, key=lambda lag: float((even[:-lag] * even[lag:]).mean()))


def _cuts(load: np.ndarray[tuple[int, ...], np.dtype[np.float64]], pitch: int) -> list[tuple[int, int]]:
    """Part the rows of a line into characters, by dynamic programming: even ones, cut where no ink is.

    `load` is the ink of each row in em. The last character may be a short mark.
    """
    n_rows = len(load)
    shortest, longest = max(2, int(_SHORTEST * pitch)), int(_LONGEST * pitch)
    through = np.concatenate([load, [0.0]])
    cost, back = np.full(n_rows + 1, np.inf), np.zeros(n_rows + 1, np.int64)
    cost[0] = 0.0
    for row in range(1, n_rows + 1):
        if load[row - 1] == 0:
            cost[row], back[row] = cost[row - 1] + _BLANK / pitch, row - 1
        last = row == n_rows
        lengths = np.arange(2 if last else shortest, min(longest, row) + 1)
        if lengths.size:
            off = lengths / pitch - 1
            uneven = np.where(off > 0, _STRETCHED, _LAST if last else _PRESSED)
            costs = cost[row - lengths] + uneven * off**2 + through[row]
            best = int(costs.argmin())
            if costs[best] < cost[row]:
                cost[row], back[row] = costs[best], row - lengths[best]
    return _walked(back, load)


def _walked(
    back: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    load: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> list[tuple[int, int]]:
    parts, row = [], len(load)
    while row > 0:
        start = int(back[row])
        if load[start:row].any():
            parts.append((start, row))
        row = start
    return parts[::-1]
