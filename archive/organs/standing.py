"""What sums must know of reports: who an organ is, where it is, and which of several reports counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.schema import Document, Organ, OrganAlias, Report, Run, Value


@dataclass(frozen=True, slots=True)
class Standing:
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


def standing(connection: Connection) -> Standing:
    """The organs and reports as they stand."""
    aliases = connection.execute(select(col(OrganAlias.written), col(OrganAlias.organ)))
    listed = connection.execute(select(col(Organ.name), col(Organ.region)))
    return Standing(_mapping(aliases), _mapping(listed), _older(connection))


def _mapping(rows: Iterable[Any]) -> dict[str, str]:
    return {key: content for key, content in rows}  # noqa: C416 (dict() is not typed for rows)


def _older(connection: Connection) -> frozenset[tuple[str, str]]:
    """Reports that came in before another of the same organ and year; memory grows with their number."""
    organ = func.coalesce(col(OrganAlias.organ), col(Report.organ)).label("organ")
    reports = (
        select(col(Run.id).label("run"), col(Document.id).label("number"), col(Document.sha256), organ)
        .add_columns(col(Report.year))
        .join_from(Run, Document, col(Document.id) == col(Run.document_id))
        .join(Report, col(Report.run_id) == col(Run.id))
        .outerjoin(OrganAlias, col(OrganAlias.written) == col(Report.organ))
        .where(col(Run.is_current), col(Report.organ) != "", col(Report.year).is_not(None))
        .cte("reports")
    )
    several = (
        select(reports.c.organ, reports.c.year)
        .group_by(reports.c.organ, reports.c.year)
        .having(func.count() > 1)
        .subquery()
    )
    of_several = (
        select(reports.c.number, reports.c.sha256, reports.c.organ, reports.c.year, col(Value.table_key))
        .join_from(
            reports, several, (reports.c.organ == several.c.organ) & (reports.c.year == several.c.year)
        )
        .join(Value, col(Value.run_id) == reports.c.run)
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
