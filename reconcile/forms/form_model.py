"""What a form is: its tables, their blocks of rows and columns, and the sums that its values obey.

These classes are the schema of the form files too (docs/forms.md): a file is
valid if they can be built from it and `reconcile.forms.parser` finds no contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

# YAML takes a key like 2019 for a number; a misspelt field must not pass unseen.
_CONFIG = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormColumn:
    """A value column: its key and its nested header, outermost label first."""

    key: str
    path: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.path[-1], *self.aliases)


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormRow:
    """A value row; `side` and `group` are the labels printed left of it over several rows.

    An `optional` row is one that reports may leave out: not printed, it is not missing.
    """

    key: str
    label: str
    side: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    optional: bool = False

    @property
    def title(self) -> str:
        return f"{self.group} {self.label}".strip()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every way the row may be labelled, also where the rule between two labels was missed."""
        outer = [self.group + self.label] if self.group else []
        return (self.label, *self.aliases, *outer, self.side + self.group + self.label)


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormBlock:
    """Rows under one header; a table is one block or several, one below the other.

    A block `beside` stands to the right of those before it, with row labels of its own.
    """

    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    clause: str = ""
    corner: str = ""
    beside: bool = False

    @property
    def header(self) -> str:
        """A one-level header row as a single text."""
        return self.corner + "".join(column.path[-1] for column in self.columns)

    @property
    def column_keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormTable:
    """One table of a form; `heading` is the section heading printed above it.

    `unlabelled` tables have a single row of values without a label, known by its headers alone.
    """

    key: str
    title: str
    heading: str
    blocks: tuple[FormBlock, ...]
    unlabelled: bool = False

    @property
    def sides(self) -> tuple[FormTable, ...]:
        """The table cut where a block stands beside another, from left to right; mostly itself alone."""
        starts = [0, *(n for n, block in enumerate(self.blocks) if n and block.beside), len(self.blocks)]
        if len(starts) == 2:
            return (self,)
        cut = (self.blocks[start:end] for start, end in pairwise(starts))
        return tuple(FormTable(self.key, self.title, self.heading, blocks) for blocks in cut)

    def pairs(self) -> Iterator[tuple[FormBlock, FormRow]]:
        """Yield every row with its block, in printed order."""
        return ((block, row) for block in self.blocks for row in block.rows)

    def header_labels(self) -> frozenset[str]:
        """Every header label of the table, groups of columns included."""
        columns = (column for block in self.blocks for column in block.columns)
        return frozenset(label for column in columns for label in (*column.path, *column.aliases))


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Relation:
    """The sum of `sum` equals the sum of `equals`, on each row or in each column (`over`)."""

    id: str
    table: str
    over: Literal["rows", "columns"]
    sum: tuple[str, ...]
    equals: tuple[str, ...]
    sum_label: str
    equals_label: str


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormFile:
    """A form file as written: what the form is called, from which year it holds, tables, relations.

    `subjects` are the words by which the title of a report with this form is known.
    """

    title: str
    tables: tuple[FormTable, ...]
    relations: tuple[Relation, ...] = ()
    since: int = 0
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its tables by key, its relations, the first year it is meant for, and its file."""

    name: str
    title: str
    tables: Mapping[str, FormTable]
    relations: tuple[Relation, ...]
    since: int
    subjects: tuple[str, ...]
    origin: str

    @property
    def n_values(self) -> int:
        """How many values the form has."""
        blocks = (block for table in self.tables.values() for block in table.blocks)
        return sum(len(block.rows) * len(block.columns) for block in blocks)
