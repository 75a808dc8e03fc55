"""The seam between a worker's threads and the children that read for it: a path in, its reading out."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from core.errors import GuidangError
from core.limits import child_limits
from ingest.reading.child_process import Read
from ingest.reading.pipeline import DocumentReading, process
from ingest.reading.process_pool import TICK, ProcessPool

# How often a thread that waits makes sure that there is somebody to wait for, in seconds.
_PATIENCE = 5.0
_Asked = tuple[tuple[Any, ...], "Future[DocumentReading]"]


class ReaderThreads:
    """Children that read for any number of threads; one thread of its own starts and watches them.

    A child dies with the thread that started it, so that thread must last as long as they do.
    """

    def __init__(self, count: int, read: Read = process) -> None:
        self._children = ProcessPool(count, read, child_limits())
        self._asked: deque[_Asked] = deque()
        self._hears, self._calls = Pipe(duplex=False)
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="readers", daemon=True)
        self._thread.start()

    def __call__(self, path: Path, *known: Any) -> DocumentReading:
        """Read a document, given what is known of it beforehand; waits until a child is free.

        Raises UnreadableDocument (ReadingDied if its child was lost), GuidangError if none can be started.
        """
        future: Future[DocumentReading] = Future()
        self._asked.append(((path, *known), future))
        self._calls.send_bytes(b"1")
        while True:
            with suppress(TimeoutError):
                return future.result(_PATIENCE)
            if not self._thread.is_alive() and not future.done():
                raise GuidangError("reading has ended: run `guidang doctor`")

    def _serve(self) -> None:
        under_way: set[Future[DocumentReading]] = set()
        try:
            while not self._closed:
                self._hand_out(under_way)
                for future, found in self._children.answers(TICK, self._hears):
                    under_way.discard(future)
                    _settle(future, found)
                while self._hears.poll():
                    self._hears.recv_bytes()
        except GuidangError as error:  # no child can be started
            for future in under_way:
                future.set_exception(error)
        finally:
            self._children.close()

    def _hand_out(self, under_way: set[Future[DocumentReading]]) -> None:
        self._children.want(len(self._asked))
        while self._asked and self._children.free:
            asked, future = self._asked.popleft()
            under_way.add(future)
            self._children.begin(future, *asked)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        self._closed = True
        self._calls.send_bytes(b"1")
        self._thread.join()
        self._calls.close()
        self._hears.close()


def _settle(future: Future[DocumentReading], found: DocumentReading | BaseException) -> None:
    if isinstance(found, BaseException):
        future.set_exception(found)
    else:
        future.set_result(found)
