"""What a round says of a site, beside what was known of it before: counted, with one example each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import Robots, Sighting, SiteNight, TaskKind, VisitOutcome
from ingest.crawl.reporting.list_evidence import BROUGHT, OF_USE, VisitTally, look_at_columns, look_at_lists
from ingest.crawl.reporting.moved_columns import column_now, moved
from ingest.crawl.transport.walls import WALL

# What a listing's makeup says of an earlier one, in words; empty if it is the same.
ShapeChanged = Callable[[Mapping[str, Any], Mapping[str, Any]], str]

NO_REPORT = (VisitOutcome.PAGE, VisitOutcome.OTHER)
# In the reason of a visit that brought a document: a part of it could not be had.
LACKING = "missing"
# A year of nights: what a site gave in it, it is expected to give.
REMEMBERED = 366
ROUNDS_LOOKED_AT = 60
# From here on a host that is asked for robots.txt has trouble, and may not be visited (RFC 9309).
TROUBLE = 500


@dataclass(frozen=True, slots=True)
class Evidence:
    """What alarms are raised from; `night` is None for a site that the round did not come to.

    `before` are the complete nights before, latest first, `unseen` the rounds in
    a row, this one among them, that did not see all of the site. `gone` are pages that
    say "not found" with status 200, `lost` pages without a report, `login` pages that ask
    for a password, each where a page or a report was, `shut` both where nothing ever was;
    `walls` are answers of walls against programs, `bare` links to reports that led to a page with neither
    a report nor an attachment, `nowhere` further pages of lists that could not be had, `short` lists
    that declare more pages than were seen, `blind` what else may hide reports, by kind of alarm.
    `moved` are columns that listed reports on the last whole night, `column` is where they are listed now.
    `refused` is what robots.txt
    allowed before, `tls` trouble that the last complete night did not have.
    """

    round: int
    site: str
    night: SiteNight | None
    before: Sequence[SiteNight] = ()
    unseen: int = 0
    starts: VisitTally = field(default_factory=VisitTally)
    failed_starts: VisitTally = field(default_factory=VisitTally)
    errors: VisitTally = field(default_factory=VisitTally)
    login: VisitTally = field(default_factory=VisitTally)
    gone: VisitTally = field(default_factory=VisitTally)
    shut: VisitTally = field(default_factory=VisitTally)
    lost: VisitTally = field(default_factory=VisitTally)
    vanished: VisitTally = field(default_factory=VisitTally)
    tls: VisitTally = field(default_factory=VisitTally)
    lacking: VisitTally = field(default_factory=VisitTally)
    shapes: VisitTally = field(default_factory=VisitTally)
    refused: VisitTally = field(default_factory=VisitTally)
    robots_down: VisitTally = field(default_factory=VisitTally)
    robots_changed: VisitTally = field(default_factory=VisitTally)
    walls: VisitTally = field(default_factory=VisitTally)
    bare: VisitTally = field(default_factory=VisitTally)
    nowhere: VisitTally = field(default_factory=VisitTally)
    short: VisitTally = field(default_factory=VisitTally)
    blind: dict[str, VisitTally] = field(default_factory=dict)
    moved: VisitTally = field(default_factory=VisitTally)
    column: VisitTally = field(default_factory=VisitTally)

    @property
    def hiding(self) -> dict[str, VisitTally]:
        """What may hide reports, by kind of alarm."""
        lists = {"broken_page": self.nowhere, "short_list": self.short}
        return {"wall": self.walls, "no_attachment": self.bare} | lists | self.blind


def site_evidence(
    memory: CrawlMemory,
    round_: int,
    site: str,
    night: SiteNight | None,
    shape_changed: ShapeChanged,
    robots: RobotsHistory,
) -> Evidence:
    """Read all that the memory has for the alarms of one site."""
    before = memory.history.site_nights(site, round_, limit=REMEMBERED)
    found = Evidence(round_, site, night, before, _unseen(memory, round_, site))
    last = before[0].round if before else None
    harmed: dict[str, bool] = {}
    known_tls = _tls(memory, last, site) if last is not None else None
    seen = list(memory.history.sightings(round=round_, site=site))
    tally(found, seen, partial(_was_there, memory))
    for sighting in seen:
        robots.hear(found, sighting, harmed)
        if sighting.tls and known_tls is not None and sighting.tls not in known_tls:
            found.tls.add(sighting.url, sighting.tls)
    robots.sum_up(found, harmed)
    if last is not None and night is not None and night.state == "complete":
        for url, became in moved(list(memory.history.sightings(round=last, site=site)), seen):
            found.moved.add(url, became)
    if last is not None:
        _compare_shapes(
            found, memory.history.shapes(last, site), memory.history.shapes(round_, site), shape_changed
        )
    for change in memory.history.changes(round=round_, sites=[site], kinds=["vanished"]):
        found.vanished.add(change.url, change.reason)
    return found


def tally(found: Evidence, sightings: Sequence[Sighting], was_there: Callable[[Sighting], bool]) -> None:
    """Count what the visits of one night tell; `was_there` says whether an address gave something before."""
    for one in sightings:
        _count(found, was_there, one)
        _look_for_blind_spots(found, one)
    if column := column_now(sightings):
        found.column.add(column, "")
    look_at_lists(found.nowhere, found.short, sightings)
    look_at_columns(found.blind.setdefault("unread_list", VisitTally()), sightings)


def _count(found: Evidence, was_there: Callable[[Sighting], bool], one: Sighting) -> None:
    if one.kind is TaskKind.START and one.outcome is not VisitOutcome.UNLINKED:
        found.starts.add(one.url, "")
        if one.outcome not in OF_USE:
            found.failed_starts.add(one.url, one.reason or _status(one))
    if one.outcome is VisitOutcome.ERROR:
        found.errors.add(one.url, one.reason)
    elif one.outcome in BROUGHT and LACKING in one.reason:
        found.lacking.add(one.url, one.reason)
    elif one.outcome in NO_REPORT and one.kind is TaskKind.KNOWN and not one.documents:
        found.lost.add(one.url, one.reason or one.title)
    elif one.outcome is VisitOutcome.LOGIN and was_there(one):
        found.login.add(one.url, one.reason)
    elif one.outcome is VisitOutcome.GONE and one.status == 200 and was_there(one):
        found.gone.add(one.url, one.reason)
    elif one.kind in (TaskKind.REPORT, TaskKind.FILE) and _is_no_report(one):
        found.shut.add(one.url, one.reason)


def _look_for_blind_spots(found: Evidence, one: Sighting) -> None:
    """What a page, or the want of one, may hide."""
    if one.outcome is VisitOutcome.ERROR and WALL in one.reason:
        found.walls.add(one.url, one.reason)
    leads_on = any(link.kind in (TaskKind.REPORT, TaskKind.FILE, TaskKind.LIST) for link in one.links)
    is_page = one.outcome in (VisitOutcome.PAGE, VisitOutcome.UNMODIFIED, VisitOutcome.OTHER)
    if one.kind is TaskKind.REPORT and is_page and not one.documents and not leads_on:
        found.bare.add(one.url, one.title)
    for kind, url, message, *start in (one.shape or {}).get("blind", ()):
        told = found.blind.setdefault(kind, VisitTally())
        told.add(url, message)
        # Sightings of before this was kept say no more than the message.
        told.starts |= {url: start[0]} if start and start[0] else {}


def _is_no_report(one: Sighting) -> bool:
    """Whether a link to a report led to a page that looks well and is something else."""
    return one.outcome is VisitOutcome.LOGIN or (one.outcome is VisitOutcome.GONE and one.status == 200)


def _was_there(memory: CrawlMemory, one: Sighting) -> bool:
    """Whether an address gave a page or a document when it was last of use."""
    if one.kind is TaskKind.KNOWN:
        return True
    before = memory.before(one)
    return before is not None and before.outcome is not VisitOutcome.GONE


def _status(one: Sighting) -> str:
    return f"{one.outcome}, status {one.status}" if one.status else str(one.outcome)


def _tls(memory: CrawlMemory, round_: int, site: str) -> set[str]:
    return {one.tls for one in memory.history.sightings(round=round_, site=site) if one.tls}


def _compare_shapes(
    found: Evidence,
    before: Mapping[str, Mapping[str, Any]],
    now: Mapping[str, Mapping[str, Any]],
    shape_changed: ShapeChanged,
) -> None:
    for address, shape in now.items():
        if address in before and (words := shape_changed(before[address], shape)):
            found.shapes.add(address, words)


def _unseen(memory: CrawlMemory, round_: int, site: str) -> int:
    """How many rounds up to this one, in a row, did not see all of a site that an earlier one came to."""
    nights = memory.history.site_nights(site, round_ + 1, limit=ROUNDS_LOOKED_AT, states=())
    if not nights:
        return 0
    complete = next((one.round for one in nights if one.state == "complete"), nights[-1].round - 1)
    return sum(1 for one in memory.history.rounds(ROUNDS_LOOKED_AT) if complete < one.id <= round_)


class RobotsHistory:
    """What hosts say in robots.txt to a user agent, and said before."""

    def __init__(self, answers: Iterable[tuple[Robots, Robots | None]], agent: str) -> None:
        self._answers = {now.host: (now, before) for now, before in answers}
        self._agent = agent

    def hear(self, found: Evidence, sighting: Sighting, harmed: dict[str, bool]) -> None:
        """Note in `harmed` the host of a sighting, and whether it now refuses what it allowed before."""
        parts = urlsplit(sighting.url)
        host = next((name for name in (parts.netloc, parts.hostname or "") if name in self._answers), None)
        if host is None:
            return
        refused = sighting.outcome is VisitOutcome.REFUSED and self._forbids_now(host, sighting.url)
        harmed[host] = harmed.get(host, False) or refused
        if refused:
            found.refused.add(sighting.url, sighting.reason)

    def sum_up(self, found: Evidence, harmed: Mapping[str, bool]) -> None:
        """Tell of the hosts that were met: those in trouble, and those whose rules changed without harm."""
        for host, harm in harmed.items():
            now, before = self._answers[host]
            if _is_down(now):
                found.robots_down.add(host, now.reason or f"status {now.status}")
            elif before is not None and before.text != now.text and not harm:
                found.robots_changed.add(host, "")

    def _forbids_now(self, host: str, url: str) -> bool:
        now, before = self._answers[host]
        if before is None or _is_down(now):
            return False
        return self._allows(before, url) and not self._allows(now, url)

    def _allows(self, robots: Robots, url: str) -> bool:
        return bool(Protego.parse(robots.text).can_fetch(url, self._agent))


def _is_down(robots: Robots) -> bool:
    return robots.status is None or robots.status >= TROUBLE
