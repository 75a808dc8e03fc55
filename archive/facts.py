"""Facts: the values of all current readings, what people said laid over them, with where each stands."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select
from sqlmodel import col

from archive import overlay
from archive.documents import FIRST_SOURCE
from archive.records import Fact, rounded
from archive.schema import Document, Report, Run, Source, Value, ValuePlace, Verdict
from ocr.errors import UsageError

COMPARED: dict[str, Any] = {
    "value": overlay.NUMBER,
    "confidence": overlay.CONFIDENCE,
    "needs_review": overlay.NEEDS_REVIEW,
    "year": col(Report.year),
    "page": col(ValuePlace.page),
}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "==": operator.eq,
}
CONDITION = re.compile(r"\s*([a-z_]+)\s*(>=|<=|!=|==|=|>|<)\s*([+-]?\d+(?:\.\d+)?)\s*")
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts; None means any. `organ` may be a part of the name; all of `where` must hold."""

    document: str | None = None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    year: int | None = None
    organ: str | None = None
    where: tuple[str, ...] = ()


def read(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Fact]:
    """The facts that a query finds, a thousand rows at a time."""
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query):
        yield Fact(**rounded(row._mapping))


def condition(text: str) -> ColumnElement[bool]:
    """`value>100` and the like as a condition: one field, one comparison, one number."""
    match = CONDITION.fullmatch(unicodedata.normalize("NFKC", text))
    if not match or match[1] not in COMPARED:
        fields = ", ".join(COMPARED)
        raise UsageError(
            f"cannot use {text!r}: write FIELD, one of > >= < <= = !=, NUMBER; fields are {fields}"
        )
    field, comparison, number = match.groups()
    compared: ColumnElement[bool] = OPERATORS[comparison](COMPARED[field], float(number))
    return compared


def query_for(wanted: FactFilter) -> Select[*tuple[Any, ...]]:
    """The query for the wanted facts, in the order of intake and of the form.

    Raises UsageError for a condition that cannot be used.
    """
    first_place = (
        (col(ValuePlace.run_id) == col(Value.run_id))
        & (col(ValuePlace.value) == col(Value.ordinal))
        & (col(ValuePlace.ordinal) == 0)
    )
    return (
        select(*_columns())
        .select_from(Document)
        .join(Source, FIRST_SOURCE)
        .join(Run, (col(Run.document_id) == col(Document.id)) & col(Run.is_current))
        .join(Report, col(Report.run_id) == col(Run.id))
        .join(Value, col(Value.run_id) == col(Run.id))
        .outerjoin(Verdict, overlay.STANDING)
        .outerjoin(ValuePlace, first_place)
        .where(*_conditions(wanted))
        .order_by(col(Document.id), col(Value.ordinal))
    )


def _columns() -> tuple[Any, ...]:
    """The fields of Fact, by their names."""
    return (
        col(Document.sha256).label("document"),
        col(Source.name).label("source"),
        col(Report.organ),
        col(Report.year),
        col(Value.form),
        col(Value.table_key).label("table"),
        col(Value.row_key).label("row"),
        col(Value.column_key).label("column"),
        overlay.STATE.label("state"),
        overlay.RAW.label("raw"),
        overlay.VALUE.label("value"),
        overlay.CONFIDENCE.label("confidence"),
        overlay.FLAGS.label("flags"),
        overlay.NEEDS_REVIEW.label("needs_review"),
        col(ValuePlace.page),
        col(ValuePlace.left),
        col(ValuePlace.top),
        col(ValuePlace.right),
        col(ValuePlace.bottom),
    )


def _conditions(wanted: FactFilter) -> Iterator[ColumnElement[bool]]:
    exact = {
        Document.sha256: wanted.document,
        Value.table_key: wanted.table,
        Value.row_key: wanted.row,
        Value.column_key: wanted.column,
        Report.year: wanted.year,
    }
    yield from (col(field) == asked for field, asked in exact.items() if asked is not None)
    if wanted.organ is not None:
        yield col(Report.organ).contains(wanted.organ, autoescape=True)
    yield from (condition(text) for text in wanted.where)
