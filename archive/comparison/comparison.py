"""What reports say across years and organs, and which are there at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.comparison import coverage
from archive.comparison.coverage import Coverage, CoverageFilter
from archive.comparison.records import AcrossFilter, AcrossFinding
from archive.db.sessions import Sessions
from archive.organs.organ_list_file import OrganList
from archive.records import ReportName

ALL_COVERAGE = CoverageFilter()
EVERY_COMPARISON = AcrossFilter()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Reports held against each other and against a list; `Archive.comparison` gives it."""

    sessions: Sessions

    def coverage(self, listed: OrganList | None = None, wanted: CoverageFilter = ALL_COVERAGE) -> Coverage:
        """What there is of the organs and years of a list, or of those that the archive knows."""
        with self.sessions.reading() as connection:
            return coverage.coverage(connection, listed, wanted)

    def across(self, wanted: AcrossFilter = EVERY_COMPARISON) -> Iterator[AcrossFinding]:
        """What reports say of each other across years (R5) and organs (R7), those that agree too."""
        from archive.comparison import across_reports  # loads the forms, which coverage can do without

        return self.sessions.stream(lambda connection: across_reports.across(connection, wanted))

    def across_years(self, report: ReportName, organ: str) -> list[AcrossFinding]:
        """R5 of a report of this organ with those of the years around it."""
        from archive.comparison import across_reports  # as above

        with self.sessions.reading() as connection:
            return across_reports.of_report(connection, report, organ)
