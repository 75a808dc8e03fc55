"""Which document stands for which organ and year: names as linked by people, the newest by intake first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from archive.db.schema import Document, Report, Run, Source
from archive.documents.documents import FIRST_SOURCE
from archive.organs import names as organs

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Held:
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
) -> list[Held]:
    """Every report with a current reading, in the order of intake, or those of one organ.

    `also` are links beside those of the archive, of a list for instance.
    """
    links = {**organs.links(connection), **(also or {})}
    reports = (
        select(col(Document.id), col(Document.sha256), col(Source.name), col(Report.organ), col(Report.year))
        .join_from(Document, Source, FIRST_SOURCE)
        .join(Run, (col(Run.document_id) == col(Document.id)) & col(Run.is_current))
        .join(Report, col(Report.run_id) == col(Run.id))
        .order_by(col(Document.id))
    )
    if organ is not None:
        names = [organ, *(written for written, linked in links.items() if linked == organ)]
        reports = reports.where(col(Report.organ).in_(names))
    return [
        Held(number, document, source, written, links.get(written, written), year)
        for number, document, source, written, year in connection.execute(reports)
    ]


def by_place(reports: Iterable[Held]) -> dict[Place, list[Held]]:
    """The reports on each organ and year, the newest by intake first."""
    found: dict[Place, list[Held]] = {}
    for report in reports:
        if report.place:
            found.setdefault(report.place, []).insert(0, report)
    return found
