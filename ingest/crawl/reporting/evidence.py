"""What a round says of a site, beside what was known of it before: counted, with one example each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import Robots, Sighting, SiteNight, TaskKind, VisitOutcome
from ingest.crawl.classify.link_rules import FURTHER
from ingest.crawl.transport.walls import WALL

# What a listing's makeup says of an earlier one, in words; empty if it is the same.
ShapeChanged = Callable[[Mapping[str, Any], Mapping[str, Any]], str]

BROUGHT = (VisitOutcome.NEW, VisitOutcome.DUPLICATE, VisitOutcome.REPLACED, VisitOutcome.SAME)
OF_USE = (*BROUGHT, VisitOutcome.UNMODIFIED, VisitOutcome.PAGE)
NO_REPORT = (VisitOutcome.PAGE, VisitOutcome.OTHER)
# In the reason of a visit that brought a document: a part of it could not be had.
LACKING = "missing"
# A year of nights: what a site gave in it, it is expected to give.
REMEMBERED = 366
ROUNDS_LOOKED_AT = 60
# From here on a host that is asked for robots.txt has trouble, and may not be visited (RFC 9309).
TROUBLE = 500


class VisitTally:
    """How often something was met, where first, and why; it only ever counts on."""

    def __init__(self) -> None:
        self.url = ""
        self.reasons: Counter[str] = Counter()

    def add(self, url: str, reason: str) -> None:
        """Count one more."""
        self.url = self.url or url
        self.reasons[reason] += 1

    @property
    def count(self) -> int:
        return self.reasons.total()

    @property
    def reason(self) -> str:
        """The reason given most often, the earlier one of two; empty if there is none."""
        return self.reasons.most_common(1)[0][0] if self.reasons else ""


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
    leaves: dict[str, set[str]] = {}
    seen: dict[str, Sighting] = {}
    for sighting in memory.history.sightings(round=round_, site=site):
        _count(found, memory, sighting)
        _look_for_blind_spots(found, sighting)
        seen[sighting.address] = sighting
        leaves[sighting.address] = {one.address for one in sighting.links if one.why == FURTHER}
        robots.hear(found, sighting, harmed)
        if sighting.tls and known_tls is not None and sighting.tls not in known_tls:
            found.tls.add(sighting.url, sighting.tls)
    robots.sum_up(found, harmed)
    _look_at_lists(found, seen, leaves)
    if last is not None:
        _compare_shapes(
            found, memory.history.shapes(last, site), memory.history.shapes(round_, site), shape_changed
        )
    for change in memory.history.changes(round=round_, sites=[site], kinds=["vanished"]):
        found.vanished.add(change.url, change.reason)
    return found


def _count(found: Evidence, memory: CrawlMemory, one: Sighting) -> None:
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
    elif one.outcome is VisitOutcome.LOGIN and _was_there(memory, one):
        found.login.add(one.url, one.reason)
    elif one.outcome is VisitOutcome.GONE and one.status == 200 and _was_there(memory, one):
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
    for kind, url, message in (one.shape or {}).get("blind", ()):
        found.blind.setdefault(kind, VisitTally()).add(url, message)


def _look_at_lists(found: Evidence, seen: Mapping[str, Sighting], leaves: Mapping[str, set[str]]) -> None:
    """Further pages that lead nowhere, and lists that declare more pages than there were."""
    for group in _lists(leaves):
        there = [seen[one] for one in sorted(group) if one in seen]
        had = [one for one in there if one.outcome in OF_USE]
        for one in there:
            if len(group) > 1 and one.outcome not in OF_USE and one.outcome is not VisitOutcome.UNLINKED:
                found.nowhere.add(one.url, one.reason)
        declared = max((int((one.shape or {}).get("pages_declared", 0)) for one in had), default=0)
        if len(had) < declared:
            found.short.add(had[0].url, f"{declared} pages declared, {len(had)} seen")


def _lists(leaves: Mapping[str, set[str]]) -> list[set[str]]:
    """The addresses of every list: a page, and the further pages that any of them leads to."""
    near: dict[str, set[str]] = {}
    for one, further in leaves.items():
        near.setdefault(one, set()).update(further)
        for leaf in further:
            near.setdefault(leaf, set()).add(one)
    lists, done = [], set[str]()
    for address in near:
        if address not in done:
            group, waiting = {address}, [address]
            while waiting:
                new = near[waiting.pop()] - group
                group |= new
                waiting.extend(new)
            done |= group
            # A page that has no further ones is a list only if it says so itself.
            lists.append(group)
    return lists


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
