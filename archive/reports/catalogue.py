"""The reports of an archive a page at a time, as somebody leafs through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from archive.db.schema import DocumentRow, ReportRow, RunRow, ValueRow
from archive.documents import stored_reports
from archive.documents.stored_reports import StoredReport
from archive.organs import names


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """Which reports; None means any. `organ` and `region` are beginnings or parts of names."""

    organ: str | None = None
    year: int | None = None
    form: str | None = None


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
    return conditions
