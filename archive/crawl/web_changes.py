"""What came, was replaced, vanished or is no longer linked on the web, as the sightings tell it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, insert, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from archive.crawl import rounds, sightings
from archive.crawl.address_secrets import without_secrets
from archive.crawl.records import SiteNight, TaskKind, VisitOutcome, WebChange
from archive.crawl.sightings import HeldDocument, StoredSighting
from archive.db.crawl_schema import CrawlTaskRow, SightingRow
from archive.db.text_values import timestamp

NEW, REPLACED, VANISHED, UNLINKED = KINDS = ("new", "replaced", "vanished", "unlinked")
ELSEWHERE = "the archive had it from elsewhere"
NO_LONGER_LINKED = "no page of the site links to it any more; it is still there"
_CAME = (VisitOutcome.NEW, VisitOutcome.DUPLICATE)
_OUTCOMES = {
    NEW: _CAME,
    REPLACED: (VisitOutcome.REPLACED,),
    VANISHED: (VisitOutcome.GONE,),
    UNLINKED: (VisitOutcome.UNLINKED,),
}
_FAILED = (VisitOutcome.ERROR, VisitOutcome.LOGIN)
_LISTINGS = (TaskKind.START, TaskKind.LIST)
_outcome = col(SightingRow.outcome)


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes: since a moment, in a round, of some sites, of some kinds; all of those not said."""

    since: datetime | None = None
    round: int | None = None
    sites: Collection[str] = ()
    kinds: Collection[str] = ()


def changes(connection: Connection, wanted: ChangeFilter) -> Iterator[WebChange]:
    """The wanted changes, oldest first; one a document."""
    found = sightings.stream(connection, round_=wanted.round, only=_condition(wanted))
    kinds = set(wanted.kinds or KINDS)
    for some in _parts(found):
        earlier = _earlier(connection, some)
        for stored in some:
            yield from (one for one in _told(stored, earlier) if one.kind in kinds)


def _condition(wanted: ChangeFilter) -> ColumnElement[bool]:
    # A replaced zip may have new members and have lost some.
    outcomes = {one for kind in wanted.kinds or KINDS for one in (*_OUTCOMES[kind], VisitOutcome.REPLACED)}
    told = and_(
        _outcome.in_(sorted(one.value for one in outcomes)),
        or_(_outcome != VisitOutcome.GONE.value, col(SightingRow.before_id).is_not(None)),
    )
    if wanted.sites:
        told = and_(told, col(SightingRow.site).in_(sorted(wanted.sites)))
    if wanted.since is not None:
        told = and_(told, col(SightingRow.at) >= timestamp(wanted.since))
    return told


def _parts(found: Iterator[StoredSighting]) -> Iterator[list[StoredSighting]]:
    some: list[StoredSighting] = []
    for stored in found:
        some.append(stored)
        if len(some) == sightings.ROWS_AT_ONCE:
            yield some
            some = []
    yield some


def _earlier(
    connection: Connection, some: Sequence[StoredSighting]
) -> dict[int, tuple[str, tuple[HeldDocument, ...]]]:
    """The sightings that changes refer to, by id: when, and their documents."""
    number, numbers = col(SightingRow.id), {one.row.before_id for one in some} - {None}
    times = connection.execute(select(number, col(SightingRow.at)).where(number.in_(numbers)))
    documents = sightings.documents_of(connection, numbers)
    return {one: (at, documents.get(one, ())) for one, at in times}


def _told(
    stored: StoredSighting, earlier: dict[int, tuple[str, tuple[HeldDocument, ...]]]
) -> Iterator[WebChange]:
    row, outcome = stored.row, VisitOutcome(stored.row.outcome)
    since, held = earlier.get(row.before_id, ("", ()))
    if outcome in _CAME:
        back = f"it was gone since {since[:10]}" if since else ""
        reason = _joined(row.reason, back, ELSEWHERE if outcome is VisitOutcome.DUPLICATE else "")
        yield from (_change(row, NEW, one, None, reason) for one in stored.documents)
    elif outcome is VisitOutcome.REPLACED:
        yield from _replaced(row, held, stored.documents)
    elif outcome is VisitOutcome.GONE:
        reason = row.reason or f"status {row.status}"
        yield from (_change(row, VANISHED, None, one, reason) for one in held)
    else:
        yield from (_change(row, UNLINKED, one, None, row.reason) for one in held)


def _replaced(
    row: Row[Any], before: Sequence[HeldDocument], now: Sequence[HeldDocument]
) -> Iterator[WebChange]:
    """Pair what came with what went: members of a zip by name, and the last two that are left."""
    came = [one for one in now if one.digest not in {held.digest for held in before}]
    went = [one for one in before if one.digest not in {held.digest for held in now}]
    pairs = {one.name: next((old for old in went if old.name == one.name), None) for one in came}
    left = [old for old in went if old not in pairs.values()]
    if len(left) == 1 and list(pairs.values()).count(None) == 1:
        pairs = {name: old or left[0] for name, old in pairs.items()}
        left = []
    for one in came:
        old = pairs[one.name]
        yield _change(row, REPLACED if old else NEW, one, old, row.reason)
    yield from (_change(row, VANISHED, None, old, row.reason) for old in left)


def _change(
    row: Row[Any], kind: str, document: HeldDocument | None, before: HeldDocument | None, reason: str
) -> WebChange:
    told = document or before
    shown = without_secrets(row.url)
    url = told.name if told and told.name.startswith(f"{shown}!") else shown
    digests = (document.digest if document else "", before.digest if before else "")
    return WebChange(row.at, row.site, kind, url, row.words or row.title, *digests, without_secrets(reason))


def _joined(*reasons: str) -> str:
    return "; ".join(reason for reason in reasons if reason)


def close_site(connection: Connection, night: SiteNight, now: datetime) -> SiteNight:
    """Keep how a round ended on a site, and tell of what it links to no more if the round saw all of it."""
    count = note_unlinked(connection, night, now) if night.state == rounds.COMPLETE else 0
    outcomes = dict(night.outcomes)
    if count:
        outcomes[VisitOutcome.UNLINKED] = outcomes.get(VisitOutcome.UNLINKED, 0) + count
    closed = replace(night, outcomes=outcomes)
    rounds.keep_night(connection, closed, now)
    return closed


def note_unlinked(connection: Connection, night: SiteNight, now: datetime) -> int:
    """Tell of known addresses that were there, though the site linked to none of them; of each once.

    Nothing is said of links that may stand on a page which could not be seen.
    """
    unseen = _unseen(connection, night)
    if unseen is None:
        return 0
    found = sightings.stream(connection, night.round, night.site, only=_unlinked(night))
    seen = [one for one in found if one.row.referrer not in unseen]
    if seen:
        connection.execute(insert(SightingRow), [_unlinked_row(one, now) for one in seen])
    return len(seen)


def _unseen(connection: Connection, night: SiteNight) -> set[str] | None:
    """The addresses that failed; None if a listing did, whose links may have moved to any other."""
    failed = _outcome.in_([one.value for one in _FAILED])
    rows = connection.execute(
        select(col(SightingRow.url), col(SightingRow.kind)).where(
            col(SightingRow.round_id) == night.round, col(SightingRow.site) == night.site, failed
        )
    ).all()
    return None if any(kind in _LISTINGS for _, kind in rows) else {url for url, _ in rows}


def _unlinked(night: SiteNight) -> ColumnElement[bool]:
    """Sightings of known addresses with documents to which no link was found since they were told of."""
    unlinked, linked = aliased(SightingRow), aliased(SightingRow)
    same = (col(unlinked.site) == col(SightingRow.site)) & (col(unlinked.address) == col(SightingRow.address))
    again = (col(linked.site) == col(unlinked.site)) & (col(linked.address) == col(unlinked.address))
    since = exists().where(again, col(linked.id) > col(unlinked.id), col(linked.linked))
    told = exists().where(same, col(unlinked.outcome) == VisitOutcome.UNLINKED.value, ~since)
    task = exists().where(
        col(CrawlTaskRow.round_id) == night.round,
        col(CrawlTaskRow.site) == night.site,
        col(CrawlTaskRow.address) == col(SightingRow.address),
        col(CrawlTaskRow.kind) == TaskKind.KNOWN.value,
        ~col(CrawlTaskRow.linked),
    )
    return and_(col(SightingRow.documents) > 0, task, ~told)


def _unlinked_row(stored: StoredSighting, now: datetime) -> dict[str, Any]:
    row = stored.row
    kept = ("round_id", "site", "address", "url", "kind", "depth", "why", "linked", "referrer", "words")
    texts = dict.fromkeys(("final_url", "media_type", "sha256", "title", "text_sha256", "tls"), "")
    return {
        **{name: getattr(row, name) for name in kept},
        **texts,
        "at": timestamp(now),
        "outcome": VisitOutcome.UNLINKED.value,
        "reason": NO_LONGER_LINKED,
        "status": None,
        "size": 0,
        "headers": {},
        "redirects": [],
        "shape": None,
        "links": [],
        "links_id": None,
        "documents": 0,
        "before_id": row.id,
    }
