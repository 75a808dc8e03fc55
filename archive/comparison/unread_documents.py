"""Documents without a current reading: those that wait, and those that could not be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.schema import DocumentRow, RunRow, SourceRow
from archive.documents.documents import UNREAD, failures
from archive.organs.names_in_sources import Names
from archive.organs.reports_by_year import Place


@dataclass(frozen=True, slots=True)
class UnreadDocument:
    """A document that nothing is known of but its addresses; `place` and `hint` as in `naming.py`."""

    document: str
    source: str
    failed: bool
    reason: str
    place: Place | None
    hint: str


def unread(connection: Connection, names: Names) -> Iterator[UnreadDocument]:
    """Every document without a current reading, in the order of intake."""
    has_reading = select(col(RunRow.id)).where(
        col(RunRow.document_id) == col(DocumentRow.id), col(RunRow.is_current)
    )
    rows = (
        select(col(DocumentRow.sha256), col(DocumentRow.status), col(SourceRow.name))
        .join_from(DocumentRow, SourceRow, col(SourceRow.document_id) == col(DocumentRow.id))
        .where(~has_reading.exists())
        .order_by(col(DocumentRow.id), col(SourceRow.ordinal))
    )
    sources: dict[tuple[str, str], list[str]] = {}
    for digest, status, source in connection.execute(rows):
        sources.setdefault((digest, status), []).append(source)
    reasons = {failure.document: failure.reason for failure in failures(connection)}
    for (digest, status), told in sources.items():
        reason = reasons.get(digest, "waits to be read")
        yield UnreadDocument(digest, told[0], status in UNREAD, reason, *names.place(told))


def renewed(connection: Connection, documents: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """For each document the later ones from an address of its own of which nothing was read.

    With `documents` only what concerns the addresses of these sha256.
    """
    again = select(col(SourceRow.name)).group_by(col(SourceRow.name)).having(func.count() > 1)
    if documents is not None:
        own = select(col(SourceRow.name)).join(DocumentRow, col(DocumentRow.id) == col(SourceRow.document_id))
        again = again.where(col(SourceRow.name).in_(own.where(col(DocumentRow.sha256).in_(documents))))
    rows = (
        select(col(SourceRow.name), col(DocumentRow.sha256), col(RunRow.id))
        .join_from(SourceRow, DocumentRow, col(DocumentRow.id) == col(SourceRow.document_id))
        .outerjoin(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .where(col(SourceRow.name).in_(again))
        .order_by(col(DocumentRow.id))
    )
    earlier: dict[str, list[str]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for address, digest, run in connection.execute(rows):
        before = earlier.setdefault(address, [])
        if run is None:
            found.update({one: (*found.get(one, ()), digest) for one in before})
        before.append(digest)
    return found
