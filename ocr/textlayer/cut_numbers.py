"""Numbers that run over a rule: text too long for its cell goes on in the next one, or beside the table.

Nobody can tell which cell such a number belongs to, and a part of a number is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ocr.documents.base import Char
from ocr.tables.grid import Span
from ocr.textlayer.lines import rows_of, stand_as_one_number


def cut_numbers(chars: Iterable[Char], cells: Mapping[Span, Sequence[Char]]) -> Mapping[Span, str]:
    """Return by cell the whole of a number of which only a part stands in it.

    Args:
        chars: those of the page, in the table and around it.
        cells: those of the table, by cell.
    """
    owner = {char: span for span, own in cells.items() for char in own}
    found: dict[Span, str] = {}
    for number in _numbers(chars):
        touched = {owner.get(char) for char in number}
        if len(touched) > 1:
            whole = "".join(char.text for char in number)
            found |= {span: whole for span in touched if span is not None}
    return found


def _numbers(chars: Iterable[Char]) -> Iterator[Sequence[Char]]:
    for row in rows_of(chars):
        number = row[:1]
        for before, char in pairwise(row):
            if not stand_as_one_number(before, char):
                yield number
                number = []
            number.append(char)
        yield number
