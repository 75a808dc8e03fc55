"""Which report stands for which organ and year: names as linked by people, the one that counts first.

Of several readings of one report that one counts which a person chose, else one with values before one
without, else the one with the fewest values to look at, else the newest by intake.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, case, exists, func, literal, select
from sqlmodel import col

from archive.db.people_schema import OrganAliasRow, OrganRow, ReportWordRow, VerdictRow
from archive.db.schema import FIRST_SOURCE, DocumentRow, ReportRow, RunRow, SourceRow, ValueRow, same_key
from archive.organs import names as organs
from archive.records import ReportField, ReportName

Place = tuple[str, int]
# So many runs are asked for at once.
RUNS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, order=True)
class ReadingRank:
    """What decides which of several readings of one report counts: the highest does."""

    is_preferred: bool
    has_values: bool
    doubts_less: int
    number: int
    part: int


@dataclass(frozen=True, slots=True)
class CurrentReport:
    """A report with a current reading; `number` counts documents by intake, `part` their reports.

    `written` is the organ as printed, `organ` the one that a person says it means;
    both are empty, and `year` None, where the reading did not find them.
    """

    number: int
    document: str
    part: int
    source: str
    written: str
    organ: str
    year: int | None
    run: int

    @property
    def name(self) -> str:
        """The report as it is named: the sha256, and behind it its part where it is not the first."""
        return str(ReportName(self.document, self.part))

    @property
    def place(self) -> Place | None:
        """The organ and year it reports on, if both were read."""
        return (self.organ, self.year) if self.organ and self.year is not None else None


def held(
    connection: Connection,
    also: Mapping[str, str] | None = None,
    organ: str | Collection[str] | None = None,
    year: int | None = None,
) -> list[CurrentReport]:
    """Every report with a current reading, in the order of intake, or those of some organs, of a year.

    `also` are links beside those of the archive, of a list for instance.
    """
    links = {**organs.links(connection), **(also or {})}
    reports = (
        select(
            col(DocumentRow.id),
            col(DocumentRow.sha256),
            col(ReportRow.part),
            col(SourceRow.name),
            col(ReportRow.organ),
            col(ReportRow.year),
            col(ReportRow.run_id),
        )
        .join_from(DocumentRow, SourceRow, FIRST_SOURCE)
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(ReportRow, col(ReportRow.run_id) == col(RunRow.id))
        .order_by(col(DocumentRow.id), col(ReportRow.part))
    )
    if organ is not None:
        wanted = {organ} if isinstance(organ, str) else {*organ}
        names = [*wanted, *(written for written, linked in links.items() if linked in wanted)]
        reports = reports.where(col(ReportRow.organ).in_(names))
    if year is not None:
        reports = reports.where(col(ReportRow.year) == year)
    return [
        CurrentReport(number, document, part, source, written, links.get(written, written), year, run)
        for number, document, part, source, written, year, run in connection.execute(reports)
    ]


def by_place(connection: Connection, reports: Iterable[CurrentReport]) -> dict[Place, list[CurrentReport]]:
    """The reports on each organ and year, the one that counts first."""
    found: dict[Place, list[CurrentReport]] = {}
    for report in reports:
        if report.place:
            found.setdefault(report.place, []).append(report)
    several = [report for at_place in found.values() if len(at_place) > 1 for report in at_place]
    ranks = _ranks(connection, several)
    for at_place in found.values():
        if len(at_place) > 1:
            at_place.sort(key=lambda report: ranks[report.run, report.part], reverse=True)
    return found


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """`organs` by the name as printed, `regions` by organ; both hold only what people listed.

    `older` are sha256, part and table of reports beside which another reading of the same organ and
    year, with a table of that key, counts.
    """

    organs: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    older: frozenset[tuple[str, int, str]] = frozenset()

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


def _older(connection: Connection) -> frozenset[tuple[str, int, str]]:
    """Tables of reports that do not count; memory grows with the number of reports."""
    places = by_place(connection, held(connection))
    several = [at_place for at_place in places.values() if len(at_place) > 1]
    tables = _tables(connection, [report for at_place in several for report in at_place])
    older = []
    for at_place in several:
        taken: set[str] = set()
        for report in at_place:
            own = tables.get((report.run, report.part), set())
            older += [(report.document, report.part, table) for table in own & taken]
            taken |= own
    return frozenset(older)


def _ranks(connection: Connection, reports: Sequence[CurrentReport]) -> dict[tuple[int, int], ReadingRank]:
    """What decides between reports, by run and part."""
    counts = _counts(connection, reports)
    preferred = _preferred(connection)
    ranks = {}
    for report in reports:
        values, doubts = counts.get((report.run, report.part), (0, 0))
        is_preferred = (report.number, report.part) in preferred
        rank = ReadingRank(is_preferred, values > 0, -doubts, report.number, report.part)
        ranks[report.run, report.part] = rank
    return ranks


def _counts(
    connection: Connection, reports: Sequence[CurrentReport]
) -> dict[tuple[int, int], tuple[int, int]]:
    """How many values each report has, and how many of them nobody judged and somebody should look at."""
    judged = exists(
        select(literal(1)).where(
            col(VerdictRow.document_id) == col(RunRow.document_id),
            same_key(VerdictRow, ValueRow),
            col(VerdictRow.stands),
        )
    )
    doubtful = case((col(ValueRow.needs_review) & ~judged, 1), else_=0)
    counted = (
        select(col(ValueRow.run_id), col(ValueRow.part), func.count(), func.sum(doubtful))
        .join_from(ValueRow, RunRow, col(RunRow.id) == col(ValueRow.run_id))
        .group_by(col(ValueRow.run_id), col(ValueRow.part))
    )
    found = {}
    for runs in _batches(reports):
        for run, part, values, doubts in connection.execute(counted.where(col(ValueRow.run_id).in_(runs))):
            found[run, part] = values, int(doubts)
    return found


def _tables(connection: Connection, reports: Sequence[CurrentReport]) -> dict[tuple[int, int], set[str]]:
    """The keys of the tables that each report has values of."""
    held = select(col(ValueRow.run_id), col(ValueRow.part), col(ValueRow.table_key)).distinct()
    found: dict[tuple[int, int], set[str]] = {}
    for runs in _batches(reports):
        for run, part, table in connection.execute(held.where(col(ValueRow.run_id).in_(runs))):
            found.setdefault((run, part), set()).add(table)
    return found


def _batches(reports: Sequence[CurrentReport]) -> Iterator[list[int]]:
    """The runs of reports, so many as one query takes."""
    runs = sorted({report.run for report in reports})
    return (runs[start : start + RUNS_AT_ONCE] for start in range(0, len(runs), RUNS_AT_ONCE))


def _preferred(connection: Connection) -> frozenset[tuple[int, int]]:
    """Document and part of the readings that people chose."""
    chosen = select(col(ReportWordRow.document_id), col(ReportWordRow.part)).where(
        col(ReportWordRow.stands), col(ReportWordRow.field) == ReportField.PREFERRED
    )
    return frozenset((document, part) for document, part in connection.execute(chosen))
