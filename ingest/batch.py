"""Running a batch: take everything in, read what is pending, record as it comes.

Reading happens in child processes, one a core; only this process writes to the
archive. A document that kills, hangs or defeats its child harms nobody else.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import islice, takewhile
from pathlib import Path
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from archive import Archive, PendingDocument, Run
from ingest.intake import Taken, take
from ingest.pipeline import Outcome, prepare_child, process, provenance
from ocr.errors import UnreadableDocument

# A document that takes longer than this, in seconds, is given up.
DOCUMENT_LIMIT = 900.0
# A child is replaced after this many documents, so that no leak lasts.
_DOCUMENTS_A_CHILD = 100
# Documents handed out beyond those being read, a child.
_AHEAD = 2


class ProgressListener(Protocol):
    """Is told how a batch gets on."""

    def started(self, documents: int) -> None:
        """Called once: so many documents are to be read."""

    def page(self, pages_done: int) -> None:
        """So many more pages are done."""

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        """A document is `archived` or `failed`."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A batch in numbers.

    `found` files were documents: `new` ones, `duplicate` ones whose bytes the
    archive had already, and `unkept`, which could not be read from where they
    were, with the reason. `passed_over` files were no documents. Of what was
    pending, `archived` and `failed` are done with; `pending` is left.
    """

    found: int
    new: int
    duplicate: int
    unkept: tuple[tuple[str, str], ...]
    passed_over: int
    archived: int
    failed: int
    pending: int
    pages: int
    flagged: int
    seconds: float


def ingest_paths(
    paths: Sequence[Path],
    archive: Archive,
    *,
    workers: int | None = None,
    report: ProgressListener,
    read: bool = True,
) -> Summary:
    """Keep every document under the paths, then read whatever the archive has pending, if asked.

    Raises:
        UsageError: a path does not exist.
    """
    started = time.perf_counter()
    taken = list(take(paths, archive))
    counts = read_pending(archive, workers=workers, report=report) if read else Counter[str]()
    kept = [one.kept for one in taken if one.kept]
    unkept = tuple((one.name, one.trouble) for one in taken if one.trouble)
    new = sum(1 for one in kept if one.new_document)
    return Summary(
        found=len(kept) + len(unkept),
        new=new,
        duplicate=len(kept) - new,
        unkept=unkept,
        passed_over=sum(1 for one in taken if _passed_over(one)),
        archived=counts["archived"],
        failed=counts["failed"] + len(unkept),
        pending=len(archive.pending()),
        pages=counts["pages"],
        flagged=counts["flagged"],
        seconds=time.perf_counter() - started,
    )


def _passed_over(one: Taken) -> bool:
    return one.kept is None and not one.trouble


def read_pending(
    archive: Archive,
    *,
    workers: int | None = None,
    report: ProgressListener,
    until: datetime | None = None,
) -> Counter[str]:
    """Read every pending document and record what it says; count archived, failed, pages and flagged.

    None is begun after `until`, an aware datetime; those left stay pending.
    """
    pending = archive.pending()
    report.started(len(pending))
    counts: Counter[str] = Counter()
    for waiting, future in read_each(pending, workers, until, lambda one: archive.claim(one.document)):
        conclude(archive, waiting, future, report, counts)
    return counts


def read_each(
    pending: Sequence[PendingDocument],
    workers: int | None,
    until: datetime | None = None,
    claim: Callable[[PendingDocument], bool] = lambda _: True,
) -> Iterator[tuple[PendingDocument, Future[Outcome]]]:
    """Yield each document with its reading, in the order they finish; none is begun after `until`.

    Each is claimed when it is begun, and left to whoever reads it if it cannot be.
    """
    if not pending:
        return
    children = min(workers or os.cpu_count() or 1, len(pending))
    pool = ProcessPool(
        max_workers=children,
        max_tasks=_DOCUMENTS_A_CHILD,
        initializer=prepare_child,
        context=multiprocessing.get_context("spawn"),
    )
    queue = filter(claim, takewhile(lambda _: until is None or datetime.now(UTC) < until, pending))
    under_way: dict[Future[Outcome], PendingDocument] = {}
    try:
        while True:
            for waiting in islice(queue, children + _AHEAD - len(under_way)):
                future = pool.schedule(process, args=(waiting.path,), timeout=DOCUMENT_LIMIT)
                under_way[future] = waiting
            if not under_way:
                break
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield under_way.pop(future), future
    finally:
        pool.stop()  # what is under way stays as it was
        pool.join()


def conclude(
    archive: Archive,
    waiting: PendingDocument,
    future: Future[Outcome],
    report: ProgressListener,
    counts: Counter[str],
) -> bool:
    """Record what became of one document: its reading, or why there is none; say whether it was read."""
    try:
        outcome = future.result()
    except Exception as error:  # whatever a document does to its child must not end the batch
        trouble = _explained(error)
        run = _run(0.0)
        archive.fail(waiting.document, run, trouble.stage, trouble.reason, trouble.code)
        counts["failed"] += 1
        report.finished(waiting.document, waiting.source, "failed", trouble.reason)
        return False
    archive.record(waiting.document, _run(outcome.seconds), outcome.pages, outcome.report)
    flagged = sum(value.needs_review for value in outcome.report.values)
    counts.update(archived=1, pages=len(outcome.pages), flagged=flagged)
    report.page(len(outcome.pages))
    report.finished(waiting.document, waiting.source, "archived", _in_words(outcome, flagged))
    return True


def _explained(error: BaseException) -> UnreadableDocument:
    """Turn whatever ended a reading into a reason of one line."""
    if isinstance(error, UnreadableDocument):
        return error
    if isinstance(error, TimeoutError):
        return UnreadableDocument("timeout", f"reading took more than {DOCUMENT_LIMIT:.0f} s", "read")
    if isinstance(error, ProcessExpired):
        return UnreadableDocument("crashed", f"reading ended its process ({error.exitcode})", "read")
    first_line = next(iter(str(error).splitlines()), "")
    return UnreadableDocument("error", f"{type(error).__name__}: {first_line}", "read")


def _run(seconds: float) -> Run:
    finished = datetime.now(UTC)
    engines, options = provenance()
    return Run(version("guidang"), engines, options, finished - timedelta(seconds=seconds), finished, seconds)


def _in_words(outcome: Outcome, flagged: int) -> str:
    report = outcome.report
    name = f"{report.organ or '机关不详'} {report.year or '年份不详'}"
    return f"{name}: {len(outcome.pages)} pages, {len(report.values)} values, {flagged} to review"
