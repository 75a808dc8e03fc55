"""Folders for the temporary files of children: removed with the child, whatever it has left there.

A batch locks the folder that they are in. So what a batch that was killed has left
can be told from what is in use, and goes when the next one begins.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from core.errors import ArchiveUnavailable

PREFIX = "guidang-batch-"
# A folder younger than this, in seconds, may belong to a batch that is about to lock it.
_YOUNG = 60.0


class ScratchFolder:
    """The folder of one batch, in the system's folder for temporary files."""

    def __init__(self) -> None:
        try:
            _sweep(Path(tempfile.gettempdir()))
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _unusable(error) from error

    def new(self) -> Path:
        """A new empty folder in it. Raises ArchiveUnavailable if there is no room for one."""
        try:
            return Path(tempfile.mkdtemp(dir=self._folder))
        except OSError as error:
            raise _unusable(error) from error

    def close(self) -> None:
        """Remove it with all that is in it."""
        remove(self._folder)
        os.close(self._lock)


def remove(folder: Path) -> None:
    """Remove a folder as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove the folders of batches that are no more."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):  # another user's, or one that is in use or has just gone
            if time.time() - folder.stat().st_mtime > _YOUNG:
                _remove_unless_locked(folder)


def _remove_unless_locked(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove(folder)
    finally:
        os.close(handle)


def _unusable(error: OSError) -> ArchiveUnavailable:
    reason = error.strerror or error
    return ArchiveUnavailable(
        f"temporary files cannot be written ({reason}): free some space, or set $TMPDIR"
    )
