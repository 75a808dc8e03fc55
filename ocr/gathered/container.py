"""The file that holds several documents as one: a zip of them as they are, in the order of their pages.

The same members make the same bytes, so a document that is gathered twice is one document.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from core.media_types import GATHERED_MARK
from core.zip_limits import Allowance

_MARK = b"guidang: one document in several files, in the order of their names\n"
# The earliest date that a zip can tell: the same members make the same bytes at any time.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be gathered, and the path or address that it came from: the end of that is kept."""

    path: Path
    source: str


def write_container(members: Sequence[Member], target: BinaryIO) -> None:
    """Write files into one, byte for byte."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as container:
        container.writestr(zipfile.ZipInfo(GATHERED_MARK, _NO_DATE), _MARK)
        for number, member in enumerate(members, 1):
            info = zipfile.ZipInfo(f"{number:04} {_file_name(member.source)}", _NO_DATE)
            info.file_size = member.path.stat().st_size  # tells zipfile whether it needs its large kind
            with member.path.open("rb") as source, container.open(info, "w") as place:
                shutil.copyfileobj(source, place, _CHUNK)


def _file_name(source: str) -> str:
    """The last name in a path, an address or a path in a zip, without what an address asks."""
    whole = source.partition("?")[0].replace("!", "/").replace("\\", "/")
    return PurePosixPath(whole).name or "file"


def unpacked(container: Path, folder: Path) -> list[Path]:
    """Lay the members of a container in a folder, in order.

    Raises:
        OSError, zipfile.BadZipFile: it is damaged, or beyond the limits of zips.
    """
    with zipfile.ZipFile(container) as opened:
        members = [info for info in opened.infolist() if info.filename != GATHERED_MARK]
        if not Allowance().takes([info.file_size for info in members]):
            raise OSError("it holds more than a zip may unpack to")
        return list(_laid(opened, members, folder))


def _laid(opened: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], folder: Path) -> Iterator[Path]:
    for number, info in enumerate(sorted(members, key=lambda info: info.filename), 1):
        place = folder / f"{number:04}"
        with opened.open(info) as source, place.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
        yield place
