"""Columns that listed reports on the last whole night and do not now, and where they are listed instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.crawl.records import Sighting, TaskKind, VisitOutcome
from ingest.crawl.classify.link_rules import FURTHER, LISTED
from ingest.crawl.neighbours import is_sent_home
from ingest.crawl.reporting.list_evidence import OF_USE


def column_now(sightings: Sequence[Sighting], besides: Sequence[Sighting] = ()) -> str:
    """The page that lists most reports, empty if none does; it listed none among the sightings `besides`."""
    had = {one.address for one in _columns(besides)}
    new = [one for one in _columns(sightings) if one.address not in had]
    if not new:
        return ""
    best = max(new, key=lambda one: documents(one.shape))
    # The list that a script gets is named by the page that it belongs to.
    return best.referrer if best.address in _led_to(sightings, LISTED) else best.url


def moved(before: Sequence[Sighting], now: Sequence[Sighting]) -> Iterator[tuple[str, str]]:
    """The address of each column that is lost, and what became of it, by the visits of two whole nights."""
    seen = {one.address: one for one in now}
    listing = {one.address for one in _columns(now)}
    new, is_listed = column_now(now, before), bool(listing)
    for one in _columns(before):
        if one.address in listing:
            continue
        became = _became(seen.get(one.address))
        if new:
            yield one.url, f"{became}; reports are listed at {new} now: name it in start"
        elif not is_listed and one.address in seen:
            yield one.url, f"{became}, and no other page lists reports"


def documents(shape: Mapping[str, Any] | None) -> int:
    """How many reports and files a page of this makeup links to."""
    return int((shape or {}).get("reports", 0)) + int((shape or {}).get("files", 0))


def _columns(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Pages that list reports, but for the further pages of such lists."""
    further = _led_to(sightings, FURTHER)
    return [one for one in sightings if one.address not in further and _lists(one)]


def _lists(one: Sighting) -> bool:
    is_list = one.kind in (TaskKind.START, TaskKind.LIST) and one.outcome in OF_USE and not one.documents
    return is_list and documents(one.shape) > 0 and (one.kind is TaskKind.START or not is_sent_home(one))


def _led_to(sightings: Sequence[Sighting], why: str) -> set[str]:
    return {link.address for one in sightings for link in one.links if link.why == why}


def _became(now: Sighting | None) -> str:
    if now is None:
        return "nothing leads there any more"
    if is_sent_home(now):
        return f"it leads to the front page, {now.final_url}"
    if now.outcome in OF_USE:
        return "it lists no report any more"
    return now.reason if now.outcome is not VisitOutcome.UNLINKED else "nothing leads there any more"
