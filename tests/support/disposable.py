"""Reads documents in the service's own children: what became of each, in how many seconds."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from core.errors import ReadingDied
from core.limits import child_limits
from ingest.reading.pipeline import DocumentReading, process
from ingest.reading.process_pool import ProcessPool

LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """`outcome` is `archived` or the code of a failure; `died` tells that the child was lost with it."""

    path: Path
    outcome: str
    reason: str
    stage: str
    seconds: float
    pages: int = 0
    died: bool = False
    same: bool = True


def read_all(paths: Iterable[Path], limit: float = LIMIT, workers: int = 1) -> Iterator[Ended]:
    """Read documents without recognition, in any order; the bytes must stay as they were."""
    waiting, begun, left = iter(paths), dict[Path, tuple[float, str]](), True
    limits = replace(child_limits(), page_seconds=limit, document_seconds=limit)
    children = ProcessPool(workers, process, limits)
    try:
        while begun or left:
            with patch.dict(os.environ, GUIDANG_ENGINE="null"):  # for the children that it starts
                children.want(workers)
            while left and children.free:
                if left := (path := next(waiting, None)) is not None:
                    begun[path] = time.monotonic(), _digest(path)
                    children.begin(path, path)
            for path, found in children.answers():
                yield _ended(path, found, *begun.pop(path))
    finally:
        children.close()


def _ended(path: Path, found: DocumentReading | ReadingDied, started: float, before: str) -> Ended:
    seconds, same = time.monotonic() - started, before == _digest(path)
    if isinstance(found, DocumentReading):
        return Ended(path, "archived", "", "", seconds, len(found.pages), same=same)
    died = isinstance(found, ReadingDied)
    return Ended(path, found.code, found.reason, found.stage, seconds, died=died, same=same)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
