"""Documents of an archive: their originals, and what became of every attempt to read them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from archive.db.sessions import Sessions
from archive.db.text_values import now, readable, storable
from archive.documents import (
    current_parts,
    documents,
    gatherings,
    reading_writer,
    report_words,
)
from archive.documents.records import DocumentFailure, IntakeReceipt, PendingDocument, RunProvenance
from archive.documents.work_queue import WorkQueue
from archive.index import page_index
from archive.judged import lost_values, standing_flags
from archive.objects.base import ObjectStore, digest_of
from core.errors import ArchiveDamaged
from core.media_types import GATHERED
from ocr.gathered.container import Member, write_container

if TYPE_CHECKING:
    from ocr.model import Page
    from reconcile.model import Volume


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of an archive; `Archive.documents` gives it."""

    sessions: Sessions
    objects: Callable[[], ObjectStore]
    queue: WorkQueue

    def keep(self, source: str, stream: BinaryIO, media_type: str) -> IntakeReceipt:
        """Keep the original bytes, then note where they came from. Nothing is read yet.

        `source` is a path or URL, `media_type` the sniffed MIME type. The same
        bytes again only add a source; a document already known stays as it is.
        """
        self.sessions.need_writer()
        digest, size = self.objects().put(stream)
        with self.sessions.writing() as connection:
            return documents.add(connection, digest, size, media_type, readable(source), now())

    def gather(
        self, members: Sequence[str], who: str, note: str = "", one_report: bool = True
    ) -> IntakeReceipt:
        """Let documents be the pages of one from now on, in this order; give that, which waits to be read.

        It is known to be `one_report`, or as many as are read in it. Until it has been read the members
        answer as they did. Raises UsageError as `gatherings.sources` does.
        """
        self.sessions.need_writer()
        with self.sessions.reading() as connection:
            sources = gatherings.sources(connection, members)
        named = zip(members, sources, strict=True)
        with TemporaryFile() as container:
            write_container([Member(self.readable(digest), source) for digest, source in named], container)
            container.seek(0)
            digest, size = self.objects().put(container)
        source, at = gatherings.named(sources), now()
        with self.sessions.writing() as connection:
            gatherings.sources(connection, members)  # nobody else gathered them meanwhile
            receipt = documents.add(connection, digest, size, GATHERED, source, at)
            gatherings.begin(connection, digest, members, one_report, (who, note, at))
        return receipt

    def single_pages(self) -> dict[str, str]:
        """The first source by sha256 of every document that was read and has one page."""
        with self.sessions.reading() as connection:
            return gatherings.single_pages(connection)

    def only_pages(self, digests: Sequence[str]) -> list[Page]:
        """The page of each of these documents, which have one, with its tables."""
        with self.sessions.reading() as connection:
            return [gatherings.only_page(connection, digest) for digest in digests]

    def were_gathered(self, members: Sequence[str]) -> bool:
        """Whether just these were gathered once, whatever became of it: it failed, or was taken apart."""
        with self.sessions.reading() as connection:
            return gatherings.were_gathered(connection, members)

    def take_apart(self, document: str, who: str, note: str = "") -> tuple[str, ...]:
        """Let the members of what was gathered answer by themselves again, and the whole no more; give them.

        Raises UsageError where it was not gathered.
        """
        with self.sessions.writing() as connection:
            return gatherings.take_apart(connection, document, (who, note, now()))

    def pending(self, only: Collection[str] | None = None) -> list[PendingDocument]:
        """Documents that wait to be read, oldest first; of the given sha256 only, if given."""
        wanted = None if only is None else set(only)
        with self.sessions.reading() as connection:
            said = report_words.of_documents(connection, *(only if only and len(only) == 1 else ()))
            return [PendingDocument(*row, said.get(row[0])) for row in documents.pending(connection, wanted)]

    def record(
        self,
        document: str,
        run: RunProvenance,
        pages: Sequence[Page],
        volume: Volume,
        if_pending: bool = False,
    ) -> bool:
        """Store a reading, all of it or nothing; it becomes the current one, older runs stay.

        With `if_pending` nothing is stored, and False given, if another process settled it meanwhile.
        """
        with self.sessions.writing() as connection:
            if if_pending and not documents.still_waits(connection, document):
                return False
            number = documents.begin_run(connection, document, run, "archived")
            reading_writer.write(connection, number, pages, volume)
            current_parts.follow(connection, number)
            gatherings.has_been_read(connection, document)
            lost_values.add_missing(connection, number)
            standing_flags.check_again(connection, number)
            page_index.add(connection, number)
        self.queue.release(document)
        return True

    def fail(
        self, document: str, run: RunProvenance, stage: str, reason: str, code: str, if_pending: bool = False
    ) -> bool:
        """Note that a document could not be read, and why. An older reading of it stays current.

        `if_pending` as for `record`.
        """
        with self.sessions.writing() as connection:
            if if_pending and not documents.still_waits(connection, document):
                return False
            number = documents.begin_run(connection, document, run, "failed")
            documents.record_failure(connection, number, stage, storable(reason), code)
            gatherings.has_failed(connection, document)
        self.queue.release(document)
        return True

    def die(
        self, document: str, run: RunProvenance, stage: str, reason: str, code: str, if_pending: bool = False
    ) -> str:
        """Note that a document ended the process that read it; give what it is from now on.

        That is `quarantined` after three deaths in a row; before, its status stays, so that it is
        tried again. `if_pending` as for `record`; it gives `settled` where nothing was noted.
        """
        with self.sessions.writing() as connection:
            if if_pending and not documents.still_waits(connection, document):
                return "settled"
            became = documents.record_death(connection, document, run, stage, storable(reason), code)
            if became == documents.QUARANTINED:
                gatherings.has_failed(connection, document)
        self.queue.release(document)
        return became

    def retry(self, only: Collection[str] | None = None) -> int:
        """Set failed and quarantined documents to pending, all or the given sha256; give how many."""
        with self.sessions.writing() as connection:
            return documents.retry(connection, None if only is None else list(only))

    def failures(self) -> list[DocumentFailure]:
        """Which documents failed or are quarantined, and why."""
        with self.sessions.reading() as connection:
            return documents.failures(connection)

    def find(self, name: str) -> str:
        """The sha256 of the one document with this hash prefix (4 digits or more), source or file name.

        Raises UsageError if there is none, or several (naming them).
        """
        with self.sessions.reading() as connection:
            return documents.find(connection, name)

    def find_report(self, name: str) -> tuple[str, int | None]:
        """The sha256 that a name means, and the part where it names a report in it, as `NAME:2`.

        Raises UsageError as `find` does.
        """
        with self.sessions.reading() as connection:
            return documents.find_report(connection, name)

    def path(self, document: str) -> Path:
        """Where the original of a document is kept."""
        return self.objects().path(document)

    def readable(self, document: str) -> Path:
        """Where the original can be read on this machine, its bytes hashed again.

        Raises ArchiveDamaged if it is gone or has changed, ArchiveUnavailable if that cannot be told.
        """
        return self.objects().readable(document)

    def original(self, document: str) -> Path:
        """Where the original is kept, its bytes hashed again. Raises ArchiveDamaged if it has changed."""
        if digest_of(self.objects(), document) != document:
            raise ArchiveDamaged(f"original {document} is gone or has changed: restore it from a copy")
        return self.path(document)
