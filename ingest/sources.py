"""Where documents come from: files, folders and zips, walked without reading a page."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ocr.errors import UsageError
from ocr.sniff import HEAD, PDF, PICTURES, ZIP, media_type

# A zip inside a zip inside a zip is opened; deeper ones are kept as they are.
_DEEPEST_ZIP = 3
# A member of a zip that would unpack to more bytes than this is refused.
LARGEST_MEMBER = 1 << 30

_DOCUMENT_TYPES = PICTURES | {PDF, ZIP}
_DOCUMENT_SUFFIXES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".zip"})


class Opener(Protocol):
    """Opens the bytes of a candidate for reading."""

    def __call__(self) -> AbstractContextManager[BinaryIO]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a document: its name (`path.zip!member` inside a zip) and its bytes.

    `asked_for` tells that the user named it, rather than a folder around it.
    """

    name: str
    open: Opener
    asked_for: bool


def walk(paths: Iterable[Path]) -> Iterator[Candidate]:
    """Yield every file under the given files and folders, in the order of their names.

    Raises:
        UsageError: one of the paths does not exist.
    """
    for path in paths:
        if path.is_dir():
            files = sorted(found for found in path.rglob("*") if found.is_file())
            yield from (_of_file(found, asked_for=False) for found in files)
        elif path.exists():
            yield _of_file(path, asked_for=True)
        else:
            raise UsageError(f"no such file or folder: {path}")


def _of_file(path: Path, asked_for: bool) -> Candidate:
    return Candidate(str(path), lambda: path.open("rb"), asked_for)


def sniffed(candidate: Candidate) -> str:
    """Tell the media type of a candidate by its first bytes."""
    with candidate.open() as stream:
        return media_type(stream.read(HEAD))


def is_document(candidate: Candidate, kind: str) -> bool:
    """Tell whether a file is to be kept: asked for by name, or a document by media type or by name."""
    suffix = Path(candidate.name.rsplit("!", 1)[-1]).suffix.lower()
    return candidate.asked_for or kind in _DOCUMENT_TYPES or suffix in _DOCUMENT_SUFFIXES


def members(candidate: Candidate, depth: int = 1) -> Iterator[Candidate] | None:
    """Return the members of a zip as candidates, or None where it is not a zip to be opened.

    A word processor's file is a zip too, but one document: it is not opened.
    """
    if depth > _DEEPEST_ZIP:
        return None
    try:
        with candidate.open() as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            entries = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" in names or "mimetype" in names or "OFD.xml" in names:
        return None
    return (_of_member(candidate, info) for info in entries)


def _of_member(candidate: Candidate, info: zipfile.ZipInfo) -> Candidate:
    return Candidate(
        f"{candidate.name}!{member_name(info)}",
        lambda: _MemberStream(candidate, info),
        asked_for=False,
    )


def member_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; Windows in China writes GBK where zip says CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return info.filename


class _MemberStream(AbstractContextManager[BinaryIO]):
    """Opens a member together with the zip around it, and closes both."""

    def __init__(self, outer: Candidate, info: zipfile.ZipInfo) -> None:
        self._outer, self._info = outer, info

    def __enter__(self) -> BinaryIO:
        if self._info.file_size > LARGEST_MEMBER:
            raise OSError(f"it would unpack to {self._info.file_size} bytes, more than {LARGEST_MEMBER}")
        self._around = self._outer.open()
        self._archive = zipfile.ZipFile(self._around.__enter__())
        try:
            self._member = self._archive.open(self._info)
        except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed in an unknown way
            self.__exit__(None, None, None)
            raise OSError(str(error)) from error
        return self._member  # type: ignore[return-value]  # IO[bytes] reads like BinaryIO

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._around.__exit__(None, None, None)
