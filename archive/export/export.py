"""What an archive hands over: documents with their provenance, tables and pages as read, bags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.db.sessions import Sessions
from archive.documents import provenance, reading_loader
from archive.documents.provenance import DocumentProvenance, ProvenanceFilter
from archive.documents.reading_loader import StoredPage, StoredTable
from archive.objects.base import ObjectStore
from core.errors import UsageError

if TYPE_CHECKING:
    from archive.export.bag.bag import BagListener, BagSummary
    from ocr.model import Page


@dataclass(frozen=True, slots=True)
class Export:
    """What is handed over; `Archive.export` gives it."""

    sessions: Sessions
    objects: Callable[[], ObjectStore]

    def tables(self, document: str | None = None) -> Iterator[StoredTable]:
        """All tables as read, or those of one sha256."""
        return self.sessions.stream(lambda connection: reading_loader.tables(connection, document))

    def table(self, document: str, number: int) -> StoredTable:
        """One table of a document, named as people name it. Raises UsageError if there is none."""
        with self.sessions.reading() as connection:
            (digest,) = provenance.chosen(connection, ProvenanceFilter([document]))
            found = list(reading_loader.tables(connection, digest))
        for stored in found:
            if stored.number == number:
                return stored
        raise UsageError(f"{document} has {len(found)} tables; there is no table {number}")

    def pages(self, document: str | None = None) -> Iterator[StoredPage]:
        """All pages as read, or those of one sha256."""
        return self.sessions.stream(lambda connection: reading_loader.pages(connection, document))

    def count_tables(self, document: str | None = None) -> int:
        """How many tables `tables` gives."""
        with self.sessions.reading() as connection:
            return reading_loader.count_tables(connection, document)

    def count_pages(self) -> int:
        """How many pages `pages` gives."""
        with self.sessions.reading() as connection:
            return reading_loader.count_pages(connection)

    def dossier(self, document: str) -> tuple[DocumentProvenance, tuple[Page, ...]]:
        """How the document with this sha256 was read, and its pages as they lie."""
        with self.sessions.reading() as connection:
            pages = tuple(stored.page for stored in reading_loader.pages(connection, document))
            return provenance.provenance_of(connection, document), pages

    def provenance(self, document: str) -> DocumentProvenance:
        """Where the document with this sha256 came from, and every attempt to read it."""
        with self.sessions.reading() as connection:
            return provenance.provenance_of(connection, document)

    def chosen(self, wanted: ProvenanceFilter) -> list[str]:
        """The sha256 of the wanted documents in the order of intake. Raises UsageError if there is none."""
        with self.sessions.reading() as connection:
            return provenance.chosen(connection, wanted)

    def write_bag(
        self, folder: Path, wanted: ProvenanceFilter, listener: BagListener, organization: str = ""
    ) -> BagSummary:
        """Hand documents over as a BagIt bag, see `archive.export.bag.bag.write_bag`."""
        from archive.export.bag.bag import write_bag  # loads the forms, which a search can do without

        with self.sessions.reading() as connection:
            return write_bag(connection, self.objects().path, folder, wanted, organization, listener)
