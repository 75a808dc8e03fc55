"""The archive: originals in an object store, a database with what was read, and its search index.

This page only says what happens in which order; how each thing is done is in
the module it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, TypeVar

from sqlalchemy import Connection, Engine

from archive.comparison import coverage
from archive.comparison.coverage import Coverage, CoverageFilter
from archive.comparison.records import AcrossFilter, AcrossFinding
from archive.crawl.memory import CrawlMemory
from archive.db import archive_folder as folder
from archive.db import archive_settings, job_queue
from archive.db.engine import engine_for, is_postgresql, reading, writing
from archive.db.location import Location, locate
from archive.db.text_values import readable, storable, timestamp
from archive.db.writer_locks import Writer, wait_to_make, writer
from archive.documents import dead_workers as rescue
from archive.documents import documents, reading_reader
from archive.documents import provenance as dossier
from archive.documents import reading_writer as record
from archive.documents.provenance import Dossier, DossierFilter
from archive.documents.reading_reader import StoredPage, StoredTable
from archive.maintenance import copying, schema_upgrade
from archive.maintenance import verify as verification
from archive.maintenance.copying import Transfer
from archive.maintenance.subset import EVERYTHING, Subset
from archive.objects.base import ObjectStore, digest_of
from archive.objects.local import ObjectFolder
from archive.objects.stores import existing_store, open_store, prepare_store
from archive.organs import aliases, organ_list_file
from archive.organs.aliases import Loaded, PrintedName
from archive.organs.organ_list_file import OrganList
from archive.organs.reports_by_year import standing
from archive.records import (
    DocumentChanges,
    DocumentView,
    Doubt,
    Fact,
    Failure,
    Kept,
    PendingDocument,
    PrintedAt,
    Run,
    Said,
    SearchResult,
    Status,
    StoredVerdict,
    Verification,
)
from archive.search import search
from archive.search.search import SearchFilter
from archive.status import cluster as workshop
from archive.status import overview, size
from archive.status.cluster import Workshop
from archive.status.size import Size
from archive.values import facts, rerun_selection, review_queue, reviewer, run_comparison, verdicts
from archive.values.aggregation import Grouping, Sums, summed
from archive.values.facts import FactFilter
from archive.values.rerun_selection import Again
from archive.values.review_queue import Wanted
from core.errors import ArchiveDamaged, ArchiveUnavailable, UsageError
from core.listeners import Told, unheard

if TYPE_CHECKING:
    from archive.export.bag.bag import Bagged, BagListener
    from archive.organs.suggestions import Suggestion
    from ocr.model import Page
    from reconcile.model import Report

T = TypeVar("T")
Watch = Callable[[Iterator[Fact]], Iterator[Fact]]


# Seconds without a write after which a half-written original of another writer is left behind for good.
LEFTOVERS_STAY = 3600.0
EVERY_FACT = FactFilter()
EVERY_DOUBT = Wanted()
EVERY_REPORT = SearchFilter()
ALL_COVERAGE = CoverageFilter()
EVERY_COMPARISON = AcrossFilter()


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
        self._engine = engine
        self._lock = lock
        self._writable = writable
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
            if archive._writable:
                archive._objects.clear_leftovers(LEFTOVERS_STAY if archive._writer else 0)
        except BaseException:
            archive.close()
            raise
        return archive

    @classmethod
    def upgrade(cls, location: str | Path | Location, told: Told = unheard) -> tuple[str, str]:
        """Bring an archive of an older program up to date; give the schema before and after.

        All of it in one transaction: an upgrade that is cut short leaves the archive as it was.
        """
        archive = cls._at(locate(location), create=False, write=True, alone=True)
        with archive, archive._writing() as connection:
            before = schema_upgrade.need_archive(connection)
            schema_upgrade.upgrade(connection, partial(told, "search index"))
        return before, schema_upgrade.HEAD

    def close(self) -> None:
        """Let go of the files and of the lock."""
        self._engine.dispose()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What a batch does

    def keep(self, source: str, stream: BinaryIO, media_type: str) -> Kept:
        """Keep the original bytes, then note where they came from. Nothing is read yet.

        `source` is a path or URL, `media_type` the sniffed MIME type. The same
        bytes again only add a source; a document already known stays as it is.
        """
        self._need_writer()
        digest, size = self._objects.put(stream)
        with self._writing() as connection:
            return documents.add(connection, digest, size, media_type, readable(source), _now())

    def claim(self, document: str) -> bool:
        """Take a pending document to read it; False if it waits no more or another process reads it.

        `record`, `fail` and `release` give it back, and so does the end of the process.
        """
        if self._writer is None:
            return True  # nobody else writes to a folder
        with self._reading() as connection:
            number = documents.id_of(connection, document)
        if not self._writer.claim(document, number):
            return False
        # Whoever had it before has recorded what became of it by now.
        with self._reading() as connection:
            waits = documents.is_pending(connection, document)
        if not waits:
            self.release(document)
        return waits

    def release(self, document: str) -> None:
        """Give back a claimed document; it stays what it is."""
        if self._writer is not None:
            self._writer.release(document)

    def check_queue(self) -> None:
        """Raise ArchiveUnavailable if the queue is not that of the installed procrastinate."""
        with self._reading() as connection:
            if not job_queue.is_current(connection):
                raise ArchiveUnavailable("the queue is of another procrastinate: run `guidang upgrade`")

    def work_as(self, number: int, name: str, host: str, slots: int) -> None:
        """Say who the worker with this number of procrastinate's is."""
        with self._writing() as connection:
            job_queue.note_worker(connection, number, name, host, slots)

    def has_work(self, worker: int) -> bool:
        """Whether the queue has anything that can be done now, or this worker is at something."""
        with self._reading() as connection:
            return job_queue.is_left(connection, worker)

    def workshop(self) -> Workshop | None:
        """Workers, queue and throughput; None for an archive in a folder, which has none."""
        with self._reading() as connection:
            return workshop.workshop(connection) if is_postgresql(connection) else None

    def crawling(self) -> AbstractContextManager[None]:
        """Hold the right to crawl, which one process has at a time. Raises LockedError if another has it."""
        return nullcontext() if self._writer is None else self._writer.crawling()

    def pending(self, only: Collection[str] | None = None) -> list[PendingDocument]:
        """Documents that wait to be read, oldest first; of the given sha256 only, if given."""
        wanted = None if only is None else set(only)
        with self._reading() as connection:
            return [PendingDocument(*row) for row in documents.pending(connection, wanted)]

    def record(
        self, document: str, run: Run, pages: Sequence[Page], report: Report, if_pending: bool = False
    ) -> bool:
        """Store a reading, all of it or nothing; it becomes the current one, older runs stay.

        With `if_pending` nothing is stored, and False given, if another process settled it meanwhile.
        """
        with self._writing() as connection:
            if if_pending and not documents.still_waits(connection, document):
                return False
            number = documents.begin_run(connection, document, run, "archived")
            record.write(connection, number, pages, report)
        self.release(document)
        return True

    def fail(
        self, document: str, run: Run, stage: str, reason: str, code: str, if_pending: bool = False
    ) -> bool:
        """Note that a document could not be read, and why. An older reading of it stays current.

        `if_pending` as for `record`.
        """
        with self._writing() as connection:
            if if_pending and not documents.still_waits(connection, document):
                return False
            number = documents.begin_run(connection, document, run, "failed")
            documents.explain(connection, number, stage, storable(reason), code)
        self.release(document)
        return True

    def die(
        self, document: str, run: Run, stage: str, reason: str, code: str, if_pending: bool = False
    ) -> str:
        """Note that a document ended the process that read it; give what it is from now on.

        That is `quarantined` after three deaths in a row; before, its status stays, so that it is
        tried again. `if_pending` as for `record`; it gives `settled` where nothing was noted.
        """
        with self._writing() as connection:
            if if_pending and not documents.still_waits(connection, document):
                return "settled"
            became = documents.die(connection, document, run, stage, storable(reason), code)
        self.release(document)
        return became

    def rescue(self, run: Run, silent: float) -> list[tuple[str, str]]:
        """Let documents wait again whose worker died: sha256 and status of each.

        A worker counts as dead if nothing was heard of it for so many seconds and
        its session is gone too. Each counts as a death of its document.
        """
        with self._writing() as connection:
            return [*rescue.rescue(connection, run, silent)]

    def retry(self, only: Collection[str] | None = None) -> int:
        """Set failed and quarantined documents to pending, all or the given sha256; give how many."""
        with self._writing() as connection:
            return documents.retry(connection, None if only is None else list(only))

    def to_read_again(self, wanted: Again) -> list[PendingDocument]:
        """Documents to read again, oldest first; their readings stay current until there are new ones."""
        with self._reading() as connection:
            found = rerun_selection.chosen(connection, wanted)
            return [PendingDocument(*row) for row in found]

    def current_run(self, document: str) -> int | None:
        """The id of the run that answers for a sha256; None if it has not been read."""
        with self._reading() as connection:
            return run_comparison.current_run(connection, document)

    def changes(self, before: int | None, after: int) -> DocumentChanges:
        """What the current run `after` of a document reads differently from its run `before`."""
        with self._reading() as connection:
            return run_comparison.between(connection, before, after)

    def take_over(self, other: Archive, told: Told = unheard) -> Transfer:
        """Fill this empty archive with all that another holds at this moment, and compare the two.

        Raises UsageError if this one is not empty, ArchiveDamaged if a table did not
        arrive as it was; nothing but originals is kept then.
        """
        with other._reading() as theirs:
            return copying.copy(theirs, other._objects, self._writing, self._objects, told)

    def path(self, document: str) -> Path:
        """Where the original of a document is kept."""
        return self._objects.path(document)

    def readable(self, document: str) -> Path:
        """Where the original can be read on this machine, its bytes hashed again.

        Raises ArchiveDamaged if it is gone or has changed, ArchiveUnavailable if that cannot be told.
        """
        return self._objects.readable(document)

    def original(self, document: str) -> Path:
        """Where the original is kept, its bytes hashed again. Raises ArchiveDamaged if it has changed."""
        if digest_of(self._objects, document) != document:
            raise ArchiveDamaged(f"original {document} is gone or has changed: restore it from a copy")
        return self._objects.path(document)

    # What people judge

    def doubts(self, wanted: Wanted = EVERY_DOUBT) -> Iterator[Doubt]:
        """The values that ask for a look, most doubtful first."""
        return self._stream(lambda connection: review_queue.doubts(connection, wanted))

    def count_doubts(self, wanted: Wanted = EVERY_DOUBT) -> int:
        """How many values ask for a look."""
        with self._reading() as connection:
            return review_queue.count(connection, wanted)

    def printed_at(self, doubt: Doubt) -> PrintedAt | None:
        """Where a value is printed, and the row that it is in; None where it was found nowhere."""
        with self._reading() as connection:
            return review_queue.printed_at(connection, doubt)

    def judge(self, document: str, key: str, said: Said) -> StoredVerdict:
        """Keep what a person says of the value `table/row/column` of the sha256; nothing is overwritten.

        Raises UsageError if there is no such value, or nothing to undo.
        """
        with self._writing() as connection:
            return verdicts.judge(connection, document, verdicts.key_of(key), said, _now())

    def verdicts(self, document: str | None = None) -> Iterator[StoredVerdict]:
        """Every verdict in the order given, or those on one sha256."""
        return self._stream(lambda connection: verdicts.history(connection, document))

    # What people ask

    def status(self) -> Status:
        """The archive in numbers."""
        with self._reading() as connection:
            return overview.status(connection)

    def size(self) -> Size:
        """How large the archive is, and how much room it has."""
        objects = self._objects.folder if isinstance(self._objects, ObjectFolder) else None
        with self._reading() as connection:
            return size.size(connection, self.location, objects)

    def failures(self) -> list[Failure]:
        """Which documents failed or are quarantined, and why."""
        with self._reading() as connection:
            return documents.failures(connection)

    def find(self, name: str) -> str:
        """The sha256 of the one document with this hash prefix (4 digits or more), source or file name.

        Raises UsageError if there is none, or several (naming them).
        """
        with self._reading() as connection:
            return documents.find(connection, name)

    def document(self, name: str) -> DocumentView:
        """All that is known of the document that `find` finds."""
        with self._reading() as connection:
            digest = documents.find(connection, name)
            return overview.view(connection, digest, self.path(digest))

    def search(self, query: str, wanted: SearchFilter = EVERY_REPORT, limit: int = 20) -> SearchResult:
        """The pages that hold every term of a query, best first. Raises UsageError for an empty query."""
        with self._reading() as connection:
            return search.search(connection, query, wanted, limit)

    def facts(self, wanted: FactFilter = EVERY_FACT) -> Iterator[Fact]:
        """The wanted values, in the order of intake. Raises UsageError for a bad condition."""
        query = facts.query_for(wanted)
        return self._stream(lambda connection: facts.read(connection, query))

    def count_facts(self, wanted: FactFilter = EVERY_FACT) -> int:
        """How many values `facts` gives."""
        with self._reading() as connection:
            return facts.count(connection, facts.query_for(wanted))

    def sums(self, wanted: FactFilter, grouping: Grouping, watch: Watch = iter) -> Sums:
        """The wanted values added up; `watch` sees every fact pass. Raises UsageError for a bad condition."""
        query = facts.query_for(wanted)
        with self._reading() as connection:
            known = standing(connection)
            return summed(watch(facts.read(connection, query)), grouping, known)

    def tables(self, document: str | None = None) -> Iterator[StoredTable]:
        """All tables as read, or those of one sha256."""
        return self._stream(lambda connection: reading_reader.tables(connection, document))

    def pages(self, document: str | None = None) -> Iterator[StoredPage]:
        """All pages as read, or those of one sha256."""
        return self._stream(lambda connection: reading_reader.pages(connection, document))

    def count_tables(self) -> int:
        """How many tables `tables` gives."""
        with self._reading() as connection:
            return reading_reader.count_tables(connection)

    def count_pages(self) -> int:
        """How many pages `pages` gives."""
        with self._reading() as connection:
            return reading_reader.count_pages(connection)

    def count_verdicts(self) -> int:
        """How many verdicts `verdicts` gives."""
        with self._reading() as connection:
            return verdicts.count(connection)

    # Organs, and what reports say across years and organs

    def organs(self) -> list[PrintedName]:
        """Every name of an organ, printed or listed, with the years of its reports."""
        with self._reading() as connection:
            return aliases.printed_names(connection)

    def suggest_organs(self) -> list[Suggestion]:
        """Pairs of names that may mean one organ, the best grounds first. Nothing is linked."""
        from archive.organs import suggestions

        with self._reading() as connection:
            return suggestions.of_archive(connection)

    def link(self, written: Sequence[str], organ: str) -> list[str]:
        """Say that names mean an organ; give those that did not before. Raises UsageError if they cannot."""
        with self._writing() as connection:
            return aliases.link(connection, written, organ, reviewer.who(), _now())

    def unlink(self, written: Sequence[str]) -> None:
        """Let names mean nothing but themselves again. Raises UsageError for one that is not linked."""
        with self._writing() as connection:
            aliases.unlink(connection, written)

    def load_organs(self, listed: OrganList, whole: bool = False) -> Loaded:
        """Make the organs and links those of a list. Raises ListError, and does nothing, if they clash."""
        with self._writing() as connection:
            return aliases.load(connection, listed, reviewer.who(), _now(), whole)

    def organ_list(self, printed: bool = False) -> str:
        """The organs as the TOML that `load_organs` takes, with every `printed` name beside if asked."""
        with self._reading() as connection:
            known = aliases.with_printed(connection) if printed else aliases.listed(connection)
            return organ_list_file.write(known, aliases.noted(connection))

    def coverage(self, listed: OrganList | None = None, wanted: CoverageFilter = ALL_COVERAGE) -> Coverage:
        """What there is of the organs and years of a list, or of those that the archive knows."""
        with self._reading() as connection:
            return coverage.coverage(connection, listed, wanted)

    def across(self, wanted: AcrossFilter = EVERY_COMPARISON) -> Iterator[AcrossFinding]:
        """What reports say of each other across years (R5) and organs (R7), those that agree too."""
        from archive.comparison import across_reports as across

        return self._stream(lambda connection: across.across(connection, wanted))

    def across_years(self, document: str, organ: str) -> list[AcrossFinding]:
        """R5 of the document with this sha256, which prints this organ, with the years around it."""
        from archive.comparison import across_reports as across

        with self._reading() as connection:
            return across.of_document(connection, document, organ)

    def dossier(self, document: str) -> tuple[Dossier, tuple[Page, ...]]:
        """How the document with this sha256 was read, and its pages as they lie."""
        with self._reading() as connection:
            return dossier.dossier(connection, document), tuple(
                stored.page for stored in reading_reader.pages(connection, document)
            )

    def provenance(self, document: str) -> Dossier:
        """Where the document with this sha256 came from, and every attempt to read it."""
        with self._reading() as connection:
            return dossier.dossier(connection, document)

    def chosen(self, wanted: DossierFilter) -> list[str]:
        """The sha256 of the wanted documents in the order of intake. Raises UsageError if there is none."""
        with self._reading() as connection:
            return dossier.chosen(connection, wanted)

    def write_bag(
        self, folder: Path, wanted: DossierFilter, listener: BagListener, organization: str = ""
    ) -> Bagged:
        """Hand documents over as a BagIt bag, see `archive.export.bag.bag.write_bag`."""
        from archive.export.bag.bag import write_bag  # loads the forms, which a search can do without

        with self._reading() as connection:
            return write_bag(connection, self.path, folder, wanted, organization, listener)

    @property
    def crawled(self) -> CrawlMemory:
        """What the archive remembers of crawls."""
        return CrawlMemory(self._reading, self._writing, lambda: self._objects)

    def verify(self, subset: Subset = EVERYTHING, told: Told = unheard) -> Verification:
        """Hash every original again, or those of a subset; check the database and the index."""
        return verification.verify(self._reading, self._objects, subset, told)

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
        with self._reading() as connection:
            unmade = schema_upgrade.revision_of(connection) is None
        if create and unmade:
            if not (self.location.home or objects):
                raise UsageError(
                    f"{self.location} is empty: say where its originals shall be kept with "
                    "`guidang init --archive URL --objects FOLDER`"
                )
            with self._writing() as connection:
                self._make(connection)
        with self._reading() as connection:
            schema_upgrade.check(connection)
        if objects:
            place = prepare_store(objects)
            with self._writing() as connection:
                archive_settings.keep(connection, archive_settings.OBJECTS, place)

    def _make(self, connection: Connection) -> None:
        """Make the tables, unless another process does so at this moment."""
        if is_postgresql(connection):
            wait_to_make(connection)
        if schema_upgrade.revision_of(connection) is None:
            schema_upgrade.upgrade(connection)

    @cached_property
    def _objects(self) -> ObjectStore:
        if self.location.home:
            return open_store(self.location.home / folder.OBJECTS)
        with self._reading() as connection:
            place = archive_settings.of(connection, archive_settings.OBJECTS)
        if place is None:
            raise ArchiveUnavailable(
                f"{self.location} does not say where its originals are: `guidang init --objects FOLDER` does"
            )
        return existing_store(place)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with reading(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        self._need_writer()
        with writing(self._engine) as connection:
            yield connection

    def _stream(self, read: Callable[[Connection], Iterator[T]]) -> Iterator[T]:
        with self._reading() as connection:
            yield from read(connection)

    def _need_writer(self) -> None:
        if not self._writable:
            raise RuntimeError("the archive was opened for reading: Archive.open(..., write=True)")


def _now() -> str:
    return timestamp(datetime.now(UTC))
