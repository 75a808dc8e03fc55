"""Who reads what: claims on documents, the workers of the queue, and the right to crawl."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from archive.db import job_queue
from archive.db.sessions import Sessions
from archive.db.writer_locks import Writer
from archive.documents import dead_workers, documents
from archive.documents.records import RunProvenance
from core.errors import ArchiveUnavailable


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """What processes agree on that read documents at the same time; `Archive.queue` gives it.

    Without a `writer`, in a folder, there is nobody to agree with.
    """

    sessions: Sessions
    writer: Writer | None

    def claim(self, document: str) -> bool:
        """Take a pending document to read it; False if it waits no more or another process reads it.

        `Documents.record`, `fail` and `die`, and `release`, give it back, and so does the end of the process.
        """
        if self.writer is None:
            return True  # nobody else writes to a folder
        with self.sessions.reading() as connection:
            number = documents.id_of(connection, document)
        if not self.writer.claim(document, number):
            return False
        # Whoever had it before has recorded what became of it by now.
        with self.sessions.reading() as connection:
            waits = documents.is_pending(connection, document)
        if not waits:
            self.release(document)
        return waits

    def release(self, document: str) -> None:
        """Give back a claimed document; it stays what it is."""
        if self.writer is not None:
            self.writer.release(document)

    def rescue(self, run: RunProvenance, silent: float) -> list[tuple[str, str]]:
        """Let documents wait again whose worker died: sha256 and status of each.

        A worker counts as dead if nothing was heard of it for so many seconds and
        its session is gone too. Each counts as a death of its document.
        """
        with self.sessions.writing() as connection:
            return [*dead_workers.rescue(connection, run, silent)]

    def check(self) -> None:
        """Raise ArchiveUnavailable if the queue is not that of the installed procrastinate."""
        with self.sessions.reading() as connection:
            if not job_queue.is_current(connection):
                raise ArchiveUnavailable("the queue is of another procrastinate: run `guidang upgrade`")

    def work_as(self, number: int, name: str, host: str, slots: int) -> None:
        """Say who the worker with this number of procrastinate's is."""
        with self.sessions.writing() as connection:
            job_queue.note_worker(connection, number, name, host, slots)

    def has_work(self, worker: int) -> bool:
        """Whether the queue has anything that can be done now, or this worker is at something."""
        with self.sessions.reading() as connection:
            return job_queue.is_left(connection, worker)

    def crawling(self) -> AbstractContextManager[None]:
        """Hold the right to crawl, which one process has at a time. Raises LockedError if another has it."""
        return nullcontext() if self.writer is None else self.writer.crawling()
