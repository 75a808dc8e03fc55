"""Rows as CSV and objects as JSON, written as the records come."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from archive.export.columns.base import ExportLayout

# What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), full-width forms too.
FORMULA_STARTS = tuple("=+@\t\r\n＝＋＠")
MINUS_STARTS = tuple("-－")
HARMLESS_AFTER_MINUS = re.compile(r"[-－]+|[-－][\d０-９][\d０-９,，.．]*%?")


def write_csv(records: Iterable[Any], layout: ExportLayout, stream: TextIO) -> None:
    """A header and a line a row; texts that a spreadsheet would run are neutralised."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(layout.columns)
    for row in layout.rows(records):
        writer.writerow([_cell(row[column]) for column in layout.columns])


def write_json(records: Iterable[Any], layout: ExportLayout, stream: TextIO) -> None:
    """One array, an object a line, written as the records come; texts are left as they are."""
    separator = "[\n"
    for record in records:
        stream.write(separator + json.dumps(layout.json_object(record), ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


WRITERS: dict[str, Callable[[Iterable[Any], ExportLayout, TextIO], None]] = {
    "csv": write_csv,
    "json": write_json,
}


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
