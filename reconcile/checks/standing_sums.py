"""What a person's word on some values of a report means for the flags of the others, by its sums.

A sum that failed as it was read and balances now says nothing against its other values; one that fails only
now says something against them. Where a person calls one of its values the report's own mistake, the sum is
printed so, as it is where the text layer proves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reconcile.cell_values import flags_of
from reconcile.checks import proposals
from reconcile.checks.sum_relations import balances, failed_among
from reconcile.checks.sum_terms import Sum, sums_of
from reconcile.model import Finding, Flag, Key, Value

_BY_SUMS = frozenset({Flag.UNBALANCED, Flag.SOURCE_ANOMALY})
Values = Mapping[Key, Value]


def standing_flags(
    read: Sequence[Value], said: Values, mistakes: frozenset[Key]
) -> dict[Key, tuple[Flag, ...]]:
    """The flags of the values of a report where they differ from those of `read`.

    `said` are values as people say they are printed, `mistakes` the keys of those that they call the
    report's own mistake.
    """
    before = {value.key: value for value in read}
    now = before | dict(said)
    sums = list(sums_of(read))
    failed, fails = failed_among(sums, before), failed_among(sums, now)
    found = {}
    for value in read:
        then = [one for one in failed if value.key in one.keys]
        still = [one for one in then if not balances(one, now)]
        new = [one for one in fails if one not in failed and value.key in one.keys]
        flags = _flags(value, bool(then), still + new, mistakes)
        if flags != value.flags:
            found[value.key] = flags
    return found


def settled(findings: Iterable[Finding], now: Values) -> tuple[Finding, ...]:
    """The findings of sums that failed and balance now, and what these sums proposed."""
    sums = {(one.relation.id, frozenset(one.keys)): one for one in sums_of([*now.values()])}
    told = tuple(findings)
    known = ((one, sums.get((one.relation, frozenset(one.keys)))) for one in told if one.kind in _BY_SUMS)
    good = [found for found, own in known if own and balances(own, now)]
    return tuple(one for one in told if one in good or _is_proposed_by(one, good))


def _is_proposed_by(told: Finding, failures: Iterable[Finding]) -> bool:
    return told.kind == proposals.KIND and any(
        one.relation in told.relation.split("+") and set(told.keys) <= set(one.keys) for one in failures
    )


def _flags(value: Value, failed: bool, fails: Sequence[Sum], mistakes: frozenset[Key]) -> tuple[Flag, ...]:
    """The flags of a value; one that is flagged for another reason than a sum keeps its flags."""
    if not fails:
        return flags_of(set(value.flags) - _BY_SUMS) if failed else value.flags
    explained = all(mistakes & set(one.keys) for one in fails)
    if not explained:
        return value.flags if failed else flags_of((*value.flags, Flag.UNBALANCED))
    return flags_of((set(value.flags) - _BY_SUMS) | {Flag.SOURCE_ANOMALY})
