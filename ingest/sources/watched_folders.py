"""Watched folders: what scanners drop there is taken when it is complete, and only then."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive.archive import Archive
from core.errors import UsageError
from core.streams import talk
from ingest.sources.candidates import Candidate, candidates_under
from ingest.sources.intake import IntakeResult, take_one

# A file must have kept size and time for so many seconds before it is taken.
SETTLED = 3.0
# Between two looks into the folders, in seconds.
POLL = 1.0
# What programs call a file that is not complete yet.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart")

_Mark = tuple[int, int, int]


@dataclass(slots=True)
class FolderWatcher:
    """Looks into folders again and again; every file is taken once, and again if it has changed."""

    folders: Sequence[Path]
    settled: float = SETTLED
    _seen: dict[str, tuple[_Mark, float]] = field(default_factory=dict)
    _done: dict[str, _Mark] = field(default_factory=dict)
    _gone: set[Path] = field(default_factory=set)
    _next: float = 0.0

    def __post_init__(self) -> None:
        for folder in self.folders:
            if not folder.is_dir():
                raise UsageError(f"only folders can be watched: {folder} is none")

    def take(self, archive: Archive) -> Iterator[IntakeResult]:
        """Keep what has become complete; nothing if the last look was a moment ago."""
        if time.monotonic() < self._next:
            return
        for candidate, mark in self._complete():
            self._done[candidate.name] = mark
            yield from take_one(candidate, archive)
        self._next = time.monotonic() + POLL

    def _complete(self) -> Iterator[tuple[Candidate, _Mark]]:
        seen: dict[str, tuple[_Mark, float]] = {}
        for candidate in self._candidates():
            with suppress(OSError):  # it was taken away meanwhile
                mark = _mark(Path(candidate.name))
                if self._done.get(candidate.name) == mark:
                    continue
                before, since = self._seen.get(candidate.name, (None, 0.0))
                since = since if before == mark else time.monotonic()
                seen[candidate.name] = mark, since
                if self._is_complete(Path(candidate.name), mark, since):
                    yield candidate, mark
        self._seen = seen

    def _is_complete(self, path: Path, mark: _Mark, since: float) -> bool:
        written_to = _is_written_to(path)
        if written_to:
            return False
        # A file that was renamed into place has been left alone for long enough already.
        old = written_to is False and time.time() - mark[1] / 1e9 >= self.settled
        return old or time.monotonic() - since >= self.settled

    def _candidates(self) -> Iterator[Candidate]:
        """All files but those that are named as unfinished; a folder that is gone for a while has none."""
        for folder in filter(self._is_there, self.folders):
            with suppress(OSError, UsageError):
                for candidate in candidates_under([folder]):
                    name = Path(candidate.name).name.lower()
                    if not name.startswith(".") and not name.endswith(_UNFINISHED):
                        yield candidate

    def _is_there(self, folder: Path) -> bool:
        """Whether a folder can be looked into; that it has gone or come back is said once."""
        there = folder.is_dir()
        if there == (folder in self._gone):
            talk(f"{folder} is back" if there else f"{folder} is gone; it is watched again when it is back")
            self._gone ^= {folder}
        return there


def _mark(path: Path) -> _Mark:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _is_written_to(path: Path) -> bool | None:
    """Whether any process has a file open for writing, also one that writes nothing just now.

    The kernel grants a read lease only where none has. None where it cannot tell:
    on network file systems, and for files of other users.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(handle)
    return False
