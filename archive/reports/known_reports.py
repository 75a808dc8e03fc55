"""The reports in documents, and what people say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.db.sessions import Sessions
from archive.db.text_values import now
from archive.documents import stored_reports
from archive.records import ReportField, ReportName, short
from archive.reports import catalogue, corrections, listing
from archive.reports.catalogue import CatalogueFilter, CataloguePage, WaitingPage
from archive.reports.records import ListedReport, ReportNaming, SaidOfReport
from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports in documents; `Archive.reports` gives it.

    Whatever people say is kept with `who`, `note` and the time, and can be taken back.
    """

    sessions: Sessions

    def listed(self, document: str | None = None) -> Iterator[ListedReport]:
        """Every report, in the order of intake, or those in one sha256."""
        return self.sessions.stream(lambda connection: listing.listed(connection, document))

    def catalogue(self, wanted: CatalogueFilter, first: int, count: int) -> CataloguePage:
        """Some of the wanted reports, newest intake first."""
        with self.sessions.reading() as connection:
            return catalogue.page(connection, wanted, first, count)

    def waiting(self, first: int, count: int) -> WaitingPage:
        """Some of the documents that wait to be read, oldest first."""
        with self.sessions.reading() as connection:
            return catalogue.waiting(connection, first, count)

    def years(self) -> Mapping[int | None, int]:
        """How many reports there are of each year, newest first."""
        with self.sessions.reading() as connection:
            return catalogue.years(connection)

    def only(self, document: str, part: int | None) -> ReportName:
        """The report that is meant by a sha256 and a part, which a document with one report can do without.

        Raises UsageError where there are several, or not this one.
        """
        with self.sessions.reading() as connection:
            parts = [one.part for one in stored_reports.reports(connection, document)]
        if part is None and len(parts) > 1:
            raise UsageError(
                f"{short(document)} holds {len(parts)} reports: say which, like {short(document)}:2; "
                "`guidang reports list` shows them"
            )
        if part is not None and part not in parts:
            raise UsageError(f"there is no report {part} in {short(document)}")
        return ReportName(document, part or 1)

    def name(self, report: ReportName, said: ReportNaming, who: str, note: str = "") -> None:
        """Say who reported on which year; it answers at once. Raises UsageError if nothing is said."""
        with self.sessions.writing() as connection:
            corrections.name_report(connection, report, said, (who, note, now()))

    def prefer(self, report: ReportName, who: str, note: str = "") -> None:
        """Say that of several readings of one report this one counts."""
        with self.sessions.writing() as connection:
            corrections.prefer(connection, report, (who, note, now()))

    def split(self, document: str, at: Sequence[int], who: str, note: str = "") -> None:
        """Say that reports begin on these pages; the document must be read again for it to hold."""
        with self.sessions.writing() as connection:
            corrections.split(connection, document, at, (who, note, now()))

    def join(self, document: str, part: int | None, who: str, note: str = "") -> None:
        """Say that a part belongs to the one before, or all to one report; see `split`."""
        with self.sessions.writing() as connection:
            corrections.join(connection, document, part, (who, note, now()))

    def take_back(self, report: ReportName, field: ReportField, who: str, note: str = "") -> None:
        """Take back what was last said of a field; where reports begin, see `split`."""
        with self.sessions.writing() as connection:
            corrections.take_back(connection, report, field, (who, note, now()))

    def history(self, document: str | None = None) -> Iterator[SaidOfReport]:
        """Everything that people said of reports, in order, or of those in one sha256."""
        return self.sessions.stream(lambda connection: iter(corrections.history(connection, document)))
