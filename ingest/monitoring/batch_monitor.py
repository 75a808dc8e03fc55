"""Watching a batch: every document in the log, the whole in metrics that are renewed while it runs.

What makes the metrics is loaded only where they are wanted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from archive.archive import Archive
from core.dataclass_tools import as_object
from core.errors import GuidangError
from ingest.monitoring.logs import Log, logging_to
from ingest.reading.outcomes import DocumentOutcome, heard_by

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from ingest.monitoring import prometheus

# Seconds after which the file of metrics is renewed: Prometheus looks every 15 to 60.
RENEWED_AFTER = 15.0
# Outcomes that always have a metric, so that a first failure is a step from 0.
OUTCOMES = ("archived", "failed")
LAST_SUCCESS = "batch_last_success_timestamp_seconds"


@dataclass(slots=True)
class BatchCounts:
    """What became of the documents of a batch so far; `ended` is None while it runs. Times are Unix times."""

    began: float = field(default_factory=time.time)
    ended: float | None = None
    last_success: float = 0.0
    documents: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    flagged: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, concluded: DocumentOutcome) -> None:
        """Count a document. Safe in threads."""
        with self._lock:
            self.documents[concluded.outcome] += 1
            self.pages += concluded.pages
            self.flagged += concluded.flagged

    def outcomes(self) -> list[str]:
        """Those that always count, then what else there was."""
        return [*OUTCOMES, *sorted({*self.documents} - {*OUTCOMES})]

    def totals(self) -> dict[str, float]:
        """The numbers for the log."""
        seconds = (self.ended or time.time()) - self.began
        counts = {outcome: self.documents[outcome] for outcome in self.outcomes()}
        rate = self.pages / seconds if seconds > 0 else 0.0
        return {
            **counts,
            "pages": self.pages,
            "flagged": self.flagged,
            "seconds": round(seconds, 3),
            "pages_per_second": round(rate, 3),
        }

    def fill(self, registry: CollectorRegistry) -> None:
        """Put the numbers into a registry."""
        from ingest.monitoring import prometheus

        totals = self.totals()
        by_outcome = prometheus.gauge(
            registry, "batch_documents", "Documents concluded by the last batch.", ("outcome",)
        )
        for outcome in self.outcomes():
            by_outcome.labels(outcome).set(self.documents[outcome])
        told = {
            "batch_pages": ("Pages read by the last batch.", totals["pages"]),
            "batch_flagged_values": ("Values that the last batch flagged for a look.", totals["flagged"]),
            "batch_seconds": ("Seconds that the last batch took, or has taken so far.", totals["seconds"]),
            "batch_pages_per_second": ("Pages a second over the last batch.", totals["pages_per_second"]),
            "batch_start_timestamp_seconds": ("When the last batch began.", self.began),
            "batch_running": ("1 while a batch runs.", self.ended is None),
            LAST_SUCCESS: ("When a batch last came to its end by itself; 0 if none did.", self.last_success),
        }
        for name, (what, value) in told.items():
            prometheus.gauge(registry, name, what).set(value)


def fill_archive(archive: Archive, registry: CollectorRegistry) -> None:
    """Put into a registry how large the archive is, and what waits in it."""
    from ingest.monitoring import prometheus

    size = archive.status.size()
    held = prometheus.gauge(registry, "archive_documents", "Documents in the archive.", ("status",))
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
            prometheus.gauge(registry, name, what).set(value)


@contextmanager
def watching(
    archive: Archive, command: str, log: str | None, prom: Path | None, *beside: prometheus.Fill
) -> Iterator[BatchCounts]:
    """Tell the log of a batch and of its documents, and keep a file of metrics up to date.

    `command` names the batch in the log. `beside` are further metrics for the same file.

    Raises:
        UsageError: the log or the metrics cannot be written.
    """
    tally = BatchCounts(last_success=_last_success(prom) if prom else 0.0)
    with logging_to(log, "batch") as told:
        page = _File(prom, archive, tally, beside, told)
        named = told.bind(command=command, archive=str(archive.location))
        named.info("batch_begin", version=version("guidang"))
        page.write()

        def hear(concluded: DocumentOutcome) -> None:
            tally.add(concluded)
            told.info("document", **_rounded(concluded))
            page.renew(RENEWED_AFTER)

        with heard_by(hear), _ended(named, tally, page):
            yield tally


def _last_success(prom: Path) -> float:
    """When a batch last came to its end by itself, as its file of metrics says; 0 if it does not."""
    from ingest.monitoring import prometheus

    prometheus.check_place(prom)
    return prometheus.saved_value(prom, LAST_SUCCESS) or 0.0


def _rounded(concluded: DocumentOutcome) -> dict[str, object]:
    told = as_object(concluded)
    if concluded.seconds is not None:
        told["seconds"] = round(concluded.seconds, 3)
    return told


@contextmanager
def _ended(told: Log, tally: BatchCounts, page: _File) -> Iterator[None]:
    """Tell how a batch ended, and let nothing of that hide why it was broken off."""
    try:
        yield
    except BaseException as error:
        tally.ended = time.time()
        stopped = isinstance(error, KeyboardInterrupt)
        reason = "" if stopped else f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
        tell = told.info if stopped else told.error
        tell("batch_end", ended="stopped" if stopped else "error", reason=reason, **tally.totals())
        page.renew()
        raise
    tally.ended = tally.last_success = time.time()
    told.info("batch_end", ended="finished", reason="", **tally.totals())
    page.renew()


@dataclass(slots=True)
class _File:
    """A file of metrics, if one is wanted."""

    path: Path | None
    archive: Archive
    tally: BatchCounts
    beside: tuple[prometheus.Fill, ...]
    told: Log
    written: float = 0.0

    def write(self) -> None:
        if self.path:
            from ingest.monitoring import prometheus

            archive = partial(fill_archive, self.archive)
            prometheus.save(self.path, *self.beside, self.tally.fill, archive)
            self.written = time.monotonic()

    def renew(self, after: float = 0.0) -> None:
        """Write it again if so many seconds have passed; what cannot be written stays as it was."""
        if time.monotonic() - self.written < after:
            return
        try:
            self.write()
        except GuidangError as error:  # no reason to break off a batch, nor to hide why it was
            self.written = time.monotonic()
            self.told.warning("metrics", reason=str(error))
