"""One value of a form over the years of an organ, or the organs of a year, as the reports that count say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select
from sqlmodel import col

from archive.db.schema import DocumentRow
from archive.organs import names, reports_by_year
from archive.organs.reports_by_year import CurrentReport
from archive.values import facts
from archive.values.facts import FactFilter
from archive.values.records import Fact

if TYPE_CHECKING:
    from reconcile.model import Key


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What the report of an organ on a year says: no `document` is no report, no `fact` no such value."""

    organ: str
    year: int
    document: str = ""
    part: int = 1
    fact: Fact | None = None

    @property
    def number(self) -> Decimal | None:
        """The value as a number; None where none was read, whatever the reason."""
        return Decimal(self.fact.value) if self.fact and self.fact.state == "read" else None


def over_years(connection: Connection, organ: str, key: Key) -> tuple[SeriesPoint, ...]:
    """A point for each year from the first to the last that an organ reported on."""
    organ = names.links(connection).get(organ, organ)
    places = reports_by_year.by_place(connection, reports_by_year.held(connection, organ=organ))
    if not places:
        return ()
    counting = {year: places[organ, year][0] for _, year in places}
    query = facts.query_for(FactFilter(table=key.table, row=key.row, column=key.column))
    documents = {report.document for report in counting.values()}
    said = _said(connection, query.where(col(DocumentRow.sha256).in_(documents)))
    years = range(min(counting), max(counting) + 1)
    return tuple(_point(organ, year, counting.get(year), said) for year in years)


def over_organs(connection: Connection, year: int, key: Key, part: str = "") -> tuple[SeriesPoint, ...]:
    """A point for each organ with a report on a year and this part in a name: the largest numbers first."""
    places = reports_by_year.by_place(connection, reports_by_year.held(connection, year=year))
    wanted = FactFilter(table=key.table, row=key.row, column=key.column, year=year)
    said = _said(connection, facts.query_for(wanted))
    points = [
        _point(organ, year, reports[0], said)
        for (organ, _), reports in places.items()
        if part in organ or any(part in one.written for one in reports)
    ]
    return tuple(sorted(points, key=_largest_first))


def _said(connection: Connection, query: Select[*tuple[Any, ...]]) -> dict[str, Fact]:
    """The value by the name of its report."""
    return {str(fact.report): fact for fact in facts.read(connection, query)}


def _point(organ: str, year: int, report: CurrentReport | None, said: dict[str, Fact]) -> SeriesPoint:
    if report is None:
        return SeriesPoint(organ, year)
    return SeriesPoint(organ, year, report.document, report.part, said.get(report.name))


def _largest_first(point: SeriesPoint) -> tuple[object, ...]:
    number = point.number
    return (number is None, -number if number is not None else 0, point.organ)
