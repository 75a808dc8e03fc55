"""Reads documents in a child that may die: what became of each, in how many seconds."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import resource
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from ingest.pipeline import process
from ocr.errors import UnreadableDocument
from ocr.threads import use_one_thread

MEMORY = 4 << 30
LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """`outcome` is `archived`, a failure's code, `died`, `timeout`, or `error` for what nobody explains."""

    path: Path
    outcome: str
    reason: str
    stage: str
    seconds: float
    pages: int = 0
    same: bool = True


def read_all(paths: Iterable[Path], limit: float = LIMIT) -> Iterator[Ended]:
    """Read documents one after the other, without recognition; the bytes must stay as they were."""
    os.environ["GUIDANG_ENGINE"] = "null"
    spawn = multiprocessing.get_context("spawn")
    with closing(ProcessPool(1, max_tasks=200, initializer=_prepared, context=spawn)) as pool:
        try:
            pool.schedule(_ready).result()
            for path in paths:
                yield _read(pool, path, limit)
        finally:
            pool.stop()
            pool.join()


def _read(pool: ProcessPool, path: Path, limit: float) -> Ended:
    before, started = _digest(path), time.monotonic()
    future = pool.schedule(_pages, args=(path,), timeout=limit)
    pages, stage = 0, ""
    try:
        pages, outcome, reason = future.result(), "archived", ""
    except UnreadableDocument as error:
        outcome, reason, stage = error.code, error.reason, error.stage
    except TimeoutError:
        outcome, reason = "timeout", f"more than {limit:g} s"
    except ProcessExpired as error:
        outcome, reason = "died", f"exit code {error.exitcode}"
    except Exception as error:
        outcome, reason = "error", f"{type(error).__name__}: {error}\n{getattr(error, 'traceback', '')}"
    seconds = time.monotonic() - started
    return Ended(path, outcome, reason, stage, seconds, pages, before == _digest(path))


def _prepared() -> None:
    use_one_thread()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _ready() -> None:
    """Import what the first document would have to wait for."""
    import camelot  # noqa: F401

    import ocr.read
    import ocr.second  # noqa: F401


def _pages(path: Path) -> int:
    try:
        return len(process(path).pages)
    except MemoryError as error:  # told as the service tells it
        raise UnreadableDocument("memory", "reading needed more memory than a child may have") from error


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
