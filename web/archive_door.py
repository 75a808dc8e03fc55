"""The archive as requests use it: for reading all the time, for writing as long as a verdict takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from archive.archive import Archive


@dataclass(frozen=True, slots=True)
class ArchiveDoor:
    """`reading` is shared by all requests. An archive that may only be read is served all the same."""

    reading: Archive

    @contextmanager
    def writing(self) -> Iterator[Archive]:
        """The archive open for writing. Raises LockedError while others write and cannot go on beside us."""
        with Archive.open(self.reading.location, write=True) as writer:
            yield writer
