"""Originals at an fsspec address: shared storage that several machines reach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from fsspec.core import url_to_fs

from archive.objects import LEFTOVER, copy_hashed, name_of, refuse_others
from ocr.errors import ArchiveDamaged, ArchiveUnavailable, UsageError
from ocr.weights import cache_home


class RemoteObjects:
    """Objects under an fsspec address; they are read through a cache folder on this machine.

    An upload is taken for complete when the store gives its size; `put` overwrites
    one that was cut short, and the row of a document is written only after `put`.
    """

    def __init__(self, address: str) -> None:
        try:
            self._files, self._root = url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{address}: {error}") from error
        self._address = address

    def path(self, digest: str) -> Path:
        """A copy of the bytes on this machine, fetched and hashed if it is not there yet.

        Raises ArchiveDamaged where there are none or they are no longer those of
        their name, ArchiveUnavailable where they cannot be fetched.
        """
        copy = _cache() / digest
        if not copy.is_file():
            with NamedTemporaryFile(dir=_cache(), suffix=LEFTOVER, delete=False) as part:
                pass
            try:
                self._fetch(digest, Path(part.name))
                Path(part.name).replace(copy)
            finally:
                Path(part.name).unlink(missing_ok=True)
        return copy

    def readable(self, digest: str) -> Path:
        """The copy on this machine, hashed again, and fetched anew if it is no longer what it was."""
        copy = self.path(digest)
        with copy.open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() == digest:
                return copy
        copy.unlink(missing_ok=True)
        return self.path(digest)

    def open(self, digest: str) -> BinaryIO | None:
        """The bytes as they are there now, not as they are in the cache."""
        try:
            with self._reachable():
                return cast(BinaryIO, self._files.open(self._key(digest), "rb"))
        except FileNotFoundError:
            return None

    def put(self, stream: BinaryIO, expected: str | None = None) -> tuple[str, int]:
        """Upload the rest of a stream under its hash, unless it is there; give sha256 and size."""
        with NamedTemporaryFile(suffix=LEFTOVER) as spooled:
            digest, size = copy_hashed(stream, spooled, Path(spooled.name).parent)
            refuse_others(digest, expected)
            if self._size(digest) != size:
                self._upload(spooled.name, digest, size)
        return digest, size

    def names(self) -> Iterator[str]:
        """The names of everything under the address, in order."""
        self._files.invalidate_cache()
        with self._reachable():
            found = sorted(self._files.find(self._root))
        root = self._root.rstrip("/") + "/"
        yield from (name.removeprefix(root) for name in found)

    def clear_leftovers(self, untouched: float) -> None:
        """An upload that was cut short has no name of its own: there is nothing to clear."""

    def _fetch(self, digest: str, part: Path) -> None:
        try:
            with self._reachable():
                self._files.get_file(self._key(digest), str(part))
        except FileNotFoundError:
            raise ArchiveDamaged(f"original {digest} is gone from {self._address}") from None
        with part.open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != digest:
                raise ArchiveDamaged(f"original {digest} has changed at {self._address}")

    def _upload(self, file: str, digest: str, size: int) -> None:
        key = self._key(digest)
        with self._reachable():
            self._files.makedirs(os.path.dirname(key), exist_ok=True)  # noqa: PTH120 (no local path)
            self._files.put_file(file, key)
        if self._size(digest) != size:
            raise ArchiveUnavailable(f"{self._address} did not keep all of {digest}")

    def _size(self, digest: str) -> int | None:
        self._files.invalidate_cache()
        try:
            with self._reachable():
                return int(self._files.info(self._key(digest))["size"])
        except FileNotFoundError:
            return None

    def _key(self, digest: str) -> str:
        return f"{self._root.rstrip('/')}/{name_of(digest)}"

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        """Whatever a store raises means that it cannot be used, but for a file that is not there."""
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:  # each store has errors of its own, and no common class
            raise ArchiveUnavailable(f"{self._address} cannot be reached: {error}") from error


def _cache() -> Path:
    folder = cache_home() / "objects"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
