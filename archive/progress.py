"""The progress of a batch on stderr: a bar on a terminal, a line a document in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

T = TypeVar("T")
COUNTED_AT_ONCE = 100


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
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("documents  {task.fields[pages]}  left"),
        TimeRemainingColumn(),
    )
    bar = Progress(
        *columns,
        console=console,
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
        self._task = bar.add_task("", total=None, pages="")
        self._pages = 0
        self._start = monotonic()

    def started(self, documents: int) -> None:
        """So many documents are going to be read."""
        self._start = monotonic()
        self._bar.update(self._task, total=documents)

    def page(self, pages_done: int) -> None:
        """So many more pages are done."""
        self._pages += pages_done
        rate = self._pages / max(monotonic() - self._start, 0.001)
        self._bar.update(self._task, pages=f"{self._pages} pages, {rate:.2f} pages/s")

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        """A document is archived or failed."""
        self._bar.advance(self._task)
        if self._every_document or outcome == "failed":
            line = f"{outcome:<9} {document[:12]}  {source}  {detail}".rstrip()
            self._bar.console.print(line, soft_wrap=True)
