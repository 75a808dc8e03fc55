"""The values of an archive, and how two readings of them differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.db.sessions import Sessions
from archive.documents import report_words
from archive.documents.records import PendingDocument
from archive.organs.reports_by_year import standing
from archive.values import confidence_reliability, facts, reading_quality, rerun_selection, run_comparison
from archive.values.aggregation import Grouping, Sums, summed
from archive.values.confidence_reliability import ConfidenceBand
from archive.values.facts import FactFilter
from archive.values.reading_quality import ReadingQuality
from archive.values.records import DocumentChanges, Fact
from archive.values.rerun_selection import RerunSelection

Watch = Callable[[Iterator[Fact]], Iterator[Fact]]
EVERY_FACT = FactFilter()


@dataclass(frozen=True, slots=True)
class Values:
    """What reports say; `Archive.values` gives it."""

    sessions: Sessions

    def facts(self, wanted: FactFilter = EVERY_FACT) -> Iterator[Fact]:
        """The wanted values, in the order of intake. Raises UsageError for a bad condition."""
        query = facts.query_for(wanted)
        return self.sessions.stream(lambda connection: facts.read(connection, query))

    def count_facts(self, wanted: FactFilter = EVERY_FACT) -> int:
        """How many values `facts` gives."""
        with self.sessions.reading() as connection:
            return facts.count(connection, facts.query_for(wanted))

    def sums(self, wanted: FactFilter, grouping: Grouping, watch: Watch = iter) -> Sums:
        """The wanted values added up; `watch` sees every fact pass. Raises UsageError for a bad condition."""
        query = facts.query_for(wanted)
        with self.sessions.reading() as connection:
            known = standing(connection)
            return summed(watch(facts.read(connection, query)), grouping, known)

    def quality(self) -> list[ReadingQuality]:
        """How well documents were read, by site or folder and by month of intake."""
        with self.sessions.reading() as connection:
            return reading_quality.by_source_and_month(connection)

    def reliability(self) -> tuple[ConfidenceBand, ...]:
        """What confidences are worth, by what people judged."""
        with self.sessions.reading() as connection:
            return confidence_reliability.reliability(connection)

    def to_read_again(self, wanted: RerunSelection) -> list[PendingDocument]:
        """Documents to read again, oldest first; their readings stay current until there are new ones."""
        with self.sessions.reading() as connection:
            found = rerun_selection.chosen(connection, wanted)
            said = report_words.of_documents(connection)
            return [PendingDocument(*row, said.get(row[0])) for row in found]

    def current_run(self, document: str) -> int | None:
        """The id of the run that answers for a sha256; None if it has not been read."""
        with self.sessions.reading() as connection:
            return run_comparison.current_run(connection, document)

    def changes(self, before: int | None, after: int) -> DocumentChanges:
        """What the current run `after` of a document reads differently from its run `before`."""
        with self.sessions.reading() as connection:
            return run_comparison.between(connection, before, after)
