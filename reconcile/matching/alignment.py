"""Order-keeping alignment of printed rows or columns with those of a form.

The method is that of Needleman and Wunsch (1970), with similarity above a floor
as the gain of a match, and three additions: two printed rows may be one row of
the form (cut by a page break or by a false rule), one printed row may be two
(a rule was missed), and where a new part begins the form may begin anew (a
table printed as a fragment and then again in full).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

# Less alike than this is not a match at all. The two most alike labels of one
# form (一、本年新收… and 二、上年结转…) reach 0.73; their order tells them apart.
FLOOR = 0.55
# Leaving out a row of the form costs little; going back to an earlier one more,
# so that it only happens where a table is really printed again.
_SKIP_COST = 0.01
_RESTART_COST = 0.3

Likeness = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Printed items and form items that belong together, by index, and how alike they are (0 to 1)."""

    printed: tuple[int, ...]
    expected: tuple[int, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class _Step:
    score: float
    origin: tuple[int, int] | None = None
    pairing: Pairing | None = None


_Moves = tuple[tuple[int, int, Likeness], ...]
_Grid = list[list[_Step]]


def align(
    n_printed: int,
    n_expected: int,
    single: Likeness,
    two_printed: Likeness | None = None,
    two_expected: Likeness | None = None,
    restarts: Collection[int] = (),
) -> tuple[Pairing, ...]:
    """Pair printed items with form items so that the summed likeness is greatest.

    `single(i, j)` is the likeness (0 to 1) of item i to form item j,
    `two_printed(i, j)` that of items i and i + 1 together to j, `two_expected(i,
    j)` that of i to j and j + 1 together. `restarts` are the printed indexes at
    which the form may begin anew.
    """
    options = ((1, 1, single), (2, 1, two_printed), (1, 2, two_expected))
    moves = tuple((down, across, likeness) for down, across, likeness in options if likeness)
    grid: _Grid = []
    for i in range(n_printed + 1):
        grid.append([])
        for j in range(n_expected + 1):
            grid[i].append(max(_steps(grid, i, j, moves), key=attrgetter("score")))
        if i in restarts:
            _restart(grid[i], i)
    return _trace(grid)


def _steps(grid: _Grid, i: int, j: int, moves: _Moves) -> Iterator[_Step]:
    """Every way to have gone through i printed and j expected items."""
    if i == j == 0:
        yield _Step(0.0)
    if i:
        yield _Step(grid[i - 1][j].score, (i - 1, j))
    if j:
        yield _Step(grid[i][j - 1].score - _SKIP_COST, (i, j - 1))
    for down, across, likeness in moves:
        if i >= down and j >= across and (alike := likeness(i - down, j - across)) > FLOOR:
            pairing = Pairing(tuple(range(i - down, i)), tuple(range(j - across, j)), alike)
            score = grid[i - down][j - across].score + (alike - FLOOR) * across
            yield _Step(score, (i - down, j - across), pairing)


def _restart(row: list[_Step], i: int) -> None:
    """Let the best state so far go back to any earlier item of the form."""
    best = max(range(len(row)), key=lambda j: row[j].score)
    score = row[best].score - _RESTART_COST
    for j in range(best):
        if score > row[j].score:
            row[j] = _Step(score, (i, best))


def _trace(grid: _Grid) -> tuple[Pairing, ...]:
    last = max(range(len(grid[-1])), key=lambda j: grid[-1][j].score)
    at: tuple[int, int] | None = (len(grid) - 1, last)
    pairings = []
    while at:
        step = grid[at[0]][at[1]]
        if step.pairing:
            pairings.append(step.pairing)
        at = step.origin
    return tuple(reversed(pairings))


def fill_gaps(
    pairings: Sequence[Pairing], printed: Collection[int], expected: Collection[int]
) -> tuple[Pairing, ...]:
    """Pair by position what the labels could not: as many printed as expected items in a gap.

    `printed` and `expected` are the indexes that may be paired so; only those
    strictly between two neighbouring pairings (or before the first, after the
    last) that are in order count. The new pairings have likeness 0.
    """
    start, end = Pairing((-1,), (-1,), 1.0), Pairing((_END,), (_END,), 1.0)
    filled: list[Pairing] = []
    for before, after in pairwise([start, *pairings, end]):
        free = [i for i in sorted(printed) if before.printed[-1] < i < after.printed[0]]
        keys = [j for j in sorted(expected) if before.expected[-1] < j < after.expected[0]]
        if len(free) == len(keys):
            filled.extend(Pairing((i,), (j,), 0.0) for i, j in zip(free, keys, strict=True))
        filled.append(after)
    return tuple(filled[:-1])


_END = 1 << 30
