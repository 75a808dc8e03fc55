"""What became of the documents of a batch so far, in numbers."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from ingest.reading.outcomes import DocumentOutcome

# Outcomes that always count, so that a first failure is a step from 0.
OUTCOMES = ("archived", "failed")


@dataclass(slots=True)
class BatchCounts:
    """What became of the documents of a batch so far; `ended` is None while it runs. Times are Unix times."""

    began: float = field(default_factory=time.time)
    ended: float | None = None
    last_success: float = 0.0
    documents: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    flagged: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, concluded: DocumentOutcome) -> None:
        """Count a document. Safe in threads."""
        with self._lock:
            self.documents[concluded.outcome] += 1
            self.pages += concluded.pages
            self.flagged += concluded.flagged

    def outcomes(self) -> list[str]:
        """Those that always count, then what else there was."""
        return [*OUTCOMES, *sorted({*self.documents} - {*OUTCOMES})]

    def totals(self) -> dict[str, float]:
        """The numbers for the log."""
        seconds = (self.ended or time.time()) - self.began
        counts = {outcome: self.documents[outcome] for outcome in self.outcomes()}
        rate = self.pages / seconds if seconds > 0 else 0.0
        return {
            **counts,
            "pages": self.pages,
            "flagged": self.flagged,
            "seconds": round(seconds, 3),
            "pages_per_second": round(rate, 3),
        }
