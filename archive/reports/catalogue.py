"""The reports of an archive a page at a time, as somebody leafs through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select
from sqlmodel import col

from archive.db.people_schema import VerdictRow
from archive.db.schema import FIRST_SOURCE, DocumentRow, ReportRow, RunRow, SourceRow, ValueRow
from archive.documents import stored_reports
from archive.documents.documents import PENDING
from archive.documents.stored_reports import StoredReport
from archive.judged import verdict_overlay
from archive.organs import names


class ReportState(StrEnum):
    """How a report stands with people: the first four exclude each other, and every report is in one.

    `doubt` has a value that asks for a look; `settled` has none left, for people judged some; `sound` never
    had one that nobody judged; `empty` has no values. `judged` has a verdict that stands, whatever is left,
    `unplaced` lacks its organ or its year.
    """

    DOUBT = "doubt"
    SETTLED = "settled"
    SOUND = "sound"
    EMPTY = "empty"
    JUDGED = "judged"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """Which reports; None means any. `organ` is a part of a name."""

    organ: str | None = None
    year: int | None = None
    form: str | None = None
    state: ReportState | None = None


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Some of the reports that are wanted, newest intake first, and how many there are in all."""

    reports: tuple[StoredReport, ...]
    total: int


def page(connection: Connection, wanted: CatalogueFilter, first: int, count: int) -> CataloguePage:
    """The reports from place `first`, counted from 0, `count` at the most."""
    conditions = _conditions(connection, wanted)
    counted = _current(select(func.count())).where(*conditions)
    chosen = _current(select(col(ReportRow.run_id), col(ReportRow.part))).where(*conditions)
    newest = chosen.order_by(col(DocumentRow.id).desc(), col(ReportRow.part)).offset(first).limit(count)
    places = [(run, part) for run, part in connection.execute(newest)]
    return CataloguePage(
        stored_reports.at_places(connection, places), connection.execute(counted).scalar_one()
    )


def years(connection: Connection) -> Mapping[int | None, int]:
    """How many reports there are of each year, newest first; None where no year is known."""
    counted = _current(select(col(ReportRow.year), func.count())).group_by(col(ReportRow.year))
    found = sorted(connection.execute(counted), key=lambda row: -(row[0] or 0))
    return dict(found)


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Some of the documents that wait to be read, as sha256 and first source, and how many there are."""

    documents: tuple[tuple[str, str], ...]
    total: int


def waiting(connection: Connection, first: int, count: int) -> WaitingPage:
    """The documents that wait to be read from place `first`, oldest first."""
    is_waiting = col(DocumentRow.status) == PENDING
    named = (
        select(col(DocumentRow.sha256), col(SourceRow.name))
        .join(SourceRow, FIRST_SOURCE)
        .where(is_waiting)
        .order_by(col(DocumentRow.id))
    )
    found = tuple((digest, source) for digest, source in connection.execute(named.offset(first).limit(count)))
    counted = select(func.count()).select_from(DocumentRow).where(is_waiting)
    return WaitingPage(found, connection.execute(counted).scalar_one())


def _current(chosen: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        chosen.select_from(ReportRow)
        .join(RunRow, (col(RunRow.id) == col(ReportRow.run_id)) & col(RunRow.is_current))
        .join(DocumentRow, col(DocumentRow.id) == col(RunRow.document_id))
    )


def _conditions(connection: Connection, wanted: CatalogueFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.year is not None:
        conditions.append(col(ReportRow.year) == wanted.year)
    for written in names.written_names(connection, wanted.organ, None):
        conditions.append(col(ReportRow.organ).in_(written))
    if wanted.form:
        of_form = (
            select(col(ValueRow.run_id))
            .where(col(ValueRow.run_id) == col(ReportRow.run_id), col(ValueRow.part) == col(ReportRow.part))
            .where(col(ValueRow.form) == wanted.form)
        )
        conditions.append(of_form.exists())
    if wanted.state:
        conditions.append(_is_in(wanted.state))
    return conditions


def _is_in(state: ReportState) -> ColumnElement[bool]:
    own = (col(ValueRow.run_id) == col(ReportRow.run_id)) & (col(ValueRow.part) == col(ReportRow.part))
    has_values = select(literal(1)).select_from(ValueRow).where(own).correlate(ReportRow).exists()
    asks = (
        verdict_overlay.overlaid(select(literal(1)).select_from(ValueRow))
        .where(own, verdict_overlay.NEEDS_REVIEW == 1)
        .correlate(ReportRow, RunRow)
        .exists()
    )
    of_report = (col(VerdictRow.document_id) == col(RunRow.document_id)) & (
        col(VerdictRow.part) == col(ReportRow.part)
    )
    judged = (
        select(literal(1))
        .select_from(VerdictRow)
        .where(of_report, col(VerdictRow.stands))
        .correlate(ReportRow, RunRow)
        .exists()
    )
    return {
        ReportState.DOUBT: asks,
        ReportState.SETTLED: and_(judged, ~asks),
        ReportState.SOUND: and_(has_values, ~judged, ~asks),
        ReportState.EMPTY: and_(~has_values, ~judged),
        ReportState.JUDGED: judged,
        ReportState.UNPLACED: or_(col(ReportRow.organ) == "", col(ReportRow.year).is_(None)),
    }[state]
