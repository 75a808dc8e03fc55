"""How a crawl gets on: a line that moves on a terminal, a line a find elsewhere, and events for the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from archive.crawl.records import Outcome, Sighting
from ingest.monitoring.logs import Log

# Outcomes that a person is told of as they come.
TOLD = (Outcome.NEW, Outcome.REPLACED, Outcome.ERROR, Outcome.LOGIN)


@dataclass
class CrawlProgress:
    """Tells people of what was found, and the log of every visit."""

    bar: Progress
    log: Log
    seen: Counter[Outcome] = field(default_factory=Counter)

    def visited(self, sighting: Sighting, seconds: float, waiting: int) -> None:
        """An address was visited; so many are known to wait."""
        self.seen[sighting.outcome] += 1
        task = self.bar.task_ids[0]
        self.bar.update(task, description=self._in_words(waiting))
        if sighting.outcome in TOLD:
            line = (
                f"{sighting.outcome:<9} {sighting.site}  {sighting.url}  {sighting.reason or sighting.title}"
            )
            self.bar.console.print(line.rstrip(), soft_wrap=True)
        self.log.info(
            "visit",
            round=sighting.round,
            site=sighting.site,
            url=sighting.url,
            kind=sighting.kind,
            outcome=sighting.outcome,
            status=sighting.status,
            reason=sighting.reason,
            bytes=sighting.size,
            documents=sighting.documents,
            seconds=round(seconds, 3),
        )

    def _in_words(self, waiting: int) -> str:
        found = self.seen[Outcome.NEW] + self.seen[Outcome.REPLACED]
        return f"{self.seen.total()} addresses visited, {max(waiting, 0)} wait, {found} documents found"


@contextmanager
def crawl_progress(log: Log, quiet: bool = False) -> Iterator[CrawlProgress]:
    """A listener for a crawl; a quiet one speaks to the log only."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False, quiet=quiet)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        bar.add_task("asking for robots.txt")
        yield CrawlProgress(bar, log)
