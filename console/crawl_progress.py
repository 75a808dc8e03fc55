"""How a crawl gets on, on stderr: a line that moves on a terminal, and a line a find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from archive.crawl.records import Sighting, VisitOutcome

# Outcomes that a person is told of as they come.
TOLD = (VisitOutcome.NEW, VisitOutcome.REPLACED, VisitOutcome.ERROR, VisitOutcome.LOGIN)


@dataclass
class CrawlProgress:
    """Tells people how many addresses were visited, and of every find."""

    bar: Progress
    seen: Counter[VisitOutcome] = field(default_factory=Counter)

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

    def _in_words(self, waiting: int) -> str:
        found = self.seen[VisitOutcome.NEW] + self.seen[VisitOutcome.REPLACED]
        return f"{self.seen.total()} addresses visited, {max(waiting, 0)} wait, {found} documents found"


@contextmanager
def crawl_progress(quiet: bool = False) -> Iterator[CrawlProgress]:
    """A listener for a crawl; a quiet one says nothing."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False, quiet=quiet)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        bar.add_task("asking for robots.txt")
        yield CrawlProgress(bar)
