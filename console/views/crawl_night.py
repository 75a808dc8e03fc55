"""The summary of a night: a line a site, the alarms, what was read, and commands to go on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from archive.crawl.records import Alarm, Severity
from archive.crawl.web_changes import NEW, REPLACED, VANISHED
from console.views.base import grid
from console.views.crawl import alarms, state
from ingest.crawl.config import MEGABYTE
from ingest.crawl.nightly import NightSummary
from ingest.crawl.reporting.alarms import visits
from ingest.crawl.reporting.night_report import NightReport, SiteReport

NARROWEST_NAME = 14


def summary(night: NightSummary) -> Iterator[RenderableType]:
    """A night: its round, and what was read afterwards."""
    yield from round_summary(night.report)
    if night.read:
        yield "read:                " + ", ".join(
            f"{night.read[one]} {one}" for one in ("archived", "failed", "quarantined")
        )


def round_summary(report: NightReport) -> Iterator[RenderableType]:
    """A round: a line a site, the alarms, and commands to go on with."""
    told = report.round
    times = f"{told.started} to {told.ended}" if told.ended else f"since {told.started}"
    yield Text(f"round {told.id}, {times}: {state(told.state, told.reason)}", style="bold")
    if report.sites:
        yield _table(report.sites)
    yield Text(f"\n{_tallied(report.alarms)}", style="bold")
    yield from alarms(report.alarms)
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
    ended = Text(night.state, style="" if night.state == "complete" else "yellow")
    return [night.site, *numbers, f"{night.bytes / MEGABYTE:,.1f}", ended]


def _tallied(raised: Sequence[Alarm]) -> str:
    counts = Counter(alarm.severity for alarm in raised if alarm.acknowledged is None)
    words = [f"{counts[severity]} {severity}" for severity in Severity if counts[severity]]
    if known := sum(alarm.acknowledged is not None for alarm in raised):
        words.append(f"{known} acknowledged")
    return f"alarms: {', '.join(words)}" if words else "no alarms"


def _next(report: NightReport) -> Iterator[str]:
    if any(count for site in report.sites for count in site.changes.values()):
        yield f"what changed:        guidang changes --since {report.round.started}"
    yield "what was not read:   guidang failures"
    if report.round.state != "complete":
        yield "what was not visited waits for the next round"
