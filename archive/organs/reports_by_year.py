"""Which document stands for which organ and year: names as linked by people, the newest by intake first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.schema import (
    FIRST_SOURCE,
    DocumentRow,
    OrganAliasRow,
    OrganRow,
    ReportRow,
    RunRow,
    SourceRow,
    ValueRow,
)
from archive.organs import names as organs

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class CurrentReport:
    """A report with a current reading; `number` counts documents in the order of intake.

    `written` is the organ as printed, `organ` the one that a person says it means;
    both are empty, and `year` None, where the reading did not find them.
    """

    number: int
    document: str
    source: str
    written: str
    organ: str
    year: int | None

    @property
    def place(self) -> Place | None:
        """The organ and year it reports on, if both were read."""
        return (self.organ, self.year) if self.organ and self.year is not None else None


def held(
    connection: Connection, also: Mapping[str, str] | None = None, organ: str | None = None
) -> list[CurrentReport]:
    """Every report with a current reading, in the order of intake, or those of one organ.

    `also` are links beside those of the archive, of a list for instance.
    """
    links = {**organs.links(connection), **(also or {})}
    reports = (
        select(
            col(DocumentRow.id),
            col(DocumentRow.sha256),
            col(SourceRow.name),
            col(ReportRow.organ),
            col(ReportRow.year),
        )
        .join_from(DocumentRow, SourceRow, FIRST_SOURCE)
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(ReportRow, col(ReportRow.run_id) == col(RunRow.id))
        .order_by(col(DocumentRow.id))
    )
    if organ is not None:
        names = [organ, *(written for written, linked in links.items() if linked == organ)]
        reports = reports.where(col(ReportRow.organ).in_(names))
    return [
        CurrentReport(number, document, source, written, links.get(written, written), year)
        for number, document, source, written, year in connection.execute(reports)
    ]


def by_place(reports: Iterable[CurrentReport]) -> dict[Place, list[CurrentReport]]:
    """The reports on each organ and year, the newest by intake first."""
    found: dict[Place, list[CurrentReport]] = {}
    for report in reports:
        if report.place:
            found.setdefault(report.place, []).insert(0, report)
    return found


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """`organs` by the name as printed, `regions` by organ; both hold only what people listed.

    `older` are sha256 and table of reports whose organ has a newer one, with a
    table of that key, on the same year.
    """

    organs: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    older: frozenset[tuple[str, str]] = frozenset()

    def organ(self, printed: str) -> str:
        """The organ that a printed name means: itself if no alias is known."""
        return self.organs.get(printed, printed)


def standing(connection: Connection) -> ReportStanding:
    """The organs and reports as they stand."""
    aliases = connection.execute(select(col(OrganAliasRow.written), col(OrganAliasRow.organ)))
    listed = connection.execute(select(col(OrganRow.name), col(OrganRow.region)))
    return ReportStanding(_mapping(aliases), _mapping(listed), _older(connection))


def _mapping(rows: Iterable[Any]) -> dict[str, str]:
    return {key: content for key, content in rows}  # noqa: C416 (dict() is not typed for rows)


def _older(connection: Connection) -> frozenset[tuple[str, str]]:
    """Reports that came in before another of the same organ and year; memory grows with their number."""
    organ = func.coalesce(col(OrganAliasRow.organ), col(ReportRow.organ)).label("organ")
    reports = (
        select(
            col(RunRow.id).label("run"), col(DocumentRow.id).label("number"), col(DocumentRow.sha256), organ
        )
        .add_columns(col(ReportRow.year))
        .join_from(RunRow, DocumentRow, col(DocumentRow.id) == col(RunRow.document_id))
        .join(ReportRow, col(ReportRow.run_id) == col(RunRow.id))
        .outerjoin(OrganAliasRow, col(OrganAliasRow.written) == col(ReportRow.organ))
        .where(col(RunRow.is_current), col(ReportRow.organ) != "", col(ReportRow.year).is_not(None))
        .cte("reports")
    )
    several = (
        select(reports.c.organ, reports.c.year)
        .group_by(reports.c.organ, reports.c.year)
        .having(func.count() > 1)
        .subquery()
    )
    of_several = (
        select(reports.c.number, reports.c.sha256, reports.c.organ, reports.c.year, col(ValueRow.table_key))
        .join_from(
            reports, several, (reports.c.organ == several.c.organ) & (reports.c.year == several.c.year)
        )
        .join(ValueRow, col(ValueRow.run_id) == reports.c.run)
        .distinct()
        .order_by(reports.c.number)
    )
    newest: dict[tuple[str, int, str], str] = {}
    older = []
    for _, document, name, year, table in connection.execute(of_several):
        if (before := newest.get((name, year, table))) is not None:
            older.append((before, table))
        newest[name, year, table] = document
    return frozenset(older)
