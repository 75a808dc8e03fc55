"""Workers and queue for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from archive.status.cluster import Worker, Workshop
from console.views.documents import SHORT_HASH, grid

if TYPE_CHECKING:
    from rich.console import RenderableType

# Seconds without a sign of life after which a worker looks dead.
LOOKS_DEAD = 60.0


def status(workshop: Workshop | None) -> Iterator[RenderableType]:
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
