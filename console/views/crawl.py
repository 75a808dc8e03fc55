"""What the terminal and programs are shown of crawls: changes on the web, and the last round in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from rich.text import Text

from archive.crawl.crawl_memory import CrawlMemory, last_rounds
from archive.crawl.records import Acknowledgement, Alarm, Severity, WebChange
from archive.crawl.web_changes import KINDS, NEW, REPLACED, UNLINKED, VANISHED
from archive.db.text_values import timestamp
from archive.records import SHORT_HASH
from console.views.base import printable

STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
MARKS = {Severity.CRITICAL: "!!", Severity.WARNING: "! ", Severity.INFO: "  "}
KIND_STYLES = {NEW: "green", REPLACED: "yellow", VANISHED: "red", UNLINKED: "yellow"}
INDENT = len("  unlinked  ")
ALARMS_SHOWN = 5
# What stands in the place of the mark of an alarm that is known.
KNOWN = "· "
ALARM_INDENT = len("!! critical  ")


def changes(found: Iterable[WebChange]) -> Iterator[Text]:
    """Changes on the web by site: what happened, when, to which report, where it is, and its document."""
    by_site = sorted(found, key=lambda one: one.site)
    for site, group in groupby(by_site, key=lambda one: one.site):
        yield Text(printable(site), style="bold")
        for one in group:
            line = f"  {one.kind:<{INDENT - 4}}  {one.at}  {printable(one.title)}"
            yield Text(line, style=KIND_STYLES[one.kind])
            yield Text(" " * INDENT + printable(one.url))
            yield Text(" " * INDENT + printable(_documents(one)), style="dim")


def _documents(one: WebChange) -> str:
    names = (one.document[:SHORT_HASH], one.before and f"before {one.before[:SHORT_HASH]}", one.reason)
    return ", ".join(name for name in names if name)


def tally(kinds: Counter[str], since: datetime | None) -> str:
    """How many changes there are of each kind, and since when, in words."""
    if since is None:
        return "no site was visited yet: `guidang crawl SITES.toml` does so"
    counts = ", ".join(f"{kinds[kind]:,} {kind}" for kind in KINDS if kinds[kind]) or "no changes"
    return f"{counts} since {timestamp(since)}"


def status(memory: CrawlMemory) -> Iterator[Text]:
    """The last round, and the last whole one if it is another; nothing if no site was ever visited."""
    found = last_rounds(memory)
    if found is None:
        return
    last, whole, raised = found.last, found.whole, found.alarms
    yield Text("\ncrawls", style="bold")
    yield Text(f"{'last round':>10}  {last.started}, {state(last.state, last.reason)}")
    if last.state == "open":
        wait = "address waits" if found.waiting == 1 else "addresses wait"
        yield Text(f"{found.waiting:>10,}  {wait} (`guidang crawl` goes on)")
    if last.state != "complete":
        yield Text(f"{'last whole':>10}  {whole.started if whole else 'none'}")
    yield from alarms(raised[:ALARMS_SHOWN])
    if len(raised) > ALARMS_SHOWN:
        yield Text(f"   and {len(raised) - ALARMS_SHOWN} more of that round")


def state(name: str, reason: str) -> str:
    """How a round or a night ended: `cut (06:00)`."""
    return printable(f"{name} ({reason})" if reason else name)


def alarms(found: Iterable[Alarm]) -> Iterator[Text]:
    """A line an alarm, its address on the next, and then who knows of it."""
    for one in found:
        mark, style = MARKS[one.severity], STYLES[one.severity]
        if said := one.acknowledged:
            mark, style = KNOWN, "dim"
        yield Text(f"{mark} {one.severity:<8}  {printable(one.site)}: {printable(one.message)}", style=style)
        if one.url:
            yield Text(f"{' ' * ALARM_INDENT}e.g. {printable(one.url)}", style="dim")
        if said:
            yield Text(" " * ALARM_INDENT + _said(said), style="dim")


def _said(one: Acknowledgement) -> str:
    note = f": {printable(one.note)}" if one.note else ""
    return f"acknowledged until {one.until} by {printable(one.who)}{note}"


def acknowledgements(found: Iterable[Acknowledgement]) -> Iterator[Text]:
    """A line a kind of alarm that somebody said to know of."""
    for one in found:
        yield Text(f"{printable(one.site)}: {one.kind}, up to {one.severity}, {_said(one)}")
