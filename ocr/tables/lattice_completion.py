"""Completing the lattice of a table whose rules are broken, as faxes leave them.

What is left of a rule lies in one line with the rest of it; a stroke of a
character seldom does. So each line of the lattice is judged as a whole: the most
likely pieces of it are ruled (Viterbi, 1967), given how much ink each piece has
and that a rule seldom stops and starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels

Edges = np.ndarray[tuple[int, int], np.dtype[np.bool_]]

# A piece is as likely ruled as not at this share of ink, and what it takes in shares to believe that
# a rule starts or stops, or is there at all. Fitted by logistic regression to 37,000 pieces of the
# reports of dev, damaged by blur, threshold, broken rules and specks in two strengths: log odds are
# 15 to 21 times the share above 0.28; that one rule in ten stops or starts at a crossing is assumed.
_EVEN, _CHANGE, _LEAST = 0.28, 0.13, 0.1
# A table whose first or last rule is broken most may go on this far beyond the others, in inches.
_BEYOND = 0.6
# How much the lines on both sides of one say of it, in shares: 0.1 to 0.15 gave most exact grids on 81
# pages of `dev` faxed anew, 42 for 29 with 0.
_SAY = 0.12
# A line not known yet is one if this share of the table's width is ruled on it by
# ink that is not beside it too: a line of print is thick, a rule is thin.
_NEW_WIDTH = 0.3
# Ink within this share of a row's height of its ends is near the lines across.
_NEAR = 0.2
# A stroke that reaches this far to both sides of a line, in inches, lies across it; a piece with
# print across it counts as if it had this share of ink.
_ACROSS, _NEVER = 0.025, -2.0
# A row belongs to a table if one of its sides has this share of ink, or two rules within it the second.
_FRAMED, _SURELY = 0.2, 0.5
# Ink within the first distance of a line belongs to it, ink at the second stands
# beside it; lines keep the third from each other; in inches.
_BAND, _BESIDE, _APART = 0.0125, 0.04, 0.1
# Ink of a stroke across, within these inches beside a line and along it, says that the line is part of a
# character. Digits are in the middle of a piece, as high as the third; there a line may have more
# ink than at its ends by no more than the last share.
_SIDE, _DIGITS, _CREDIT = (0.03, 0.015), 0.13, 0.25

Shares = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Pieces = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Lattice:
    """The lines of one table in pixels, rising, and which pieces of them are ruled.

    `horizontal` has shape (len(ys), len(xs) - 1), `vertical` (len(ys) - 1, len(xs)).
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    horizontal: Edges
    vertical: Edges


def complete(
    xs: Sequence[float], ys: Sequence[float], fragments: tuple[Pixels, Pixels], dpi: float
) -> list[Lattice]:
    """Find the lines that were missed, part tables that only print has joined, and tell what is ruled.

    Args:
        xs: the lines down, in pixels, rising.
        ys: the lines across known so far.
        fragments: masks of horizontal and of vertical fragments.
        dpi: the resolution.
    """
    horizontal, vertical = fragments
    across = _Direction(_lone(horizontal, vertical, dpi), vertical, dpi, print_runs_along=True)
    vertical, horizontal = vertical.T, horizontal.T
    down = _Direction(_lone(vertical, horizontal, dpi), horizontal, dpi, print_runs_along=False)
    columns = _ruled_lines(xs, ys, down)
    rows = _ruled_lines(sorted([*ys, *_new_lines(columns, ys, across, _BEYOND * dpi)]), columns, across)
    framed = _framed_rows(columns, rows, down)
    found = [_lattice(xs, part, across, down) for part in _runs_of_rows(rows, framed)]
    return [lattice for lattice in found if _has_frame(lattice, across, down)]


@dataclass(frozen=True, slots=True)
class _Direction:
    """Fragments of one direction, and of the other, laid so that lines of this one run along the rows.

    `print_runs_along` says that lines of print lie this way too.
    """

    own: Pixels
    crossing: Pixels
    dpi: float
    print_runs_along: bool

    def shares(self, at: float, along: Sequence[float]) -> Shares:
        """Return the share of each piece of a line that has ink; `_NEVER` where print lies across it.

        A rule may cross another that is not known yet, but not two within one piece.
        """
        shares = _shares(self.own, at, along, self.dpi)
        return np.where([_strokes(piece) > 1 for piece in self._crossings(at, along)], _NEVER, shares)

    def excess(self, at: float, along: Sequence[float]) -> Shares:
        """Return the shares of a line less those beside it where lines of print run along: a rule is thin."""
        if not self.print_runs_along:
            return self.shares(at, along)
        beside = [_shares(self.own, at + step * self.dpi, along, self.dpi) for step in (-_BESIDE, _BESIDE)]
        return np.asarray(self.shares(at, along) - np.maximum(*beside))

    def near_crossings(self, at: float, along: Sequence[float], ruled: Pieces) -> float:
        """Return the share of ink near the lines across, on the ruled pieces of a line.

        Digits and dashes stand in line too, but in the middle of their cells.
        """
        zones = np.zeros(self.own.shape[1], dtype=bool)
        for (start, end), is_ruled in zip(pairwise(along), ruled, strict=True):
            zone = _NEAR * (end - start) if is_ruled else 0.0
            zones[round(start) : round(start + zone)] = zones[round(end - zone) : round(end)] = True
        inked = self._band(self.own, at, _BAND)[:, zones].any(axis=0)
        return float(np.asarray(inked).mean()) if inked.size else 0.0

    def _crossings(self, at: float, along: Sequence[float]) -> Iterator[Pixels]:
        """Yield for each piece which places of it, away from its ends, are crossed by a stroke."""
        rows = [self._band(self.crossing, at + step * self.dpi, 0.0) for step in (-_ACROSS, 0.0, _ACROSS)]
        crossed = np.logical_and.reduce([row.any(axis=0) for row in rows])
        edge = _ACROSS * self.dpi
        for start, end in pairwise(along):
            yield crossed[round(start + edge) : max(round(end - edge), round(start + edge))]

    def _band(self, mask: Pixels, at: float, reach: float) -> Pixels:
        first, last = round(at - reach * self.dpi), round(at + reach * self.dpi)
        return np.asarray(mask[max(0, first) : max(0, last) + 1] > 0)


def _lone(own: Pixels, crossing: Pixels, dpi: float) -> Pixels:
    """Keep of the fragments along the rows what no stroke of the other direction is close to.

    Strokes of a character hang together, a rule runs by itself from crossing to crossing.
    """
    size = (2 * round(_SIDE[0] * dpi) + 1, 2 * round(_SIDE[1] * dpi) + 1)
    close = cv2.dilate(
        np.ascontiguousarray(np.where(own > 0, np.uint8(0), crossing)), np.ones(size, np.uint8)
    )
    return np.asarray(np.where(close > 0, np.uint8(0), own), np.uint8)


def _strokes(crossed: Pixels) -> int:
    """Count the runs of marked places."""
    return int(np.count_nonzero(np.diff(np.concatenate([[0], crossed.astype(np.int8)])) == 1))


def _framed_rows(columns: Sequence[float], rows: Sequence[float], down: _Direction) -> list[bool]:
    """Tell which rows have a rule at either side, or two within; between two tables there is none.

    Of a table that is open at its sides every row counts.
    """
    shares = np.array([down.shares(at, rows) for at in columns])
    sides = np.maximum(shares[0], shares[-1])
    if float(np.median(sides)) < _EVEN:
        return [True] * len(sides)
    within = np.count_nonzero(shares[1:-1] >= _SURELY, axis=0)
    return [bool(framed) for framed in (sides >= _FRAMED) | (within > 1)]


def _runs_of_rows(rows: Sequence[float], framed: Sequence[bool]) -> Iterator[list[float]]:
    """Yield the lines across of each run of framed rows."""
    for inside, group in groupby(range(len(framed)), key=framed.__getitem__):
        numbers = list(group)
        if inside:
            yield list(rows[numbers[0] : numbers[-1] + 2])


def _lattice(xs: Sequence[float], rows: Sequence[float], across: _Direction, down: _Direction) -> Lattice:
    """Tell which pieces are ruled. Each table has columns of its own: another's may lie close by."""
    known = _ruled_lines(xs, rows, down)
    columns = _ruled_lines(sorted([*known, *_new_lines(rows, known, down)]), rows, down)
    horizontal = _ruled(np.array([across.shares(at, columns) for at in rows]))
    vertical = _ruled(np.array([down.shares(at, rows) for at in columns])).T
    horizontal[[0, -1]] = True
    vertical[:, [0, -1]] = True
    return Lattice(tuple(columns), tuple(rows), horizontal, vertical)


def _has_frame(lattice: Lattice, across: _Direction, down: _Direction) -> bool:
    """Tell whether two sides of a table are ruled; a page break leaves two open, lines of print have none."""
    xs, ys = lattice.xs, lattice.ys
    sides = [
        *(float(np.average(across.shares(at, xs), weights=np.diff(xs))) for at in (ys[0], ys[-1])),
        *(float(np.average(down.shares(at, ys), weights=np.diff(ys))) for at in (xs[0], xs[-1])),
    ]
    return sum(side >= _EVEN for side in sides) > 1


def _ruled(shares: Shares) -> Edges:
    """Tell which pieces of parallel lines are ruled: shape (lines, pieces), as the shares.

    The lines on both sides have a say: cells are as a rule as wide, and as high, as their
    neighbours, and where one is merged with the next, so are often those beside it.
    """
    known = np.clip(shares / _SURELY, 0.0, 1.0)
    known[[0, -1]] = 0.5
    beside = np.full(shares.shape, 0.5)
    beside[1:-1] = (known[:-2] + known[2:]) / 2
    return np.array([ruled_pieces(line) for line in shares + _SAY * (2 * beside - 1)])


def _ruled_lines(lines: Sequence[float], along: Sequence[float], direction: _Direction) -> list[float]:
    """Keep the lines that are ruled anywhere; of two too close together the better one."""
    strength = {at: _surety(direction.shares(at, along)) for at in lines[1:-1]}
    kept = [lines[0], lines[-1]]
    for at in sorted(strength, key=lambda at: -strength[at]):
        if strength[at] > _LEAST and min(abs(at - other) for other in kept) >= _APART * direction.dpi:
            kept.append(at)
    return sorted(kept)


def _new_lines(
    along: Sequence[float], known: Sequence[float], direction: _Direction, beyond: float = 0.0
) -> list[float]:
    """Find lines that no whole piece of rule has shown, strongest first, up to `beyond` those known."""
    start, end = round(along[0]), round(along[-1])
    inside = _thickened(direction.own[:, start:end], direction.dpi).mean(axis=1)
    if direction.print_runs_along:
        beside = round(_BESIDE * direction.dpi)
        inside = inside - np.maximum(np.roll(inside, beside), np.roll(inside, -beside))
    return _peaks(inside, known, beyond, direction.dpi, lambda at: _is_ruled(at, along, direction))


def _is_ruled(at: float, along: Sequence[float], direction: _Direction) -> bool:
    """Tell whether a line is ruled: thin, over enough of the table, and near the lines across too."""
    ruled = ruled_pieces(direction.excess(at, along))
    if float(np.diff(along)[ruled].sum()) < _NEW_WIDTH * (along[-1] - along[0]):
        return False
    return direction.near_crossings(at, along, ruled) >= _NEW_WIDTH


def _peaks(
    profile: Shares, known: Sequence[float], beyond: float, dpi: float, accepts: Callable[[float], bool]
) -> list[float]:
    """Return the places of a profile of ink that hold much and are accepted, strongest first.

    They lie among the `known` lines, or a little beyond, apart from them and from each other.
    """
    found: list[float] = []
    for at in np.argsort(-profile):
        if profile[at] < _EVEN * _NEW_WIDTH:
            break
        close = min(abs(at - other) for other in [*known, *found]) < _APART * dpi
        if known[0] - beyond < at < known[-1] + beyond and not close and accepts(float(at)):
            found.append(float(at))
    return found


def _surety(shares: Shares) -> float:
    """Return how sure it is that a line is ruled anywhere, in shares above the even one."""
    return float((shares - _EVEN)[ruled_pieces(shares)].sum())


def _shares(fragments: Pixels, at: float, along: Sequence[float], dpi: float) -> Shares:
    """Return the share of each piece of a line that has ink close to it."""
    band = _BAND * dpi
    inked = np.asarray((fragments[max(0, round(at - band)) : round(at + band) + 1] > 0).any(axis=0))
    pieces = [inked[round(start) : max(round(end), round(start) + 1)] for start, end in pairwise(along)]
    return np.array([_share(piece, dpi) for piece in pieces])


def _share(inked: Pieces, dpi: float) -> float:
    """Return the share of a piece that has ink, without what belongs to the lines across.

    The middle counts for little more than the rest: digits stand in line too, but in the
    middle of their cells, while a rule goes on to the next.
    """
    crossing = round((_BAND + _SIDE[1]) * dpi)
    rest = (len(inked) - round(_DIGITS * dpi)) // 2
    if rest <= crossing:
        return float(inked.mean())
    ends = np.concatenate([inked[crossing:rest], inked[-rest:-crossing]])
    middle, near = inked[rest:-rest], float(ends.mean())
    capped = min(near + _CREDIT, float(middle.mean()))
    return (near * ends.size + capped * middle.size) / (ends.size + middle.size)


def _thickened(fragments: Pixels, dpi: float) -> Pixels:
    """Let each row have the ink of its neighbours within the band."""
    band = round(_BAND * dpi)
    thick = fragments > 0
    for shift in range(1, band + 1):
        thick[shift:] |= fragments[:-shift] > 0
        thick[:-shift] |= fragments[shift:] > 0
    return np.asarray(thick, dtype=np.uint8)


def ruled_pieces(shares: Shares) -> Pieces:
    """Return which pieces of one line are most likely ruled, given the share of each that has ink."""
    gains = np.asarray(shares) - _EVEN
    scores, choices = np.zeros(2), []
    for gain in gains:
        stay, switch = scores, scores[::-1] - _CHANGE
        choices.append(switch > stay)
        scores = np.maximum(stay, switch) + np.array([0.0, gain])
    ruled = np.zeros(len(gains), dtype=bool)
    state = int(scores[1] > scores[0])
    for index in range(len(gains) - 1, -1, -1):
        ruled[index] = bool(state)
        state = 1 - state if choices[index][state] else state
    return ruled
