"""The seam between a worker and the processes that read for it: one document in, its outcome out."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import TimeoutError
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from archive import Run
from ingest.batch import DOCUMENT_LIMIT
from ingest.pipeline import Outcome, prepare_child, process, provenance

# A child is replaced after this many documents, so that no leak lasts.
_DOCUMENTS_A_CHILD = 100


class DiedError(Exception):
    """The process that read a document was killed, aborted or hung; `code` is a short word for it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Children:
    """Child processes that read documents; called by as many threads as there are children."""

    def __init__(self, count: int) -> None:
        self._pool = ProcessPool(
            max_workers=count,
            max_tasks=_DOCUMENTS_A_CHILD,
            initializer=prepare_child,
            context=multiprocessing.get_context("spawn"),
        )

    def __call__(self, path: Path) -> Outcome:
        """Read a document. Raises DiedError, UnreadableDocument or whatever reading ran into."""
        try:
            outcome: Outcome = self._pool.schedule(process, args=(path,), timeout=DOCUMENT_LIMIT).result()
        except TimeoutError:
            raise DiedError("timeout", f"reading took more than {DOCUMENT_LIMIT:.0f} s") from None
        except ProcessExpired as error:
            raise DiedError("crashed", f"reading ended its process ({error.exitcode})") from None
        return outcome

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        self._pool.stop()
        self._pool.join()


def run_of(seconds: float) -> Run:
    """What an attempt at a document is kept with that ends now and took so many seconds."""
    finished = datetime.now(UTC)
    engines, options = provenance()
    return Run(version("guidang"), engines, options, finished - timedelta(seconds=seconds), finished, seconds)
