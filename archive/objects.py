"""The object store: originals named by their sha256, never changed once written.

A folder on this machine, or any address that fsspec knows (`s3://bucket/prefix`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, Protocol

from ocr.errors import ArchiveUnavailable

CHUNK = 1 << 20
READ_ONLY = 0o444


class ObjectStore(Protocol):
    """Keeps bytes under their sha256: `ab/cdef…` for `abcdef…`."""

    def path(self, digest: str) -> Path:
        """Where the bytes of this sha256 can be read on this machine, or would be."""

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep the rest of a stream for good; give its sha256 and its size in bytes."""

    def names(self) -> Iterator[str]:
        """The names of everything that is there, relative to the store, with `/` between folders."""

    def digest_of(self, digest: str) -> str | None:
        """The sha256 that the bytes kept under this name have now, None if they cannot be read."""

    def clear_leftovers(self) -> None:
        """Remove what an interrupted writer left half written; only the one writer may call this."""


def name_of(digest: str) -> str:
    """The name of an object in its store."""
    return f"{digest[:2]}/{digest[2:]}"


def open_store(place: str | Path) -> ObjectStore:
    """The store at a folder or an fsspec address. Raises UsageError for one that fsspec cannot open."""
    if "://" not in str(place):
        return ObjectFolder(Path(place))
    from archive.remote import RemoteObjects  # fsspec is slow to import, and rarely needed

    return RemoteObjects(str(place))


class ObjectFolder:
    """A folder of originals on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes of this sha256 are, or would be."""
        return self.folder / name_of(digest)

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep the rest of a stream; give its sha256 and its size in bytes.

        The bytes and their name are on the disk when this returns. Errors in
        reading the stream pass through; a disk that cannot be written raises
        ArchiveUnavailable.
        """
        temporary = self._temporary()
        try:
            digest, size = copy_hashed(stream, temporary, self.folder)
            target = self.path(digest)
            if not (target.is_file() and target.stat().st_size == size):
                self._settle(Path(temporary.name), target)
        finally:
            with suppress(OSError):  # a full disk fails here a second time
                temporary.close()
            Path(temporary.name).unlink(missing_ok=True)
        return digest, size

    def clear_leftovers(self) -> None:
        """Remove what an interrupted writer left half written; only the one writer may call this."""
        for leftover in self.folder.glob("*.part"):
            leftover.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The names of all files that are there, sorted."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix()

    def digest_of(self, digest: str) -> str | None:
        """The sha256 of the bytes as they are now."""
        with suppress(OSError), self.path(digest).open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
        return None

    def _temporary(self) -> IO[bytes]:
        with _writable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            return NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False)

    def _settle(self, temporary: Path, target: Path) -> None:
        """Name the bytes for good: data first, then the name, then the folders that hold it."""
        with _writable(self.folder):
            target.parent.mkdir(exist_ok=True)
            temporary.chmod(READ_ONLY)
            _sync(temporary)
            temporary.replace(target)
            _sync(target.parent)
            _sync(self.folder)


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
        raise ArchiveUnavailable(f"cannot write to {folder}: {error.strerror or error}") from error
