"""Whether the pages of a document are bound from the last to the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from reconcile.volume.marks.base import LeafMarks

# A printed page number, or a table that goes on, proves more than the order of headings.
_PROOF, _HINT = 2, 1


def is_reversed(marks: Sequence[LeafMarks]) -> bool:
    """Say whether more speaks for the order from the last leaf to the first than for the other."""
    return sum(vote for before, after in pairwise(marks) for vote in _votes(before, after)) < 0


def _votes(before: LeafMarks, after: LeafMarks) -> Iterator[int]:
    """What two leaves that follow each other say: above 0 for this order, below 0 for the other."""
    if before.number and after.number:
        step = after.number.number - before.number.number
        yield _PROOF * step if abs(step) == 1 else 0
    yield _PROOF * (_goes_on(before, after) - _goes_on(after, before))
    first, second = ([mark.number for mark in leaf.sections if mark.number] for leaf in (before, after))
    if first and second:
        yield _HINT * ((min(second) > max(first)) - (min(first) > max(second)))


def _goes_on(before: LeafMarks, after: LeafMarks) -> bool:
    """Say whether the last table of a leaf lacks its end and the first of the next its beginning."""
    if not (before.tables and after.tables):
        return False
    last, first = before.tables[-1], after.tables[0]
    return last.name == first.name and not last.ends and not first.begins
