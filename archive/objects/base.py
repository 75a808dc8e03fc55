"""Originals named by their sha256, never changed once written: what a store does, and what stores share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from core.errors import ArchiveDamaged, ArchiveUnavailable

CHUNK = 1 << 20
LEFTOVER = ".part"


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
    with readable_place(name_of(digest)), stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def copy_hashed(stream: BinaryIO, target: IO[bytes], folder: Path) -> tuple[str, int]:
    """Copy the rest of a stream into a file in a folder; give its sha256 and its size in bytes."""
    digest, size = sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        with writable(folder):
            target.write(chunk)
    with writable(folder):
        target.flush()
    return digest.hexdigest(), size


def refuse_others(digest: str, expected: str | None) -> None:
    """Raise ArchiveDamaged for bytes that are not the ones expected."""
    if expected not in (None, digest):
        raise ArchiveDamaged(f"original {expected} has changed")


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Tell what the disk refuses as ArchiveUnavailable, with what to do about it."""
    try:
        yield
    except OSError as error:
        what = f"cannot write to {folder}: {error.strerror or error}"
        raise ArchiveUnavailable(
            f"{what}; mend that, then give the same command again, nothing is lost"
        ) from error


@contextmanager
def readable_place(place: Path | str) -> Iterator[None]:
    """Tell what cannot be read as ArchiveUnavailable, with what to do about it."""
    try:
        yield
    except OSError as error:
        what = f"cannot read {place}: {error.strerror or error}"
        raise ArchiveUnavailable(
            f"{what}; mend that, then give the same command again, nothing is lost"
        ) from error
