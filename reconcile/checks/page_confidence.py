"""Values that nothing proves, on a page that was read badly: none is surer than the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconcile.cell_values import flags_of
from reconcile.checks.sum_relations import holds, sums_of
from reconcile.model import Flag, Key, State, Value
from reconcile.review_threshold import review_below

_DOUBTED = frozenset({Flag.UNREAD, Flag.LOW_CONFIDENCE, Flag.DISAGREEMENT})
# A page is bad from this many doubted values on, if they are more than this share of what
# is printed. Pages of the corpus stay below, but for some of its faxes; pages whose strokes
# are worn away, where wrong values looked sure, have more.
_FEWEST, _BAD = 4, 0.20


def lower_confidence(values: Sequence[Value]) -> tuple[Value, ...]:
    """Lower the confidence of unproven values on bad pages to the share that was read without doubt.

    Proven is a value in a sum that holds. No reading is changed.
    """
    proven = _proven(values)
    share = _doubted_share(values)
    return tuple(
        value if value.key in proven else _lowered(value, 1.0 - share.get(value.page or 0, 0.0))
        for value in values
    )


def _proven(values: Sequence[Value]) -> frozenset[Key]:
    by_key = {value.key: value for value in values}
    return frozenset(key for one in sums_of(values) if holds(one, by_key) for key in one.keys)


def _doubted_share(values: Sequence[Value]) -> Mapping[int, float]:
    """The share of doubted values among those printed, of bad pages only."""
    pages: dict[int, list[bool]] = defaultdict(list)
    for value in values:
        if value.page and value.state not in (State.BLANK, State.MISSING):
            pages[value.page].append(bool(_DOUBTED & set(value.flags)))
    shares = {page: sum(doubts) / len(doubts) for page, doubts in pages.items() if sum(doubts) >= _FEWEST}
    return {page: share for page, share in shares.items() if share > _BAD}


def _lowered(value: Value, most: float) -> Value:
    if value.confidence <= most:
        return value
    flags = flags_of((*value.flags, Flag.LOW_CONFIDENCE)) if most < review_below() else value.flags
    return replace(value, confidence=most, flags=flags)
