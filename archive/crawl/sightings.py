"""Sightings as they are stored: what an address gave, what it stands for, and all of them in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select
from sqlmodel import SQLModel, col

from archive.crawl.records import Sighting, Task, TaskKind, VisitOutcome
from archive.db.crawl_schema import SightingDocumentRow, SightingRow
from archive.db.schema import DocumentRow

# Outcomes of a visit that had an answer of use.
OF_USE = (
    *(VisitOutcome.NEW, VisitOutcome.DUPLICATE, VisitOutcome.REPLACED, VisitOutcome.SAME),
    *(VisitOutcome.UNMODIFIED, VisitOutcome.PAGE, VisitOutcome.GONE),
)
ROWS_AT_ONCE = 500
AGAIN = "known"
_id, _site, _address = col(SightingRow.id), col(SightingRow.site), col(SightingRow.address)
_outcome, _documents = col(SightingRow.outcome), col(SightingRow.documents)
# The columns of the table itself: SQLAlchemy is slow to find those of a class again in each result.
_EVERY = select(*SQLModel.metadata.tables["sighting"].c)
# A sighting that says what an address stands for: documents, or nothing more.
TELLS = or_(_documents > 0, _outcome == VisitOutcome.GONE.value)


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document that an address stands for: its id, its sha256 and its source."""

    id: int
    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class StoredSighting:
    """A row with its documents, the row whose content holds for it and the one that has its links.

    Both are the row itself, unless nothing was new.
    """

    row: Row[Any]
    documents: tuple[HeldDocument, ...]
    content: Row[Any]
    linking: Row[Any]

    @property
    def sighting(self) -> Sighting:
        return _sighting(self)


def last(connection: Connection, site: str, address: str) -> StoredSighting | None:
    """The last sighting of an address that had an answer of use."""
    return _latest(connection, site, address, _outcome.in_([one.value for one in OF_USE]))


def standing(connection: Connection, site: str, address: str) -> StoredSighting | None:
    """The sighting that says what an address stands for; without documents, it is gone."""
    return _latest(connection, site, address, TELLS)


def tells(stored: StoredSighting) -> bool:
    """Whether a sighting says what its address stands for."""
    return bool(stored.documents) or stored.row.outcome == VisitOutcome.GONE.value


def before(connection: Connection, sighting: Sighting) -> StoredSighting | None:
    """The last sighting of an address before another one that had an answer of use."""
    of_use = _outcome.in_([one.value for one in OF_USE])
    return _latest(connection, sighting.site, sighting.address, of_use & (sighting.id > _id))


def of_number(connection: Connection, number: int) -> Sighting:
    """A sighting that is there."""
    row = connection.execute(_EVERY.where(_id == number)).one()
    return next(complete(connection, [row])).sighting


def vanished(connection: Connection, site: str, address: str) -> int | None:
    """The sighting in which an address last lost its documents."""
    lost = (_outcome == VisitOutcome.GONE.value) & col(SightingRow.before_id).is_not(None)
    return connection.execute(select(func.max(_id)).where(_site == site, _address == address, lost)).scalar()


def ever(connection: Connection, site: str, address: str) -> set[str]:
    """The sha256 of all documents that an address ever stood for."""
    seen = (
        select(col(DocumentRow.sha256))
        .join(SightingDocumentRow, col(SightingDocumentRow.document_id) == col(DocumentRow.id))
        .join(SightingRow, col(SightingDocumentRow.sighting_id) == _id)
        .where(_site == site, _address == address, _documents > 0)
    )
    return set(connection.execute(seen.distinct()).scalars())


def standing_now(site: str) -> Select[*tuple[Any, ...]]:
    """The query for the sightings that say what each address of a site stands for now, if it does."""
    latest = select(func.max(_id)).where(_site == site, TELLS).group_by(_address)
    return _EVERY.where(_id.in_(latest), _documents > 0).order_by(_id)


def known(connection: Connection, site: str) -> list[Task]:
    """A task for every address of a site that stands for a document, in the order they were last seen."""
    return [_again(row) for row in connection.execute(standing_now(site))]


def count_documents(connection: Connection, site: str) -> int:
    """How many documents the addresses of a site stand for; one that several stand for counts once."""
    wanted = standing_now(site).order_by(None).with_only_columns(_id)
    counted = select(func.count(col(SightingDocumentRow.document_id).distinct()))
    return connection.execute(counted.where(col(SightingDocumentRow.sighting_id).in_(wanted))).scalar_one()


def count(connection: Connection) -> int:
    """How many sightings there are."""
    return connection.execute(select(func.count()).select_from(SightingRow)).scalar_one()


def stream(
    connection: Connection,
    round_: int | None = None,
    site: str | None = None,
    address: str | None = None,
    only: ColumnElement[bool] | None = None,
) -> Iterator[StoredSighting]:
    """The wanted sightings in the order they were made, with what they refer to."""
    wanted = _EVERY.order_by(_id)
    pairs = ((col(SightingRow.round_id), round_), (_site, site), (_address, address))
    wanted = wanted.where(*(column == value for column, value in pairs if value is not None))
    if only is not None:
        wanted = wanted.where(only)
    rows = connection.execute(wanted.execution_options(yield_per=ROWS_AT_ONCE))
    for some in rows.partitions():
        yield from complete(connection, some)


def complete(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[StoredSighting]:
    """Rows with their documents and the content that holds for them; a few hundred at most."""
    there = {row.id: row for row in rows}
    wanted = {row.links_id for row in rows} | {row.before_id for row in rows if _is_unmodified(row)}
    wanted -= {None} | there.keys()
    for row in connection.execute(_EVERY.where(_id.in_(wanted))) if wanted else ():
        there[row.id] = row
    documents = documents_of(connection, [row.id for row in rows if row.documents])
    for row in rows:
        content = there.get(row.before_id, row) if _is_unmodified(row) else row
        yield StoredSighting(row, documents.get(row.id, ()), content, there.get(row.links_id, row))


def _is_unmodified(row: Row[Any]) -> bool:
    return bool(row.outcome == VisitOutcome.UNMODIFIED.value)


def documents_of(connection: Connection, sightings: Iterable[int]) -> dict[int, tuple[HeldDocument, ...]]:
    """The documents of some hundred sightings, by the id of the sighting."""
    numbers = list(sightings)
    if not numbers:
        return {}
    sighting, ordinal = col(SightingDocumentRow.sighting_id), col(SightingDocumentRow.ordinal)
    held = (
        select(sighting, col(DocumentRow.id), col(DocumentRow.sha256), col(SightingDocumentRow.name))
        .join_from(
            SightingDocumentRow, DocumentRow, col(SightingDocumentRow.document_id) == col(DocumentRow.id)
        )
        .where(sighting.in_(numbers))
        .order_by(sighting, ordinal)
    )
    found: dict[int, tuple[HeldDocument, ...]] = defaultdict(tuple)
    for number, document, digest, name in connection.execute(held):
        found[number] += (HeldDocument(document, digest, name),)
    return found


def _latest(
    connection: Connection, site: str, address: str, condition: ColumnElement[bool]
) -> StoredSighting | None:
    chosen = _EVERY.where(_site == site, _address == address, condition)
    rows = connection.execute(chosen.order_by(_id.desc()).limit(1)).all()
    return next(complete(connection, rows), None)


def links_of(row: Row[Any]) -> tuple[Task, ...]:
    """The links of the row that holds them; they never leave the site."""
    return tuple(
        Task(row.site, address, url, TaskKind(kind), depth, referrer, title, why)
        for address, url, kind, depth, referrer, title, why in row.links or ()
    )


def link_fields(task: Task) -> list[Any]:
    """A link as `links_of` reads it."""
    return [
        *(task.address, task.url, task.kind.value, task.depth),
        *(task.referrer, task.title, task.why),
    ]


def _sighting(stored: StoredSighting) -> Sighting:
    row, told = stored.row, stored.content
    return Sighting(
        id=row.id,
        round=row.round_id,
        site=row.site,
        address=row.address,
        url=row.url,
        kind=TaskKind(row.kind),
        at=row.at,
        outcome=VisitOutcome(row.outcome),
        reason=row.reason,
        status=row.status,
        final_url=row.final_url,
        media_type=told.media_type,
        sha256=told.sha256,
        size=row.size,
        headers=row.headers,
        referrer=row.referrer,
        title=row.title or told.title or row.words,
        redirects=tuple((status, address) for status, address in row.redirects),
        text_sha256=told.text_sha256,
        tls=row.tls,
        shape=told.shape,
        links=links_of(stored.linking),
        documents=tuple(held.digest for held in stored.documents),
    )


def still_holding(stored: StoredSighting) -> Sighting:
    """A sighting with the headers of the content that still holds, to ask for changes of it."""
    return replace(stored.sighting, headers=stored.content.headers)


def _again(row: Row[Any]) -> Task:
    return Task(row.site, row.address, row.url, TaskKind.KNOWN, row.depth, row.referrer, row.words, AGAIN)
