"""Reading without children, for trials of what surrounds it: in this process, and each document once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from core.errors import UnreadableDocument
from core.limits import ChildLimits
from ingest.reading.child_process import Prepare, Read
from ingest.reading.process_pool import ChildResult

_KNOWN: dict[str, Any] = {}


class ReadHere:
    """Takes the place of `ProcessPool`: one document at a time."""

    def __init__(self, workers: int, read: Read, limits: ChildLimits, prepare: Prepare | None = None) -> None:
        self._read = read
        self._asked: list[ChildResult] = []

    @property
    def under_way(self) -> int:
        """How many documents are being read."""
        return len(self._asked)

    @property
    def free(self) -> int:
        """How many documents can be begun at once."""
        return 1 - self.under_way

    def want(self, documents: int) -> None:
        """Nobody need be started."""

    def begin(self, job: Hashable, path: Path) -> None:
        """Read a document, unless it was read before: objects never change."""
        digest = path.parent.name + path.name
        if digest not in _KNOWN:
            _KNOWN[digest] = _found(path, self._read)
        self._asked.append(ChildResult(job, _KNOWN[digest]))

    def answers(self, seconds: float = 0.0, *calls: Any) -> list[ChildResult]:
        """What was read."""
        asked, self._asked = self._asked, []
        return asked

    def close(self) -> None:
        """Nothing is left."""


def _found(path: Path, read: Read) -> Any:
    try:
        return read(path)
    except UnreadableDocument as error:
        return error


@contextmanager
def reading_here() -> Iterator[None]:
    """Have batches of this process, and of its forks, read without children."""
    with patch("ingest.reading.dispatch.ProcessPool", ReadHere):
        yield
