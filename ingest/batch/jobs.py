"""The jobs of a worker: reading a document, looking for dead workers, the nightly crawl.

What a job does can be done twice: a document that is settled is not read again.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from typing import Any

import procrastinate
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from archive.archive import Archive
from archive.db.job_queue import DOCUMENTS, READ
from archive.db.retry import with_retries
from archive.documents.records import PendingDocument
from core.errors import ArchiveDamaged, ArchiveUnavailable, GuidangError, UnreadableDocument
from core.failure_codes import Failure
from core.streams import talk
from ingest.reading.dispatch import Found
from ingest.reading.outcomes import DIED
from ingest.reading.pipeline import DocumentReading
from ingest.reading.recording import conclude, run_of

CHORES = "chores"
ReadOne = Callable[..., DocumentReading]
# Seconds before a job is tried again that another process has, or that the archive could not take.
_SOON = 15


class _TryAgain(BaseRetryStrategy):
    """A job that could not be done waits a little; none is ever given up while its document waits."""

    def get_retry_decision(self, *, exception: BaseException, job: Any) -> RetryDecision:
        if isinstance(exception, _BehindOthersError):
            return RetryDecision(retry_in={"seconds": 0}, priority=job.priority - 1)
        return RetryDecision(retry_in={"seconds": _SOON})


class _NotNowError(Exception):
    """A job has to be done later."""


class _BehindOthersError(Exception):
    """A document ended its child, and is tried again behind those that came with it."""


def add_reading(app: procrastinate.App, archive: Archive, worker: str, read_one: ReadOne) -> None:
    """Have a worker read the documents that wait."""

    @app.task(name=READ, queue=DOCUMENTS, retry=_TryAgain())
    def read(document: str) -> None:
        try:
            _read(archive, document, read_one)
        except GuidangError as error:
            talk(f"{worker}: {document[:12]} waits: {error}")
            raise


def add_rescue(app: procrastinate.App, archive: Archive, worker: str, at: str, silent: float) -> None:
    """Have one of the workers look, whenever the cron line `at` says so, for those that were silent too long.

    `silent` is in seconds.
    """

    @app.periodic(cron=at)
    @app.task(name="rescue", queue=CHORES, queueing_lock="rescue")
    def rescue(timestamp: int) -> None:
        for document, status in archive.queue.rescue(run_of(0.0), silent):
            talk(f"{worker}: {document[:12]} was under way when its worker died; it is {status}")


def add_crawl(app: procrastinate.App, crawl: CrawlProcess, at: str) -> None:
    """Have one of the workers that know the crawl begin it whenever the cron line `at` says so."""
    app.periodic(cron=at)(app.task(name="crawl", queue=CHORES, queueing_lock="crawl")(crawl.run))


class CrawlProcess:
    """The crawl that this worker runs, in a process of its own, so that it can be stopped."""

    def __init__(self, command: tuple[str, ...], location: str) -> None:
        self._command = command
        # Not among the arguments, which everybody on the machine may read: it may hold a password.
        self._environment = {**os.environ, "GUIDANG_ARCHIVE": location}
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, timestamp: int) -> None:
        """Run a round; how it ended stands in its summary and in the archive."""
        self._process = subprocess.Popen(self._command, env=self._environment)
        self._process.wait()

    def stop(self) -> None:
        """End a round that is under way; the next one goes on with it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()


def _read(archive: Archive, document: str, read_one: ReadOne) -> None:
    """Read a document if it waits still.

    Raises _NotNowError if another process has it, _BehindOthersError if it is to be tried again.
    """
    waiting = archive.documents.pending([document])
    if not waiting:
        return
    if not archive.queue.claim(document):
        if archive.documents.pending([document]):
            raise _NotNowError
        return
    try:
        # What cost minutes to read is stored even if the database is restarted at that moment.
        found = _found(archive, waiting[0], read_one)
        concluded = with_retries(partial(conclude, archive, waiting[0], found), _may_pass)
    finally:
        archive.queue.release(document)
    if concluded.outcome == DIED:
        raise _BehindOthersError


def _may_pass(error: Exception) -> bool:
    return isinstance(error, ArchiveUnavailable)


def _found(archive: Archive, waiting: PendingDocument, read_one: ReadOne) -> Found:
    """What reading a document gives, or why it gives nothing."""
    try:
        return read_one(archive.documents.readable(waiting.document), *waiting.known)
    except ArchiveDamaged as error:
        return UnreadableDocument(Failure.DAMAGED, str(error))
    except UnreadableDocument as error:
        return error
