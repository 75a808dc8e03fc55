"""An archive in numbers, and the workers and the queue of one in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from archive.records import SHORT_HASH
from archive.status.cluster import ClusterStatus, Worker
from archive.status.records import Status
from console.views.base import grid, heading

# Seconds without a sign of life after which a worker looks dead.
LOOKS_DEAD = 60.0


def archive(counts: Status) -> Iterator[RenderableType]:
    """The archive in numbers, a group a block."""
    total = sum(counts.documents.values())
    yield from _counts(f"{total:,} documents from {counts.sources:,} sources", counts.documents)
    yield Text(f"{counts.duplicates:>10,}  duplicate (a source with bytes already kept)")
    yield from _counts(f"{sum(counts.pages.values()):,} pages by route", counts.pages)
    yield from _counts(f"{sum(counts.values.values()):,} values by state", counts.values)
    yield from _counts("values by flag", counts.flags)
    yield from _counts("tables by flag", counts.table_flags)
    if counts.document_flags:
        yield from _counts("documents to look at, by flag", counts.document_flags)
    yield heading(f"{counts.verdicts:,} verdicts of people stand")
    if counts.contradicted:
        yield Text(f"{counts.contradicted:>10,}  contradicted by a newer reading", style="red")
    yield Text(f"\n{counts.needs_review:,} values to look at (`guidang review` goes through them)")


def _counts(title: str, counts: Mapping[str, int]) -> Iterator[Text]:
    yield heading(title)
    yield from (Text(f"{count:>10,}  {name}") for name, count in counts.items())
    if not counts:
        yield Text("         –")


def cluster(workshop: ClusterStatus | None) -> Iterator[RenderableType]:
    """Who works, what waits, what was done within the hour; nothing for an archive in a folder."""
    if workshop is None:
        return
    count = len(workshop.workers)
    yield Text(f"\n{count} worker{'s' * (count != 1)}", style="bold")
    if workshop.workers:
        columns = ("worker", "host", "at a time", "last sign of life", "reads")
        yield grid(columns, (_line(one) for one in workshop.workers))
    jobs = sum(one.jobs for one in workshop.queue)
    yield Text(f"{jobs:,} documents in the queue", style="bold")
    for one in workshop.queue:
        words = "being read" if one.state == "doing" else "waiting"
        yield Text(f"{one.jobs:>10,}  {words} ({one.priority})")
    ended = ", ".join(f"{count:,} {outcome}" for outcome, count in workshop.lately.items()) or "nothing"
    yield Text(f"within the last hour: {ended}; {workshop.pages:,} pages")


def _line(one: Worker) -> tuple[object, ...]:
    sign = f"{one.silent:.0f} s ago" + (" (dead?)" if one.silent > LOOKS_DEAD else "")
    return one.name, one.host, one.slots, sign, " ".join(digest[:SHORT_HASH] for digest in one.reads)
