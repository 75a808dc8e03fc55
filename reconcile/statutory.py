"""The statutory forms as data: `reconcile/forms/*.yaml` loaded once, frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from reconcile.model import Key

FORM_NAMES = ("2019", "2021")
TABLE_NAMES = ("proactive", "requests", "review")


@dataclass(frozen=True, slots=True)
class Column:
    """A value column: its key and its nested header, outermost label first."""

    key: str
    path: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.path[-1], *self.aliases)


@dataclass(frozen=True, slots=True)
class Row:
    """A value row; `side` and `group` are the labels printed left of it over several rows."""

    key: str
    label: str
    side: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.group} {self.label}".strip()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every way the row may be labelled, also where the rule between two labels was missed."""
        outer = [self.group + self.label] if self.group else []
        return (self.label, *self.aliases, *outer, self.side + self.group + self.label)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one header; a table is one block or several, one below the other."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    clause: str = ""
    corner: str = ""

    @property
    def header(self) -> str:
        """A one-level header row as a single text."""
        return self.corner + "".join(column.path[-1] for column in self.columns)

    @property
    def column_keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)


@dataclass(frozen=True, slots=True)
class FormTable:
    """One table of a form; `heading` is the section heading printed above it."""

    key: str
    title: str
    heading: str
    blocks: tuple[Block, ...]

    def pairs(self) -> Iterator[tuple[Block, Row]]:
        """Yield every row with its block, in printed order."""
        return ((block, row) for block in self.blocks for row in block.rows)

    def header_labels(self) -> frozenset[str]:
        """Every header label of the table, groups of columns included."""
        columns = (column for block in self.blocks for column in block.columns)
        return frozenset(label for column in columns for label in (*column.path, *column.aliases))


@dataclass(frozen=True, slots=True)
class Relation:
    """The sum of `sum` equals the sum of `equals`, on each row or in each column (`over`)."""

    id: str
    table: str
    over: str
    sum: tuple[str, ...]
    equals: tuple[str, ...]
    sum_label: str
    equals_label: str


@dataclass(frozen=True, slots=True)
class Form:
    """A statutory form: its tables by key, and its relations."""

    name: str
    tables: Mapping[str, FormTable]
    relations: tuple[Relation, ...]


@cache
def load_form(name: str) -> Form:
    """Read the form `name` ("2019" or "2021"); KeyError for any other name."""
    if name not in FORM_NAMES:
        raise KeyError(name)
    source = files("reconcile").joinpath("forms", f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(source)
    tables = {table["key"]: _table(table) for table in data["tables"]}
    return Form(name, tables, tuple(_relation(relation) for relation in data["relations"]))


def expected_keys(form: str, table: str) -> tuple[Key, ...]:
    """Every key of one table of a form, row by row in printed order."""
    pairs = load_form(form).tables[table].pairs()
    return tuple(Key(table, row.key, column.key) for block, row in pairs for column in block.columns)


def labels_of(form: str, table: str, row: str, column: str) -> tuple[str, str]:
    """Return the Chinese row and column label of a key, for people; KeyError if there is none."""
    for block, candidate in load_form(form).tables[table].pairs():
        for place in block.columns:
            if (candidate.key, place.key) == (row, column):
                return candidate.title, _column_title(table, place)
    raise KeyError((form, table, row, column))


def _column_title(table: str, column: Column) -> str:
    return " · ".join(column.path) if table == "review" else column.path[-1]


def _table(data: dict[str, Any]) -> FormTable:
    blocks = tuple(_block(block) for block in data["blocks"])
    return FormTable(data["key"], data["title"], data["heading"], blocks)


def _block(data: dict[str, Any]) -> Block:
    columns = tuple(Column(**_frozen(column)) for column in data["columns"])
    rows = tuple(Row(**_frozen(row)) for row in data["rows"])
    return Block(columns, rows, data.get("clause", ""), data.get("corner", ""))


def _relation(data: dict[str, Any]) -> Relation:
    return Relation(**_frozen(data))


def _frozen(data: dict[str, Any]) -> dict[str, Any]:
    """Turn lists to tuples, and keys that YAML would take for numbers to text."""
    return {name: tuple(map(str, v)) if isinstance(v, list) else str(v) for name, v in data.items()}
