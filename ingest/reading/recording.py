"""What became of a document is recorded: its reading, or whose fault it is that there is none."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from archive.archive import Archive
from archive.documents.records import PendingDocument, RunProvenance
from core.errors import ArchiveDamaged, ArchiveUnavailable, ReadingDied, UnreadableDocument
from core.failure_codes import Failure
from ingest.reading.dispatch import Found
from ingest.reading.outcomes import ARCHIVED, DIED, FAILED, QUARANTINED, SETTLED, DocumentOutcome, tell
from ingest.reading.pipeline import DocumentReading, provenance

# So many bytes that can be written are room: no page needs more at once.
_ROOM = 4 << 20


def conclude(
    archive: Archive, waiting: PendingDocument, found: Found, if_pending: bool = True
) -> DocumentOutcome:
    """Record what became of one document, and tell it to whoever watches.

    With `if_pending` nothing is recorded of a document that no longer waits: another process
    settled it. What the storage is to blame for is not held against a document.

    Raises:
        ArchiveUnavailable: the database, the originals or the disk cannot be used; nothing was recorded.
    """
    if isinstance(found, UnreadableDocument):
        concluded = _without_reading(archive, waiting, _cause(archive, waiting.document, found), if_pending)
    else:
        concluded = _with_reading(archive, waiting, found, if_pending)
    if concluded.outcome != SETTLED:
        tell(concluded)
    return concluded


def _with_reading(
    archive: Archive, waiting: PendingDocument, outcome: DocumentReading, if_pending: bool
) -> DocumentOutcome:
    run = run_of(outcome.seconds)
    recorded = archive.documents.record(waiting.document, run, outcome.pages, outcome.volume, if_pending)
    return DocumentOutcome(
        waiting.document,
        waiting.source,
        ARCHIVED if recorded else SETTLED,
        pages=len(outcome.pages),
        flagged=sum(value.needs_review for report in outcome.volume.reports for value in report.values),
        seconds=outcome.seconds,
        worker=outcome.worker,
    )


def _without_reading(
    archive: Archive, waiting: PendingDocument, error: UnreadableDocument, if_pending: bool
) -> DocumentOutcome:
    why = (run_of(0.0), error.stage, error.reason, error.code, if_pending)
    if isinstance(error, ReadingDied):
        status = archive.documents.die(waiting.document, *why)
        became = status if status in (QUARANTINED, SETTLED) else DIED
    else:
        became = FAILED if archive.documents.fail(waiting.document, *why) else SETTLED
    return DocumentOutcome(waiting.document, waiting.source, became, error.stage, error.code, error.reason)


def _cause(archive: Archive, document: str, error: UnreadableDocument) -> UnreadableDocument:
    """The failure as it is, or what the archive's own storage is to blame for.

    Raises ArchiveUnavailable where reading would fail for every document.
    """
    again = "then give the same command again, nothing is lost"
    if error.code == Failure.DISK_FAILS:
        raise ArchiveUnavailable(f"{error.reason}; look after its disk (`dmesg`), {again}")
    # Libraries hide that they found no room, so whatever the failure is said to be.
    if not _has_room():
        raise ArchiveUnavailable(f"the disk of {tempfile.gettempdir()} is full: free some space, {again}")
    try:
        archive.documents.readable(document)
    except ArchiveDamaged as damage:
        return UnreadableDocument(Failure.DAMAGED, str(damage))
    return error


def _has_room() -> bool:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(_ROOM))
            file.flush()
    except OSError:
        return False
    return True


def run_of(seconds: float) -> RunProvenance:
    """What an attempt at a document is kept with that ends now and took so many seconds."""
    finished = datetime.now(UTC)
    engines, options = provenance()
    return RunProvenance(
        version("guidang"), engines, options, finished - timedelta(seconds=seconds), finished, seconds
    )
