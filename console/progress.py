"""The progress of a batch on stderr: a bar on a terminal, a line a document in a log."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Column

T = TypeVar("T")
COUNTED_AT_ONCE = 100
# Worth a line even where a bar is drawn.
_TOLD = ("failed", "quarantined", "died")


def counted(records: Iterable[T], what: str, total: Callable[[], int], shown: bool) -> Iterator[T]:
    """The records as they come, counted on stderr with the time that is left, where that is a terminal.

    `total` is asked only if it is `shown`.
    """
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield from records
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total())
        number = 0
        for number, record in enumerate(records, start=1):
            yield record
            if number % COUNTED_AT_ONCE == 0:
                bar.update(task, completed=number)
        bar.update(task, completed=number)


@contextmanager
def reporter(quiet: bool) -> Iterator[Reporter]:
    """A listener for a batch; a quiet one says nothing."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False, quiet=quiet)
    # 100,000 documents fit into 80 columns: what does not is cut, and it would be the time that is left.
    columns = (
        BarColumn(bar_width=None, table_column=Column(ratio=1)),
        MofNCompleteColumn(),
        TextColumn("{task.fields[sofar]}left"),
        TimeRemainingColumn(),
    )
    bar = Progress(
        *columns,
        console=console,
        expand=True,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # data on its way to a file must not end up beside the bar
    )
    with bar:
        yield Reporter(bar, every_document=not console.is_terminal)


@contextmanager
def meter(quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal for work whose parts are named: `told(part, done, total)`; else nothing."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = console.is_terminal and not quiet
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        tasks: dict[str, TaskID] = {}

        def told(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(part, total=total)
            bar.update(tasks[part], completed=done, total=total)

        yield told


class Reporter:
    """Tells of failures always, and of every finished document where no bar can be drawn."""

    def __init__(self, bar: Progress, every_document: bool) -> None:
        self._bar = bar
        self._every_document = every_document
        self._task = bar.add_task("", total=None, sofar="")
        self._counts: Counter[str] = Counter()
        self._start = monotonic()

    def started(self, documents: int) -> None:
        """So many documents are going to be read."""
        self._start = monotonic()
        self._bar.update(self._task, total=documents)

    def more(self, documents: int) -> None:
        """So many documents more are going to be read."""
        total = self._bar.tasks[self._task].total or 0
        self._bar.update(self._task, total=total + documents)

    def page(self, pages_done: int, flagged: int = 0) -> None:
        """So many more pages are done, with so many values to look at."""
        self._counts.update(pages=pages_done, flagged=flagged)
        self._bar.update(self._task, sofar=self._so_far())

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        """A document is archived, failed or quarantined; one that died is tried again."""
        self._counts[outcome] += 1
        self._bar.update(self._task, advance=outcome != "died", sofar=self._so_far())
        if self._every_document or outcome in _TOLD:
            again = "; it is tried again" if outcome == "died" else ""
            line = f"{outcome:<11} {document[:12]}  {source}  {detail}".rstrip() + again
            self._bar.console.print(line, soft_wrap=True)

    def stopping(self, under_way: int) -> None:
        """Nothing more is begun; so many documents are being finished."""
        if under_way:
            self._bar.console.print(
                f"stopping: {under_way} under way are finished; Ctrl-C again stops at once"
            )

    def _so_far(self) -> str:
        pages, failed = self._counts["pages"], self._counts["failed"] + self._counts["quarantined"]
        rate = pages / max(monotonic() - self._start, 0.001)
        told = f"{pages} pages, {rate:.2f}/s, {self._counts['flagged']} flagged"
        return f"{told}, {failed} failed, " if failed else f"{told}, "
