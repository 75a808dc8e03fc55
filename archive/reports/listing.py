"""The reports of an archive as they are listed, with what speaks for organ and year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import Connection, case, func, select
from sqlmodel import col

from archive.db.crawl_schema import SightingDocumentRow, SightingRow
from archive.db.schema import DocumentRow, FindingRow, RunRow, SourceRow
from archive.documents import stored_reports
from archive.documents.stored_reports import StoredReport
from archive.organs import aliases, names, reports_by_year
from archive.organs.names_in_sources import Names
from archive.records import ReportName
from archive.reports.records import ListedReport
from archive.values import facts
from reconcile.model import DOCUMENT_FLAGS, Named

Counts = tuple[int, int]


def listed(connection: Connection, document: str | None = None) -> Iterator[ListedReport]:
    """The reports of all current readings in the order of intake, or those of one sha256."""
    counts, flags = _counts(connection, document), _flags(connection, document)
    reports: Iterable[StoredReport] = stored_reports.reports(connection, document)
    if document is not None:
        reports = list(reports)
    instead = _instead(connection, None if document is None else {report.organ for report in reports})
    hints = _Hints(connection)
    for report in reports:
        name = str(ReportName(report.document, report.part))
        values, doubts = counts.get(name, (0, 0))
        yield ListedReport(
            document=report.document,
            part=report.part,
            source=report.source,
            organ=report.organ,
            year=report.year,
            title=report.title,
            form=report.form,
            first_page=report.first_page,
            last_page=report.last_page,
            confidence=round(report.confidence, 4),
            values=values,
            needs_review=doubts,
            instead=instead.get(name, ""),
            said=";".join(report.said),
            organ_read=report.organ_read,
            year_read=report.year_read,
            title_read=report.title_read,
            organ_at=_printed_at(report, Named.ORGAN),
            year_at=_printed_at(report, Named.YEAR),
            hint="" if report.organ and report.year else hints.of(report.document),
            flags=";".join(flags.get(name, ())),
        )


def _printed_at(report: StoredReport, named: Named) -> str:
    """Where what was read is printed, surest first: kind of place, page and confidence."""
    found = sorted((one for one in report.mentions if one.named is named), key=lambda one: -one.confidence)
    return next((f"{one.kind}, page {one.page}, {one.confidence:.2f}" for one in found), "")


def _counts(connection: Connection, document: str | None) -> dict[str, Counts]:
    """How many values each report has, and how many of them ask for a look."""
    values = facts.query_for(facts.FactFilter(document)).order_by(None).subquery()
    doubtful = func.sum(case((values.c.needs_review == 1, 1), else_=0))
    counted = select(values.c.document, values.c.part, func.count(), doubtful)
    rows = connection.execute(counted.group_by(values.c.document, values.c.part))
    return {str(ReportName(digest, part)): (count, int(doubts)) for digest, part, count, doubts in rows}


def _flags(connection: Connection, document: str | None) -> dict[str, list[str]]:
    """The findings that ask to look at a report as a whole."""
    told = (
        select(col(DocumentRow.sha256), col(FindingRow.part), col(FindingRow.kind))
        .join_from(FindingRow, RunRow, (col(RunRow.id) == col(FindingRow.run_id)) & col(RunRow.is_current))
        .join(DocumentRow, col(DocumentRow.id) == col(RunRow.document_id))
        .where(col(FindingRow.kind).in_(DOCUMENT_FLAGS))
        .distinct()
        .order_by(col(FindingRow.kind))
    )
    if document is not None:
        told = told.where(col(DocumentRow.sha256) == document)
    found: dict[str, list[str]] = {}
    for digest, part, kind in connection.execute(told):
        found.setdefault(str(ReportName(digest, part)), []).append(kind)
    return found


def _instead(connection: Connection, written: Collection[str] | None) -> dict[str, str]:
    """By report the one that counts of the same organ and year, where it is another; of these organs only."""
    links = names.links(connection)
    organs = [None] if written is None else list({links.get(name, name) for name in written} - {""})
    held = [one for organ in organs for one in reports_by_year.held(connection, organ=organ)]
    places = reports_by_year.by_place(connection, held)
    return {report.name: counts.name for counts, *others in places.values() for report in others}


class _Hints:
    """What the names and addresses of documents tell; they are looked up once, when first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: Names | None = None

    def of(self, document: str) -> str:
        """Organ and year in the names of a document and of the links to it: a hint, never an answer."""
        if self._names is None:
            self._names = Names(_known(self._connection))
        of_document = col(DocumentRow.sha256) == document
        named = (
            select(col(SourceRow.name))
            .join(DocumentRow, col(DocumentRow.id) == col(SourceRow.document_id))
            .where(of_document)
        )
        linked = (
            select(col(SightingRow.words))
            .join(SightingDocumentRow, col(SightingDocumentRow.sighting_id) == col(SightingRow.id))
            .join(DocumentRow, col(DocumentRow.id) == col(SightingDocumentRow.document_id))
            .where(of_document)
        )
        told = [*self._connection.execute(named).scalars(), *self._connection.execute(linked).scalars()]
        return self._names.place(told)[1]


def _known(connection: Connection) -> Mapping[str, str]:
    """Every name that the archive knows of an organ, printed, listed or linked."""
    links = names.links(connection)
    listed = {organ.name: organ.name for organ in aliases.listed(connection)}
    printed = {report.written: report.organ for report in reports_by_year.held(connection)}
    return {**printed, **listed, **links}
