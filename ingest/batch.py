"""Running a batch: take everything in, read what is pending, record as it comes.

Reading happens in child processes, one a core; only this process writes to the
archive. A document that kills, hangs or defeats its child harms nobody else: it is
tried again after the others, and quarantined after three deaths.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from archive import Archive, PendingDocument, Run
from ingest.child import Read
from ingest.children import TICK, Children
from ingest.concluded import Concluded, tell
from ingest.intake import Taken, take
from ingest.limits import limits
from ingest.pipeline import Outcome, process, provenance
from ingest.stop import Stop, asked_by_signal
from ingest.watch import Watch
from ocr.errors import ReadingDied, UnreadableDocument

# What becomes of a document that was tried: the last one asks for another try.
ARCHIVED, FAILED, QUARANTINED, DIED = "archived", "failed", "quarantined", "died"


class ProgressListener(Protocol):
    """Is told how a batch gets on."""

    def started(self, documents: int) -> None:
        """Called once: so many documents are to be read."""

    def more(self, documents: int) -> None:
        """So many documents more are to be read."""

    def page(self, pages_done: int, flagged: int) -> None:
        """So many more pages are done, with so many values to look at."""

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        """A document is `archived`, `failed` or `quarantined`, or `died` and is tried again later."""

    def stopping(self, under_way: int) -> None:
        """Nothing more is begun; so many documents are being finished."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A batch in numbers.

    `found` files were documents: `new` ones, `duplicate` ones whose bytes the
    archive had already, and `unkept`, which could not be read from where they
    were, with the reason. `passed_over` files were no documents. Of what was
    pending, `archived`, `failed` and `quarantined` are done with; `pending` is left.
    `stopped` tells that somebody asked for it.
    """

    found: int
    new: int
    duplicate: int
    unkept: tuple[tuple[str, str], ...]
    passed_over: int
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
    stop: Stop | None = None,
    watch: bool = False,
    read: Read = process,
) -> Summary:
    """Keep every document under the paths, then read whatever the archive has pending.

    With `watch` the paths are folders, which are looked into again and again until `stop` says so.

    Raises:
        UsageError: a path does not exist, or a setting makes no sense.
        KeyboardInterrupt: a second Ctrl-C asked not to wait for what was under way.
    """
    started = time.perf_counter()
    stop = stop or Stop()
    taken: Counter[str] = Counter()
    unkept: list[tuple[str, str]] = []
    note = partial(_note, taken, unkept)
    if watch:
        source = Watch(tuple(paths))
        counts = _read(archive, workers, report, stop, read, lambda: _arrived(archive, source, note))
    else:
        for one in take(paths, archive):
            note(one)
        counts = _read(archive, workers, report, stop, read)
    return Summary(
        found=taken["new"] + taken["duplicate"] + len(unkept),
        new=taken["new"],
        duplicate=taken["duplicate"],
        unkept=tuple(unkept),
        passed_over=taken["passed over"],
        archived=counts[ARCHIVED],
        failed=counts[FAILED] + len(unkept),
        quarantined=counts[QUARANTINED],
        pending=len(archive.pending()),
        pages=counts["pages"],
        flagged=counts["flagged"],
        seconds=time.perf_counter() - started,
        stopped=stop.asked,
    )


def _note(counts: Counter[str], unkept: list[tuple[str, str]], one: Taken) -> None:
    """Count what became of one file."""
    if one.trouble:
        unkept.append((one.name, one.trouble))
    elif one.kept is None:
        counts["passed over"] += 1
    else:
        counts["new" if one.kept.new_document else "duplicate"] += 1


def _arrived(archive: Archive, source: Watch, note: Callable[[Taken], None]) -> list[PendingDocument]:
    """Keep what a watched folder has new; give the documents that are to be read."""
    taken = list(source.take(archive))
    for one in taken:
        note(one)
    new = {one.kept.document for one in taken if one.kept and one.kept.new_document}
    return archive.pending(new) if new else []


def read_pending(
    archive: Archive,
    *,
    workers: int | None = None,
    report: ProgressListener,
    until: datetime | None = None,
) -> Counter[str]:
    """Read every pending document and record what it says.

    Counts archived, failed, quarantined, pages and flagged. None is begun after `until`,
    an aware datetime; those left stay pending.

    Raises:
        KeyboardInterrupt: somebody asked to stop; what was under way then is recorded.
    """
    stop = Stop(until)
    counts = _read(archive, workers, report, stop, process)
    if stop.asked:
        raise KeyboardInterrupt
    return counts


def _read(
    archive: Archive,
    workers: int | None,
    report: ProgressListener,
    stop: Stop,
    read: Read,
    more: Callable[[], list[PendingDocument]] | None = None,
) -> Counter[str]:
    """Read and record until nothing is pending, and as long as `more` may give something."""
    queue = deque(archive.pending())
    report.started(len(queue))
    counts: Counter[str] = Counter()
    with asked_by_signal(stop):
        reading = read_each(queue, workers, stop=stop, read=read, more=more, report=report)
        for waiting, future in reading:
            if conclude(archive, waiting, future, report, counts) == DIED:
                queue.append(waiting)  # behind the others, which it must not hold up
    return counts


def read_each(
    pending: Iterable[PendingDocument],
    workers: int | None,
    until: datetime | None = None,
    *,
    stop: Stop | None = None,
    read: Read = process,
    more: Callable[[], list[PendingDocument]] | None = None,
    report: ProgressListener | None = None,
) -> Iterator[tuple[PendingDocument, Future[Outcome]]]:
    """Yield each document with its reading, in the order they finish; none is begun after `until`.

    A deque of documents may be added to while this goes on; where `more` is given, it is asked
    for others a few times a second, and reading ends only when `stop` says so.
    """
    queue = pending if isinstance(pending, deque) else deque(pending)
    stop = stop or Stop(until)
    children = Children(workers or os.cpu_count() or 1, read, limits())
    told = False
    try:
        while True:
            if more is not None and not stop.reached:
                arrived = more()
                queue.extend(arrived)
                if report and arrived:
                    report.more(len(arrived))
            _hand_out(queue, children, stop)
            if stop.asked and report and not told:
                report.stopping(children.under_way)
                told = True
            if not children.under_way and (stop.reached or not (queue or more)):
                return
            answers = children.answers(TICK)
            _hand_out(queue, children, stop)  # before the parent is busy with what has come
            for answer in answers:
                yield answer.job, _settled(answer.found)
    finally:
        children.close()


def _hand_out(queue: deque[PendingDocument], children: Children, stop: Stop) -> None:
    """Give every free child a document; start children while there are more documents."""
    if stop.reached:
        return
    children.want(len(queue))
    while queue and children.free and not stop.reached:
        waiting = queue.popleft()
        stop.begun += 1
        children.begin(waiting, waiting.path)


def _settled(found: Outcome | UnreadableDocument) -> Future[Outcome]:
    future: Future[Outcome] = Future()
    if isinstance(found, BaseException):
        future.set_exception(found)
    else:
        future.set_result(found)
    return future


def conclude(
    archive: Archive,
    waiting: PendingDocument,
    future: Future[Outcome],
    report: ProgressListener,
    counts: Counter[str],
) -> str:
    """Record what became of one document: its reading, or why there is none.

    Gives `archived`, `failed` or `quarantined`, or `died` where it should be tried again.
    """
    try:
        outcome = future.result()
    except UnreadableDocument as error:
        became = _recorded(archive, waiting.document, error)
        counts[became] += 1
        tell(Concluded(waiting.document, waiting.source, became, error.stage, error.code, error.reason))
        report.finished(waiting.document, waiting.source, became, f"{error.stage}: {error.reason}")
        return became
    archive.record(waiting.document, _run(outcome.seconds), outcome.pages, outcome.report)
    flagged = sum(value.needs_review for value in outcome.report.values)
    counts.update(archived=1, pages=len(outcome.pages), flagged=flagged)
    tell(
        Concluded(
            waiting.document,
            waiting.source,
            ARCHIVED,
            pages=len(outcome.pages),
            flagged=flagged,
            seconds=outcome.seconds,
            worker=outcome.worker,
        )
    )
    report.page(len(outcome.pages), flagged)
    report.finished(waiting.document, waiting.source, ARCHIVED, _in_words(outcome, flagged))
    return ARCHIVED


def _recorded(archive: Archive, document: str, error: UnreadableDocument) -> str:
    """Record a failure, or a death, and tell what the document has become by it."""
    if isinstance(error, ReadingDied):
        quarantined = archive.die(document, _run(0.0), error.stage, error.reason, error.code)
        return QUARANTINED if quarantined else DIED
    archive.fail(document, _run(0.0), error.stage, error.reason, error.code)
    return FAILED


def _run(seconds: float) -> Run:
    finished = datetime.now(UTC)
    engines, options = provenance()
    return Run(version("guidang"), engines, options, finished - timedelta(seconds=seconds), finished, seconds)


def _in_words(outcome: Outcome, flagged: int) -> str:
    report = outcome.report
    name = f"{report.organ or '机关不详'} {report.year or '年份不详'}"
    return f"{name}: {len(outcome.pages)} pages, {len(report.values)} values, {flagged} to review"
