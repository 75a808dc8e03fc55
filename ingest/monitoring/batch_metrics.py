"""The metrics of a batch, and of the archive that it fills."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry

from archive.archive import Archive
from ingest.monitoring.batch_counts import BatchCounts
from ingest.monitoring.metrics_exposition import gauge

LAST_SUCCESS = "batch_last_success_timestamp_seconds"


def fill_batch(counts: BatchCounts, registry: CollectorRegistry) -> None:
    """Put into a registry what became of the documents of a batch."""
    totals = counts.totals()
    by_outcome = gauge(registry, "batch_documents", "Documents concluded by the last batch.", ("outcome",))
    for outcome in counts.outcomes():
        by_outcome.labels(outcome).set(counts.documents[outcome])
    told = {
        "batch_pages": ("Pages read by the last batch.", totals["pages"]),
        "batch_flagged_values": ("Values that the last batch flagged for a look.", totals["flagged"]),
        "batch_seconds": ("Seconds that the last batch took, or has taken so far.", totals["seconds"]),
        "batch_pages_per_second": ("Pages a second over the last batch.", totals["pages_per_second"]),
        "batch_start_timestamp_seconds": ("When the last batch began.", counts.began),
        "batch_running": ("1 while a batch runs.", counts.ended is None),
        LAST_SUCCESS: ("When a batch last came to its end by itself; 0 if none did.", counts.last_success),
    }
    for name, (what, value) in told.items():
        gauge(registry, name, what).set(value)


def fill_archive(archive: Archive, registry: CollectorRegistry) -> None:
    """Put into a registry how large the archive is, and what waits in it."""
    size = archive.status.size()
    held = gauge(registry, "archive_documents", "Documents in the archive.", ("status",))
    for status in {*size.documents, "quarantined"}:
        held.labels(status).set(size.documents.get(status, 0))
    last = datetime.fromisoformat(size.last_archived).timestamp() if size.last_archived else 0
    told = {
        "archive_originals_bytes": ("Bytes of all originals.", size.originals_bytes),
        "archive_database_bytes": ("Bytes of the database with its search index.", size.database_bytes),
        "archive_free_bytes": ("Free bytes where the originals are.", size.free_bytes),
        "archive_free_inodes": ("Files that can still be made where the originals are.", size.free_inodes),
        "archive_last_archived_timestamp_seconds": ("When a document was last archived; 0: never.", last),
    }
    for name, (what, value) in told.items():
        if value is not None:
            gauge(registry, name, what).set(value)
