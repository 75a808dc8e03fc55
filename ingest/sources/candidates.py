"""Where documents come from: files, folders and zips, walked without reading a page."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, Protocol

from core.errors import UsageError
from core.limits import document_limits, exceeded
from core.media_types import DOCUMENTS, PACKED, PICTURES, WEB_PAGES, ZIP, media_type_of_file
from core.zip_limits import AGAIN, BAD_ZIP, Allowance

_DOCUMENT_TYPES = DOCUMENTS | {ZIP, *PACKED}
_PAGE_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_OTHER_SUFFIXES = (
    *(".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".zip", ".rar", ".7z"),
    *(".mht", ".mhtml", ".doc", ".docx", ".wps", ".ofd", ".xls", ".xlsx", ".et", ".rtf"),
)
_DOCUMENT_SUFFIXES = _PAGE_SUFFIXES.union(_OTHER_SUFFIXES)
# Browsers save what belongs to page.html in a folder page_files or page.files.
_COMPANIONS = ("_files", ".files")


class Opener(Protocol):
    """Opens the bytes of a candidate for reading."""

    def __call__(self) -> AbstractContextManager[BinaryIO]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a document: its name (`path.zip!member` inside a zip or PDF) and its bytes.

    `asked_for` tells that the user named it, rather than a folder around it, `part_of_page` that it
    was saved together with a web page, as its pictures and styles are.
    """

    name: str
    open: Opener
    asked_for: bool
    part_of_page: bool = False


def candidates_under(paths: Iterable[Path]) -> Iterator[Candidate]:
    """Yield every file under the given files and folders, in the order of their names, those of folders last.

    A folder inside that cannot be looked into comes last, as a candidate that cannot be opened.

    Raises:
        UsageError: one of the paths does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from _under(path)
        elif path.exists():
            yield _of_file(path, asked_for=True)
        else:
            raise UsageError(f"no such file or folder: {path}")


def _under(folder: Path) -> Iterator[Candidate]:
    troubles: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=troubles.append):
        folders.sort()
        paths = (Path(where, name) for name in sorted(names))
        yield from (_inside(folder, path) for path in paths if _may_be_file(path))
    yield from (_closed(error) for error in troubles)


def _may_be_file(path: Path) -> bool:
    """Whether it is a file, or its disk does not say; pipes and broken links are none."""
    try:
        return path.is_file()
    except OSError:
        return True


def _closed(error: OSError) -> Candidate:
    """A place that cannot be looked into: a file that is passed over in silence would be lost."""

    def fails() -> AbstractContextManager[BinaryIO]:
        raise error

    return Candidate(str(error.filename), fails, asked_for=True)


def _inside(folder: Path, path: Path) -> Candidate:
    part = is_part_of_page(path.relative_to(folder), lambda page: (folder / page).is_file())
    return replace(_of_file(path, asked_for=False), part_of_page=part)


def _of_file(path: Path, asked_for: bool) -> Candidate:
    return Candidate(str(path), lambda: path.open("rb"), asked_for)


def is_part_of_page(path: PurePath, is_file: Callable[[PurePath], bool]) -> bool:
    """Tell whether a file lies in the folder that a browser saved beside a page."""
    for folder in list(path.parents)[:-1]:
        for ending in _COMPANIONS:
            page = folder.name.removesuffix(ending)
            names = (folder.with_name(page + suffix) for suffix in _PAGE_SUFFIXES if page)
            if page != folder.name and any(map(is_file, names)):
                return True
    return False


def sniffed(candidate: Candidate) -> str:
    """Tell the media type of a candidate by its first bytes, of a zip by the names of its members."""
    return media_type_of_file(candidate.open)


def is_document(candidate: Candidate, kind: str) -> bool:
    """Tell whether a file is to be kept: asked for by name, or a document by media type or by name.

    Pictures and frames saved with a page are read through it or not at all.
    """
    if candidate.part_of_page and (kind in PICTURES or kind in WEB_PAGES):
        return False
    suffix = Path(candidate.name.rsplit("!", 1)[-1]).suffix.lower()
    return candidate.asked_for or kind in _DOCUMENT_TYPES or suffix in _DOCUMENT_SUFFIXES


def members(
    candidate: Candidate, depth: int = 1, allowance: Allowance | None = None
) -> Iterator[Candidate] | None:
    """Return the members of a mere zip as candidates, or None where it is not to be opened.

    Not opened is what is damaged, lies in too many zips, or goes beyond the `allowance`, which
    a zip shares with those inside of it.
    """
    if depth > document_limits().zip_depth:
        return None
    try:
        with candidate.open() as stream, zipfile.ZipFile(stream) as archive:
            if not (allowance or Allowance()).takes([info.file_size for info in archive.infolist()]):
                return None
            entries = [info for info in archive.infolist() if not info.is_dir()]
    except BAD_ZIP:
        return None
    names = {PurePosixPath(member_name(info)) for info in entries}
    return (_of_member(candidate, info, names) for info in entries)


def _of_member(candidate: Candidate, info: zipfile.ZipInfo, names: Container[PurePath]) -> Candidate:
    name = member_name(info)
    return Candidate(
        f"{candidate.name}!{name}",
        lambda: _MemberStream(candidate, info),
        asked_for=False,
        part_of_page=is_part_of_page(PurePosixPath(name), names.__contains__),
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
        if self._info.file_size > document_limits().file_bytes:
            raise OSError(exceeded("file_bytes", "it would unpack to more than {}", AGAIN))
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
