"""Where rules end: at other rules, or in the air, as those that are broken or too faint do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    others = [piece for piece in across if not _is_alone(piece, down, dpi)]
    if len(across) - len(others) <= _FEW_ALONE:
        across = others
    return flaws(across, down, dpi)[1] > _LOOSE_SHARE


def _is_alone(rule: Segment, down: Sequence[Segment], dpi: float) -> bool:
    """Tell whether a longer horizontal rule has nothing of a vertical one near either end, above or below."""
    ends, near = (rule.start, rule.end), dpi * LONG
    touched = (_touches(piece, rule.at, x, dpi * REACH, near) for piece in down for x in ends)
    return rule.length >= near and not any(touched)


def _loose_ends(across: Sequence[Segment], down: Sequence[Segment], dpi: float) -> tuple[int, int]:
    """Return how many ends of longer horizontal rules are in the air, of how many; whole ones end at others.

    Where many end in line and no rule stands, the table is open at that side. Where a rule is found twice,
    as ink in part and as a faint line whole, the part has no ends of its own.
    """
    reach, near = dpi * REACH, dpi * LONG
    long = [piece for piece in across if piece.length >= dpi * LONG]
    ends = [
        (rule.at, end)
        for rule in long
        for end in (rule.start, rule.end)
        if not any(_runs_over(piece, rule.at, end, reach) for piece in across)
    ]
    loose = [place for place in ends if not any(_touches(piece, *place, reach) for piece in down)]
    # Of a broken rule something is left not far above or below.
    free = [place for place in loose if not any(_touches(piece, *place, reach, near) for piece in down)]
    open_ends = sum(sum(abs(x - other) <= reach for _, other in free) >= _OPEN_ENDS for _, x in free)
    return len(loose) - open_ends, len(ends)


def _runs_over(rule: Segment, at: float, end: float, reach: float) -> bool:
    return abs(rule.at - at) <= reach and rule.start + reach < end < rule.end - reach


def _touches(vertical: Segment, y: float, x: float, reach: float, along: float = 0.0) -> bool:
    beyond = max(reach, along)
    return abs(vertical.at - x) <= reach and vertical.start - beyond <= y <= vertical.end + beyond
