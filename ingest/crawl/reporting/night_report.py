"""The night's summary: what a round found on each site, its alarms, and where to look next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from archive.crawl.memory import CrawlMemory
from archive.crawl.records import Alarm, Outcome, Round, Severity, SiteNight
from archive.crawl.web_changes import KINDS, NEW, REPLACED, VANISHED
from console.views import crawl
from console.views.documents import grid
from core.dataclass_tools import as_object
from ingest.crawl.reporting.alarms import visits

UNCHANGED = (Outcome.SAME, Outcome.UNMODIFIED)
MEGABYTE = 1 << 20
NARROWEST_NAME = 14


@dataclass(frozen=True, slots=True)
class SiteReport:
    """How a round went on a site; `changes` counts documents by kind of change."""

    night: SiteNight
    changes: dict[str, int]

    @property
    def unchanged(self) -> int:
        return sum(self.night.outcomes.get(one, 0) for one in UNCHANGED)

    @property
    def errors(self) -> int:
        return self.night.outcomes.get(Outcome.ERROR, 0)


@dataclass(frozen=True, slots=True)
class NightReport:
    """A round, its sites by name, and its alarms, most severe first."""

    round: Round
    sites: tuple[SiteReport, ...]
    alarms: tuple[Alarm, ...]


def of_round(memory: CrawlMemory, round_: int) -> NightReport:
    """The summary of a round that is closed."""
    changed: dict[str, Counter[str]] = {}
    for change in memory.changes(round=round_):
        changed.setdefault(change.site, Counter())[change.kind] += 1
    sites = tuple(
        SiteReport(night, {kind: changed.get(night.site, Counter())[kind] for kind in KINDS})
        for night in memory.nights(round_)
    )
    return NightReport(memory.round(round_), sites, tuple(memory.alarms(round_)))


def is_well(report: NightReport) -> bool:
    """Whether nobody has to look: the round is complete, and no alarm is more than a remark."""
    grave = [alarm for alarm in report.alarms if alarm.severity is not Severity.INFO]
    return report.round.state == "complete" and not grave


def as_json(report: NightReport) -> dict[str, Any]:
    """The summary as an object for programs; `visited` counts addresses, the changes documents."""
    return {
        "round": as_object(report.round),
        "well": is_well(report),
        "sites": [_site_object(site) for site in report.sites],
        "alarms": [as_object(alarm) for alarm in report.alarms],
    }


def _site_object(site: SiteReport) -> dict[str, Any]:
    night = site.night
    return {
        "site": night.site,
        "state": night.state,
        "reason": night.reason,
        "visited": visits(night),
        **site.changes,
        "unchanged": site.unchanged,
        "errors": site.errors,
        "outcomes": dict(night.outcomes),
        "documents": night.documents,
        "reports": night.reports,
        "bytes": night.bytes,
        "seconds": night.seconds,
    }


def shown(report: NightReport) -> Iterator[RenderableType]:
    """The summary for people: a line a site, the alarms, and commands to go on with."""
    told = report.round
    times = f"{told.started} to {told.ended}" if told.ended else f"since {told.started}"
    yield Text(f"round {told.id}, {times}: {crawl.state(told.state, told.reason)}", style="bold")
    if report.sites:
        yield _table(report.sites)
    yield Text(f"\n{_counted(report.alarms)}", style="bold")
    yield from crawl.alarms(report.alarms)
    yield Text("")
    yield from (Text(line) for line in _next(report))


def _table(sites: Sequence[SiteReport]) -> Table:
    names = ("visited", "new", "replaced", "gone", "same", "errors", "MB")
    table = grid(("site", *names, "state"), (_line(site) for site in sites))
    for column in table.columns[1 : 1 + len(names)]:
        column.justify, column.no_wrap = "right", True
    table.columns[0].min_width, table.columns[-1].no_wrap = NARROWEST_NAME, True
    table.pad_edge, table.padding = False, (0, 1, 0, 0)
    return table


def _line(site: SiteReport) -> list[object]:
    night, changes = site.night, site.changes
    counts = (visits(night), changes[NEW], changes[REPLACED], changes[VANISHED])
    numbers = [f"{count:,}" if count else "·" for count in (*counts, site.unchanged, site.errors)]
    state = Text(night.state, style="" if night.state == "complete" else "yellow")
    return [night.site, *numbers, f"{night.bytes / MEGABYTE:,.1f}", state]


def _counted(alarms: Sequence[Alarm]) -> str:
    counts = Counter(alarm.severity for alarm in alarms)
    words = [f"{counts[severity]} {severity}" for severity in Severity if counts[severity]]
    return f"alarms: {', '.join(words)}" if words else "no alarms"


def _next(report: NightReport) -> Iterator[str]:
    if any(count for site in report.sites for count in site.changes.values()):
        yield f"what changed:        guidang changes --since {report.round.started}"
    yield "what was not read:   guidang failures"
    if report.round.state != "complete":
        yield "what was not visited waits for the next round"
