"""The sums that a form's values obey, checked to the last digit; a failure is evidence, not a verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from reconcile.cell_values import flags_of
from reconcile.checks.sum_terms import Sum, sums_of
from reconcile.forms.registry import labels_of, load_form, optional_rows
from reconcile.model import Finding, Flag, Key, State, Value

# Amounts that differ by more than this are not of one unit: 1万元 is 10,000元.
_OTHER_UNIT = 1000


def check(values: Sequence[Value]) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
    """Flag the values of every failed relation `unbalanced`, with one finding for each."""
    by_key = {value.key: value for value in values}
    sums = list(sums_of(values))
    failed = failed_among(sums, by_key)
    keys = {key for one in failed for key in one.keys}
    flagged = tuple(_flagged(value) if value.key in keys else value for value in values)
    return flagged, tuple(_finding(one, by_key) for one in failed)


def failed_among(sums: Sequence[Sum], values: Mapping[Key, Value]) -> list[Sum]:
    """Those of the sums of a report that fail, and that no other relation with the same id makes good."""
    return [one for one in sums if fails(one, values) and not _holds_otherwise(one, sums, values)]


def balances(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides are known and agree, be it that both are nothing."""
    return _is_known(one, values) and _balances(one, values)


def _holds_otherwise(one: Sum, sums: Sequence[Sum], values: Mapping[Key, Value]) -> bool:
    """Say whether another relation over the document with the same id holds: one of them is enough."""
    same = (
        other for other in sums if other.relation.id == one.relation.id and other.relation is not one.relation
    )
    return one.relation.over == "document" and any(holds(other, values) for other in same)


def fails(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides are known and differ."""
    return _is_known(one, values) and not _balances(one, values)


def holds(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides are known, agree, and are more than nothing."""
    return balances(one, values) and _total([values[k] for k in one.left]) != 0


def _balances(one: Sum, values: Mapping[Key, Value]) -> bool:
    left, right = ([values[key] for key in side] for side in (one.left, one.right))
    off = abs(_total(left) - _total(right))
    return off <= tolerance(one, values) if off else True


def tolerance(one: Sum, values: Mapping[Key, Value]) -> Decimal:
    """By how much a sum may be off: half of the last printed digit for each amount in it, in whole digits.

    Nothing for counts, nor for one amount that is printed twice in a table: it is rounded only once.
    """
    if load_form(one.form).tolerance != "unit":
        return Decimal(0)
    amounts = [Decimal(values[key].value) for key in one.keys if values[key].value]
    amounts = [amount for amount in amounts if amount]
    if len(one.keys) == 2 and len({key.table for key in one.keys}) == 1:
        return Decimal(0)
    exponents = [amount.as_tuple().exponent for amount in amounts]
    digit = Decimal(1).scaleb(min((int(exponent) for exponent in exponents), default=0))
    return len(amounts) // 2 * digit


def _is_known(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether both sides can be added up.

    A dash and a blank count as 0, but where all the addends are blank nothing
    was added up: a lone total is no mistake. Nor is a row with a code and no amounts, and tables in
    other units are not compared.
    """
    if any(values[key].state in (State.UNREAD, State.MISSING) for key in one.keys):
        return False
    if one.relation.over == "codes" and all(values[key].state is State.BLANK for key in one.right):
        return False
    if one.relation.over == "document" and _in_other_units(one, values):
        return False
    return not all(values[key].state is State.BLANK for key in one.left)


def _in_other_units(one: Sum, values: Mapping[Key, Value]) -> bool:
    """Say whether one table may be printed in 元 and the other in 万元."""
    low, high = sorted(abs(_total([values[key] for key in side])) for side in (one.left, one.right))
    return high >= _OTHER_UNIT * low


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
    """Say whether a printed row or column that is none of the form's may be an optional term of the sum."""
    form, table = values[finding.keys[0]].form, finding.keys[0].table
    if any(
        other.kind == "extra_column" and {key.table for key in other.keys} == {table} for other in findings
    ):
        return True
    seen = {key.row for key in finding.keys}
    terms = {term for one in load_form(form).relations for term in (*one.sum, *one.equals)}
    unseen = optional_rows(form, table) & terms - seen
    return bool(unseen) and any(other.kind == "extra_row" for other in findings)


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
    key = one.left[0] if one.relation.over != "codes" else one.right[0]
    table = load_form(one.form).tables[key.table]
    if one.relation.over == "document":
        return ""
    row, column = labels_of(one.form, key.table, key.row, key.column)
    where = f"“{table.title}”表" if table.is_headed else ""
    if table.unlabelled:
        return where
    if one.relation.over == "codes":
        return f"{where} {row} 行{column}列："
    return f"{where}{row}：" if one.relation.over == "rows" else f"{where}{column}列："
