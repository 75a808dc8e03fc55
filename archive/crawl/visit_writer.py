"""Keeping a visit: what became of it beside what its address stood for, and all its rows at once."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from archive.crawl import frontier, sightings
from archive.crawl.address_secrets import without_secrets
from archive.crawl.frontier import key
from archive.crawl.records import Original, Task, Visit, VisitOutcome
from archive.crawl.sightings import HeldDocument, StoredSighting
from archive.db.crawl_schema import SightingDocumentRow, SightingRow
from archive.db.job_queue import Priority
from archive.db.schema import DocumentRow
from archive.db.text_values import storable, timestamp
from archive.documents import documents
from archive.objects.base import ObjectStore


@dataclass(frozen=True, slots=True)
class EarlierVisits:
    """What was known of an address before a visit: its last answer of use, and what it stood for."""

    last: StoredSighting | None
    standing: StoredSighting | None

    @property
    def documents(self) -> tuple[HeldDocument, ...]:
        return self.standing.documents if self.standing else ()

    @property
    def content(self) -> int | None:
        """The sighting whose content holds if nothing was modified."""
        return self.last.content.id if self.last else None


@dataclass(frozen=True, slots=True)
class StoredOriginal:
    """An original whose bytes are in the object store."""

    source: str
    media_type: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class VisitJudgement:
    """What became of a visit: outcome, the documents that its address stands for, the row it refers to."""

    outcome: VisitOutcome
    documents: tuple[HeldDocument, ...]
    before: int | None


def look_up(connection: Connection, task: Task) -> EarlierVisits:
    """What is known of the address of a task."""
    last = sightings.last(connection, task.site, task.address)
    if last is not None and sightings.tells(last):
        return EarlierVisits(last, last)
    return EarlierVisits(last, sightings.standing(connection, task.site, task.address))


def is_same(visit: Visit, before: EarlierVisits) -> bool:
    """Whether a visit brought what its address stands for: its bytes, its documents or its printed text."""
    if not before.documents or before.standing is None:
        return False
    stood = before.standing.content
    if visit.text_sha256:
        same = visit.text_sha256 == stood.text_sha256
    else:
        same = bool(visit.sha256) and visit.sha256 == stood.sha256
    return same or _digests(visit.originals) == {held.digest for held in before.documents}


def put(objects: ObjectStore, originals: Sequence[Original]) -> list[StoredOriginal]:
    """Keep the bytes; nothing tells of them yet. Their sources are shown everywhere: without secrets."""
    return [
        StoredOriginal(
            key(without_secrets(one.source)), storable(one.media_type), *objects.put(io.BytesIO(one.body))
        )
        for one in originals
    ]


def store(
    connection: Connection,
    round_: int,
    task: Task,
    visit: Visit,
    before: EarlierVisits,
    kept: Sequence[StoredOriginal],
    now: datetime,
) -> tuple[int, list[Task]]:
    """All rows of a visit; give the id of its sighting and those of its links that are new tasks.

    Raises RuntimeError if the task does not wait.
    """
    linked = frontier.end(connection, round_, task)
    judged = _judge(connection, task, visit, before, kept, timestamp(now))
    links = [frontier.clean(link) for link in visit.links]
    if judged.outcome is VisitOutcome.UNMODIFIED and before.last is not None:
        links = list(sightings.links_of(before.last.linking))
    row = _row(round_, task, visit, judged, before, links) | {"linked": linked, "at": timestamp(now)}
    number = connection.execute(insert(SightingRow).returning(col(SightingRow.id)), row).scalar_one()
    if judged.documents:
        connection.execute(insert(SightingDocumentRow), document_rows(number, judged.documents))
    return number, frontier.plan(connection, round_, links)


def document_rows(sighting: int, held: Sequence[HeldDocument]) -> list[dict[str, object]]:
    """The rows of the documents of a sighting."""
    return [
        {"sighting_id": sighting, "ordinal": ordinal, "document_id": one.id, "name": one.name}
        for ordinal, one in enumerate(held)
    ]


def _judge(
    connection: Connection,
    task: Task,
    visit: Visit,
    before: EarlierVisits,
    kept: Sequence[StoredOriginal],
    at: str,
) -> VisitJudgement:
    stood = before.standing.row.id if before.standing else None
    if visit.outcome is VisitOutcome.UNMODIFIED:
        return VisitJudgement(
            VisitOutcome.UNMODIFIED, before.last.documents if before.last else (), before.content
        )
    if visit.outcome is VisitOutcome.GONE:
        return VisitJudgement(VisitOutcome.GONE, (), stood if before.documents else None)
    if visit.outcome not in (VisitOutcome.NEW, VisitOutcome.SAME):
        return VisitJudgement(visit.outcome, (), None)
    if visit.outcome is VisitOutcome.SAME or is_same(visit, before):
        return VisitJudgement(VisitOutcome.SAME, before.documents, stood)
    known = _known(connection, [one.digest for one in kept])
    held = _add(connection, kept, at)
    if before.documents:
        return VisitJudgement(VisitOutcome.REPLACED, held, stood)
    elsewhere = known - sightings.ever(connection, task.site, task.address)
    is_duplicate = elsewhere >= {one.digest for one in kept}
    back = sightings.vanished(connection, task.site, task.address) if stood else None
    return VisitJudgement(VisitOutcome.DUPLICATE if is_duplicate else VisitOutcome.NEW, held, back)


def _known(connection: Connection, digests: Sequence[str]) -> set[str]:
    digest = col(DocumentRow.sha256)
    return {
        found
        for some in range(0, len(digests), frontier.AT_ONCE)
        for found in connection.execute(
            select(digest).where(digest.in_(digests[some : some + frontier.AT_ONCE]))
        ).scalars()
    }


def _add(connection: Connection, kept: Sequence[StoredOriginal], at: str) -> tuple[HeldDocument, ...]:
    """Note the documents and their sources; bytes that came twice in one visit are one document."""
    held: dict[str, HeldDocument] = {}
    for one in kept:
        documents.add(connection, one.digest, one.size, one.media_type, one.source, at, Priority.CRAWL)
        number = documents.locked_id_of(connection, one.digest)
        held.setdefault(one.digest, HeldDocument(number, one.digest, one.source))
    return tuple(held.values())


def _row(
    round_: int,
    task: Task,
    visit: Visit,
    judged: VisitJudgement,
    before: EarlierVisits,
    links: Sequence[Task],
) -> dict[str, Any]:
    stored = [sightings.link_fields(link) for link in links]
    linking = before.last.linking if before.last else None
    as_before = linking is not None and bool(stored) and stored == linking.links
    return {
        "round_id": round_,
        **{name: getattr(task, name) for name in ("site", "address", "url", "depth", "why", "referrer")},
        **{name: storable(getattr(visit, name)) for name in _TEXTS},
        "words": task.title,
        "kind": task.kind.value,
        "outcome": judged.outcome.value,
        "status": visit.status,
        "size": visit.size,
        "headers": _storable(visit.headers),
        "redirects": _storable(visit.redirects),
        "shape": _storable(visit.shape),
        "links": None if as_before else stored,
        "links_id": linking.id if as_before and linking is not None else None,
        "documents": len(judged.documents),
        "before_id": judged.before,
    }


_TEXTS = ("reason", "final_url", "media_type", "sha256", "title", "text_sha256", "tls")


def _digests(originals: Sequence[Original]) -> set[str]:
    return {sha256(one.body).hexdigest() for one in originals}


def _storable(content: Any) -> Any:
    """Any content of JSON with its texts as every database can hold them."""
    if isinstance(content, str):
        return storable(content)
    if isinstance(content, Mapping):
        return {storable(str(name)): _storable(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [_storable(part) for part in content]
    return content
