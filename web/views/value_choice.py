"""The values of all forms to choose one from: tables, the rows of one, the columns of a row, by label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconcile.forms.form_model import FormBlock, FormRow, FormTable
from reconcile.forms.registry import forms_of, table_names
from reconcile.model import Key


@dataclass(frozen=True, slots=True)
class Option:
    """A key and its printed label."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """A value of a form, and what could be chosen in its place."""

    key: Key
    tables: tuple[Option, ...]
    rows: tuple[Option, ...]
    columns: tuple[Option, ...]

    @property
    def label(self) -> str:
        """The value by its labels."""
        chosen = ((self.tables, self.key.table), (self.rows, self.key.row), (self.columns, self.key.column))
        return " · ".join(next(one.label for one in options if one.key == key) for options, key in chosen)


def value_choice(table: str, row: str, column: str) -> ValueChoice:
    """The value that is asked for; where there is no such table, row or column, the first one.

    The newest form that has a table or a row gives its label.
    """
    tables = tuple(Option(key, _title(key)) for key in table_names())
    table = _known(table, tables)
    rows = _once(Option(row.key, _row_label(row)) for _, _, row in _rows(table))
    row = _known(row, rows)
    columns = _once(
        Option(column.key, " · ".join(column.path))
        for _, block, own in _rows(table)
        if own.key == row
        for column in block.columns
    )
    return ValueChoice(Key(table, row, _known(column, columns)), tables, rows, columns)


def _rows(table: str) -> Iterator[tuple[FormTable, FormBlock, FormRow]]:
    for form in reversed(forms_of(table)):
        own = form.tables[table]
        yield from ((own, block, row) for block, row in own.pairs())


def _title(table: str) -> str:
    own = forms_of(table)[-1].tables[table]
    return own.heading or own.title


def _row_label(row: FormRow) -> str:
    return " ".join(step for step in (row.side, row.group, row.label) if step) or row.key


def _once(options: Iterator[Option]) -> tuple[Option, ...]:
    """The options without those whose key comes a second time."""
    found: dict[str, Option] = {}
    for one in options:
        found.setdefault(one.key, one)
    return tuple(found.values())


def _known(asked: str, options: tuple[Option, ...]) -> str:
    if any(one.key == asked for one in options):
        return asked
    return options[0].key if options else ""
