"""Where rules end: at other rules, or in the air, as those that are broken or too faint do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# The rules of a page are broken if of those of half an inch and more a larger share
# of the ends meets nothing.
LONG, _LOOSE_SHARE = 0.5, 0.3
# So few lines with nothing of a rule near either end are none of a table: a line below a heading, two arcs
# of a seal. Of a broken table more is left.
_FEW_ALONE = 4
# So many ends in line are those of an open table.
_OPEN_ENDS = 5
# How far a rule may wander from its line or stop short of another, in inches.
REACH = 0.03

Places = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Found = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rule: it lies at `at`, across, and runs from `start` to `end`, in pixels."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


def flaws(across: Sequence[Segment], down: Sequence[Segment], dpi: float) -> tuple[bool, float, int]:
    """Tell whether no rule across is as long as a table has; the share of ends in the air, and how many."""
    is_bare = not any(piece.length >= dpi * LONG for piece in across)
    loose, ends = _loose_ends(across, down, dpi)
    return is_bare, loose / ends if ends else 0.0, loose


def are_broken(across: Sequence[Segment], down: Sequence[Segment], dpi: float) -> bool:
    """Tell whether rules are broken; a few lines that stand alone do not say so of the others."""
    standing = _as_array(down)
    others = [piece for piece in across if not _is_alone(piece, standing, dpi)]
    if len(across) - len(others) <= _FEW_ALONE:
        across = others
    return flaws(across, down, dpi)[1] > _LOOSE_SHARE


def _is_alone(rule: Segment, down: Places, dpi: float) -> bool:
    """Tell whether a longer horizontal rule has nothing of a vertical one near either end, above or below."""
    near = dpi * LONG
    ends = np.array([(rule.start, rule.at), (rule.end, rule.at)])
    return rule.length >= near and not _touched(ends, down, dpi * REACH, near).any()


def _loose_ends(across: Sequence[Segment], down: Sequence[Segment], dpi: float) -> tuple[int, int]:
    """Return how many ends of longer horizontal rules are in the air, of how many; whole ones end at others.

    Where many end in line and no rule stands, the table is open at that side. Where a rule is found twice,
    as ink in part and as a faint line whole, the part has no ends of its own.
    """
    reach, near = dpi * REACH, dpi * LONG
    long = [piece for piece in across if piece.length >= dpi * LONG]
    ends = np.array([(end, rule.at) for rule in long for end in (rule.start, rule.end)]).reshape(-1, 2)
    ends = ends[~_run_over(ends, _as_array(across), reach)]
    standing = _as_array(down)
    loose = ends[~_touched(ends, standing, reach)]
    # Of a broken rule something is left not far above or below.
    free = loose[~_touched(loose, standing, reach, near)][:, 0]
    in_line = np.count_nonzero(np.abs(free[:, np.newaxis] - free) <= reach, axis=1)
    return len(loose) - int(np.count_nonzero(in_line >= _OPEN_ENDS)), len(ends)


def _as_array(rules: Sequence[Segment]) -> Places:
    """The place, start and end of each rule, shape (n, 3)."""
    return np.array([(rule.at, rule.start, rule.end) for rule in rules], np.float64).reshape(-1, 3)


def _run_over(ends: Places, rules: Places, reach: float) -> Found:
    """Tell of places (x, y) which a rule across runs over."""
    x, y = ends[:, :1], ends[:, 1:]
    at, start, end = rules.T
    return np.asarray(((np.abs(at - y) <= reach) & (start + reach < x) & (x < end - reach)).any(axis=1))


def _touched(ends: Places, rules: Places, reach: float, along: float = 0.0) -> Found:
    """Tell of places (x, y) which a rule down touches."""
    x, y, beyond = ends[:, :1], ends[:, 1:], max(reach, along)
    at, start, end = rules.T
    near = (np.abs(at - x) <= reach) & (start - beyond <= y) & (y <= end + beyond)
    return np.asarray(near.any(axis=1))
