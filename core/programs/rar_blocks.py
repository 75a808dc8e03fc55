"""The blocks of a RAR, as far as they tell of a password or of other volumes: bsdtar is silent about both.

Without it, what is encrypted, or the half of a file that goes on in another volume, might pass for the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LOCKED, SPLIT = "locked", "split"
_FOURTH, _FIFTH = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
# Blocks of a sound archive: a file and its notes take a few each.
_BLOCKS = 200_000
_LONGEST_HEAD = 2 << 20


def hindrances(path: Path) -> frozenset[str]:
    """Return what of `LOCKED` and `SPLIT` a RAR is; nothing of what is none, or damaged."""
    with path.open("rb") as file:
        head = file.read(8)
        walk = _fifth(file) if head == _FIFTH else _fourth(file) if head.startswith(_FOURTH) else iter(())
        try:
            return frozenset(told for _, told in zip(range(_BLOCKS), walk, strict=False) if told)
        except (struct.error, IndexError):
            return frozenset()


def _fourth(file: BinaryIO) -> Iterator[str]:
    at = len(_FOURTH)
    while True:
        file.seek(at)
        _, kind, flags, size = struct.unpack("<HBHH", file.read(7))
        if kind == 0x73:
            yield LOCKED if flags & 0x80 else ""
            if flags & 0x80:
                return
        elif kind == 0x74:
            yield LOCKED if flags & 0x04 else ""
            yield SPLIT if flags & 0x03 else ""
        elif kind == 0x7B:
            yield SPLIT if flags & 0x01 else ""
            return
        data = struct.unpack("<I", file.read(4))[0] if flags & 0x8000 or kind == 0x74 else 0
        # Of a file of more than 4 GiB the rest of its size stands further behind.
        if kind == 0x74 and flags & 0x100:
            file.seek(at + 32)
            data += struct.unpack("<I", file.read(4))[0] << 32
        at += max(size, 7) + data


def _fifth(file: BinaryIO) -> Iterator[str]:
    at = len(_FIFTH)
    while True:
        file.seek(at + 4)
        size, length = _whole(file.read(10), 0)
        start = at + 4 + length
        file.seek(start)
        head = file.read(min(size, _LONGEST_HEAD))
        kind, place = _whole(head, 0)
        flags, place = _whole(head, place)
        extra, place = _whole(head, place) if flags & 0x01 else (0, place)
        data, place = _whole(head, place) if flags & 0x02 else (0, place)
        if kind == 4:
            yield LOCKED
            return
        if kind == 2:
            yield SPLIT if flags & 0x18 else ""
            yield LOCKED if 1 in _records(head[max(0, len(head) - extra) :]) else ""
        if kind == 5:
            yield SPLIT if _whole(head, place)[0] & 0x01 else ""
            return
        at = start + size + data


def _records(extra: bytes) -> Iterator[int]:
    """Yield the kinds of the records of an extra area; the first kind is encryption."""
    place = 0
    while place < len(extra):
        size, start = _whole(extra, place)
        yield _whole(extra, start)[0]
        place = start + size


def _whole(data: bytes, place: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, and the place behind it."""
    number = shift = 0
    while True:
        byte = data[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place
        if shift > 63:
            raise IndexError("no number")
