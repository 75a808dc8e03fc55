"""Facts: the values of all current readings, what people said laid over them, with where each stands."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select
from sqlmodel import col

from archive.db.flag_column import among
from archive.db.schema import (
    FIRST_SOURCE,
    DocumentRow,
    ReportRow,
    RunRow,
    SourceRow,
    ValuePlaceRow,
    ValueRow,
    of_report,
)
from archive.judged import verdict_overlay
from archive.organs import names as organs
from archive.records import rounded
from archive.values.records import Fact
from core.errors import UsageError

COMPARED: dict[str, Any] = {
    "value": verdict_overlay.NUMBER,
    "confidence": verdict_overlay.CONFIDENCE,
    "needs_review": verdict_overlay.NEEDS_REVIEW,
    "year": col(ReportRow.year),
    "page": col(ValuePlaceRow.page),
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
SPAN = re.compile(r"\s*(\d{4})(?:\s*[-–]\s*(\d{4}))?\s*")
ROWS_AT_ONCE = 1000


# One key, or several of which any will do.
Keys = str | Sequence[str] | None
Years = int | str | Sequence[int | str] | None


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts; None means any. All that is given must hold, and all of `where`.

    `year` is a year or a range like 2021-2023, or several of them. `organ` and
    `region` are parts and beginnings of names (see `organs.names_meant`).
    """

    document: str | None = None
    part: int | None = None
    table: Keys = None
    row: Keys = None
    column: Keys = None
    year: Years = None
    organ: str | None = None
    where: tuple[str, ...] = ()
    region: str | None = None
    form: Keys = None
    state: Keys = None
    flag: str | None = None


def read(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Fact]:
    """The facts that a query finds, a thousand rows at a time."""
    for row in connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield Fact(**rounded(row._mapping))


def count(connection: Connection, query: Select[*tuple[Any, ...]]) -> int:
    """How many facts a query finds."""
    return connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()


def spans(years: Years) -> list[tuple[int, int]]:
    """First and last year of each year or range. Raises UsageError for what is neither."""
    texts = [years] if isinstance(years, int | str) else years or []
    pieces = [piece for text in texts for piece in str(text).split(",")]
    found = [(piece, SPAN.fullmatch(unicodedata.normalize("NFKC", piece))) for piece in pieces]
    if bad := [piece for piece, match in found if match is None]:
        raise UsageError(f"cannot use the year {bad[0]!r}: write 2023, or 2021-2023 for a range")
    return [(int(match[1]), int(match[2] or match[1])) for _, match in found if match]


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
        (col(ValuePlaceRow.run_id) == col(ValueRow.run_id))
        & (col(ValuePlaceRow.value) == col(ValueRow.ordinal))
        & (col(ValuePlaceRow.ordinal) == 0)
    )
    read = (
        select(*_columns())
        .select_from(DocumentRow)
        .join(SourceRow, FIRST_SOURCE)
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(ValueRow, col(ValueRow.run_id) == col(RunRow.id))
        .join(ReportRow, of_report(ValueRow))
        .outerjoin(ValuePlaceRow, first_place)
    )
    return (
        verdict_overlay.overlaid(read)
        .where(*_conditions(wanted))
        .order_by(col(DocumentRow.id), col(ValueRow.ordinal))
    )


def _columns() -> tuple[Any, ...]:
    """The fields of Fact, by their names."""
    return (
        col(DocumentRow.sha256).label("document"),
        col(SourceRow.name).label("source"),
        col(ReportRow.organ),
        col(ReportRow.year),
        col(ValueRow.form),
        col(ValueRow.table_key).label("table"),
        col(ValueRow.row_key).label("row"),
        col(ValueRow.column_key).label("column"),
        verdict_overlay.STATE.label("state"),
        verdict_overlay.RAW.label("raw"),
        verdict_overlay.VALUE.label("value"),
        verdict_overlay.CONFIDENCE.label("confidence"),
        verdict_overlay.FLAGS.label("flags"),
        verdict_overlay.NEEDS_REVIEW.label("needs_review"),
        col(ValuePlaceRow.page),
        col(ValuePlaceRow.left),
        col(ValuePlaceRow.top),
        col(ValuePlaceRow.right),
        col(ValuePlaceRow.bottom),
        col(ValueRow.part),
    )


def _conditions(wanted: FactFilter) -> Iterator[ColumnElement[bool]]:
    exact = (
        (col(DocumentRow.sha256), wanted.document),
        (col(ValueRow.table_key), wanted.table),
        (col(ValueRow.row_key), wanted.row),
        (col(ValueRow.column_key), wanted.column),
        (col(ValueRow.form), wanted.form),
        (verdict_overlay.STATE, wanted.state),
    )
    for field, asked in exact:
        if asked is not None:
            yield field.in_([asked] if isinstance(asked, str) else asked)
    if wanted.part is not None:
        yield col(ValueRow.part) == wanted.part
    if years := spans(wanted.year):
        yield or_(*(col(ReportRow.year).between(first, last) for first, last in years))
    for names in organs.names_meant(wanted.organ, wanted.region):
        yield col(ReportRow.organ).in_(names)
    if wanted.flag is not None:
        yield among(wanted.flag, verdict_overlay.FLAGS)
    yield from (condition(text) for text in wanted.where)
