"""What the terminal and programs are shown of crawls: changes on the web, and the last round in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from rich.text import Text

from archive.crawl.memory import CrawlMemory
from archive.crawl.records import Alarm, Round, Severity, WebChange
from archive.crawl.web_changes import KINDS, NEW, REPLACED, UNLINKED, VANISHED
from archive.documents.reading_writer import timestamp
from archive.export.layouts import Layout, as_object, names_of, plain_rows
from console.views.documents import SHORT_HASH, printable

WEB_CHANGES = Layout(names_of(WebChange), plain_rows, as_object)
STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
MARKS = {Severity.CRITICAL: "!!", Severity.WARNING: "! ", Severity.INFO: "  "}
KIND_STYLES = {NEW: "green", REPLACED: "yellow", VANISHED: "red", UNLINKED: "yellow"}
INDENT = len("  unlinked  ")
ALARMS_SHOWN = 5


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


def last_round(memory: CrawlMemory) -> datetime | None:
    """When the last round began, None if there was none."""
    last = memory.rounds(limit=1)
    return datetime.fromisoformat(last[0].started) if last else None


@dataclass(frozen=True, slots=True)
class LastRounds:
    """The last round, how many addresses wait in it, the last whole one, alarms of the last closed one."""

    last: Round
    waiting: int
    whole: Round | None
    alarms: Sequence[Alarm]


def last_rounds(memory: CrawlMemory) -> LastRounds | None:
    """What is to be told of crawls at a glance; None if no site was ever visited."""
    rounds = memory.rounds(limit=60)
    if not rounds:
        return None
    last = rounds[0]
    waiting = len(memory.waiting(last.id)) if last.state == "open" else 0
    whole = next((one for one in rounds if one.state == "complete"), None)
    told = next((one for one in rounds if one.state != "open"), last)
    return LastRounds(last, waiting, whole, memory.alarms(told.id))


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
    """A line an alarm, its address on the next."""
    for one in found:
        line = f"{MARKS[one.severity]} {one.severity:<8}  {printable(one.site)}: {printable(one.message)}"
        yield Text(line, style=STYLES[one.severity])
        if one.url:
            yield Text(f"             e.g. {printable(one.url)}", style="dim")
