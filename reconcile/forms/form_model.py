"""What a form is: its tables, their blocks of rows and columns, and the sums that its values obey.

These classes are the schema of the form files too (docs/forms.md): a file is
valid if they can be built from it and `reconcile.forms.parser` finds no contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from itertools import pairwise
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

# YAML takes a key like 2019 for a number; a misspelt field must not pass unseen.
# A table, whether a row or a column of it, and the key of that.
WholeOf = tuple[str, Literal["rows", "columns"], str]
_CONFIG = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormColumn:
    """A value column: its key and its nested header, outermost label first.

    An `optional` one may be left out, where its table is told by its heading; what is `part_of` another
    is left out of a sum that has that one.
    """

    key: str
    path: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    optional: bool = False
    part_of: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.path[-1], *self.aliases)


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormRow:
    """A value row; `side` and `group` are the labels printed left of it over several rows.

    An `optional` row is one that reports may leave out: not printed, it is not missing. What is `part_of`
    another row is left out of a sum that has that one.
    """

    key: str
    label: str
    side: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    optional: bool = False
    part_of: str = ""

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

    A block `beside` stands to the right of those before it, with row labels of its own. With `open_rows`
    it has a row for every printed code besides: each code begins as one of `codes` does, if there are any.
    """

    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...] = ()
    clause: str = ""
    corner: str = ""
    beside: bool = False
    open_rows: Literal["", "code"] = ""
    codes: tuple[str, ...] = ()

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

    `unlabelled` tables have a single row of values without a label, known by its headers alone. A table
    `told_by` its heading is known by that (or one of its `aliases`), its headers and its rows together.
    """

    key: str
    title: str
    heading: str
    blocks: tuple[FormBlock, ...]
    unlabelled: bool = False
    aliases: tuple[str, ...] = ()
    told_by: Literal["rows", "heading"] = "rows"

    @property
    def is_headed(self) -> bool:
        return self.told_by == "heading"

    @property
    def has_open_rows(self) -> bool:
        return any(block.open_rows for block in self.blocks)

    @property
    def sides(self) -> tuple[FormTable, ...]:
        """The table cut where a block stands beside another, from left to right; mostly itself alone."""
        starts = [0, *(n for n, block in enumerate(self.blocks) if n and block.beside), len(self.blocks)]
        if len(starts) == 2:
            return (self,)
        cut = (self.blocks[start:end] for start, end in pairwise(starts))
        return tuple(replace(self, blocks=blocks) for blocks in cut)

    def pairs(self) -> Iterator[tuple[FormBlock, FormRow]]:
        """Yield every row with its block, in printed order."""
        return ((block, row) for block in self.blocks for row in block.rows)

    def header_labels(self) -> frozenset[str]:
        """Every header label of the table, groups of columns included."""
        columns = (column for block in self.blocks for column in block.columns)
        return frozenset(label for column in columns for label in (*column.path, *column.aliases))


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Relation:
    """The sum of `sum` equals the sum of `equals`, on each row or in each column (`over`).

    Over `codes` every row is the sum of those whose codes go on from its own, in each column, and `equals`
    the sum of those without such a row. Over a `document` the terms are keys, `table/row/column`.
    """

    id: str
    over: Literal["rows", "columns", "codes", "document"]
    equals: tuple[str, ...]
    sum_label: str
    equals_label: str
    table: str = ""
    sum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, config=_CONFIG)
class FormFile:
    """A form file as written: what the form is called, from which year it holds, tables, relations.

    `subjects` are the words by which the title of a report with this form is known. With the `tolerance`
    of a unit its sums may be off by what rounding to the last printed digit explains.
    """

    title: str
    tables: tuple[FormTable, ...]
    relations: tuple[Relation, ...] = ()
    since: int = 0
    subjects: tuple[str, ...] = ()
    tolerance: Literal["none", "unit"] = "none"


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its tables by key, its relations, the first year it is meant for, and its file.

    `wholes` are what rows and columns are part of, empty for those that are none.
    """

    name: str
    title: str
    tables: Mapping[str, FormTable]
    relations: tuple[Relation, ...]
    since: int
    subjects: tuple[str, ...]
    origin: str
    tolerance: str = "none"
    wholes: Mapping[WholeOf, str] = field(default_factory=dict)

    @property
    def n_values(self) -> int:
        """How many values the form has; of open rows, none."""
        blocks = (block for table in self.tables.values() for block in table.blocks)
        return sum(len(block.rows) * len(block.columns) for block in blocks)
