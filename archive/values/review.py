"""What people judge: the queue of doubtful values, and every verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.db.sessions import Sessions
from archive.db.text_values import now
from archive.records import ReportName
from archive.values import review_queue, verdicts
from archive.values.records import DoubtfulValue, PrintedAt, StoredVerdict, VerdictInput
from archive.values.review_queue import ReviewFilter
from reconcile.model import Finding

EVERY_DOUBT = ReviewFilter()


@dataclass(frozen=True, slots=True)
class Review:
    """The review of values; `Archive.review` gives it."""

    sessions: Sessions

    def doubts(self, wanted: ReviewFilter = EVERY_DOUBT) -> Iterator[DoubtfulValue]:
        """The values that ask for a look, most doubtful first."""
        return self.sessions.stream(lambda connection: review_queue.doubts(connection, wanted))

    def count_doubts(self, wanted: ReviewFilter = EVERY_DOUBT) -> int:
        """How many values ask for a look."""
        with self.sessions.reading() as connection:
            return review_queue.count(connection, wanted)

    def flagged_documents(self) -> Iterator[tuple[ReportName, Finding]]:
        """The reports that ask for a look as a whole, with what is found there; no_report is a document's."""
        return self.sessions.stream(review_queue.flagged_documents)

    def printed_at(self, doubt: DoubtfulValue) -> PrintedAt | None:
        """Where a value is printed, and the row that it is in; None where it was found nowhere."""
        with self.sessions.reading() as connection:
            return review_queue.printed_at(connection, doubt)

    def judge(self, report: ReportName, key: str, said: VerdictInput) -> StoredVerdict:
        """Keep what a person says of the value `table/row/column` of a report; nothing is overwritten.

        Raises UsageError if there is no such value, or nothing to undo.
        """
        with self.sessions.writing() as connection:
            return verdicts.judge(connection, report, verdicts.key_of(key), said, now())

    def verdicts(self, document: str | None = None) -> Iterator[StoredVerdict]:
        """Every verdict in the order given, or those on one sha256."""
        return self.sessions.stream(lambda connection: verdicts.history(connection, document))

    def count_verdicts(self) -> int:
        """How many verdicts `verdicts` gives."""
        with self.sessions.reading() as connection:
            return verdicts.count(connection)
