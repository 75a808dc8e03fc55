"""What `guidang crawl --check` found: what a first round would take, and why, and what it may miss."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from archive.crawl.address_secrets import without_secrets
from archive.crawl.records import Alarm, Severity, SiteNight, Task, TaskKind, Visit, VisitOutcome
from archive.dataclass_tools import as_object, names_of
from archive.export.columns.base import ExportLayout, plain_rows
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.config import Site
from ingest.crawl.memory import NoMemory, sighting_of
from ingest.crawl.pages.urls import default_hosts
from ingest.crawl.reporting.alarms import of_evidence
from ingest.crawl.reporting.evidence import Evidence, tally


@dataclass(frozen=True, slots=True)
class DryRunEntry:
    """An address of a site: `taken` is what a round would do with it, `why` the rule or the trouble.

    Of what may be missed `kind` is that of the alarm, and `write` a line for the site in SITES.toml;
    what only a person can find out stands in it in angle brackets.
    """

    taken: str
    kind: str
    url: str
    title: str
    why: str
    found_on: str
    write: str = ""


TAKES, READS, LEAVES, MISSES = "takes", "looks through", "leaves", "may miss"
# What to write where nothing better is known, by kind of alarm.
_REMEDIES = {
    "start_failed": "<a start page that answers>",
    "nothing_found": "<the page that lists the annual reports>",
    "unread_list": "<the address that the script asks>",
    "unread_pager": "<the address of its second page>",
    "broken_page": "<the address of the page that is missing>",
    "short_list": "<the address of the page that is missing>",
    "no_attachment": "<the address of the report's file>",
}


def dry_run_entries(
    memory: NoMemory, passed_over: Mapping[str, tuple[str, ClassifiedLink]], site: Site
) -> Iterator[DryRunEntry]:
    """What may be missed, what was seen, in the order of visits, the files that a round would fetch, the
    links it would leave.
    """
    for one in _entries(memory, passed_over, site):
        shown = {name: without_secrets(getattr(one, name)) for name in ("url", "why", "found_on", "write")}
        yield replace(one, **shown)


def _entries(
    memory: NoMemory, passed_over: Mapping[str, tuple[str, ClassifiedLink]], site: Site
) -> Iterator[DryRunEntry]:
    yield from _missed(memory, site)
    for task, visit in memory.sightings:
        yield DryRunEntry(
            _taken(visit), task.kind, task.url, visit.title or task.title, _why(task, visit), task.referrer
        )
    for task in memory.waiting(0):
        if task.kind is TaskKind.FILE:
            yield DryRunEntry(TAKES, task.kind, task.url, task.title, task.why, task.referrer)
    for found_on, one in passed_over.values():
        yield DryRunEntry(LEAVES, "", one.link.url, one.link.text, one.why, found_on)


def _taken(visit: Visit) -> str:
    if visit.outcome is VisitOutcome.NEW:
        return TAKES
    return READS if visit.outcome is VisitOutcome.PAGE else LEAVES


def _why(task: Task, visit: Visit) -> str:
    return "; ".join(part for part in (task.why, visit.reason) if part)


def _missed(memory: NoMemory, site: Site) -> Iterator[DryRunEntry]:
    """What the first night would raise as alarms; of those on lists and pages, each place."""
    found = Evidence(0, site.name, _night(memory, site))
    seen = [sighting_of(0, 0, task, visit) for task, visit in memory.sightings]
    tally(found, seen, lambda one: False)
    for alarm in of_evidence(found):
        if alarm.severity is not Severity.INFO:
            yield from _places(alarm, found, site)


def _night(memory: NoMemory, site: Site) -> SiteNight:
    outcomes = Counter(visit.outcome.value for _, visit in memory.sightings)
    links = [task for task, _ in memory.sightings] + memory.waiting(0)
    reports = sum(task.kind in (TaskKind.REPORT, TaskKind.FILE) for task in links)
    taken = outcomes[VisitOutcome.NEW]
    return SiteNight(0, site.name, "complete", "", outcomes, taken, reports, 0, 0.0)


def _places(alarm: Alarm, found: Evidence, site: Site) -> Iterator[DryRunEntry]:
    places = found.hiding.get(alarm.kind)
    if places is None:
        write = _line("start", site.start, found.column.url or _REMEDIES.get(alarm.kind, ""))
        yield DryRunEntry(MISSES, alarm.kind, alarm.url, site.name, alarm.message, "", write)
        return
    for url, reason in places.examples.items():
        write = _remedy(alarm.kind, places.starts.get(url, ""), site)
        yield DryRunEntry(MISSES, alarm.kind, url, site.name, reason, "", write)


def _remedy(kind: str, address: str, site: Site) -> str:
    """A line for SITES.toml; empty where none helps, as against a wall."""
    if kind == "off_site":
        return _line("hosts", site.hosts or default_hosts(site.start), address)
    return _line("start", site.start, address or _REMEDIES.get(kind, ""))


def _line(name: str, said: tuple[str, ...], more: str) -> str:
    return f"{name} = {json.dumps([*said, more], ensure_ascii=False)}" if more else ""


LAYOUT = ExportLayout(names_of(DryRunEntry), plain_rows, as_object)
