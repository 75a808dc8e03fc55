"""The folder of an archive: where it may be, what is in it, and who may write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from archive.database import LockedError
from ocr.errors import ArchiveUnavailable, UsageError

DATABASE = "guidang.db"
OBJECTS = "objects"
LOCK = "guidang.lock"
OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", OBJECTS, LOCK)


def prepare(folder: Path) -> None:
    """Make the folder. Raises UsageError for a folder in use for something else."""
    if folder.is_dir() and (strangers := {path.name for path in folder.iterdir()}.difference(OURS)):
        raise UsageError(f"{folder} is no archive and not empty ({min(strangers)}): name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from error


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the right to write. Raises LockedError at once if another process has it."""
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(f"another process is writing to {folder}: wait for it to end") from error
    except OSError as error:
        raise ArchiveUnavailable(f"{folder} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()
