"""How records are exported: rows and objects with the public field names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from archive.records import Fact, Failure, Hit, StoredCell, StoredLine, StoredPage, StoredTable, Trouble
from archive.search.snippet import highlighted
from core.dataclass_tools import as_object, kinds_of, names_of

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of record is exported: columns, its rows under them, its JSON object.

    `kinds` says which columns hold int, float or bool, and which exact decimals
    written as text (Decimal); all others are text.
    """

    columns: tuple[str, ...]
    rows: Callable[[Iterable[Any]], Iterator[Row]]
    json_object: Callable[[Any], Row]
    kinds: Mapping[str, type] = field(default_factory=dict)


def _fact_object(fact: Fact) -> Row:
    return {name: getattr(fact, name) for name in FACT_COLUMNS}


def _fact_rows(facts: Iterable[Fact]) -> Iterator[Row]:
    return (_fact_object(fact) for fact in facts)


def _cell_rows(tables: Iterable[StoredTable]) -> Iterator[Row]:
    """A row a cell; `number` tells the tables of one document apart, from 1."""
    for _, group in groupby(tables, key=lambda table: table.document):
        for number, table in enumerate(group, start=1):
            named = {
                "document": table.document,
                "source": table.source,
                "number": number,
                "form": table.form,
                "table": table.table,
            }
            yield from ({**named, **as_object(cell)} for cell in table.cells)


def _line_rows(pages: Iterable[StoredPage]) -> Iterator[Row]:
    """A row a line; `number` counts the lines of a page from 1."""
    for page in pages:
        named = {"document": page.document, "source": page.source, "page": page.page, "route": page.route}
        for number, line in enumerate(page.lines, start=1):
            yield {**named, "number": number, **as_object(line)}


def _hit_rows(hits: Iterable[Hit]) -> Iterator[Row]:
    """A row a page, its hits in brackets."""
    for hit in hits:
        yield {**as_object(hit), "snippet": highlighted(hit.snippet, hit.marks)}


def plain_rows(records: Iterable[Any]) -> Iterator[Row]:
    """A row a record, its fields as they are."""
    return (as_object(record) for record in records)


def _without(columns: Sequence[str], *unwanted: str) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in unwanted)


FACT_COLUMNS = names_of(Fact)
FACTS = Layout(FACT_COLUMNS, _fact_rows, _fact_object, {**kinds_of(Fact), "value": Decimal})
TABLES = Layout(
    ("document", "source", "number", "form", "table", *names_of(StoredCell)),
    _cell_rows,
    as_object,
    {"number": int, **kinds_of(StoredCell)},
)
TEXT = Layout(
    ("document", "source", "page", "route", "number", *names_of(StoredLine)),
    _line_rows,
    as_object,
    {"page": int, "number": int, **kinds_of(StoredLine)},
)
HITS = Layout(_without(names_of(Hit), "marks", "boxes"), _hit_rows, as_object, kinds_of(Hit))
CHECK_COLUMNS = ("part", "verdict", "found", "remedy")
CHECKS = Layout(CHECK_COLUMNS, iter, dict)
FAILURES = Layout(names_of(Failure), plain_rows, as_object)
TROUBLES = Layout(names_of(Trouble), plain_rows, as_object)
