"""The directory of a compound file (OLE2): DOC, XLS, PPT, and what encrypts newer kinds, are kept in such."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_HEADER, _ENTRY = 512, 128
# Entries of a directory; files of offices have dozens.
_ENTRIES = 65_536
# Streams by which a workbook is known, and those of what is none though it has one.
_WORKBOOKS = frozenset({"Workbook", "Book"})
_OTHERS = frozenset({"EncryptedPackage", "WordDocument"})
_FREE = 0xFFFFFFFA


@dataclass(frozen=True, slots=True)
class _Entry:
    """A stream or storage; the others are numbers of entries."""

    name: str
    kind: int
    left: int
    right: int
    child: int


def holds_workbook(path: Path) -> bool:
    """Tell whether a compound file is a workbook (XLS, or ET of WPS) and not encrypted as a whole."""
    names = stream_names(path)
    return not names.isdisjoint(_WORKBOOKS) and names.isdisjoint(_OTHERS)


def stream_names(path: Path) -> frozenset[str]:
    """Return the names of what lies at the top of a compound file; empty if its directory cannot be read.

    What lies deeper belongs to objects that are embedded.
    """
    with path.open("rb") as file:
        try:
            return frozenset(_top([*_entries(file)]))
        except (struct.error, ValueError, IndexError):
            return frozenset()


def _entries(file: BinaryIO) -> Iterator[_Entry]:
    header = file.read(_HEADER)
    (shift,) = struct.unpack_from("<H", header, 30)
    if not 7 <= shift <= 16:
        raise ValueError("no size of sectors")
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", header, 48)
    tables = [one for one in struct.unpack_from("<109I", header, 76) if one < _FREE]
    seen: set[int] = set()
    while sector < _FREE and sector not in seen and len(seen) * size < _ENTRIES * _ENTRY:
        seen.add(sector)
        held = _sector(file, sector, size)
        yield from (_entry(held, at) for at in range(0, len(held) - _ENTRY + 1, _ENTRY))
        table, place = divmod(sector, size // 4)
        # The directory of a file of so many sectors that its table has more parts is not followed further.
        if table >= len(tables):
            return
        (sector,) = struct.unpack_from("<I", _sector(file, tables[table], size), place * 4)


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    return file.read(size)


def _entry(held: bytes, at: int) -> _Entry:
    (length,) = struct.unpack_from("<H", held, at + 64)
    name = held[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<3I", held, at + 68)
    return _Entry(name, held[at + 66], left, right, child)


def _top(entries: list[_Entry]) -> Iterator[str]:
    """Yield the names of the entries right below the root, which are kept as a tree."""
    waiting = [entries[0].child]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            entry = entries[number]
            yield entry.name
            waiting += [entry.left, entry.right]
