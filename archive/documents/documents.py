"""Documents, where they came from, and the runs that read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile

from sqlalchemy import Connection, Insert, Select, func, insert, select, update
from sqlmodel import col

from archive.db import job_queue
from archive.db.engine import insert_or_ignore
from archive.db.job_queue import Priority
from archive.db.schema import FIRST_SOURCE, DocumentRow, RunRow, SourceRow
from archive.db.text_values import readable
from archive.documents import reading_writer
from archive.documents.records import DocumentFailure, IntakeReceipt, RunProvenance
from archive.index import page_index
from core.errors import UsageError

PENDING, ARCHIVED, FAILED, QUARANTINED = "pending", "archived", "failed", "quarantined"
# Kept, and read as a part of another document, or once gathered of others and no more: it answers nothing.
SET_ASIDE = "set_aside"
STATUSES = (PENDING, ARCHIVED, FAILED, QUARANTINED, SET_ASIDE)
# Given up, until somebody asks for another try.
UNREAD = FAILED, QUARANTINED
# What a run can come to besides: it ended the process that read the document.
DIED = "died"
# So many deaths in a row are enough, and as many more after each `retry`.
MOST_DEATHS = 3
MIN_PREFIX = 4
# A query with more parameters than this is slower than one that gives every row.
MOST_PARAMETERS = 500


def add(
    connection: Connection,
    digest: str,
    size: int,
    media_type: str,
    source: str,
    now: str,
    priority: Priority = Priority.INGEST,
) -> IntakeReceipt:
    """Note a document and its source, each if it is new; a new document waits to be read."""
    row = {"sha256": digest, "size": size, "media_type": media_type, "status": PENDING, "added": now}
    # Two writers may bring the same bytes at once: the first one's row stands, the second waits for it.
    added = insert_or_ignore(connection, DocumentRow).values(row).returning(col(DocumentRow.id))
    new_document = connection.execute(added).scalar() is not None
    document = locked_id_of(connection, digest)
    known = (
        connection.execute(select(col(SourceRow.name)).where(col(SourceRow.document_id) == document))
        .scalars()
        .all()
    )
    if source not in known:
        row = {"document_id": document, "ordinal": len(known), "name": source, "added": now}
        connection.execute(insert(SourceRow).values(row))
    if new_document:
        job_queue.add(connection, [digest], priority)
    return IntakeReceipt(digest, new_document, source not in known)


def pending(connection: Connection, only: Collection[str] | None) -> list[tuple[str, str, str]]:
    """Sha256, first source and media type of the documents that wait, or of the given ones, oldest first."""
    waiting = described().where(col(DocumentRow.status) == PENDING)
    if only is not None and len(only) <= MOST_PARAMETERS:
        waiting = waiting.where(col(DocumentRow.sha256).in_(only))
    found = connection.execute(waiting)
    return [(digest, source, kind) for digest, source, kind in found if only is None or digest in only]


def described() -> Select[str, str, str]:
    """The query for sha256, first source and media type of documents, oldest first."""
    return (
        select(col(DocumentRow.sha256), col(SourceRow.name), col(DocumentRow.media_type))
        .join_from(DocumentRow, SourceRow, FIRST_SOURCE)
        .order_by(col(DocumentRow.id))
    )


def begin_run(connection: Connection, digest: str, run: RunProvenance, outcome: str) -> int:
    """Add a run and set the status of its document; an archived run takes the place of the current one."""
    document = locked_id_of(connection, digest)
    if outcome == ARCHIVED:
        _supersede(connection, document)
    connection.execute(update(DocumentRow).where(col(DocumentRow.id) == document).values(status=outcome))
    job_queue.settle(connection, digest)
    return _inserted(connection, insert(RunRow).values(reading_writer.run_row(document, run, outcome)))


def record_death(
    connection: Connection, digest: str, run: RunProvenance, stage: str, reason: str, code: str
) -> str:
    """Add a run that ended its process; give what the document is from now on.

    Every third death in a row quarantines it. Otherwise its status stays: one that waits
    is tried again, a reading that it has still answers.
    """
    document = locked_id_of(connection, digest)
    number = _inserted(connection, insert(RunRow).values(reading_writer.run_row(document, run, DIED)))
    record_failure(connection, number, stage, reason, code)
    if _deaths_in_a_row(connection, document) % MOST_DEATHS == 0:
        quarantined = update(DocumentRow).where(col(DocumentRow.id) == document).values(status=QUARANTINED)
        connection.execute(quarantined)
        job_queue.settle(connection, digest)
    return connection.execute(
        select(col(DocumentRow.status)).where(col(DocumentRow.id) == document)
    ).scalar_one()


def _deaths_in_a_row(connection: Connection, document: int) -> int:
    """How many of the last runs of a document died, with nothing else between."""
    runs = select(col(RunRow.outcome)).where(col(RunRow.document_id) == document)
    outcomes = connection.execute(runs.order_by(col(RunRow.id).desc())).scalars()
    return sum(1 for _ in takewhile(lambda outcome: outcome == DIED, outcomes))


def record_failure(connection: Connection, run: int, stage: str, reason: str, code: str) -> None:
    """Say why a run failed."""
    why = {"stage": stage, "reason": reason, "code": code}
    connection.execute(update(RunRow).where(col(RunRow.id) == run).values(why))


def retry(connection: Connection, digests: Sequence[str] | None) -> int:
    """Set failed and quarantined documents to pending, all or the given ones; give how many there were."""
    again = update(DocumentRow).where(col(DocumentRow.status).in_(UNREAD)).values(status=PENDING)
    if digests is None:
        count = connection.execute(again).rowcount
    else:
        # In one order, so that two that do the same do not wait for each other.
        ordered = sorted(set(digests))
        count = sum(
            connection.execute(again.where(col(DocumentRow.sha256) == one)).rowcount for one in ordered
        )
    job_queue.add(connection, digests, Priority.RETRY)
    return count


def failures(connection: Connection, digest: str | None = None) -> list[DocumentFailure]:
    """The last failure of each failed or quarantined document, oldest first, or of the one given."""
    last = (
        select(func.max(col(RunRow.id)).label("id"), func.count().label("attempts"))
        .where(col(RunRow.outcome).in_((FAILED, DIED)))
        .group_by(col(RunRow.document_id))
        .subquery()
    )
    failed = (
        select(
            col(DocumentRow.sha256),
            col(SourceRow.name),
            col(RunRow.stage),
            col(RunRow.code),
            col(RunRow.reason),
            col(RunRow.finished),
            col(DocumentRow.status),
            last.c.attempts,
        )
        .join_from(DocumentRow, SourceRow, FIRST_SOURCE)
        .join(RunRow, col(RunRow.document_id) == col(DocumentRow.id))
        .join(last, last.c.id == col(RunRow.id))
        .where(col(DocumentRow.status).in_(UNREAD))
        .order_by(col(DocumentRow.id))
    )
    if digest is not None:
        failed = failed.where(col(DocumentRow.sha256) == digest)
    return [DocumentFailure(*row) for row in connection.execute(failed)]


def sources(connection: Connection, document: int) -> tuple[str, ...]:
    """All paths and URLs that brought a document, first one first."""
    named = select(col(SourceRow.name)).where(col(SourceRow.document_id) == document)
    return tuple(connection.execute(named.order_by(col(SourceRow.ordinal))).scalars())


def count_runs(connection: Connection, document: int) -> int:
    """How many attempts were made at a document."""
    runs = select(func.count()).where(col(RunRow.document_id) == document)
    return connection.execute(runs).scalar_one()


def find(connection: Connection, name: str) -> str:
    """The sha256 of the one document with this hash prefix, source or file name.

    Raises UsageError if there is none, or several (naming them).
    """
    found = connection.execute(_matching(readable(name))).all()
    if len(found) == 1:
        return str(found[0].sha256)
    if not found:
        raise UsageError(
            f"no document {name!r}: give a hash prefix of at least {MIN_PREFIX}, a source or a file name"
        )
    listed = "; ".join(f"{row.sha256[:12]} {row.name}" for row in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    raise UsageError(f"{name!r} names {len(found)} documents: {listed}{more}")


def find_report(connection: Connection, name: str) -> tuple[str, int | None]:
    """The sha256 that a name means, and the part where it names one: `NAME:2` is the second report in NAME.

    Raises UsageError as `find` does.
    """
    whole, sign, part = name.rpartition(":")
    if sign and part.isdecimal() and not connection.execute(_matching(readable(name))).first():
        return find(connection, whole), int(part)
    return find(connection, name), None


def _matching(name: str) -> Select[str, str]:
    """Documents by the surest kind of name: a hash prefix, a whole source, the end of a source."""
    hexadecimal = len(name) >= MIN_PREFIX and set(name.lower()) <= set("0123456789abcdef")
    source = col(SourceRow.name)
    conditions = (
        (source == name)
        | source.endswith(f"/{name}", autoescape=True)
        | source.endswith(f"!{name}", autoescape=True)
    )
    if hexadecimal:
        conditions |= col(DocumentRow.sha256).startswith(name.lower())
    return (
        select(col(DocumentRow.sha256), func.min(source).label("name"))
        .join_from(DocumentRow, SourceRow, col(SourceRow.document_id) == col(DocumentRow.id))
        .where(conditions)
        .group_by(col(DocumentRow.id), col(DocumentRow.sha256))
        .order_by(col(DocumentRow.id))
    )


def _supersede(connection: Connection, document: int) -> None:
    current = (col(RunRow.document_id) == document) & col(RunRow.is_current)
    for run in connection.execute(select(col(RunRow.id)).where(current)).scalars().all():
        page_index.remove(connection, run)
        connection.execute(update(RunRow).where(col(RunRow.id) == run).values(is_current=False))


def set_aside(connection: Connection, digest: str) -> None:
    """Let a document answer no more; its runs stay."""
    _supersede(connection, locked_id_of(connection, digest))
    set_status(connection, digest, SET_ASIDE)
    job_queue.settle(connection, digest)


def set_status(connection: Connection, digest: str, status: str) -> None:
    """Set what a document is."""
    own = update(DocumentRow).where(col(DocumentRow.sha256) == digest)
    connection.execute(own.values(status=status))


def id_of(connection: Connection, digest: str) -> int:
    """The id of a document. Raises UsageError if there is none."""
    return _found(digest, connection.execute(_id(digest)).scalar())


def is_pending(connection: Connection, digest: str) -> bool:
    """Whether a document waits to be read."""
    return has_status(connection, digest, PENDING)


def has_status(connection: Connection, digest: str, status: str) -> bool:
    """Whether a document is this at the moment."""
    held = _id(digest).where(col(DocumentRow.status) == status)
    return connection.execute(held).scalar() is not None


def still_waits(connection: Connection, digest: str) -> bool:
    """Whether a document waits, and nobody else changes that until the transaction ends."""
    locked_id_of(connection, digest)
    return is_pending(connection, digest)


def locked_id_of(connection: Connection, digest: str) -> int:
    """The id of a document that nobody else changes until the transaction ends."""
    return _found(digest, connection.execute(_id(digest).with_for_update()).scalar())


def _id(digest: str) -> Select[int]:
    return select(col(DocumentRow.id)).where(col(DocumentRow.sha256) == digest)


def _found(digest: str, number: int | None) -> int:
    if number is None:
        raise UsageError(f"no document {digest} in this archive")
    return number


def _inserted(connection: Connection, statement: Insert) -> int:
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])
