"""The sums that a form's values obey, checked exactly; a failure is evidence, not a verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconcile.cell_values import flags_of
from reconcile.forms.form_model import Relation
from reconcile.forms.registry import labels_of, load_form, optional_rows
from reconcile.model import Finding, Flag, Key, State, Value


@dataclass(frozen=True, slots=True)
class Sum:
    """One relation on one row or in one column, with the keys of both sides."""

    relation: Relation
    form: str
    left: tuple[Key, ...]
    right: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        return self.left + self.right


def check(values: Sequence[Value]) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
    """Flag the values of every failed relation `unbalanced`, with one finding for each."""
    by_key = {value.key: value for value in values}
    failed = [one for one in sums_of(values) if fails(one, by_key)]
    keys = {key for one in failed for key in one.keys}
    flagged = tuple(_flagged(value) if value.key in keys else value for value in values)
    return flagged, tuple(_finding(one, by_key) for one in failed)


def sums_of(values: Sequence[Value]) -> Iterator[Sum]:
    """Every relation of the forms in use, on every row or column that has its values."""
    forms = dict.fromkeys((value.form, value.key.table) for value in values)
    for form, table in forms:
        keys = [value.key for value in values if value.key.table == table]
        for relation in load_form(form).relations:
            if relation.table == table:
                yield from _over_rows(relation, form, keys)
                yield from _over_columns(relation, form, keys)


def fails(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides are known and differ."""
    return _is_known(one, values) and not _balances(one, values)


def holds(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides are known, agree, and are more than nothing."""
    return _is_known(one, values) and _balances(one, values) and _total([values[k] for k in one.left]) != 0


def _balances(one: Sum, values: Mapping[Key, Value]) -> bool:
    return _total([values[key] for key in one.left]) == _total([values[key] for key in one.right])


def _is_known(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides can be added up.

    A dash and a blank count as 0, but where all the addends are blank nothing
    was added up: a lone total is no mistake.
    """
    if any(values[key].state in (State.UNREAD, State.MISSING) for key in one.keys):
        return False
    return not all(values[key].state is State.BLANK for key in one.left)


def gap_may_explain(finding: Finding, values: Mapping[Key, Value], sure: Collection[Key]) -> bool:
    """Say whether a number lost from a blank or taken for a dash could explain a failed relation.

    Counts are not negative, so only one on the lighter side can; and none whose
    cell was seen bare twice: those are among the `sure` ones.
    """
    sums = (one for one in sums_of(tuple(values.values())) if one.keys == finding.keys)
    one = next(one for one in sums if one.relation.id == finding.relation)
    left = [values[key] for key in one.left]
    right = [values[key] for key in one.right]
    lighter = left if _total(left) < _total(right) else right
    return any(value.state in (State.BLANK, State.DASH) and value.key not in sure for value in lighter)


def row_may_be_lost(finding: Finding, values: Mapping[Key, Value], findings: Sequence[Finding]) -> bool:
    """Say whether a printed row that was matched with none of the form may be an optional term of the sum."""
    form, table = values[finding.keys[0]].form, finding.keys[0].table
    seen = {key.row for key in finding.keys}
    terms = {term for one in load_form(form).relations for term in (*one.sum, *one.equals)}
    unseen = optional_rows(form, table) & terms - seen
    return bool(unseen) and any(other.kind == "extra_row" for other in findings)


def _over_rows(relation: Relation, form: str, keys: Sequence[Key]) -> Iterator[Sum]:
    if relation.over == "rows":
        for row in dict.fromkeys(key.row for key in keys):
            left = [Key(relation.table, row, column) for column in relation.sum]
            right = [Key(relation.table, row, column) for column in relation.equals]
            yield from _sum(relation, form, left, right, keys)


def _over_columns(relation: Relation, form: str, keys: Sequence[Key]) -> Iterator[Sum]:
    if relation.over == "columns":
        for column in dict.fromkeys(key.column for key in keys):
            left = [Key(relation.table, row, column) for row in relation.sum]
            right = [Key(relation.table, row, column) for row in relation.equals]
            yield from _sum(relation, form, left, right, keys)


def _sum(
    relation: Relation, form: str, left: Sequence[Key], right: Sequence[Key], keys: Sequence[Key]
) -> Iterator[Sum]:
    """The sum of the terms that the report prints, if it prints any on both sides."""
    known = frozenset(keys)
    printed = [tuple(key for key in side if key in known) for side in (left, right)]
    if all(printed):
        yield Sum(relation, form, *printed)


def _total(values: Sequence[Value]) -> Decimal:
    return sum((Decimal(value.value) for value in values if value.value), Decimal(0))


def _flagged(value: Value) -> Value:
    return replace(value, flags=flags_of((*value.flags, Flag.UNBALANCED)))


def _finding(one: Sum, values: Mapping[Key, Value]) -> Finding:
    left = _total([values[key] for key in one.left])
    right = _total([values[key] for key in one.right])
    relation = one.relation
    message = f"{_where(one)}{relation.equals_label} {right}，{relation.sum_label} {left}"
    page = next((values[key].page for key in reversed(one.keys) if values[key].page), None)
    return Finding(Flag.UNBALANCED, message, relation.id, one.keys, page)


def _where(one: Sum) -> str:
    """The row or column label; a table of one row needs none."""
    key = one.left[0]
    row, column = labels_of(one.form, key.table, key.row, key.column)
    if load_form(one.form).tables[key.table].unlabelled:
        return ""
    return f"{row}：" if one.relation.over == "rows" else f"{column}列："
