"""What a report prints, cell by cell: the yardstick of the benchmark."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import takewhile
from pathlib import Path

import pdfplumber

from samples.generator.values import DASHES, addresses


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed value; `state` is `read`, `blank` or `dash`, `value` a plain decimal where read."""

    form: str
    table: str
    row: str
    column: str
    state: str
    raw: str
    value: str

    @property
    def key(self) -> tuple[str, str, str]:
        """(table, row, column) as in docs/forms.md."""
        return self.table, self.row, self.column


COLUMNS = tuple(field.name for field in fields(Fact))


def write_truth(path: Path, facts: Iterable[Fact]) -> None:
    """Write facts as CSV, columns as in `COLUMNS`."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(fact) for fact in facts)


def read_truth(path: Path) -> list[Fact]:
    """Read what `write_truth` wrote; a file with other columns raises ValueError."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path}: columns must be {', '.join(COLUMNS)}")
        return [Fact(**row) for row in reader]


def truth_path(report: Path) -> Path:
    """Where the truth of a sample stands: `NAME.truth.csv` beside `NAME.pdf`."""
    return report.with_suffix(".truth.csv")


def truth_of_digital_report(path: Path) -> list[Fact]:
    """Derive the truth of a digital report from its ruled tables by plain row order.

    An independent way from the product's: pdfplumber's tables, no labels, no matching. Rows that
    end in values are taken in order and laid on the keys of the form with as many of them. It serves
    reports with nothing blank, printed once, in the order of the forms; others raise ValueError, and
    so does a table three whose leaves do not add up to （七）总计, for rows may be lost then.
    """
    with pdfplumber.open(path) as pdf:
        rows = [_printed(row) for page in pdf.pages for table in page.extract_tables() for row in table]
    two, three, four = _value_rows(rows)
    proactive, requests = _form_of(two, "proactive"), _form_of(three, "requests")
    _demand_balance(three)
    return [
        *_lay("proactive", proactive, two),
        *_lay("requests", requests, three),
        *_lay("review", proactive, four),
    ]


def _printed(row: Sequence[str | None]) -> list[str]:
    return ["".join(cell.split()) for cell in row if cell is not None]


def _value_rows(rows: Iterable[list[str]]) -> tuple[list[str], list[str], list[str]]:
    """The values of tables two, three and four, told apart by how many values a row ends in."""
    found: dict[int, list[str]] = {3: [], 7: [], 15: []}
    for row in rows:
        values = list(takewhile(_is_value, reversed(row)))[::-1]
        if values and len(values) in (1, 2, 3) and len(row) == len(values) + 1:
            found[3] += values
        elif len(values) in (7, 15):
            found[len(values)] += values
    return found[3], found[7], found[15]


def _is_value(text: str) -> bool:
    return text in DASHES or re.fullmatch(r"-?[\d,]+(\.\d+)?元?", text) is not None


def _form_of(values: Sequence[str], table: str) -> str:
    for form in ("2021", "2019"):
        if len(addresses(table, form)) == len(values):
            return form
    raise ValueError(f"{len(values)} values make no table {table} of a known form")


def _demand_balance(values: Sequence[str]) -> None:
    rows = [[int(value.replace(",", "")) for value in values[n : n + 7]] for n in range(0, len(values), 7)]
    if [sum(column) for column in zip(*rows[2:-2], strict=True)] != rows[-2]:
        raise ValueError("the leaves of table three do not add up: rows were lost, or the report is wrong")


def _lay(table: str, form: str, values: Sequence[str]) -> Iterator[Fact]:
    for (row, column), raw in zip(addresses(table, form), values, strict=True):
        state = "dash" if raw in DASHES else "read"
        value = "" if state == "dash" else raw.replace(",", "").rstrip("元")
        yield Fact(form, table, row, column, state, raw, value)
