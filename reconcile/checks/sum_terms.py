"""Which values each relation of the forms adds up, in the report at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconcile.forms.form_model import Relation
from reconcile.forms.registry import load_form
from reconcile.model import Key, Value


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


_Keys = Mapping[Key, None]


def sums_of(values: Sequence[Value]) -> Iterator[Sum]:
    """Every relation of the forms in use, on every row or column that has its values."""
    tables: dict[tuple[str, str], dict[Key, None]] = {}
    for value in values:
        tables.setdefault((value.form, value.key.table), {})[value.key] = None
    for (form, table), keys in tables.items():
        for relation in load_form(form).relations:
            if relation.table == table:
                yield from _in_table(relation, form, keys)
    keys = {key: None for own in tables.values() for key in own}
    for form in dict.fromkeys(form for form, _ in tables):
        for relation in load_form(form).relations:
            if relation.over == "document":
                yield from _sum(relation, form, _terms(relation.sum), _terms(relation.equals), keys)


def _in_table(relation: Relation, form: str, keys: _Keys) -> Iterator[Sum]:
    table = relation.table
    if relation.over == "rows":
        for row in dict.fromkeys(key.row for key in keys):
            left, right = (
                [Key(table, row, term) for term in side] for side in (relation.sum, relation.equals)
            )
            yield from _sum(relation, form, left, right, keys)
    elif relation.over == "columns":
        for column in dict.fromkeys(key.column for key in keys):
            left, right = (
                [Key(table, term, column) for term in side] for side in (relation.sum, relation.equals)
            )
            yield from _sum(relation, form, left, right, keys)
    elif relation.over == "codes":
        yield from _over_codes(relation, form, keys)


def _over_codes(relation: Relation, form: str, keys: _Keys) -> Iterator[Sum]:
    """Each code that others go on from as their sum, and the terms of `equals` as that of all others."""
    codes = sorted({key.row for key in keys if key.row.isdecimal()})
    parents = {code: _longest_start(code, codes) for code in codes}
    for column in dict.fromkeys(key.column for key in keys):
        for parent in (*codes, ""):
            left = [Key(relation.table, code, column) for code in codes if parents[code] == parent]
            above = [parent] if parent else list(relation.equals)
            right = [Key(relation.table, row, column) for row in above]
            yield from _sum(relation, form, left, right, keys)


def _longest_start(code: str, codes: Collection[str]) -> str:
    """The nearest code that a code goes on from; empty for none."""
    return max((one for one in codes if one != code and code.startswith(one)), key=len, default="")


def _sum(
    relation: Relation, form: str, left: Sequence[Key], right: Sequence[Key], keys: _Keys
) -> Iterator[Sum]:
    """The sum of the terms that the report prints, if it prints any on both sides.

    What is part of another term is left out.
    """
    printed = [tuple(key for key in side if key in keys) for side in (left, right)]
    if all(printed):
        yield Sum(relation, form, *(_without_parts(side, form) for side in printed))


def _without_parts(side: tuple[Key, ...], form: str) -> tuple[Key, ...]:
    return tuple(key for key in side if not any(whole in side for whole in _wholes(key, form)))


def _wholes(key: Key, form: str) -> Iterator[Key]:
    """What a value is part of, and what that is part of in turn: by its row, then by its column."""
    wholes = load_form(form).wholes
    row, column = key.row, key.column
    while row := wholes.get((key.table, "rows", row), ""):
        yield Key(key.table, row, column)
    row = key.row
    while column := wholes.get((key.table, "columns", column), ""):
        yield Key(key.table, row, column)


def _terms(keys: Sequence[str]) -> list[Key]:
    """The terms of a relation over a document: `table/row/column`."""
    return [Key(*key.split("/")) for key in keys]
