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

import numpy as np

from ocr.document import Pixels

Edges = np.ndarray[tuple[int, int], np.dtype[np.bool_]]

# A piece is more likely ruled than not from this share of ink. Measured on the
# recipe `fax` of bench/degrade.py: rules keep 0.5 to 0.8, print has up to 0.45.
_EVEN = 0.35
# What it takes, in inches of rule, to believe that a rule starts or stops.
_CHANGE = 0.075
# A line not known yet is one if this share of the table's width is ruled on it by
# ink that is not beside it too: a line of print is thick, a rule is thin.
_NEW_WIDTH = 0.3
# Ink within this share of a row's height of its ends is near the lines across.
_NEAR = 0.2
# A stroke that reaches this far to both sides of a line, in inches, lies across it; a piece with
# print across it counts as if it had this share of ink.
_ACROSS, _NEVER = 0.025, -2.0
# A row belongs to a table if one of its sides has this share of ink.
_FRAMED = 0.2
# Ink within the first distance of a line belongs to it, ink at the second stands
# beside it; lines keep the third from each other; in inches.
_BAND, _BESIDE, _APART = 0.0125, 0.04, 0.1

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
    across = _Direction(fragments[0], fragments[1], dpi, print_runs_along=True)
    down = _Direction(fragments[1].T, fragments[0].T, dpi, print_runs_along=False)
    columns = _ruled_lines(xs, ys, down)
    rows = _ruled_lines(sorted([*ys, *_new_lines(columns, ys, across)]), columns, across)
    framed = _framed_rows(columns, rows, down)
    return [_lattice(xs, part, across, down) for part in _runs_of_rows(rows, framed)]


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


def _strokes(crossed: Pixels) -> int:
    """Count the runs of marked places."""
    return int(np.count_nonzero(np.diff(np.concatenate([[0], crossed.astype(np.int8)])) == 1))


def _framed_rows(columns: Sequence[float], rows: Sequence[float], down: _Direction) -> list[bool]:
    """Tell which rows have a rule at either side; between two tables there is none.

    Of a table that is open at its sides every row counts.
    """
    sides = np.maximum(*(down.shares(at, rows) for at in (columns[0], columns[-1])))
    if float(np.median(sides)) < _EVEN:
        return [True] * len(sides)
    return [bool(side >= _FRAMED) for side in sides]


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
    horizontal = np.array([ruled_pieces(across.shares(at, columns), columns, across.dpi) for at in rows])
    vertical = np.array([ruled_pieces(down.shares(at, rows), rows, down.dpi) for at in columns]).T
    horizontal[[0, -1]] = True
    vertical[:, [0, -1]] = True
    return Lattice(tuple(columns), tuple(rows), horizontal, vertical)


def _ruled_lines(lines: Sequence[float], along: Sequence[float], direction: _Direction) -> list[float]:
    """Keep the lines that are ruled anywhere; of two too close together the better one."""
    dpi = direction.dpi
    strength = {at: _ruled_ink(direction.shares(at, along), along, dpi) for at in lines[1:-1]}
    kept = [lines[0], lines[-1]]
    for at in sorted(strength, key=lambda at: -strength[at]):
        if strength[at] > 0 and min(abs(at - other) for other in kept) >= _APART * dpi:
            kept.append(at)
    return sorted(kept)


def _new_lines(along: Sequence[float], known: Sequence[float], direction: _Direction) -> list[float]:
    """Find lines that no whole piece of rule has shown, strongest first."""
    start, end = round(along[0]), round(along[-1])
    inside = _thickened(direction.own[:, start:end], direction.dpi).mean(axis=1)
    if direction.print_runs_along:
        beside = round(_BESIDE * direction.dpi)
        inside = inside - np.maximum(np.roll(inside, beside), np.roll(inside, -beside))
    return _peaks(inside, known, direction.dpi, lambda at: _is_ruled(at, along, direction))


def _is_ruled(at: float, along: Sequence[float], direction: _Direction) -> bool:
    """Tell whether a line is ruled: thin, over enough of the table, and near the lines across too."""
    ruled = ruled_pieces(direction.excess(at, along), along, direction.dpi)
    if float(np.diff(along)[ruled].sum()) < _NEW_WIDTH * (along[-1] - along[0]):
        return False
    return direction.near_crossings(at, along, ruled) >= _NEW_WIDTH


def _peaks(
    profile: Shares, known: Sequence[float], dpi: float, accepts: Callable[[float], bool]
) -> list[float]:
    """Return the places of a profile of ink that hold much and are accepted, strongest first.

    They lie among the `known` lines, apart from them and from each other.
    """
    found: list[float] = []
    for at in np.argsort(-profile):
        if profile[at] < _EVEN * _NEW_WIDTH:
            break
        close = min(abs(at - other) for other in [*known, *found]) < _APART * dpi
        if known[0] < at < known[-1] and not close and accepts(float(at)):
            found.append(float(at))
    return found


def _ruled_ink(shares: Shares, along: Sequence[float], dpi: float) -> float:
    """Return the length of ink, in pixels, on the ruled pieces of a line."""
    return float((shares * np.diff(along))[ruled_pieces(shares, along, dpi)].sum())


def _shares(fragments: Pixels, at: float, along: Sequence[float], dpi: float) -> Shares:
    """Return the share of each piece of a line that has ink close to it."""
    band = _BAND * dpi
    inked = np.asarray((fragments[max(0, round(at - band)) : round(at + band) + 1] > 0).any(axis=0))
    pieces = [inked[round(start) : max(round(end), round(start) + 1)] for start, end in pairwise(along)]
    return np.array([float(piece.mean()) for piece in pieces])


def _thickened(fragments: Pixels, dpi: float) -> Pixels:
    """Let each row have the ink of its neighbours within the band."""
    band = round(_BAND * dpi)
    thick = fragments > 0
    for shift in range(1, band + 1):
        thick[shift:] |= fragments[:-shift] > 0
        thick[:-shift] |= fragments[shift:] > 0
    return np.asarray(thick, dtype=np.uint8)


def ruled_pieces(shares: Shares, along: Sequence[float], dpi: float) -> Pieces:
    """Return which pieces of one line are most likely ruled.

    Args:
        shares: the share of each piece that has ink, 0 to 1.
        along: the ends of the pieces in pixels, one more than pieces.
        dpi: the resolution.
    """
    gains = (np.asarray(shares) - _EVEN) * np.diff(along)
    change = _CHANGE * dpi
    scores, choices = np.zeros(2), []
    for gain in gains:
        stay, switch = scores, scores[::-1] - change
        choices.append(switch > stay)
        scores = np.maximum(stay, switch) + np.array([0.0, gain])
    ruled = np.zeros(len(gains), dtype=bool)
    state = int(scores[1] > scores[0])
    for index in range(len(gains) - 1, -1, -1):
        ruled[index] = bool(state)
        state = 1 - state if choices[index][state] else state
    return ruled
