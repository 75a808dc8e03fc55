"""The folder of an archive: where it may be, what is in it, and who may write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from archive.db.engine import LockedError
from core.durable_files import make_folder
from core.errors import DISK_TROUBLE, ArchiveUnavailable, UsageError

DATABASE = "guidang.db"
OBJECTS = "objects"
LOCK = "guidang.lock"
OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", OBJECTS, LOCK)


def prepare(folder: Path) -> None:
    """Make the folder.

    Raises UsageError for a folder in use for something else or a place where none can be,
    ArchiveUnavailable for a disk that is full or broken.
    """
    try:
        if folder.is_dir() and (strangers := {path.name for path in folder.iterdir()}.difference(OURS)):
            raise UsageError(f"{folder} is no archive and not empty ({min(strangers)}): name another folder")
        make_folder(folder)
    except OSError as error:
        what = f"{folder} cannot be made: {error.strerror}"
        if error.errno in DISK_TROUBLE:
            raise ArchiveUnavailable(f"{what}; mend that, then give the same command again") from error
        raise UsageError(what) from error


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the right to write. Raises LockedError at once if another process has it."""
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(f"another process is writing to {folder}: wait for it to end") from error
    except OSError as error:
        what = f"{folder} cannot be written: {error.strerror}"
        raise ArchiveUnavailable(f"{what}; mend that, then give the same command again") from error
    try:
        yield
    finally:
        with suppress(OSError):  # the end of the process lets go of it in any case
            lock.release()
