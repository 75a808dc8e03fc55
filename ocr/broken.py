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
# A row belongs to a table if one of its sides has this share of ink.
_FRAMED = 0.2
# Ink within the first distance of a line belongs to it, ink at the second stands
# beside it; lines keep the third from each other; in inches.
_BAND, _BESIDE, _APART = 0.0125, 0.04, 0.1

Shares = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


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
    across, down = fragments
    columns = _ruled_lines(xs, ys, down.T, dpi)
    rows = _ruled_lines(sorted([*ys, *_new_rows(columns, ys, across, dpi)]), columns, across, dpi)
    columns = sorted([*columns, *_new_columns(columns, rows, down, dpi)])
    framed = _framed_rows(columns, rows, down, dpi)
    return [_lattice(columns, part, fragments, dpi) for part in _runs_of_rows(rows, framed)]


def _framed_rows(columns: Sequence[float], rows: Sequence[float], down: Pixels, dpi: float) -> list[bool]:
    """Tell which rows have a rule at either side; between two tables there is none.

    Of a table that is open at its sides every row counts.
    """
    sides = np.maximum(*(_shares(down.T, at, rows, dpi) for at in (columns[0], columns[-1])))
    if float(np.median(sides)) < _EVEN:
        return [True] * len(sides)
    return [bool(side >= _FRAMED) for side in sides]


def _runs_of_rows(rows: Sequence[float], framed: Sequence[bool]) -> Iterator[list[float]]:
    """Yield the lines across of each run of framed rows."""
    for inside, group in groupby(range(len(framed)), key=framed.__getitem__):
        numbers = list(group)
        if inside:
            yield list(rows[numbers[0] : numbers[-1] + 2])


def _lattice(
    xs: Sequence[float], rows: Sequence[float], fragments: tuple[Pixels, Pixels], dpi: float
) -> Lattice:
    across, down = fragments
    columns = _ruled_lines(xs, rows, down.T, dpi)
    horizontal = np.array([ruled_pieces(_shares(across, at, columns, dpi), columns, dpi) for at in rows])
    vertical = np.array([ruled_pieces(_shares(down.T, at, rows, dpi), rows, dpi) for at in columns]).T
    horizontal[[0, -1]] = True
    vertical[:, [0, -1]] = True
    return Lattice(tuple(columns), tuple(rows), horizontal, vertical)


def _ruled_lines(
    lines: Sequence[float], along: Sequence[float], fragments: Pixels, dpi: float
) -> list[float]:
    """Keep the lines that are ruled anywhere; of two too close together the better one."""
    strength = {at: _ruled_ink(_shares(fragments, at, along, dpi), along, dpi) for at in lines[1:-1]}
    kept = [lines[0], lines[-1]]
    for at in sorted(strength, key=lambda at: -strength[at]):
        if strength[at] > 0 and min(abs(at - other) for other in kept) >= _APART * dpi:
            kept.append(at)
    return sorted(kept)


def _new_rows(xs: Sequence[float], ys: Sequence[float], across: Pixels, dpi: float) -> list[float]:
    """Find lines across that no whole piece of rule has shown, strongest first."""
    left, right = round(xs[0]), round(xs[-1])
    return _peaks(across[:, left:right], ys, dpi, lambda at: _is_row(at, xs, across, dpi))


def _is_row(at: float, xs: Sequence[float], across: Pixels, dpi: float) -> bool:
    beside = np.maximum(*(_shares(across, at + step * dpi, xs, dpi) for step in (-_BESIDE, _BESIDE)))
    ruled = ruled_pieces(_shares(across, at, xs, dpi) - beside, xs, dpi)
    return float(np.diff(xs)[ruled].sum()) >= _NEW_WIDTH * (xs[-1] - xs[0])


def _new_columns(xs: Sequence[float], ys: Sequence[float], down: Pixels, dpi: float) -> list[float]:
    """Find lines down that no whole piece of rule has shown.

    Digits stand in columns too, and a column of ones is thin; but they stand in
    the middle of their rows. So only ink near the lines across counts.
    """
    near = np.zeros(down.shape[0], dtype=bool)
    for top, bottom in pairwise(ys):
        zone = _NEAR * (bottom - top)
        near[round(top) : round(top + zone)] = near[round(bottom - zone) : round(bottom)] = True
    return _peaks(np.ascontiguousarray(down[near].T), xs, dpi, lambda _: True)


def _peaks(
    fragments: Pixels, known: Sequence[float], dpi: float, accepts: Callable[[float], bool]
) -> list[float]:
    """Return the rows of a mask that hold more ink than what is beside them, strongest first.

    They lie among the `known` lines, apart from them and from each other.
    """
    profile = _thickened(fragments, dpi).mean(axis=1)
    beside = round(_BESIDE * dpi)
    excess = profile - np.maximum(np.roll(profile, beside), np.roll(profile, -beside))
    found: list[float] = []
    for at in np.argsort(-excess):
        if excess[at] < _EVEN * _NEW_WIDTH:
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


def ruled_pieces(
    shares: Shares, along: Sequence[float], dpi: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
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
