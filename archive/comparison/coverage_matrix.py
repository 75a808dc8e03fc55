"""Organs and years as a matrix, a page of organs at a time: asks only for what the page shows.

Where a list says on which years an organ reports, just these are expected; else those between the first
and the last year that there is something of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from archive.comparison import unread_documents as unread
from archive.comparison.coverage import CoverageCell, CoverageState, Holdings, doubts
from archive.comparison.unread_documents import UnreadDocument
from archive.db.people_schema import OrganRow
from archive.organs import organ_pages, reports_by_year
from archive.organs.names_in_sources import Names
from archive.organs.reports_by_year import Place


@dataclass(frozen=True, slots=True)
class OrganCoverage:
    """An organ, and what there is of each year, expected or there; `is_listed` if a list says which."""

    organ: str
    cells: Mapping[int, CoverageCell]
    is_listed: bool


@dataclass(frozen=True, slots=True)
class CoverageMatrix:
    """Some organs by name, the years of any of them, and how many organs there are in all."""

    organs: tuple[OrganCoverage, ...]
    years: tuple[int, ...]
    total: int


def matrix(connection: Connection, part: str, first: int, count: int) -> CoverageMatrix:
    """The organs of which a name has this part, from place `first`, `count` at the most."""
    known = organ_pages.known(connection)
    page = organ_pages.page(known, part, first, count)
    reports = reports_by_year.held(connection, organ=page.organs)
    waiting = [*unread.unread(connection, _PageNames(known, page.organs))]
    documents = {report.document for report in reports}
    places = reports_by_year.by_place(connection, reports)
    holdings = Holdings(
        reports, places, waiting, doubts(connection, documents), unread.renewed(connection, documents)
    )
    listed = _listed_years(connection, page.organs)
    found = holdings.over([*_expected(page.organs, listed, places, waiting)])
    extra = (cell for cell in found.others if cell.state is CoverageState.NOT_EXPECTED)
    return _laid_out(page.organs, listed, (*found.cells, *extra), page.total)


class _PageNames(Names):
    """Places addresses at the organs of a page; only where that succeeds all others are looked for too."""

    def __init__(self, known: Mapping[str, str], organs: Sequence[str]) -> None:
        here = {*organs}
        super().__init__({name: organ for name, organ in known.items() if organ in here})
        self._all = Names(known)

    def place(self, sources: Iterable[str]) -> tuple[Place | None, str]:
        told = [*sources]
        place, hint = super().place(told)
        return self._all.place(told) if place else (None, hint)


def _listed_years(connection: Connection, organs: Sequence[str]) -> dict[str, Sequence[int]]:
    said = select(col(OrganRow.name), col(OrganRow.years)).where(col(OrganRow.name).in_(organs))
    return {name: years for name, years in connection.execute(said) if years is not None}


def _expected(
    organs: Sequence[str],
    listed: Mapping[str, Sequence[int]],
    places: Mapping[Place, object],
    waiting: Sequence[UnreadDocument],
) -> Iterable[Place]:
    seen: dict[str, list[int]] = {}
    for organ, year in (*places, *(one.place for one in waiting if one.place)):
        seen.setdefault(organ, []).append(year)
    for organ in organs:
        own = seen.get(organ, [])
        years = listed.get(organ, range(min(own, default=0), max(own, default=-1) + 1))
        yield from ((organ, year) for year in years)


def _laid_out(
    organs: Sequence[str], listed: Mapping[str, object], cells: Sequence[CoverageCell], total: int
) -> CoverageMatrix:
    rows: dict[str, dict[int, CoverageCell]] = {organ: {} for organ in organs}
    for cell in cells:
        if cell.year is not None and cell.organ in rows:
            rows[cell.organ][cell.year] = cell
    years = sorted({year for row in rows.values() for year in row})
    return CoverageMatrix(
        tuple(OrganCoverage(organ, row, organ in listed) for organ, row in rows.items()), tuple(years), total
    )
