"""Where a document came from, and every attempt to read it, as they are handed over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, literal, select
from sqlmodel import col

from archive.db.schema import DocumentRow, ReportRow, RunRow, SourceRow
from archive.documents import documents, stored_reports
from archive.documents.stored_reports import StoredReport
from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class ProvenanceFilter:
    """Which documents; None means any. `documents` are names as `documents.find` takes them.

    A document without a reading has no year and no organ.
    """

    documents: Collection[str] | None = None
    year: int | None = None
    organ: str | None = None


@dataclass(frozen=True, slots=True)
class SourceProvenance:
    """A path or URL that brought a document, and when it first did."""

    name: str
    added: str


@dataclass(frozen=True, slots=True)
class RunHistoryEntry:
    """One attempt at a document; `run` is its number in this archive, times are UTC."""

    run: int
    outcome: str
    is_current: bool
    version: str
    engines: Mapping[str, str]
    options: Mapping[str, Any]
    started: str
    finished: str
    seconds: float
    stage: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentProvenance:
    """A document and how it was read; `reports` are those in it, none without a reading.

    `title`, `organ` and `year` are those of the first.
    """

    document: str
    media_type: str
    size: int
    status: str
    added: str
    reports: tuple[StoredReport, ...]
    sources: tuple[SourceProvenance, ...]
    runs: tuple[RunHistoryEntry, ...]

    @property
    def title(self) -> str:
        return self.reports[0].title if self.reports else ""

    @property
    def organ(self) -> str:
        return self.reports[0].organ if self.reports else ""

    @property
    def year(self) -> int | None:
        return self.reports[0].year if self.reports else None

    @property
    def reading(self) -> RunHistoryEntry | None:
        """The run whose reading answers every query."""
        return next((run for run in self.runs if run.is_current), None)


def chosen(connection: Connection, wanted: ProvenanceFilter) -> list[str]:
    """The sha256 of the wanted documents in the order of intake.

    Raises UsageError for a name that is no document's, or if there is none at all.
    """
    found = select(col(DocumentRow.sha256)).order_by(col(DocumentRow.id))
    if wanted.documents is not None:
        named = {documents.find(connection, name) for name in wanted.documents}
        found = found.where(col(DocumentRow.sha256).in_(named))
    if reports := list(_of_report(wanted)):
        held = (
            select(literal(1))
            .join_from(RunRow, ReportRow, col(ReportRow.run_id) == col(RunRow.id))
            .where(col(RunRow.document_id) == col(DocumentRow.id), col(RunRow.is_current), *reports)
        )
        found = found.where(exists(held.correlate(DocumentRow)))
    digests = list(connection.execute(found).scalars())
    if not digests:
        raise UsageError("no such document in this archive; `guidang status` counts what there is")
    return digests


def _of_report(wanted: ProvenanceFilter) -> Iterator[ColumnElement[bool]]:
    """What must hold for one report of a document."""
    if wanted.year is not None:
        yield col(ReportRow.year) == wanted.year
    if wanted.organ is not None:
        yield col(ReportRow.organ).contains(wanted.organ, autoescape=True)


def provenance_of(connection: Connection, digest: str) -> DocumentProvenance:
    """What is known of the document with this sha256, its pages and values apart."""
    row = connection.execute(
        select(
            col(DocumentRow.id),
            col(DocumentRow.media_type),
            col(DocumentRow.size),
            col(DocumentRow.status),
            col(DocumentRow.added),
        ).where(col(DocumentRow.sha256) == digest)
    ).one()
    return DocumentProvenance(
        digest,
        row.media_type,
        row.size,
        row.status,
        row.added,
        tuple(stored_reports.reports(connection, digest)),
        tuple(_sources(connection, row.id)),
        tuple(_runs(connection, row.id)),
    )


def _sources(connection: Connection, document: int) -> Iterator[SourceProvenance]:
    named = select(col(SourceRow.name), col(SourceRow.added)).where(col(SourceRow.document_id) == document)
    for name, added in connection.execute(named.order_by(col(SourceRow.ordinal))):
        yield SourceProvenance(name, added)


def _runs(connection: Connection, document: int) -> Iterator[RunHistoryEntry]:
    made = (
        select(
            col(RunRow.id),
            col(RunRow.outcome),
            col(RunRow.is_current),
            col(RunRow.version),
            col(RunRow.engines),
            col(RunRow.options),
            col(RunRow.started),
            col(RunRow.finished),
            col(RunRow.seconds),
            col(RunRow.stage),
            col(RunRow.code),
            col(RunRow.reason),
        )
        .where(col(RunRow.document_id) == document)
        .order_by(col(RunRow.id))
    )
    for row in connection.execute(made):
        yield RunHistoryEntry(*tuple(row))
