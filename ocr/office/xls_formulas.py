"""Formulas in XLS that have no result yet: what programs leave that reckon nothing, and ask others to."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_BEGIN, _END = frozenset({0x0009, 0x0209, 0x0409, 0x0809}), 0x000A
# Reckon at every time, or when it is opened.
_ASKS = 0b11
# A number of 0, and a text of no characters.
_ZERO, _NO_TEXT = bytes(8), b"\x03\0\0\0\0\0\xff\xff"


def without_result(records: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield the places of formulas without a result on the sheet whose records begin at `start`.

    Libraries leave a zero that is to be reckoned anew, or an empty text. Both may be results all the same;
    nobody can tell.
    """
    depth = 0
    while start + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, start)
        depth += (kind in _BEGIN) - (kind == _END)
        if depth < 1:
            return
        if kind in _FORMULAS and length >= 16 and depth == 1:
            row, column, _, result, flags = struct.unpack_from("<HHH8sH", records, start + 4)
            if result == _NO_TEXT or (result == _ZERO and flags & _ASKS):
                yield row, column
        start += 4 + length
