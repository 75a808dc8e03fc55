"""Originals at an fsspec address: shared storage that several machines reach."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from fsspec.core import url_to_fs

from archive.objects import s3
from archive.objects.base import copy_hashed, name_of, refuse_others
from archive.objects.local_copies import LocalCopies, temporary_file
from core.errors import ArchiveDamaged, ArchiveUnavailable, UsageError

FULL = (errno.ENOSPC, errno.EDQUOT)
_LOGIN = re.compile(r"(?<=//)[^/@\s]*@")


class RemoteObjects:
    """Objects under an fsspec address; they are read through a cache folder on this machine.

    An upload is taken for complete when the store gives its size; `put` overwrites
    one that was cut short, and the row of a document is written only after `put`.
    """

    def __init__(self, address: str) -> None:
        refuse_login(address)
        try:
            self._files, self._root = url_to_fs(address, **(s3.options() if s3.is_s3(address) else {}))
        except (ImportError, ValueError) as error:
            raise UsageError(f"{address}: {error}") from error
        self._address = address
        self._cache = LocalCopies()
        if s3.is_s3(address):
            s3.bound_rounds(self._files)

    def need(self) -> None:
        """Raise ArchiveUnavailable where the store does not answer or has no such bucket."""
        if s3.is_s3(self._address):
            with self._reachable():
                s3.need_bucket(self._files, self._root)

    def path(self, digest: str) -> Path:
        """A copy of the bytes on this machine, fetched and hashed if it is not there yet.

        It stays for an hour at least. Raises ArchiveDamaged where there are none or they
        are no longer those of their name, ArchiveUnavailable where they cannot be fetched.
        """
        copy = self._cache.find(digest)
        if copy is None:
            with self._cache.adding(digest) as part:
                self._fetch(digest, part)
            copy = self._cache.folder / digest
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
        """The bytes as they are there now, not as they are in the cache.

        Reading them raises ArchiveUnavailable when the store no longer answers.
        """
        try:
            with self._reachable():
                found = self._files.open(self._key(digest), "rb")
        except FileNotFoundError:
            return None
        return cast(BinaryIO, _Stream(found, self))

    def put(self, stream: BinaryIO, expected: str | None = None) -> tuple[str, int]:
        """Upload the rest of a stream under its hash, unless it is there; give sha256 and size.

        Errors in reading the stream pass through; a full disk or a store that does not
        take it raises ArchiveUnavailable.
        """
        with temporary_file() as spooled:
            with spooled.open("wb") as target:
                digest, size = copy_hashed(stream, target, spooled.parent)
            refuse_others(digest, expected)
            if self._size(digest) != size:
                self._upload(str(spooled), digest, size)
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
        with self.answering():
            if not s3.is_s3(self._address):  # it has no folders, and would be asked for its bucket each time
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
    def answering(self) -> Iterator[None]:
        """The same for what must be there: the bucket that was just written to, a file that is being read."""
        try:
            with self._reachable():
                yield
        except FileNotFoundError as error:
            raise self._unavailable(error) from error

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        """Whatever a store raises means that it cannot be used, but for a file that is not there."""
        try:
            yield
        except (FileNotFoundError, ArchiveUnavailable):
            raise
        except Exception as error:  # each store has errors of its own, and no common class
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> ArchiveUnavailable:
        if isinstance(error, OSError) and error.errno in FULL:
            return ArchiveUnavailable(f"no space left in {self._cache.folder} or at {self._address}")
        said = _LOGIN.sub("", " ".join(str(error).split())) or type(error).__name__
        return ArchiveUnavailable(f"{self._address} cannot be reached: {said}")


class _Stream(RawIOBase):
    """An object as it is read; a store that fails meanwhile raises ArchiveUnavailable."""

    def __init__(self, stream: Any, objects: RemoteObjects) -> None:
        self._stream = stream
        self._objects = objects

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._objects.answering():
            found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._stream.close()
        super().close()


def refuse_login(address: str) -> None:
    """Raise UsageError for an address with a password or key in it: addresses are kept and shown."""
    try:
        parts = urlsplit(address)
        secret = parts.password is not None or (s3.is_s3(address) and bool(set("@:") & set(parts.netloc)))
        _ = parts.port
    except ValueError:  # what stands before a slash within a password is no port
        secret = True
    if secret:
        raise UsageError("the address of the originals holds a password or key: leave it to the environment")
