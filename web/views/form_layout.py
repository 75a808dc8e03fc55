"""The tables of a report laid out as the form prints them: nested headers, labels that cover rows, values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.values.records import Fact
from reconcile.forms.form_model import FormRow, FormTable
from reconcile.forms.registry import load_form

Cells = Mapping[tuple[str, str], Fact]


@dataclass(frozen=True, slots=True)
class Label:
    """A label and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class LaidRow:
    """The labels that begin in a row, and its values; None where the report has no such value."""

    labels: tuple[Label, ...]
    facts: tuple[Fact | None, ...]


@dataclass(frozen=True, slots=True)
class LaidBlock:
    """A part of a table with its own headers."""

    head: tuple[tuple[Label, ...], ...]
    rows: tuple[LaidRow, ...]


@dataclass(frozen=True, slots=True)
class LaidTable:
    """A table of a form as people know it."""

    key: str
    form: str
    title: str
    blocks: tuple[LaidBlock, ...]


def laid_out(facts: Sequence[Fact]) -> Iterator[LaidTable]:
    """Yield the tables of a report in the order of its values."""
    own = sorted(facts, key=lambda fact: (fact.table, fact.form))
    of_table = {key: list(group) for key, group in groupby(own, key=lambda fact: (fact.table, fact.form))}
    for table, form in dict.fromkeys((fact.table, fact.form) for fact in facts):
        cells = {(fact.row, fact.column): fact for fact in of_table[table, form]}
        try:
            known = load_form(form).tables[table]
        except KeyError:  # read under a form that is no longer there
            yield _plain(table, form, cells)
            continue
        yield LaidTable(table, form, known.heading or known.title, tuple(_blocks(known, cells)))


def _plain(table: str, form: str, cells: Cells) -> LaidTable:
    columns = list(dict.fromkeys(column for _, column in cells))
    rows = (
        LaidRow((Label(row),), tuple(cells.get((row, column)) for column in columns))
        for row in dict.fromkeys(row for row, _ in cells)
    )
    return LaidTable(table, form, table, (LaidBlock((tuple(map(Label, ("", *columns))),), tuple(rows)),))


def _blocks(table: FormTable, cells: Cells) -> Iterator[LaidBlock]:
    for block in table.blocks:
        rows = [*block.rows]
        if block.open_rows:
            rows += [FormRow(row, row) for row in dict.fromkeys(row for row, _ in cells) if row.isdecimal()]
        columns = [column for column in block.columns if any((row.key, column.key) in cells for row in rows)]
        shown = [row for row in rows if any((row.key, column.key) in cells for column in columns)]
        if shown:
            facts = [tuple(cells.get((row.key, column.key)) for column in columns) for row in shown]
            labels = _labels(shown)
            wide = max(len(_steps(row)) for row in shown)
            yield LaidBlock(
                _head([column.path for column in columns], wide),
                tuple(LaidRow(*pair) for pair in zip(labels, facts, strict=True)),
            )


def _head(paths: Sequence[tuple[str, ...]], wide: int) -> tuple[tuple[Label, ...], ...]:
    """The rows of a nested header; a label covers the columns below it, the lowest all rows left."""
    deep = max(map(len, paths), default=1)
    rows: list[list[Label]] = [[] for _ in range(deep)]
    rows[0].append(Label("", deep, wide))
    for level in range(deep):
        at = 0
        for path, group in groupby(path[: level + 1] for path in paths):
            own = paths[at : at + len(list(group))]
            at += len(own)
            if len(path) == level + 1:
                lowest = all(len(one) == level + 1 for one in own)
                rows[level].append(Label(path[-1], deep - level if lowest else 1, len(own)))
    return tuple(map(tuple, rows))


def _steps(row: FormRow) -> tuple[str, ...]:
    return (*(step for step in (row.side, row.group) if step), row.label)


def _labels(rows: Sequence[FormRow]) -> list[tuple[Label, ...]]:
    """The labels that begin in each row: what rows in a run share stands once, over all of them."""
    wide = max(len(_steps(row)) for row in rows)
    found: list[list[Label]] = [[] for _ in rows]
    for level in range(wide):
        steps = [_steps(row)[: level + 1] if level < len(_steps(row)) else None for row in rows]
        at = 0
        for step, group in groupby(range(len(rows)), key=lambda n: steps[n]):
            run = list(group)
            own = [n for n in run if step is not None]
            shared = step is not None and all(len(_steps(rows[n])) > level + 1 for n in run)
            if shared:
                found[at].append(Label(step[-1], len(run)))
            else:
                for n in own:
                    found[n].append(Label(_steps(rows[n])[level], 1, wide - level))
            at += len(run)
    return [tuple(labels) for labels in found]
