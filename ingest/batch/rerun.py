"""Reading chosen documents again, and what changed.

Nothing is made pending: until a new reading is complete the old one answers every
query, and it stays if the new one fails or the batch is stopped. Older runs are
kept, and so is what people said.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.archive import Archive
from archive.documents.records import PendingDocument
from archive.values.records import DocumentChanges
from ingest.batch.batch import ProgressListener, note_outcome
from ingest.reading.dispatch import read_each
from ingest.reading.outcomes import ARCHIVED, DIED


@dataclass(frozen=True, slots=True)
class Rerun:
    """A re-run under way: iterate over it to read; `counts` tells what became of them so far.

    It counts documents `archived`, `failed` and `quarantined`, values `changed` and `flagged otherwise`
    only, and those `contradicted`: changed against what a person said.
    """

    archive: Archive
    chosen: Sequence[PendingDocument]
    report: ProgressListener
    workers: int | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[DocumentChanges]:
        """Read the documents and yield what changed, as each is recorded; a failed one yields nothing."""
        self.report.started(len(self.chosen))
        queue = deque(self.chosen)
        for waiting, found in read_each(queue, self._original, self.report, self.workers):
            before = self.archive.values.current_run(waiting.document)
            became = note_outcome(self.archive, waiting, found, self.report, self.counts, if_pending=False)
            if became == DIED:
                queue.append(waiting)
            if became != ARCHIVED:
                continue
            after = self.archive.values.current_run(waiting.document)
            assert after is not None  # it was recorded just now, and only this process writes
            changed = self.archive.values.changes(before, after)
            self.counts["changed"] += changed.read_otherwise
            self.counts["flagged otherwise"] += len(changed.changes) - changed.read_otherwise
            self.counts["contradicted"] += sum(change.verdict is not None for change in changed.changes)
            yield changed

    def _original(self, waiting: PendingDocument) -> Path:
        return self.archive.documents.readable(waiting.document)
