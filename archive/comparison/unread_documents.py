"""Documents without a current reading: those that wait, and those that could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.schema import Document, Run, Source
from archive.documents import documents
from archive.organs.names_in_sources import Names
from archive.organs.reports_by_year import Place


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that nothing is known of but its addresses; `place` and `hint` as in `naming.py`."""

    document: str
    source: str
    failed: bool
    reason: str
    place: Place | None
    hint: str


def unread(connection: Connection, names: Names) -> Iterator[Unread]:
    """Every document without a current reading, in the order of intake."""
    has_reading = select(col(Run.id)).where(col(Run.document_id) == col(Document.id), col(Run.is_current))
    rows = (
        select(col(Document.sha256), col(Document.status), col(Source.name))
        .join_from(Document, Source, col(Source.document_id) == col(Document.id))
        .where(~has_reading.exists())
        .order_by(col(Document.id), col(Source.ordinal))
    )
    sources: dict[tuple[str, str], list[str]] = {}
    for digest, status, source in connection.execute(rows):
        sources.setdefault((digest, status), []).append(source)
    reasons = {failure.document: failure.reason for failure in documents.failures(connection)}
    for (digest, status), told in sources.items():
        reason = reasons.get(digest, "waits to be read")
        yield Unread(digest, told[0], status in documents.UNREAD, reason, *names.place(told))


def renewed(connection: Connection) -> dict[str, tuple[str, ...]]:
    """For each document the later ones from an address of its own of which nothing was read."""
    again = select(col(Source.name)).group_by(col(Source.name)).having(func.count() > 1)
    rows = (
        select(col(Source.name), col(Document.sha256), col(Run.id))
        .join_from(Source, Document, col(Document.id) == col(Source.document_id))
        .outerjoin(Run, (col(Run.document_id) == col(Document.id)) & col(Run.is_current))
        .where(col(Source.name).in_(again))
        .order_by(col(Document.id))
    )
    earlier: dict[str, list[str]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for address, digest, run in connection.execute(rows):
        before = earlier.setdefault(address, [])
        if run is None:
            found.update({one: (*found.get(one, ()), digest) for one in before})
        before.append(digest)
    return found
