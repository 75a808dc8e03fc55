"""Watching a batch: every document in the log, the whole in metrics that are renewed while it runs.

What makes the metrics is loaded only where they are wanted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from archive.archive import Archive
from archive.dataclass_tools import as_object
from core.errors import GuidangError
from ingest.monitoring.batch_counts import BatchCounts
from ingest.monitoring.logs import Log, logging_to
from ingest.reading.outcomes import DocumentOutcome, heard_by

if TYPE_CHECKING:
    from ingest.monitoring import metrics_exposition

# Seconds after which the file of metrics is renewed: Prometheus looks every 15 to 60.
RENEWED_AFTER = 15.0


@contextmanager
def watching(
    archive: Archive, command: str, log: str | None, prom: Path | None, *beside: metrics_exposition.Fill
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
    from ingest.monitoring import batch_metrics, metrics_exposition

    metrics_exposition.check_place(prom)
    return metrics_exposition.saved_value(prom, batch_metrics.LAST_SUCCESS) or 0.0


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
    beside: tuple[metrics_exposition.Fill, ...]
    told: Log
    written: float = 0.0

    def write(self) -> None:
        if self.path:
            from ingest.monitoring import batch_metrics, metrics_exposition

            batch = partial(batch_metrics.fill_batch, self.tally)
            archive = partial(batch_metrics.fill_archive, self.archive)
            metrics_exposition.save(self.path, *self.beside, batch, archive)
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
