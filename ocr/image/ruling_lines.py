"""Finding ruled lines in a page image.

Straight runs of ink are found by morphological opening with a line-shaped
element, the method of the lattice parsers (Nurminen, 2013); what is new here is
only the test that a rule meets others, which throws strokes of characters out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.binarise import faint_lines
from ocr.image.components import components_of
from ocr.image.rules.dotted_lines import are_faint, fill_dotted_lines
from ocr.image.rules.rule_ends import LONG, REACH, Segment, are_broken, flaws

# The shortest run of ink taken for a piece of a rule, in inches: longer than the
# strokes of table text (10 pt), shorter than the narrowest column and row.
SHORTEST_HORIZONTAL = 0.22
SHORTEST_VERTICAL = 0.15
# With more flaws some may be too faint.
_SOUND = (False, 0.02)
# A faint run of so many inches across, and down, is a rule even with print close beside it: rules of a page
# shot at 96 dpi are 2 and more, strokes of one line of a heading up to 0.5; down, strokes of a
# heading on a photograph of the corpus were taken for rules at 0.15, none at 0.22.
_SURE = (0.7, 0.35)
# A rule may be broken into fragments this long, with gaps this wide, in inches, as
# long as this share of it is left. To either side no more than the next share is
# inked, and of the rules it crosses it has ink at the last share at least.
_SHORTEST_FRAGMENT = 0.06
WIDEST_GAP = 0.3
_MENDED_SHARE = 0.35
_BARE_SHARE = 0.3
_TOUCHED_SHARE = 0.4
# A rule so long, in inches, that starts and ends within the second of so many others is one of their table.
_LONGEST_CELL, _SAME_END, _ALIKE = 3.0, 0.1, 3
# Rules are drawn on through blots up to so many inches.
_HIDDEN = 0.8
# No rule is thicker than this, in inches; what is, is a filled band.
THICKEST = 0.06


@dataclass(frozen=True, slots=True)
class Rulings:
    """The rules of a page: segments of both directions and masks (height, width) of their pixels.

    `fragments` are two more masks where the rules are broken, horizontal and
    vertical: whatever may be a piece of a rule, strokes of characters too. Which
    of it is a rule only the whole table tells. `strays` masks lines that turned out to belong to no table.
    """

    horizontal: tuple[Segment, ...]
    vertical: tuple[Segment, ...]
    horizontal_mask: Pixels
    vertical_mask: Pixels
    fragments: tuple[Pixels, Pixels] | None = None
    strays: Pixels | None = None

    @property
    def mask(self) -> Pixels:
        return np.asarray(self.horizontal_mask | self.vertical_mask)


def find_rulings(
    ink: Pixels,
    dpi: float,
    grey: Pixels | None = None,
    hidden: Pixels | None = None,
    edges: Pixels | None = None,
) -> Rulings:
    """Find the rules in a binarised, straightened page; broken ones are mended where there are such.

    In the `grey` page, if it is given, rules too faint for ink are looked for where others end in the air,
    where there are none, and where there are fills, whose `edges` part cells as rules do.
    What is `hidden` has no rule of its own, but rules on both sides of it run through.
    """
    if hidden is not None:
        seen = find_rulings(np.where(hidden > 0, np.uint8(0), ink), dpi, grey, edges=edges)
        return _drawn_through(seen, hidden, dpi)
    drawn_through = fill_dotted_lines(ink, dpi)
    is_dotted = drawn_through is not ink and not are_faint(drawn_through & ~ink, grey, dpi)
    ink = drawn_through
    across, down = _pieces(ink, ink, dpi)
    if edges is not None:
        ink = ink | edges
        across, down = _with_meeting((across, down), _pieces(ink, ink, dpi), dpi)
    if grey is not None and (edges is not None or _flaws((across, down), dpi)[:2] > _SOUND):
        across, down = _with_faint((across, down), ink, grey, dpi)
    # OpenCV transposes three times as fast as numpy copies a transposed array.
    standing = np.asarray(cv2.transpose(ink), dtype=np.uint8)
    fragments = None
    if is_dotted or are_broken(_lines(across), _lines(down), dpi):
        short = round(dpi * _SHORTEST_FRAGMENT)
        standing_runs = _runs(standing, short)
        fragments = _runs(ink, short), np.ascontiguousarray(standing_runs.T)
        across = across + join_fragments(_segments(fragments[0], dpi), ink, dpi)
        down = down + join_fragments(_segments(standing_runs, dpi), standing, dpi)
    upright = [_transposed(piece) for piece in down]
    horizontal, vertical = _meeting(across, upright, dpi * REACH)
    vertical += _running_along(upright, vertical, dpi) if fragments else []
    return Rulings(
        tuple(piece.segment for piece in horizontal),
        tuple(piece.segment for piece in vertical),
        _drawn(horizontal, ink.shape[:2]),
        _drawn(vertical, ink.shape[:2]),
        fragments,
    )


def _drawn_through(rulings: Rulings, hidden: Pixels, dpi: float) -> Rulings:
    """Draw rules on through what is hidden."""
    reach = 2 * round(dpi * _HIDDEN / 2) + 1
    across, down = (
        mask
        | (np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(size, np.uint8)), np.uint8) & hidden)
        for mask, size in ((rulings.horizontal_mask, (1, reach)), (rulings.vertical_mask, (reach, 1)))
    )
    return replace(rulings, horizontal_mask=across, vertical_mask=down)


def plain_rules(ink: Pixels, dpi: float) -> Pixels:
    """Return a mask of the rules across that ink shows without a flaw, where they meet others.

    It takes a quarter of the time of `find_rulings`, which looks for dotted, faint and broken ones too.
    """
    across, down = _pieces(ink, ink, dpi)
    rules, _ = _meeting(across, [_transposed(piece) for piece in down], dpi * REACH)
    return _drawn(rules, ink.shape[:2])


def find_lone_rules(ink: Pixels, known: Pixels, dpi: float) -> tuple[tuple[Segment, ...], Pixels]:
    """Find the horizontal rules outside of a mask of those known, and a mask of their pixels.

    A rule has a run of half an inch, with bare paper beside it: strokes of one line of
    print run together as well. In line with such, short runs belong to it too.
    """
    rest = np.where(cv2.dilate(known, np.ones((3, 3), np.uint8)) > 0, np.uint8(0), ink)
    runs = _runs(rest, round(dpi * LONG))
    pieces = _segments(runs, dpi) if runs.any() else []
    long = [piece for piece in pieces if _is_bare(piece, rest, dpi)]
    if not long:
        return (), np.zeros_like(ink)
    near = np.zeros(ink.shape[:2], np.uint8)
    for piece in long:
        near[max(0, round(piece.segment.at - dpi * 0.02)) : round(piece.segment.at + dpi * 0.02) + 1] = 255
    short = _segments(_runs(rest & near, round(dpi * REACH)), dpi)
    return tuple(piece.segment for piece in long), _drawn(long + short, ink.shape[:2])


@dataclass(frozen=True, slots=True)
class _Piece:
    """A rule with its pixels; `gaps` are the stretches, start and end, that have no ink."""

    segment: Segment
    left: int
    top: int
    pixels: Pixels
    gaps: tuple[tuple[float, float], ...] = ()

    def has_ink(self, place: float, reach: float) -> bool:
        return not any(start + reach < place < end - reach for start, end in self.gaps)


_Runs = tuple[list[_Piece], list[_Piece]]


def _with_meeting(known: _Runs, others: _Runs, dpi: float) -> _Runs:
    """Add to runs those of others that meet rules: what meets none does not tell that rules are broken."""
    across, down = (first + second for first, second in zip(known, others, strict=True))
    meeting = {id(piece) for pieces in _meeting(across, down, dpi * REACH) for piece in pieces}
    more = ([piece for piece in pieces if id(piece) in meeting] for pieces in others)
    across, down = (first + second for first, second in zip(known, more, strict=True))
    return across, down


def _with_faint(known: _Runs, ink: Pixels, grey: Pixels, dpi: float) -> _Runs:
    """Add faint rules that meet others; hairlines, which noise has too, where fewer then end in the air."""
    found = _with_meeting(known, _faint_pieces(ink, faint_lines(grey, dpi), dpi), dpi)
    if _flaws(found, dpi)[:2] <= _SOUND:
        return found
    finer = _with_meeting(known, _faint_pieces(ink, faint_lines(grey, dpi, hairlines=True), dpi), dpi)
    return finer if _flaws(finer, dpi)[::2] < _flaws(found, dpi)[::2] else found


def _faint_pieces(ink: Pixels, lines: tuple[Pixels, Pixels], dpi: float) -> _Runs:
    """Return the straight runs across, and those down, lying, that ink and faint lines make together."""
    found = _pieces(ink | lines[0], ink | lines[1], dpi)
    standing = np.asarray(cv2.transpose(ink), np.uint8)
    across, down = (
        [piece for piece in pieces if piece.segment.length >= long * dpi or _is_bare(piece, page, dpi)]
        for pieces, page, long in zip(found, (ink, standing), _SURE, strict=True)
    )
    return across, down


def _pieces(across: Pixels, down: Pixels, dpi: float) -> _Runs:
    """Return the straight runs across of one mask, and those down, lying, of another."""
    lying = np.asarray(cv2.transpose(down), dtype=np.uint8)
    return (
        _segments(_runs(across, round(dpi * SHORTEST_HORIZONTAL)), dpi),
        _segments(_runs(lying, round(dpi * SHORTEST_VERTICAL)), dpi),
    )


def _flaws(runs: _Runs, dpi: float) -> tuple[bool, float, int]:
    across, down = map(_lines, runs)
    return flaws(across, down, dpi)


def _lines(pieces: list[_Piece]) -> list[Segment]:
    return [piece.segment for piece in pieces]


def _running_along(pieces: list[_Piece], kept: list[_Piece], dpi: float) -> list[_Piece]:
    """Return the pieces that start and end where many kept ones do, as in a table open above and below.

    Beside a cell as high as the page no rule meets them, or none where they are broken.
    """
    reach, ends = dpi * _SAME_END, [piece.segment for piece in kept]
    long = [piece for piece in pieces if piece.segment.length >= dpi * _LONGEST_CELL]
    others = [piece for piece in long if piece.segment not in ends]
    return [piece for piece in others if sum(_are_alike(piece.segment, end, reach) for end in ends) >= _ALIKE]


def _are_alike(one: Segment, other: Segment, reach: float) -> bool:
    return max(abs(one.start - other.start), abs(one.end - other.end)) <= reach


def _runs(ink: Pixels, length: int) -> Pixels:
    """Keep the runs of ink of at least `length` pixels; a pixel wider, as a slight slope makes steps."""
    thick = cv2.dilate(np.ascontiguousarray(ink), np.ones((3, 1), np.uint8))
    return np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), np.uint8)


def _segments(runs: Pixels, dpi: float) -> list[_Piece]:
    """Take each connected run that is thin enough for a rule as a segment."""
    found = components_of(runs)
    pieces = []
    for index, (left, top, width, _, area) in enumerate(found.stats[1:].tolist(), start=1):
        if area > width * dpi * THICKEST:
            continue
        segment = Segment(float(found.centres[index][1]), float(left), float(left + width))
        pixels = found.pixels(index).astype(np.uint8) * 255
        pieces.append(_Piece(segment, left, top, pixels))
    return pieces


def join_fragments(fragments: list[_Piece], ink: Pixels, dpi: float) -> list[_Piece]:
    """Join fragments that lie in one line into rules, as far as the paper beside them is bare.

    A line of print is full of short strokes too, but above and below them is
    more print; beside a broken rule there is little.
    """
    chains: list[list[_Piece]] = []
    within_reach: list[list[_Piece]] = []
    for piece in sorted(fragments, key=lambda piece: piece.segment.start):
        first = piece.segment.start - dpi * WIDEST_GAP
        within_reach = [chain for chain in within_reach if chain[-1].segment.end >= first]
        chain = next((chain for chain in within_reach if _continues(chain[-1], piece, dpi)), None)
        if chain is None:
            chain = []
            chains.append(chain)
            within_reach.append(chain)
        chain.append(piece)
    joined = [_joined(chain) for chain in chains if len(chain) > 1 and _covered(chain) >= _MENDED_SHARE]
    return [piece for piece in joined if _is_bare(piece, ink, dpi)]


def _continues(before: _Piece, piece: _Piece, dpi: float) -> bool:
    gap = piece.segment.start - before.segment.end
    drift = abs(piece.segment.at - before.segment.at)
    return -dpi * 0.02 <= gap <= dpi * WIDEST_GAP and drift <= dpi * 0.01 + 0.01 * max(gap, 0)


def _covered(chain: list[_Piece]) -> float:
    """Return the share of a chain that has ink; chains that stay short have none."""
    length = chain[-1].segment.end - chain[0].segment.start
    return sum(piece.segment.length for piece in chain) / length


def _joined(chain: list[_Piece]) -> _Piece:
    """Make one piece of a chain, its gaps filled by a thin line."""
    left, right = (
        min(piece.left for piece in chain),
        max(piece.left + piece.pixels.shape[1] for piece in chain),
    )
    top, bottom = min(piece.top for piece in chain), max(piece.top + piece.pixels.shape[0] for piece in chain)
    canvas = np.zeros((bottom - top, right - left), np.uint8)
    for before, after in pairwise(chain):
        start = (int(before.segment.end) - left, round(before.segment.at) - top)
        cv2.line(canvas, start, (int(after.segment.start) - left, round(after.segment.at) - top), 255, 1)
    for piece in chain:
        rows, columns = piece.pixels.shape
        canvas[piece.top - top : piece.top - top + rows, piece.left - left : piece.left - left + columns] |= (
            piece.pixels
        )
    gaps = tuple((before.segment.end, after.segment.start) for before, after in pairwise(chain))
    weights = [piece.segment.length for piece in chain]
    at = float(np.average([piece.segment.at for piece in chain], weights=weights))
    return _Piece(Segment(at, chain[0].segment.start, chain[-1].segment.end), left, top, canvas, gaps)


def _is_bare(piece: _Piece, ink: Pixels, dpi: float) -> bool:
    """Tell whether the paper above and below a mended rule is mostly empty."""
    rows, columns = piece.pixels.shape
    near, far = round(dpi * 0.02), round(dpi * 0.045)
    span = slice(piece.left, piece.left + columns)
    above = ink[max(0, piece.top - far) : max(0, piece.top - near), span]
    below = ink[piece.top + rows + near : piece.top + rows + far, span]
    return all(
        not beside.size or float(beside.any(axis=0).mean()) <= _BARE_SHARE for beside in (above, below)
    )


def _transposed(piece: _Piece) -> _Piece:
    return _Piece(piece.segment, piece.top, piece.left, np.ascontiguousarray(piece.pixels.T), piece.gaps)


def _meeting(
    horizontal: list[_Piece], vertical: list[_Piece], reach: float
) -> tuple[list[_Piece], list[_Piece]]:
    """Keep the pieces that meet rules of the other direction.

    A rule ends at other rules or crosses them; a stroke of a character meets
    none. A vertical rule cut by a page break meets at least the row above.
    """
    while True:
        kept_v = [piece for piece in vertical if _meets(piece, horizontal, reach) >= 1]
        kept_h = [piece for piece in horizontal if _meets(piece, kept_v, reach) >= 2]
        if len(kept_h) == len(horizontal) and len(kept_v) == len(vertical):
            return kept_h, kept_v
        horizontal, vertical = kept_h, kept_v


def _meets(piece: _Piece, others: list[_Piece], reach: float) -> int:
    """Count the distinct lines of the other direction that a piece touches.

    A mended piece must have ink where it meets them, more often than chance
    would have it: a column of digits lies in line too, but between the rules.
    """
    own = piece.segment
    crossed = sorted(
        other.segment.at
        for other in others
        if own.start - reach <= other.segment.at <= own.end + reach
        and other.segment.start - reach <= own.at <= other.segment.end + reach
    )
    places = [at for index, at in enumerate(crossed) if index == 0 or at - crossed[index - 1] > reach]
    touched = sum(piece.has_ink(at, reach / 2) for at in places)
    return touched if touched >= _TOUCHED_SHARE * len(places) else 0


def _drawn(pieces: list[_Piece], shape: tuple[int, ...]) -> Pixels:
    canvas = np.zeros(shape, np.uint8)
    for piece in pieces:
        rows, columns = piece.pixels.shape
        canvas[piece.top : piece.top + rows, piece.left : piece.left + columns] |= piece.pixels
    return canvas
