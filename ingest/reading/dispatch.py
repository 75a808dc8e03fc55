"""Documents handed to children, and what became of each handed back, in the order they end."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from archive.documents.records import PendingDocument
from core.errors import ArchiveDamaged, UnreadableDocument
from core.failure_codes import Failure
from core.limits import child_limits
from ingest.reading.child_process import Prepare, Read
from ingest.reading.pipeline import DocumentReading, prepare, process
from ingest.reading.process_pool import TICK, ProcessPool
from ingest.reading.stopping import StopRequest

# What a document says, or why there is nothing.
Found = DocumentReading | UnreadableDocument
# Where the original of a document is to be read; None if it is not to be read here.
Original = Callable[[PendingDocument], Path | None]


class ReadingListener(Protocol):
    """Is told how reading gets on."""

    def more(self, documents: int) -> None:
        """So many documents more are to be read."""

    def stopping(self, under_way: int) -> None:
        """Nothing more is begun; so many documents are being finished."""


@contextmanager
def early_child(workers: int | None = None, *, read: Read = process) -> Iterator[ProcessPool]:
    """Start a child that makes itself ready while there is nothing for it to read yet."""
    children = _children(workers, read, prepare)
    try:
        children.want(1)
        yield children
    finally:
        children.close()


def _children(workers: int | None, read: Read, first: Prepare | None = None) -> ProcessPool:
    return ProcessPool(workers or os.cpu_count() or 1, read, child_limits(), first)


def read_each(
    queue: deque[PendingDocument],
    original: Original,
    report: ReadingListener,
    workers: int | None = None,
    *,
    stop: StopRequest | None = None,
    read: Read = process,
    more: Callable[[], list[PendingDocument]] | None = None,
    children: ProcessPool | None = None,
) -> Iterator[tuple[PendingDocument, Found]]:
    """Yield each document with its reading, in the order they finish; none is begun once `stop` is reached.

    The queue may be added to while this goes on. Where `more` is given, it is asked for others
    a few times a second, and reading ends only when `stop` says so. The `children` of `early_child`
    may read, and are closed at the end as others are.

    Raises:
        ArchiveUnavailable: the originals cannot be reached.
        GuidangError: no child can be started.
    """
    stop, told = stop or StopRequest(), False
    children = children or _children(workers, read)
    try:
        while True:
            if more is not None and not stop.reached:
                _add(queue, more(), report)
            yield from _hand_out(queue, original, children, stop)
            if stop.asked and not told:
                report.stopping(children.under_way)
                told = True
            if not children.under_way and (stop.reached or not (queue or more)):
                return
            answers = children.answers(TICK)
            yield from _hand_out(queue, original, children, stop)  # before the parent is busy with these
            for answer in answers:
                yield answer.job, answer.found
    finally:
        children.close()


def _add(queue: deque[PendingDocument], arrived: list[PendingDocument], report: ReadingListener) -> None:
    queue.extend(arrived)
    if arrived:
        report.more(len(arrived))


def _hand_out(
    queue: deque[PendingDocument], original: Original, children: ProcessPool, stop: StopRequest
) -> Iterator[tuple[PendingDocument, Found]]:
    """Give every free child a document; yield those whose original is no longer what it was."""
    if stop.reached:
        return
    children.want(len(queue))
    while queue and children.free and not stop.reached:
        waiting = queue.popleft()
        try:
            path = original(waiting)
        except ArchiveDamaged as error:
            yield waiting, UnreadableDocument(Failure.DAMAGED, str(error))
            continue
        if path is not None:
            stop.begun += 1
            children.begin(waiting, path, *waiting.known)
