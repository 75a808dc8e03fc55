"""Exports: rows and objects with the public field names, and the writers of CSV and JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from typing import Any, TextIO

from archive.records import Fact, Failure, Hit, StoredCell, StoredLine, StoredPage, StoredTable, Trouble
from archive.snippet import highlighted

Row = Mapping[str, Any]

# What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), full-width forms too.
FORMULA_STARTS = tuple("=+@\t\r\n＝＋＠")
MINUS_STARTS = tuple("-－")
HARMLESS_AFTER_MINUS = re.compile(r"[-－]+|[-－][\d０-９][\d０-９,，.．]*%?")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of record is exported: CSV columns, its CSV rows, its JSON object."""

    columns: tuple[str, ...]
    rows: Callable[[Iterable[Any]], Iterator[Row]]
    json_object: Callable[[Any], Row]


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


def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


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
            yield from ({**named, **asdict(cell)} for cell in table.cells)


def _line_rows(pages: Iterable[StoredPage]) -> Iterator[Row]:
    """A row a line; `number` counts the lines of a page from 1."""
    for page in pages:
        named = {"document": page.document, "source": page.source, "page": page.page, "route": page.route}
        for number, line in enumerate(page.lines, start=1):
            yield {**named, "number": number, **asdict(line)}


def _hit_rows(hits: Iterable[Hit]) -> Iterator[Row]:
    """A row a page, its hits in brackets."""
    for hit in hits:
        yield {**asdict(hit), "snippet": highlighted(hit.snippet, hit.marks)}


def _plain_rows(records: Iterable[Any]) -> Iterator[Row]:
    return (asdict(record) for record in records)


def _without(columns: Sequence[str], *unwanted: str) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in unwanted)


FACT_COLUMNS = _names(Fact)
FACTS = Layout(FACT_COLUMNS, _fact_rows, _fact_object)
TABLES = Layout(("document", "source", "number", "form", "table", *_names(StoredCell)), _cell_rows, asdict)
TEXT = Layout(("document", "source", "page", "route", "number", *_names(StoredLine)), _line_rows, asdict)
HITS = Layout(_without(_names(Hit), "marks"), _hit_rows, asdict)
FAILURES = Layout(_names(Failure), _plain_rows, asdict)
TROUBLES = Layout(_names(Trouble), _plain_rows, asdict)
