"""Coverage: of the organs and years that are expected, which are present, missing, replaced, unreadable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.comparison import unread_documents as unread
from archive.comparison.unread_documents import UnreadDocument
from archive.db.schema import DocumentRow
from archive.organs import aliases, reports_by_year
from archive.organs import names as organs
from archive.organs.names_in_sources import Names
from archive.organs.organ_list_file import ListedOrgan, ListError, OrganList
from archive.organs.reports_by_year import CurrentReport, Place
from archive.records import ReportName, short
from archive.values import facts


class CoverageState(StrEnum):
    """What the archive has of an organ and year.

    The first five are for what is expected. `not_expected` is a report that is on
    no list, `not_placed` a document of which nobody knows what it reports on.
    """

    PRESENT = "present"
    REPLACED = "replaced"
    UNREADABLE = "unreadable"
    PENDING = "pending"
    MISSING = "missing"
    NOT_EXPECTED = "not_expected"
    NOT_PLACED = "not_placed"


EXPECTED = (
    CoverageState.PRESENT,
    CoverageState.REPLACED,
    CoverageState.UNREADABLE,
    CoverageState.PENDING,
    CoverageState.MISSING,
)
THERE = (CoverageState.PRESENT, CoverageState.REPLACED)


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """An organ and a year; `document` names the one of its reports that counts, of `documents` there are.

    A report that is not the first in its document is named SHA:2. `needs_review` counts its values.
    """

    organ: str
    year: int | None
    state: CoverageState
    document: str = ""
    source: str = ""
    documents: int = 0
    needs_review: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The expected cells, organ by organ in the order of the list, and what else there is."""

    cells: tuple[CoverageCell, ...]
    others: tuple[CoverageCell, ...]

    @property
    def counts(self) -> dict[CoverageState, int]:
        """How many expected cells there are in each state."""
        counted = Counter(cell.state for cell in self.cells)
        return {state: counted[state] for state in EXPECTED}

    @property
    def lacking(self) -> tuple[CoverageCell, ...]:
        """The expected cells without a report."""
        return tuple(cell for cell in self.cells if cell.state not in THERE)


@dataclass(frozen=True, slots=True)
class CoverageFilter:
    """Which part of a coverage: a part of an organ's name, a year; None means any."""

    organ: str | None = None
    year: int | None = None


EVERYTHING = CoverageFilter()


def coverage(
    connection: Connection, listed: OrganList | None = None, wanted: CoverageFilter = EVERYTHING
) -> Coverage:
    """Coverage of a list, or of the organs and years that the archive knows.

    Raises ListError if the list and the links of the archive contradict each other.
    """
    if listed is None:
        listed = OrganList(tuple(aliases.with_printed(connection)))
    elif problems := [*aliases.conflicts(connection, listed)]:
        raise ListError(listed.file, problems)
    links = organs.links(connection)
    links |= {alias: organ.name for organ in listed.organs for alias in organ.aliases}
    reports = reports_by_year.held(connection, links)
    names = Names(links | {organ.name: organ.name for organ in listed.organs})
    waiting = [*unread.unread(connection, names)]
    places = reports_by_year.by_place(connection, reports)
    found = Holdings(reports, places, waiting, doubts(connection), unread.renewed(connection))
    return _only(found.over(_expected(listed.organs, reports)), wanted, links)


def _only(found: Coverage, wanted: CoverageFilter, links: Mapping[str, str]) -> Coverage:
    """The wanted part; a document without a place belongs to it if what was asked for is in its address."""
    part, year = wanted.organ or "", wanted.year
    organs = {organ for name, organ in links.items() if part in name}

    def asked(cell: CoverageCell) -> bool:
        if cell.state is CoverageState.NOT_PLACED:
            told = f"{cell.organ} {cell.year} {cell.source} {cell.note}"
            return part in told and (year is None or str(year) in told)
        return (part in cell.organ or cell.organ in organs) and year in (None, cell.year)

    return Coverage(tuple(filter(asked, found.cells)), tuple(filter(asked, found.others)))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive has, to be laid over what is expected; `doubts` counts values by report."""

    reports: Sequence[CurrentReport]
    places: Mapping[Place, Sequence[CurrentReport]]
    unread: Sequence[UnreadDocument]
    doubts: Mapping[str, int]
    renewed: Mapping[str, Sequence[str]]

    def over(self, expected: Sequence[Place]) -> Coverage:
        """What there is of the expected organs and years, and whatever else there is."""
        there, waiting = self.places, self._waiting()
        empty = set(expected) - there.keys()
        cells = (
            self._present(place, there[place]) if place in there else _absent(place, waiting.get(place, ()))
            for place in expected
        )
        others = (
            *(self._not_expected(place, there[place]) for place in there.keys() - set(expected)),
            *(self._of_nobody(report) for report in self.reports if report.place is None),
            *(_unplaced(one, there) for one in self.unread if one.place not in empty),
        )
        return Coverage(tuple(cells), tuple(sorted(others, key=_order)))

    def _waiting(self) -> dict[Place, list[UnreadDocument]]:
        found: dict[Place, list[UnreadDocument]] = {}
        for one in self.unread:
            if one.place:
                found.setdefault(one.place, []).append(one)
        return found

    def _present(self, place: Place, held: Sequence[CurrentReport]) -> CoverageCell:
        counts, *others = held
        later = self.renewed.get(counts.document, ())
        notes = [f"in place of {_short(one.name for one in others)}"] if others else []
        notes += (
            [f"its address has since brought {_short(later)}, of which nothing was read"] if later else []
        )
        state = CoverageState.REPLACED if notes else CoverageState.PRESENT
        asking = self.doubts.get(counts.name, 0)
        return CoverageCell(*place, state, counts.name, counts.source, len(held), asking, "; ".join(notes))

    def _not_expected(self, place: Place, held: Sequence[CurrentReport]) -> CoverageCell:
        return replace(self._present(place, held), state=CoverageState.NOT_EXPECTED)

    def _of_nobody(self, report: CurrentReport) -> CoverageCell:
        lacking = [name for name, known in (("organ", report.organ), ("year", report.year)) if not known]
        note = f"{' and '.join(lacking)} not read"
        doubts = self.doubts.get(report.name, 0)
        return CoverageCell(
            report.organ,
            report.year,
            CoverageState.NOT_PLACED,
            report.name,
            report.source,
            1,
            doubts,
            note,
        )


def _expected(listed: Sequence[ListedOrgan], reports: Sequence[CurrentReport]) -> list[Place]:
    """The organs and years that should be there; where nobody said, the years that the archive has."""
    seen = sorted({report.year for report in reports if report.year is not None})
    return [(organ.name, year) for organ in listed for year in (seen if organ.years is None else organ.years)]


def doubts(connection: Connection, documents: Collection[str] | None = None) -> dict[str, int]:
    """How many values of each report ask for review, of all or of those in some sha256."""
    query = facts.query_for(facts.FactFilter(where=("needs_review=1",))).order_by(None)
    if documents is not None:
        query = query.where(col(DocumentRow.sha256).in_(documents))
    doubtful = query.subquery()
    report = (doubtful.c.document, doubtful.c.part)
    counted = select(*report, func.count()).group_by(*report)
    return {str(ReportName(*name)): count for *name, count in connection.execute(counted)}


def _absent(place: Place, waiting: Sequence[UnreadDocument]) -> CoverageCell:
    """A cell without a report: perhaps a document that was not read is plainly the one."""
    if not waiting:
        return CoverageCell(*place, CoverageState.MISSING)
    failed = [one for one in waiting if one.failed]
    one, state = (failed[-1], CoverageState.UNREADABLE) if failed else (waiting[-1], CoverageState.PENDING)
    return CoverageCell(*place, state, one.document, one.source, len(waiting), note=one.reason)


def _unplaced(one: UnreadDocument, there: Mapping[Place, object]) -> CoverageCell:
    """A document that was not read and fills no cell, with what its source says."""
    note = f"{'unreadable' if one.failed else 'pending'}: {one.reason}"
    if one.hint:
        note += f"; its source says {one.hint}"
    if one.place in there:
        note += ", which is here by another document"
    return CoverageCell("", None, CoverageState.NOT_PLACED, one.document, one.source, 1, note=note)


def _short(names: Iterable[str]) -> str:
    return ", ".join(map(short, names))


def _order(cell: CoverageCell) -> tuple[object, ...]:
    return (cell.state, cell.organ, cell.year or 0, cell.source)
