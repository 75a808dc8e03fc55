"""Running a batch: take everything in, read what is pending, record as it comes.

Reading happens in child processes, one a core; only this process writes to the
archive. A document that kills, hangs or defeats its child harms nobody else: it is
tried again after the others, and quarantined after three deaths.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from archive.archive import Archive
from archive.documents.records import PendingDocument
from ingest.reading.child_process import Read
from ingest.reading.dispatch import Found, ReadingListener, read_each
from ingest.reading.outcomes import ARCHIVED, DIED, FAILED, QUARANTINED, SETTLED
from ingest.reading.pipeline import DocumentReading, process
from ingest.reading.process_pool import ProcessPool
from ingest.reading.recording import conclude
from ingest.reading.stopping import StopRequest, asked_by_signal
from ingest.sources.intake import IntakeResult, take
from ingest.sources.watched_folders import FolderWatcher


class ProgressListener(ReadingListener, Protocol):
    """Is told how a batch gets on."""

    def started(self, documents: int) -> None:
        """Called once: so many documents are to be read."""

    def page(self, pages_done: int, flagged: int) -> None:
        """So many more pages are done, with so many values to look at."""

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        """A document is `archived`, `failed` or `quarantined`, or `died` and is tried again later."""


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A batch in numbers.

    `found` files were documents: `new` ones, `duplicate` ones whose bytes the
    archive had already, and `unkept`, which could not be read from where they
    were, with the reason. `passed_over` files were no documents. `taken` are the
    sha256 of the new ones. Of what was pending, `archived`, `failed` and `quarantined`
    are done with; `pending` is left. `stopped` tells that somebody asked for it.
    """

    found: int
    new: int
    duplicate: int
    unkept: tuple[tuple[str, str], ...]
    passed_over: int
    taken: frozenset[str]
    archived: int
    failed: int
    quarantined: int
    pending: int
    pages: int
    flagged: int
    seconds: float
    stopped: bool


def ingest_paths(
    paths: Sequence[Path],
    archive: Archive,
    *,
    workers: int | None = None,
    report: ProgressListener,
    stop: StopRequest | None = None,
    watch: bool = False,
    defer: bool = False,
    read: Read = process,
    children: ProcessPool | None = None,
) -> BatchSummary:
    """Keep every document under the paths, then read whatever the archive has pending.

    With `watch` the paths are folders, which are looked into again and again until `stop` says so.
    With `defer` reading is left to whoever opens the archive next, or to its workers.
    `children` of `early_child` read, if there are any.

    Raises:
        UsageError: a path does not exist, or a setting makes no sense.
        KeyboardInterrupt: a second Ctrl-C asked not to wait for what was under way.
    """
    started = time.perf_counter()
    stop = stop or StopRequest()
    intake = _Intake()
    with asked_by_signal(stop):
        if watch:
            source = FolderWatcher(tuple(paths))
            counts = _read(
                archive,
                workers,
                report,
                stop,
                read,
                lambda: intake.arrived(source, archive),
                children=children,
            )
        else:
            intake.take(paths, archive, stop)
            counts = Counter() if defer else _read(archive, workers, report, stop, read, children=children)
    return _summary(
        intake, counts, len(archive.documents.pending()), time.perf_counter() - started, stop.asked
    )


@dataclass(slots=True)
class _Intake:
    """What became of the files that were taken in; `unkept` ones with the reason."""

    counts: Counter[str] = field(default_factory=Counter)
    unkept: list[tuple[str, str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def take(self, paths: Sequence[Path], archive: Archive, stop: StopRequest) -> None:
        """Keep every document under the paths, until somebody asks to stop."""
        for one in take(paths, archive):
            self._note(one)
            if stop.asked:
                return

    def arrived(self, source: FolderWatcher, archive: Archive) -> list[PendingDocument]:
        """Keep what a watched folder has new; give the documents that are to be read."""
        taken = list(source.take(archive))
        for one in taken:
            self._note(one)
        new = {one.kept.document for one in taken if one.kept and one.kept.new_document}
        return archive.documents.pending(new) if new else []

    def _note(self, one: IntakeResult) -> None:
        if one.trouble:
            self.unkept.append((one.name, one.trouble))
        elif one.kept is None:
            self.counts["passed over"] += 1
        else:
            self.counts["new" if one.kept.new_document else "duplicate"] += 1
            if one.kept.new_document:
                self.taken.add(one.kept.document)


def _summary(
    intake: _Intake, counts: Counter[str], pending: int, seconds: float, stopped: bool
) -> BatchSummary:
    new, duplicate, unkept = intake.counts["new"], intake.counts["duplicate"], tuple(intake.unkept)
    return BatchSummary(
        found=new + duplicate + len(unkept),
        new=new,
        duplicate=duplicate,
        unkept=unkept,
        passed_over=intake.counts["passed over"],
        taken=frozenset(intake.taken),
        archived=counts[ARCHIVED],
        failed=counts[FAILED] + len(unkept),
        quarantined=counts[QUARANTINED],
        pending=pending,
        pages=counts["pages"],
        flagged=counts["flagged"],
        seconds=seconds,
        stopped=stopped,
    )


def read_pending(
    archive: Archive,
    *,
    workers: int | None = None,
    report: ProgressListener,
    until: datetime | None = None,
    only: Collection[str] | None = None,
) -> Counter[str]:
    """Read every pending document, or those of the given sha256, and record what they say.

    Counts archived, failed, quarantined, pages and flagged. None is begun after `until`,
    an aware datetime; those left stay pending.

    Raises:
        KeyboardInterrupt: somebody asked to stop; what was under way then is recorded.
    """
    stop = StopRequest(until)
    with asked_by_signal(stop):
        counts = _read(archive, workers, report, stop, process, only=only)
    if stop.asked:
        raise KeyboardInterrupt
    return counts


def _read(
    archive: Archive,
    workers: int | None,
    report: ProgressListener,
    stop: StopRequest,
    read: Read,
    more: Callable[[], list[PendingDocument]] | None = None,
    only: Collection[str] | None = None,
    children: ProcessPool | None = None,
) -> Counter[str]:
    """Read and record until nothing is pending, and as long as `more` may give something."""
    queue = deque(archive.documents.pending(only))
    report.started(len(queue))
    counts: Counter[str] = Counter()

    def original(waiting: PendingDocument) -> Path | None:
        """Where it is, if no other process has it."""
        return archive.documents.readable(waiting.document) if archive.queue.claim(waiting.document) else None

    for waiting, found in read_each(
        queue, original, report, workers, stop=stop, read=read, more=more, children=children
    ):
        if note_outcome(archive, waiting, found, report, counts) == DIED:
            queue.append(waiting)  # behind the others, which it must not hold up
    return counts


def note_outcome(
    archive: Archive,
    waiting: PendingDocument,
    found: Found,
    report: ProgressListener,
    counts: Counter[str],
    if_pending: bool = True,
) -> str:
    """Record what became of one document, tell it and count it; give its outcome."""
    concluded = conclude(archive, waiting, found, if_pending)
    if concluded.outcome == SETTLED:
        return SETTLED
    counts.update({concluded.outcome: 1, "pages": concluded.pages, "flagged": concluded.flagged})
    detail = f"{concluded.stage}: {concluded.reason}"
    if isinstance(found, DocumentReading):
        report.page(concluded.pages, concluded.flagged)
        detail = _in_words(found, concluded.flagged)
    report.finished(waiting.document, waiting.source, concluded.outcome, detail)
    return concluded.outcome


def _in_words(outcome: DocumentReading, flagged: int) -> str:
    first, *others = outcome.volume.reports
    name = f"{first.organ or '机关不详'} {first.year or '年份不详'}"
    if others:
        name = f"{len(others) + 1} reports, {name} …"
    values = sum(len(report.values) for report in outcome.volume.reports)
    return f"{name}: {len(outcome.pages)} pages, {values} values, {flagged} to review"
