"""Documents whose worker died wait again, or are put into quarantine after the third time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from archive.db import job_queue, writer_locks
from archive.db.job_queue import Stalled
from archive.documents import documents
from archive.documents.records import RunProvenance
from core.failure_codes import Failure

STAGE = "read"


def rescue(connection: Connection, run: RunProvenance, silent: float) -> Iterator[tuple[str, str]]:
    """Put back the jobs of dead workers; give sha256 and status of each document that was under way."""
    passed = 0
    while (one := job_queue.stalled(connection, silent, passed)) is not None:
        # A worker that was silent but lives still holds its claim: a slow machine is no death.
        if not writer_locks.is_unclaimed(connection, documents.id_of(connection, one.document)):
            passed += 1
        elif documents.still_waits(connection, one.document):
            yield one.document, _bury(connection, one, run)
        else:
            job_queue.drop(connection, one)  # all but its job was done


def _bury(connection: Connection, one: Stalled, run: RunProvenance) -> str:
    reason = f"the worker that read it died: {one.worker}" if one.worker else "the worker that read it died"
    status = documents.record_death(connection, one.document, run, STAGE, reason, Failure.CRASHED)
    if status == documents.PENDING:
        job_queue.put_back(connection, one)
    else:
        job_queue.drop(connection, one)
    return status
