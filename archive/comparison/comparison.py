"""What reports say across years and organs, and which are there at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.comparison import coverage, coverage_matrix, value_series
from archive.comparison.coverage import Coverage, CoverageFilter
from archive.comparison.coverage_matrix import CoverageMatrix
from archive.comparison.records import AcrossFilter, AcrossFinding
from archive.comparison.value_series import SeriesPoint
from archive.db.sessions import Sessions
from archive.organs.organ_list_file import OrganList
from archive.records import ReportName

if TYPE_CHECKING:
    from reconcile.model import Key

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

    def matrix(self, part: str, first: int, count: int) -> CoverageMatrix:
        """The organs of which a name has this part by the years that are there or missing, a page of them."""
        with self.sessions.reading() as connection:
            return coverage_matrix.matrix(connection, part, first, count)

    def over_years(self, organ: str, key: Key) -> tuple[SeriesPoint, ...]:
        """One value from the first to the last year of an organ."""
        with self.sessions.reading() as connection:
            return value_series.over_years(connection, organ, key)

    def over_organs(self, year: int, key: Key, part: str = "") -> tuple[SeriesPoint, ...]:
        """One value of the organs that reported on a year, of those with this part in a name."""
        with self.sessions.reading() as connection:
            return value_series.over_organs(connection, year, key, part)

    def across(self, wanted: AcrossFilter = EVERY_COMPARISON) -> Iterator[AcrossFinding]:
        """What reports say of each other across years (R5) and organs (R7), those that agree too."""
        from archive.comparison import across_reports  # loads the forms, which coverage can do without

        return self.sessions.stream(lambda connection: across_reports.across(connection, wanted))

    def across_years(self, report: ReportName, organ: str) -> list[AcrossFinding]:
        """R5 of a report of this organ with those of the years around it."""
        from archive.comparison import across_reports  # as above

        with self.sessions.reading() as connection:
            return across_reports.of_report(connection, report, organ)
