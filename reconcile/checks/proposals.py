"""What a doubtful cell must hold if the sums through it are right; a proposal, never a reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconcile.checks.sum_terms import Sum, sums_of
from reconcile.forms.registry import labels_of, load_form
from reconcile.model import Finding, Flag, Key, State, Value

KIND = "proposal"

_UNSURE = frozenset({Flag.UNREAD, Flag.LOW_CONFIDENCE, Flag.DISAGREEMENT})
# A value that may stand in another place forces nothing.
_FORCES_NOTHING = _UNSURE | {Flag.MISSING, Flag.WEAK_MATCH}
# One sum alone may be the report's own mistake.
_LEAST_RELATIONS = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """The one value (a plain integer, 0 or more) that all the sums through a doubtful cell demand."""

    value: Value
    number: str
    sums: tuple[Sum, ...]


def proposals_of(values: Sequence[Value]) -> tuple[Proposal, ...]:
    """Propose for each doubtful value that which at least two relations force and none denies.

    A relation forces a value only if all its other terms are known and beyond
    doubt. Nothing is proposed where the reading says so already, nor 0 in a table that prints
    a blank or a dash anywhere: either weighs as much in a sum.
    """
    by_key = {value.key: value for value in values}
    through: dict[Key, list[Sum]] = {}
    exact = (one for one in sums_of(values) if load_form(one.form).tolerance == "none")
    for one in exact:
        for key in one.keys:
            through.setdefault(key, []).append(one)
    doubtful = (value for value in values if _UNSURE & set(value.flags))
    found = (_proposal(value, through.get(value.key, []), by_key) for value in doubtful)
    return tuple(proposal for proposal in found if proposal)


def findings_of(proposals: Sequence[Proposal]) -> tuple[Finding, ...]:
    """One finding for each proposal: the key, the proposed value, and the relations that force it."""
    return tuple(_finding(proposal) for proposal in proposals)


def _proposal(value: Value, sums: Sequence[Sum], values: Mapping[Key, Value]) -> Proposal | None:
    forcing = [(one, _demanded(value.key, one, values)) for one in sums]
    known = [(one, number) for one, number in forcing if number is not None]
    numbers = {number for _, number in known}
    if len({one.relation.id for one, _ in known}) < _LEAST_RELATIONS or len(numbers) != 1:
        return None
    (number,) = numbers
    if number < 0 or number != number.to_integral_value() or number == _read(value):
        return None
    if number == 0 and any(_is_no_zero(other, value.key) for other in values.values()):
        return None
    return Proposal(value, str(int(number)), tuple(one for one, _ in known))


def _is_no_zero(other: Value, key: Key) -> bool:
    """Tell whether a value of the same table is printed as nothing, where another might print 0."""
    return other.key.table == key.table and other.state in (State.BLANK, State.DASH)


def _demanded(key: Key, one: Sum, values: Mapping[Key, Value]) -> Decimal | None:
    """What the sum leaves for the key; None if another term is in doubt or nothing was added up."""
    own, opposite = (one.left, one.right) if key in one.left else (one.right, one.left)
    others = [values[other] for other in one.keys if other != key]
    if any(_FORCES_NOTHING & set(other.flags) for other in others):
        return None
    if all(other.state is State.BLANK for other in others):
        return None
    rest = [other for other in own if other != key]
    return _total(opposite, values) - _total(rest, values)


def _total(keys: Sequence[Key], values: Mapping[Key, Value]) -> Decimal:
    return sum((Decimal(values[key].value or 0) for key in keys), Decimal(0))


def _read(value: Value) -> Decimal | None:
    """The number that was read, a blank or a dash as 0; None where none was."""
    return None if value.state is State.UNREAD else Decimal(value.value or 0)


def _finding(proposal: Proposal) -> Finding:
    value = proposal.value
    names = " · ".join(labels_of(value.form, value.key.table, value.key.row, value.key.column))
    relations = "、".join(dict.fromkeys(_reason(one) for one in proposal.sums))
    read = f"，原读作“{value.raw}”" if value.raw else ""
    message = f"{names}（{value.key}）建议值 {proposal.number}：{relations}均要求{read}；读数未改"
    ids = "+".join(dict.fromkeys(one.relation.id for one in proposal.sums))
    return Finding(KIND, message, ids, (value.key,), value.page)


def _reason(one: Sum) -> str:
    where = "本行" if one.relation.over == "rows" else "本列"
    return f"{where} {one.relation.id}（{one.relation.sum_label}等于{one.relation.equals_label}）"


def without_proposals(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out the proposals of an earlier look, which new readings may have made void."""
    return (finding for finding in findings if finding.kind != KIND)
