"""The queue of doubtful values, and one value with all that a person needs to judge it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from archive.db.people_schema import VerdictRow
from archive.db.schema import (
    DocumentRow,
    FindingRow,
    GridCellRow,
    PageRow,
    RunRow,
    ValuePlaceRow,
    ValueReadingRow,
    ValueRow,
)
from archive.documents.reading_loader import box_of, finding_of, is_settled
from archive.judged import verdict_overlay
from archive.records import ReportName, rounded
from archive.values import facts, verdicts
from archive.values.facts import FactFilter
from archive.values.records import DoubtfulValue, Fact, PrintedAt, PrintedValue, StoredVerdict
from ocr.model import Reading
from reconcile.model import DOCUMENT_FLAGS, Finding, Key

EVERY_FACT = FactFilter()
DOUBTFUL = "needs_review=1"
_TOGETHER = 200
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which values a person wants to look at; None means any. Judged and certain ones too with `all`."""

    facts: FactFilter = EVERY_FACT
    limit: int | None = None
    all: bool = False


def doubts(connection: Connection, wanted: ReviewFilter) -> Iterator[DoubtfulValue]:
    """The wanted values, most doubtful first.

    First what a newer reading has against a person, then what is printed and was
    not read, what was not found, and the rest by confidence, the least sure first.
    """
    query = _chosen(wanted).order_by(None).order_by(*_most_doubtful_first()).limit(wanted.limit)
    result = connection.execution_options(yield_per=_TOGETHER).execute(query)
    for rows in result.partitions(_TOGETHER):
        yield from _complete(connection, rows)


def count(connection: Connection, wanted: ReviewFilter) -> int:
    """How many values are wanted, whatever the limit."""
    chosen = _chosen(wanted).order_by(None).subquery()
    return connection.execute(select(func.count()).select_from(chosen)).scalar_one()


def flagged_documents(connection: Connection) -> Iterator[tuple[ReportName, Finding]]:
    """The reports that ask for a look as a whole: no value of theirs may say so."""
    told = (
        select(col(DocumentRow.sha256), *FindingRow.__table__.c)  # type: ignore[attr-defined]
        .join_from(FindingRow, RunRow, (col(FindingRow.run_id) == col(RunRow.id)) & col(RunRow.is_current))
        .join(DocumentRow, col(DocumentRow.id) == col(RunRow.document_id))
        .where(col(FindingRow.kind).in_(DOCUMENT_FLAGS))
        .order_by(col(DocumentRow.id), col(FindingRow.ordinal))
    )
    return ((ReportName(row.sha256, row.part), finding_of(row)) for row in connection.execute(told))


def _chosen(wanted: ReviewFilter) -> Select[*tuple[Any, ...]]:
    """The fields of Fact, and after them those of the reading alone."""
    chosen = wanted.facts
    if not wanted.all:
        chosen = replace(chosen, where=(*chosen.where, DOUBTFUL))
    return facts.query_for(chosen).add_columns(
        col(ValueRow.run_id).label("run"),
        col(ValueRow.ordinal).label("ordinal"),
        col(ValueRow.state).label("read_state"),
        col(ValueRow.raw).label("read_raw"),
        col(ValueRow.value).label("read_value"),
        col(ValueRow.confidence).label("read_confidence"),
        col(VerdictRow.id).label("verdict"),
    )


def _most_doubtful_first() -> tuple[Any, ...]:
    rank = case(
        (verdict_overlay.CONTRADICTED, 0),
        (col(ValueRow.state) == "unread", 1),
        (col(ValueRow.state) == "missing", 2),
        else_=3,
    )
    return rank, verdict_overlay.CONFIDENCE, col(DocumentRow.id), col(ValueRow.ordinal)


def _complete(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[DoubtfulValue]:
    """Doubts from rows of the queue, with what is kept beside the values."""
    readings = [(row.run, row.ordinal) for row in rows]
    others, findings = _others(connection, readings), _findings(connection, {run for run, _ in readings})
    methods = _methods(connection, [(row.run, row.page) for row in rows if row.page is not None])
    judged = _verdicts(connection, [row.verdict for row in rows if row.verdict is not None])
    for row in rows:
        fact = Fact(**rounded({field.name: row._mapping[field.name] for field in fields(Fact)}))
        key = Key(fact.table, fact.row, fact.column)
        yield DoubtfulValue(
            fact=fact,
            run=row.run,
            read=PrintedValue(row.read_state, row.read_raw, row.read_value),
            confidence=round(row.read_confidence, 4),
            method=methods.get((row.run, fact.page), ""),
            others=tuple(others[row.run, row.ordinal]),
            findings=tuple(found for found in findings[row.run, fact.part] if key in found.keys),
            verdict=judged.get(row.verdict),
        )


def _methods(connection: Connection, pages: Sequence[tuple[int, int]]) -> dict[tuple[int, int | None], str]:
    """By which engine each page of a run was read."""
    named = select(col(PageRow.run_id), col(PageRow.number), col(PageRow.engine)).where(
        tuple_(col(PageRow.run_id), col(PageRow.number)).in_(pages)
    )
    return {(run, number): engine for run, number, engine in connection.execute(named)}


def _others(connection: Connection, readings: Sequence[Place]) -> dict[Place, list[Reading]]:
    found: dict[Place, list[Reading]] = defaultdict(list)
    kept = select(
        col(ValueReadingRow.run_id),
        col(ValueReadingRow.value),
        col(ValueReadingRow.text),
        col(ValueReadingRow.confidence),
        col(ValueReadingRow.method),
    ).where(tuple_(col(ValueReadingRow.run_id), col(ValueReadingRow.value)).in_(readings))
    for run, value, text, confidence, method in connection.execute(
        kept.order_by(col(ValueReadingRow.ordinal))
    ):
        found[run, value].append(Reading(text, round(confidence, 4), method))
    return found


def _findings(connection: Connection, runs: set[int]) -> dict[Place, list[Finding]]:
    """The findings on each report of some runs that nobody has settled."""
    found: dict[Place, list[Finding]] = defaultdict(list)
    told = select(*FindingRow.__table__.c).where(col(FindingRow.run_id).in_(runs), ~is_settled())  # type: ignore[attr-defined]
    for row in connection.execute(told.order_by(col(FindingRow.ordinal))):
        found[row.run_id, row.part].append(finding_of(row))
    return found


def _verdicts(connection: Connection, ids: Sequence[int]) -> dict[int | None, StoredVerdict]:
    rows = connection.execute(verdicts.stored().where(col(VerdictRow.id).in_(ids))) if ids else ()
    return {row.id: StoredVerdict(**row._mapping) for row in rows}


def printed_at(connection: Connection, doubt: DoubtfulValue) -> PrintedAt | None:
    """Where a value is printed; of one that is lost, where it was when a person saw it; None if nowhere."""
    readings = [(doubt.run, doubt.fact.part)]
    if doubt.verdict:
        readings.append((doubt.verdict.seen_run, doubt.verdict.seen_part))
    for run, part in readings:
        place = connection.execute(_place(run, part, doubt.fact)).first()
        if place:
            box = box_of(place)
            row = connection.execute(_row_around(run, place.page, place.grid, place.cell)).one()
            return PrintedAt(place.page, box, box if row.left is None else box_of(row), place.turned)
    return None


def _place(run: int, part: int, fact: Fact) -> Select[*tuple[Any, ...]]:
    """Page, box, cell and turn of the page of the first place of a value in a report of a run."""
    placed = (col(ValuePlaceRow.run_id) == col(ValueRow.run_id)) & (
        col(ValuePlaceRow.value) == col(ValueRow.ordinal)
    )
    there = (col(PageRow.run_id) == col(ValuePlaceRow.run_id)) & (
        col(PageRow.number) == col(ValuePlaceRow.page)
    )
    return (
        select(*ValuePlaceRow.__table__.c, col(PageRow.turned))  # type: ignore[attr-defined]
        .join_from(ValueRow, ValuePlaceRow, placed)
        .join(PageRow, there)
        .where(
            col(ValueRow.run_id) == run,
            col(ValueRow.part) == part,
            col(ValueRow.table_key) == fact.table,
            col(ValueRow.row_key) == fact.row,
            col(ValueRow.column_key) == fact.column,
            col(ValuePlaceRow.ordinal) == 0,
        )
    )


def _row_around(run: int, page: int, grid: int | None, cell: int | None) -> Select[*tuple[Any, ...]]:
    """The outermost sides of the cells on this page in the row of a cell; nulls where there are none."""
    here: Any = aliased(GridCellRow)
    beside: Any = aliased(GridCellRow)
    same_table = (beside.run_id == here.run_id) & (beside.grid == here.grid)
    same_row = (beside.page == page) & (beside.row == here.row) & (beside.row_span == 1)
    return (
        select(
            func.min(beside.left).label("left"),
            func.min(beside.top).label("top"),
            func.max(beside.right).label("right"),
            func.max(beside.bottom).label("bottom"),
        )
        .join_from(here, beside, same_table & same_row)
        .where(here.run_id == run, here.grid == grid, here.ordinal == cell)
    )
