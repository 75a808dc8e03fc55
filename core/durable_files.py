"""Files and folders that outlast a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder that outlasts a power cut: its name, and those of folders made for it, are on the disk.

    A name that is there already is synced too; who made it may have died before that.
    """
    missing = [one for one in folder.parents if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in (folder, *missing):
        with suppress(PermissionError):  # of a folder of others that may be entered, and not be read
            sync(made.parent)


def sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
