"""The object store: originals named by their sha256, never changed once written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from ocr.errors import ArchiveUnavailable

CHUNK = 1 << 20
READ_ONLY = 0o444


class ObjectStore:
    """A folder of originals: `ab/cdef…` for the bytes whose sha256 is `abcdef…`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes of this sha256 are, or would be."""
        return self.folder / digest[:2] / digest[2:]

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep the rest of a stream; give its sha256 and its size in bytes.

        The bytes and their name are on the disk when this returns. Errors in
        reading the stream pass through; a disk that cannot be written raises
        ArchiveUnavailable.
        """
        temporary = self._temporary()
        try:
            digest, size = _copy(stream, temporary, self.folder)
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

    def digests(self) -> Iterator[str]:
        """The names of all objects that are there."""
        for path in sorted(self.folder.glob("??/*")):
            yield path.parent.name + path.name

    def is_sound(self, digest: str) -> bool:
        """Whether the bytes are there and still hash to their name."""
        with suppress(OSError), self.path(digest).open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest() == digest
        return False

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


def _copy(stream: BinaryIO, target: IO[bytes], folder: Path) -> tuple[str, int]:
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
