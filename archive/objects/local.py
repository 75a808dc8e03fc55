"""Originals in a folder on this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from archive.objects.base import (
    LEFTOVER,
    copy_hashed,
    digest_of,
    name_of,
    readable_place,
    refuse_others,
    writable,
)
from core.durable_files import sync
from core.errors import ArchiveDamaged, ArchiveUnavailable

READ_ONLY = 0o444
LOST = "lost+found"  # every ext4 disk has one at its top


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
            with readable_place(self.folder):
                if next(self.folder.iterdir(), None) is None:
                    raise ArchiveUnavailable(f"there is not one original in {self.folder}: is it mounted?")
            raise ArchiveDamaged(f"original {digest} is gone or has changed: restore it from a copy")
        return self.path(digest)

    def open(self, digest: str) -> BinaryIO | None:
        """The bytes as they are now; what is no file counts as none."""
        path = self.path(digest)
        with readable_place(path):
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
        with readable_place(folder), os.scandir(folder) as entries:
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
        with writable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            return NamedTemporaryFile(dir=self.folder, suffix=LEFTOVER, delete=False)

    def _settle(self, temporary: Path, target: Path) -> None:
        """Name the bytes for good: data first, then the name; its folders come after."""
        with writable(self.folder):
            target.parent.mkdir(exist_ok=True)
            temporary.chmod(READ_ONLY)
            sync(temporary)
            temporary.replace(target)

    def _make_lasting(self, target: Path) -> None:
        """The folders to the disk; a writer before us may have died between the name and this."""
        with writable(self.folder):
            for folder in (target.parent, self.folder, self.folder.parent):
                sync(folder)
