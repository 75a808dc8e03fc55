"""The archive: originals in an object store, a database with what was read, and its search index.

This page only says what happens in which order; how each thing is done is in
the module it calls.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection, Engine

from archive.db import archive_folder as folder
from archive.db import archive_settings
from archive.db.engine import engine_for, is_postgresql
from archive.db.location import Location, locate
from archive.db.sessions import Sessions
from archive.db.writer_locks import Writer, wait_to_make, writer
from archive.maintenance import schema_upgrade
from archive.maintenance.subset import EVERYTHING, Subset
from archive.objects.base import ObjectStore
from archive.objects.stores import existing_store, open_store, prepare_store
from archive.search import search
from archive.search.records import SearchResult
from archive.search.search import SearchFilter
from core.errors import ArchiveUnavailable, UsageError
from core.listeners import Told, no_listener

if TYPE_CHECKING:
    from archive.comparison.comparison import Comparison
    from archive.crawl.crawl_memory import CrawlMemory
    from archive.documents.keeping import Documents
    from archive.documents.work_queue import WorkQueue
    from archive.export.export import Export
    from archive.maintenance.copying import CopySummary
    from archive.maintenance.records import Verification
    from archive.organs.known_organs import Organs
    from archive.reports.known_reports import Reports
    from archive.status.archive_status import ArchiveStatus
    from archive.values.review import Review
    from archive.values.stored_values import Values

# Seconds without a write after which a half-written original of another writer is left behind for good.
LEFTOVERS_STAY = 3600.0
EVERY_REPORT = SearchFilter()


class Archive:
    """An open archive; use it as a context manager.

    Any number of processes may read. `open(..., write=True)` takes the right to
    write and holds it until `close`: in a folder one process has it, in
    PostgreSQL any number. Every method that changes something needs it.
    """

    def __init__(
        self, location: Location, engine: Engine, lock: ExitStack, writable: bool, writer: Writer | None
    ) -> None:
        self.location = location
        self.sessions = Sessions(engine, writable)
        self._lock = lock
        self._writer = writer

    @classmethod
    def open(
        cls,
        location: str | Path | Location,
        create: bool = False,
        write: bool = False,
        objects: str | None = None,
        alone: bool = False,
    ) -> Self:
        """Open the archive in a folder or at a `postgresql://` URL.

        `create` makes one if there is none, and opens it for writing; `objects`
        is where an archive by URL keeps its originals, a folder or an fsspec
        address, and is needed once, when it is made. `alone` keeps every other
        writer away.

        Raises UsageError for a location that cannot be an archive, LockedError
        if others write to it and cannot go on beside this one, ArchiveUnavailable
        if there is none or its schema is not this program's.
        """
        place = locate(location)
        if place.home and objects:
            raise UsageError(f"{place} keeps its originals in its own folder: leave --objects away")
        if create and place.home and not place.exists:
            folder.prepare(place.home)
        archive = cls._at(place, create, create or write or objects is not None, alone)
        try:
            archive._check(create, objects)
            if archive.sessions.writable:
                archive.objects.clear_leftovers(LEFTOVERS_STAY if archive._writer else 0)
        except BaseException:
            archive.close()
            raise
        return archive

    @classmethod
    def upgrade(cls, location: str | Path | Location, told: Told = no_listener) -> tuple[str, str]:
        """Bring an archive of an older program up to date; give the schema before and after.

        All of it in one transaction: an upgrade that is cut short leaves the archive as it was.
        """
        archive = cls._at(locate(location), create=False, write=True, alone=True)
        with archive, archive.sessions.writing() as connection:
            before = schema_upgrade.need_archive(connection)
            schema_upgrade.upgrade(connection, partial(told, "search index"))
        return before, schema_upgrade.HEAD

    def close(self) -> None:
        """Let go of the files and of the lock."""
        self.sessions.engine.dispose()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take_over(self, other: Archive, told: Told = no_listener) -> CopySummary:
        """Fill this empty archive with all that another holds at this moment, and compare the two.

        Raises UsageError if this one is not empty, ArchiveDamaged if a table did not
        arrive as it was; nothing but originals is kept then.
        """
        from archive.maintenance import copying

        with other.sessions.reading() as theirs:
            return copying.copy(theirs, other.objects, self.sessions.writing, self.objects, told)

    def search(self, query: str, wanted: SearchFilter = EVERY_REPORT, limit: int = 20) -> SearchResult:
        """The pages that hold every term of a query, best first. Raises UsageError for an empty query."""
        with self.sessions.reading() as connection:
            return search.search(connection, query, wanted, limit)

    def verify(self, subset: Subset = EVERYTHING, told: Told = no_listener) -> Verification:
        """Hash every original again, or those of a subset; check the database and the index."""
        from archive.maintenance import verify as verification

        return verification.verify(self.sessions.reading, self.objects, subset, told)

    # The parts, each for one subject; loaded when they are asked for, as copying and verifying is, so that a
    # search starts fast.

    @cached_property
    def documents(self) -> Documents:
        from archive.documents.keeping import Documents

        return Documents(self.sessions, self._store, self.queue)

    @cached_property
    def queue(self) -> WorkQueue:
        from archive.documents.work_queue import WorkQueue

        return WorkQueue(self.sessions, self._writer)

    @cached_property
    def values(self) -> Values:
        from archive.values.stored_values import Values

        return Values(self.sessions)

    @cached_property
    def review(self) -> Review:
        from archive.values.review import Review

        return Review(self.sessions)

    @cached_property
    def reports(self) -> Reports:
        from archive.reports.known_reports import Reports

        return Reports(self.sessions)

    @cached_property
    def organs(self) -> Organs:
        from archive.organs.known_organs import Organs

        return Organs(self.sessions)

    @cached_property
    def comparison(self) -> Comparison:
        from archive.comparison.comparison import Comparison

        return Comparison(self.sessions)

    @cached_property
    def status(self) -> ArchiveStatus:
        from archive.status.archive_status import ArchiveStatus

        return ArchiveStatus(self.sessions, self.location, self._store)

    @cached_property
    def export(self) -> Export:
        from archive.export.export import Export

        return Export(self.sessions, self._store)

    @cached_property
    def crawl(self) -> CrawlMemory:
        from archive.crawl.crawl_memory import CrawlMemory

        return CrawlMemory(self.sessions.reading, self.sessions.writing, self._store)

    @cached_property
    def objects(self) -> ObjectStore:
        """Where the originals are. Raises ArchiveUnavailable if they are not there, or nobody said where."""
        if self.location.home:
            return open_store(self.location.home / folder.OBJECTS)
        with self.sessions.reading() as connection:
            place = archive_settings.of(connection, archive_settings.OBJECTS)
        if place is None:
            raise ArchiveUnavailable(
                f"{self.location} does not say where its originals are: `guidang init --objects FOLDER` does"
            )
        return existing_store(place)

    # Inside

    @classmethod
    def _at(cls, place: Location, create: bool, write: bool, alone: bool) -> Self:
        if not create and not place.exists:
            raise ArchiveUnavailable(
                f"no archive at {place}: make one with `guidang init` or `guidang ingest`"
            )
        lock = ExitStack()
        engine = engine_for(place.database)
        held = None
        if write and place.home:
            lock.enter_context(folder.writer_lock(place.home))
        elif write:
            held = lock.enter_context(writer(engine, alone))
        return cls(place, engine, lock, write, held)

    def _check(self, create: bool, objects: str | None) -> None:
        """Hold the schema against this program's; a new or half-made database gets it first."""
        with self.sessions.reading() as connection:
            unmade = schema_upgrade.revision_of(connection) is None
        if create and unmade:
            if not (self.location.home or objects):
                raise UsageError(
                    f"{self.location} is empty: say where its originals shall be kept with "
                    "`guidang init --archive URL --objects FOLDER`"
                )
            with self.sessions.writing() as connection:
                self._make(connection)
        with self.sessions.reading() as connection:
            schema_upgrade.check(connection)
        if objects:
            place = prepare_store(objects)
            with self.sessions.writing() as connection:
                archive_settings.keep(connection, archive_settings.OBJECTS, place)

    def _make(self, connection: Connection) -> None:
        """Make the tables, unless another process does so at this moment."""
        if is_postgresql(connection):
            wait_to_make(connection)
        if schema_upgrade.revision_of(connection) is None:
            schema_upgrade.upgrade(connection)

    def _store(self) -> ObjectStore:
        return self.objects
