"""Which store keeps the originals: a folder on this machine, or any address that fsspec knows."""

from __future__ import annotations

from pathlib import Path

from archive.objects.base import ObjectStore
from archive.objects.local import ObjectFolder
from core.durable_files import make_folder
from core.errors import ArchiveUnavailable, UsageError


def open_store(place: str | Path) -> ObjectStore:
    """The store at a folder or an fsspec address. Raises UsageError for one that fsspec cannot open."""
    if "://" not in str(place):
        return ObjectFolder(Path(place))
    from archive.objects.remote import RemoteObjects  # fsspec is slow to import, and rarely needed

    return RemoteObjects(str(place))


def prepare_store(place: str) -> str:
    """A place where originals can be kept from now on: a folder, by its whole path, or an address.

    Raises UsageError for one that cannot be made or opened, ArchiveUnavailable for a store that does
    not answer or has no such bucket.
    """
    if "://" in place:
        existing_store(place)
        return place
    folder = Path(place).expanduser().absolute()
    try:
        make_folder(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from error
    return str(folder)


def existing_store(place: str) -> ObjectStore:
    """A store that was prepared once. Raises ArchiveUnavailable for a folder or bucket that is not there."""
    if "://" in place:
        from archive.objects.remote import RemoteObjects

        found = RemoteObjects(place)
        found.need()
        return found
    if not Path(place).is_dir():
        raise ArchiveUnavailable(f"the originals should be at {place}, which is not there: is it mounted?")
    return ObjectFolder(Path(place))
