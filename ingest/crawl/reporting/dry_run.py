"""What `guidang crawl --check` found: what a first round would take, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.crawl.records import Task, TaskKind, Visit, VisitOutcome
from archive.export.columns.base import ExportLayout, plain_rows
from core.dataclass_tools import as_object, names_of
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.memory import NoMemory


@dataclass(frozen=True, slots=True)
class DryRunEntry:
    """An address of a site: `taken` is what a round would do with it, `why` the rule or the trouble."""

    taken: str
    kind: str
    url: str
    title: str
    why: str
    found_on: str


TAKES, READS, LEAVES = "takes", "looks through", "leaves"


def dry_run_entries(
    memory: NoMemory, passed_over: Mapping[str, tuple[str, ClassifiedLink]]
) -> Iterator[DryRunEntry]:
    """What was seen, in the order of visits, the files that a round would fetch, the links it would leave."""
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


LAYOUT = ExportLayout(names_of(DryRunEntry), plain_rows, as_object)
