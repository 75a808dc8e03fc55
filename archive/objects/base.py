"""The object store: originals named by their sha256, never changed once written.

A folder on this machine, or any address that fsspec knows (`s3://bucket/prefix`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, Protocol

from core.errors import ArchiveDamaged, ArchiveUnavailable, UsageError

CHUNK = 1 << 20
READ_ONLY = 0o444
LEFTOVER = ".part"
LOST = "lost+found"  # every ext4 disk has one at its top


class ObjectStore(Protocol):
    """Keeps bytes under their sha256: `ab/cdef…` for `abcdef…`."""

    def path(self, digest: str) -> Path:
        """Where the bytes of this sha256 can be read on this machine, or would be."""

    def readable(self, digest: str) -> Path:
        """A file on this machine with the bytes of this sha256, hashed again.

        Raises ArchiveDamaged where they are gone or have changed, ArchiveUnavailable where that
        cannot be told.
        """

    def open(self, digest: str) -> BinaryIO | None:
        """The bytes kept under this name as they are now, None if there are none.

        Raises ArchiveUnavailable if they cannot be read.
        """

    def put(self, stream: BinaryIO, expected: str | None = None) -> tuple[str, int]:
        """Keep the rest of a stream for good; give its sha256 and its size in bytes.

        Raises ArchiveDamaged, and keeps nothing, if another sha256 was expected.
        """

    def names(self) -> Iterator[str]:
        """The names of all that is there, in order, relative to the store, with `/` between folders."""

    def clear_leftovers(self, untouched: float) -> None:
        """Remove what interrupted writers left half written, and nobody wrote to for so many seconds."""


def name_of(digest: str) -> str:
    """The name of an object in its store."""
    return f"{digest[:2]}/{digest[2:]}"


def digest_of(store: ObjectStore, digest: str) -> str | None:
    """The sha256 that the bytes kept under this name have now, None if there are none.

    Raises ArchiveUnavailable if they cannot be read.
    """
    stream = store.open(digest)
    if stream is None:
        return None
    found = sha256()
    with _readable(name_of(digest)), stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


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


def make_folder(folder: Path) -> None:
    """Make a folder that outlasts a power cut: its name, and those of folders made for it, are on the disk.

    A name that is there already is synced too; who made it may have died before that.
    """
    missing = [one for one in folder.parents if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in (folder, *missing):
        with suppress(PermissionError):  # of a folder of others that may be entered, and not be read
            _sync(made.parent)


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


class ObjectFolder:
    """A folder of originals on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes of this sha256 are, or would be."""
        return self.folder / name_of(digest)

    def readable(self, digest: str) -> Path:
        """Where the bytes of this sha256 are, hashed again.

        Raises ArchiveDamaged where they are gone or have changed. Where there is nothing at all,
        a disk is not mounted rather than every original lost: that raises ArchiveUnavailable.
        """
        if digest_of(self, digest) != digest:
            with _readable(self.folder):
                if next(self.folder.iterdir(), None) is None:
                    raise ArchiveUnavailable(f"there is not one original in {self.folder}: is it mounted?")
            raise ArchiveDamaged(f"original {digest} is gone or has changed: restore it from a copy")
        return self.path(digest)

    def open(self, digest: str) -> BinaryIO | None:
        """The bytes as they are now; what is no file counts as none."""
        path = self.path(digest)
        with _readable(path):
            return path.open("rb") if path.is_file() else None

    def put(self, stream: BinaryIO, expected: str | None = None) -> tuple[str, int]:
        """Keep the rest of a stream; give its sha256 and its size in bytes.

        The bytes and their name are on the disk when this returns. Bytes that are
        there and no longer those of their name are replaced. Errors in reading the
        stream pass through; a disk that cannot be written raises ArchiveUnavailable.
        """
        temporary = self._temporary()
        try:
            digest, size = copy_hashed(stream, temporary, self.folder)
            refuse_others(digest, expected)
            if not self._holds(digest):
                self._settle(Path(temporary.name), self.path(digest))
            self._make_lasting(self.path(digest))
        finally:
            with suppress(OSError):  # a full disk fails here a second time
                temporary.close()
            with suppress(OSError):  # the next writer clears what is left
                Path(temporary.name).unlink(missing_ok=True)
        return digest, size

    def clear_leftovers(self, untouched: float) -> None:
        """Remove what interrupted writers left half written, and nobody wrote to for so many seconds."""
        for leftover in self.folder.glob(f"*{LEFTOVER}"):
            with suppress(FileNotFoundError):  # another writer clears too
                if time.time() - leftover.stat().st_mtime >= untouched:
                    leftover.unlink()

    def names(self) -> Iterator[str]:
        """The names of all files that are there, in order; a link counts as a file."""
        return self._names_in(self.folder, "") if self.folder.is_dir() else iter(())

    def _names_in(self, folder: Path, prefix: str) -> Iterator[str]:
        with _readable(folder), os.scandir(folder) as entries:
            # A folder takes its place by its name with the slash, which puts whole names in order.
            found = sorted(
                one.name + "/" * one.is_dir(follow_symlinks=False) for one in entries if one.name != LOST
            )
        for name in found:
            if name.endswith("/"):
                yield from self._names_in(folder / name, prefix + name)
            else:
                yield prefix + name

    def _holds(self, digest: str) -> bool:
        with suppress(ArchiveUnavailable):
            return digest_of(self, digest) == digest
        return False

    def _temporary(self) -> IO[bytes]:
        with _writable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            return NamedTemporaryFile(dir=self.folder, suffix=LEFTOVER, delete=False)

    def _settle(self, temporary: Path, target: Path) -> None:
        """Name the bytes for good: data first, then the name; its folders come after."""
        with _writable(self.folder):
            target.parent.mkdir(exist_ok=True)
            temporary.chmod(READ_ONLY)
            _sync(temporary)
            temporary.replace(target)

    def _make_lasting(self, target: Path) -> None:
        """The folders to the disk; a writer before us may have died between the name and this."""
        with _writable(self.folder):
            for folder in (target.parent, self.folder, self.folder.parent):
                _sync(folder)


def copy_hashed(stream: BinaryIO, target: IO[bytes], folder: Path) -> tuple[str, int]:
    """Copy the rest of a stream into a file in a folder; give its sha256 and its size in bytes."""
    digest, size = sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        with _writable(folder):
            target.write(chunk)
    with _writable(folder):
        target.flush()
    return digest.hexdigest(), size


def refuse_others(digest: str, expected: str | None) -> None:
    """Raise ArchiveDamaged for bytes that are not the ones expected."""
    if expected not in (None, digest):
        raise ArchiveDamaged(f"original {expected} has changed")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"cannot write to {folder}: {error.strerror or error}"
        raise ArchiveUnavailable(
            f"{what}; mend that, then give the same command again, nothing is lost"
        ) from error


@contextmanager
def _readable(place: Path | str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"cannot read {place}: {error.strerror or error}"
        raise ArchiveUnavailable(
            f"{what}; mend that, then give the same command again, nothing is lost"
        ) from error
