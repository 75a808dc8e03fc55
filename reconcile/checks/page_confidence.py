"""Values that nothing proves, beside others that could not be read: none is surer than the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from core.review_threshold import review_below
from ocr.model import DOUBTED, SURE
from reconcile.cell_values import flags_of
from reconcile.checks.sum_relations import holds
from reconcile.checks.sum_terms import sums_of
from reconcile.model import Flag, Key, State, Value

_DOUBTED = frozenset({Flag.UNREAD, Flag.LOW_CONFIDENCE, Flag.DISAGREEMENT})
# A page is bad from this many doubted values on, if they are more than this share of what
# is printed. Pages of the corpus stay below, but for some of its faxes; pages whose strokes
# are worn away, where wrong values looked sure, have more.
_FEWEST, _BAD = 4, 0.20
# From so many unread values on a page on, one whose sums all have such a term is no surer than this: a
# digit may be misread the same way twice, and here nothing would tell.
_UNREAD, _UNPROVABLE = 2, 0.8


def lower_confidence(values: Sequence[Value], proposed: Collection[Key] = frozenset()) -> tuple[Value, ...]:
    """Lower the confidence of unproven values on bad pages to the share that was read without doubt.

    Proven is a value in a sum that holds. Also lowered are numbers of pictures whose sums all have
    a term that could not be read and is not `proposed` by two sums alike, and values that their ink
    speaks against. No reading is changed.
    """
    held = proven(values)
    share = _doubted_share(values)
    unprovable = _unprovable(values, proposed)
    return tuple(
        value
        if value.key in held
        else _lowered(
            value,
            min(
                1.0 - share.get(value.page or 0, 0.0),
                _UNPROVABLE if value.key in unprovable else 1.0,
                DOUBTED if is_doubted(value) else 1.0,
            ),
        )
        for value in values
    )


def is_doubted(value: Value) -> bool:
    """Say whether ink speaks against what was read of a value."""
    return any(cell.doubted for cell in value.cells)


def proven(values: Sequence[Value]) -> frozenset[Key]:
    """The values in sums that hold."""
    by_key = {value.key: value for value in values}
    return frozenset(key for one in sums_of(values) if holds(one, by_key) for key in one.keys)


def _unprovable(values: Sequence[Value], proposed: Collection[Key]) -> frozenset[Key]:
    """Numbers, read from pictures, all of whose sums have an unread term, on pages with several."""
    unread = Counter(value.page for value in values if value.state is State.UNREAD)
    lost = {value.key for value in values if value.state is State.UNREAD}.difference(proposed)
    checks: dict[Key, list[bool]] = defaultdict(list)
    for one in sums_of(values):
        for key in one.keys:
            checks[key].append(lost.isdisjoint(one.keys))
    return frozenset(
        value.key
        for value in values
        if value.state is State.READ
        and value.confidence != SURE
        and unread[value.page] >= _UNREAD
        and not any(checks.get(value.key, [True]))
    )


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
