"""How an archive stands: in numbers, by size, by its workers, and one document in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.db.engine import is_postgresql
from archive.db.location import Location
from archive.db.sessions import Sessions
from archive.documents import documents
from archive.objects.base import ObjectStore
from archive.objects.local import ObjectFolder
from archive.status import cluster, overview, size
from archive.status.cluster import ClusterStatus
from archive.status.records import DocumentView, Status
from archive.status.size import Size


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """The archive at a glance; `Archive.status` gives it."""

    sessions: Sessions
    location: Location
    objects: Callable[[], ObjectStore]

    def counts(self) -> Status:
        """The archive in numbers."""
        with self.sessions.reading() as connection:
            return overview.status(connection)

    def size(self) -> Size:
        """How large the archive is, and how much room it has."""
        store = self.objects()
        with self.sessions.reading() as connection:
            return size.size(
                connection, self.location, store.folder if isinstance(store, ObjectFolder) else None
            )

    def document(self, name: str) -> DocumentView:
        """All that is known of the document, or of the report in it, that `Documents.find_report` finds."""
        with self.sessions.reading() as connection:
            digest, part = documents.find_report(connection, name)
            return overview.view(connection, digest, self.objects().path(digest), part)

    def workshop(self) -> ClusterStatus | None:
        """Workers, queue and throughput; None for an archive in a folder, which has none."""
        with self.sessions.reading() as connection:
            return cluster.cluster_status(connection) if is_postgresql(connection) else None
