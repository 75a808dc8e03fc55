"""Copies of originals that lie elsewhere, in a folder that every process of this machine shares.

It is held below `$GUIDANG_CACHE_MB` by removing what was not used for longest. What was
used within the last hour stays even so: another process may be about to open it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir

from archive.objects.base import LEFTOVER
from core.errors import ArchiveUnavailable
from core.settings import cache_home, settings

IN_USE_S = 3_600.0
LOOK_AGAIN = 50  # the folder is looked through when a 50th of the limit has been added


def limit() -> int:
    """The most bytes that copies may take. Raises UsageError for a setting that is no whole number."""
    return settings().cache_mb << 20


class LocalCopies:
    """Files by sha256. Raises UsageError for a setting that makes no sense."""

    def __init__(self) -> None:
        self._limit = limit()
        self._added = self._limit  # the first copy of a process looks through what others left

    @property
    def folder(self) -> Path:
        """Where the copies are."""
        return cache_home() / "objects"

    def find(self, digest: str) -> Path | None:
        """The copy of a sha256, kept for an hour from now, None if there is none."""
        copy = self.folder / digest
        try:
            os.utime(copy)
        except FileNotFoundError:
            return None
        except OSError:  # a folder that can only be read: nothing is removed from it either
            return copy if copy.is_file() else None
        return copy

    @contextmanager
    def adding(self, digest: str) -> Iterator[Path]:
        """Give an empty file to fill, which is the copy once it was filled without an error.

        Raises ArchiveUnavailable where the folder cannot be written.
        """
        with temporary_file(self.folder) as part:
            yield part
            with writing_to(self.folder):
                size = part.stat().st_size
                part.replace(self.folder / digest)
        self._make_room(size)

    def _make_room(self, added: int) -> None:
        """Remove the copies used longest ago until the others are within the limit."""
        self._added += added
        if self._added * LOOK_AGAIN < self._limit:
            return
        self._added = 0
        found = sorted(_files(self.folder))
        total, unused = sum(size for _, size, _ in found), time.time() - IN_USE_S
        for _, size, path in found:
            if (total > self._limit or path.suffix == LEFTOVER) and _remove(path, unused):
                total -= size


@contextmanager
def temporary_file(folder: Path | None = None) -> Iterator[Path]:
    """An empty file in a folder, by default that for temporary files, which is gone afterwards.

    Raises ArchiveUnavailable if it cannot be made.
    """
    with writing_to(folder or Path(gettempdir())):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, suffix=LEFTOVER, delete=False) as made:
            part = Path(made.name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Raise ArchiveUnavailable where a folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise ArchiveUnavailable(f"cannot write to {folder}: {error.strerror or error}") from error


def _remove(path: Path, unused: float) -> bool:
    """Remove a file that nobody has used since; asked as late as can be, others may want it."""
    try:
        if path.stat().st_mtime >= unused:
            return False
        path.unlink()
    except OSError:  # another process was faster
        return False
    return True


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each file of a folder was last used, its size in bytes, and where it is."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # gone since the folder was read
                found = entry.stat()
                yield found.st_mtime, found.st_size, Path(entry.path)
