"""The relations that a value stands in, with people's verdicts, or with what somebody types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive.values.records import Fact, PrintedValue
from reconcile.checks.sum_relations import fails, holds
from reconcile.checks.sum_terms import Sum, sums_of
from reconcile.forms.registry import labels_of
from reconcile.model import Key, State, Value


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a sum; `amount` is what it adds, a plain decimal."""

    key: str
    label: str
    state: str
    raw: str
    amount: str


@dataclass(frozen=True, slots=True)
class RelationNow:
    """A relation with both its sides; `verdict` is `sound`, `fails`, or `open` where a term is not known."""

    name: str
    verdict: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    left_total: str
    right_total: str


def relations_of(
    facts: Sequence[Fact], asked: Key, typed: PrintedValue | None = None
) -> tuple[RelationNow, ...]:
    """The relations that a value stands in, failing ones first, as if `typed` were printed there."""
    values = dict(map(_value_of, facts))
    if typed and asked in values:
        told = values[asked]
        values[asked] = Value(asked, told.form, State(typed.state), typed.raw, typed.value, 1.0)
    found = [_now(one, values) for one in sums_of([*values.values()]) if asked in one.keys]
    return tuple(sorted(found, key=lambda one: ("fails", "open", "sound").index(one.verdict)))


def _value_of(fact: Fact) -> tuple[Key, Value]:
    key = Key(fact.table, fact.row, fact.column)
    return key, Value(key, fact.form, State(fact.state), fact.raw, fact.value, fact.confidence)


def _now(one: Sum, values: Mapping[Key, Value]) -> RelationNow:
    verdict = "fails" if fails(one, values) else "sound" if holds(one, values) else "open"
    left, right = (tuple(_terms(side, values)) for side in (one.left, one.right))
    return RelationNow(one.relation.id, verdict, left, right, _total(left), _total(right))


def _terms(keys: Sequence[Key], values: Mapping[Key, Value]) -> Iterator[Term]:
    for key in keys:
        value = values[key]
        row, column = labels_of(value.form, key.table, key.row, key.column)
        yield Term(
            f"{key.table}/{key.row}/{key.column}", f"{row} · {column}", value.state, value.raw, value.value
        )


def _total(terms: Sequence[Term]) -> str:
    return format(sum((Decimal(term.amount) for term in terms if term.amount), Decimal(0)), "f")
