"""The archive in numbers, and one document in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.documents.records import DocumentFailure, RunProvenance
from archive.documents.stored_reports import StoredReport
from archive.values.records import Fact, StoredVerdict
from ocr.model import Page
from reconcile.model import Finding, JoinedTable


@dataclass(frozen=True, slots=True)
class Status:
    """Counts over the whole archive; `duplicates` are sources that brought bytes already kept.

    `flags` counts values, `table_flags` tables, `document_flags` documents; what people said is counted in.
    `verdicts` stand, of which a newer reading contradicts `contradicted`.
    """

    documents: Mapping[str, int]
    sources: int
    duplicates: int
    pages: Mapping[str, int]
    values: Mapping[str, int]
    flags: Mapping[str, int]
    table_flags: Mapping[str, int]
    document_flags: Mapping[str, int]
    needs_review: int
    verdicts: int
    contradicted: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """All that is known of one document, or of one report in it; empty while it is pending or failed.

    `reports` are all those in the document, `chosen` the one that is meant: the only one, or the one
    asked for; None of a volume, whose pages, tables, facts, findings and verdicts are then all there.
    `table_numbers` are those of the tables in the document, from 1, as exports give them.
    `settled` are findings of sums that balance with what people say; the other `findings` stand.
    `members` are the sha256 of what it was gathered of, `gathered_in` that of what it is a part of.
    """

    document: str
    media_type: str
    size: int
    status: str
    sources: tuple[str, ...]
    members: tuple[str, ...]
    gathered_in: str | None
    path: Path
    failure: DocumentFailure | None
    reports: tuple[StoredReport, ...]
    chosen: StoredReport | None
    run: RunProvenance | None
    runs: int
    pages: tuple[Page, ...]
    tables: tuple[JoinedTable, ...]
    table_numbers: tuple[int, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    settled: tuple[Finding, ...]
    verdicts: tuple[StoredVerdict, ...]

    @property
    def title(self) -> str:
        return self.chosen.title if self.chosen else ""

    @property
    def organ(self) -> str:
        return self.chosen.organ if self.chosen else ""

    @property
    def year(self) -> int | None:
        return self.chosen.year if self.chosen else None
