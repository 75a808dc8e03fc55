"""Exports: rows and objects with the public field names, and the writers of CSV and JSON.

`formats.py` chooses the writer; those of Parquet and XLSX are in modules of their own.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any, TextIO, get_args, get_type_hints

from archive.records import Fact, Failure, Hit, StoredCell, StoredLine, StoredPage, StoredTable, Trouble
from archive.search.snippet import highlighted

Row = Mapping[str, Any]

# What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), full-width forms too.
FORMULA_STARTS = tuple("=+@\t\r\n＝＋＠")
MINUS_STARTS = tuple("-－")
HARMLESS_AFTER_MINUS = re.compile(r"[-－]+|[-－][\d０-９][\d０-９,，.．]*%?")


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


def write_csv(records: Iterable[Any], layout: Layout, stream: TextIO) -> None:
    """A header and a line a row; texts that a spreadsheet would run are neutralised."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(layout.columns)
    for row in layout.rows(records):
        writer.writerow([_cell(row[column]) for column in layout.columns])


def write_json(records: Iterable[Any], layout: Layout, stream: TextIO) -> None:
    """One array, an object a line, written as the records come; texts are left as they are."""
    separator = "[\n"
    for record in records:
        stream.write(separator + json.dumps(layout.json_object(record), ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


WRITERS: dict[str, Callable[[Iterable[Any], Layout, TextIO], None]] = {"csv": write_csv, "json": write_json}


def neutralised(text: str) -> str:
    """The text with a quote before it where a spreadsheet would take it for a formula.

    A lone dash or a negative number, as they stand in reports, is left alone.
    """
    if text.startswith(FORMULA_STARTS):
        return f"'{text}"
    if text.startswith(MINUS_STARTS) and not HARMLESS_AFTER_MINUS.fullmatch(text):
        return f"'{text}"
    return text


def _cell(value: object) -> object:
    if isinstance(value, str):
        return neutralised(value)
    return int(value) if isinstance(value, bool) else value


@cache
def names_of(record: type) -> tuple[str, ...]:
    """The fields of a record, in order."""
    return tuple(field.name for field in fields(record))


def as_object(record: Any) -> dict[str, Any]:
    """A record and the records in it as JSON objects; `asdict`, but many times as fast."""
    kind: type = type(record)
    return {name: _plain(getattr(record, name)) for name in names_of(kind)}


def _plain(content: Any) -> Any:
    if isinstance(content, tuple):
        return [_plain(part) for part in content]
    return as_object(content) if is_dataclass(content) else content


def kinds_of(*records: type) -> dict[str, type]:
    """Which fields of some records are numbers or truths, whether or not they may be None."""
    hints = {name: hint for record in records for name, hint in get_type_hints(record).items()}
    plain = {name: (get_args(hint) or (hint,))[0] for name, hint in hints.items()}
    return {name: kind for name, kind in plain.items() if kind in (int, float, bool)}


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
