"""The text layer of a page: its characters put back into lines and cells."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from importlib.metadata import version
from itertools import pairwise
from statistics import median

from ocr.documents.base import Char
from ocr.model import Box
from ocr.text.wrapped_numbers import Extent, is_wrapped_number
from ocr.textlayer.note_marks import digit_texts
from ocr.textlayer.turned_text import set_upright

# What tells a reading from the layer apart from others.
ENGINE = f"text-layer/pdfium-{version('pypdfium2')}"
# Characters of one line overlap by at least this share of the lower one's height.
_SAME_LINE = 0.5
# A gap wider than this many em parts two runs of one line.
_WIDE_GAP = 1.2
# Digits with a wider gap between them than this share of the wider one are those of two numbers. A space is
# 0.40 of a digit wide in Noto's faces, 0.5 in Song, Hei and DejaVu, whatever the height of their lines.
_SPACE = 0.3
_NUMERIC = frozenset(".,．，")
# Type may be set at size 0; in points.
_LEAST_EM = 1e-3
# The same character drawn twice within this share of its size is one, made bold.
_OVERPRINT = 0.3


def visible_characters(chars: Iterable[Char]) -> list[Char]:
    """Return the characters that leave ink, those drawn twice for boldness only once."""
    kept: list[Char] = []
    alike: dict[str, list[Char]] = defaultdict(list)
    for char in chars:
        inked = char.visible and (char.text.strip() or not char.mapped)
        if inked and not any(_overprints(char, other) for other in alike[char.text]):
            alike[char.text].append(char)
            kept.append(char)
    return kept


def _overprints(char: Char, other: Char) -> bool:
    """Say whether one lies on the other; of some fonts the next digit is as near, but stands beside it."""
    size = max(char.loose.width, char.loose.height)
    (ax, ay), (bx, by) = char.box.centre, other.box.centre
    near = abs(ax - bx) < _OVERPRINT * size and abs(ay - by) < _OVERPRINT * size
    return near and abs(ax - bx) <= (char.box.width + other.box.width) / 2


def box_of(chars: Iterable[Char]) -> Box:
    """Return the box around characters (at least one)."""
    first, *rest = (char.box for char in chars)
    for box in rest:
        first = first.union(box)
    return first


def rows_of(chars: Iterable[Char]) -> list[list[Char]]:
    """Group characters into printed rows, top to bottom, each from left to right."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (char.loose.centre[1], char.loose.left)):
        row = next((row for row in reversed(rows[-3:]) if _on_one_line(row[0], char)), None)
        if row is None:
            rows.append([char])
        else:
            row.append(char)
    return [sorted(row, key=lambda char: char.loose.left) for row in rows]


def _on_one_line(one: Char, other: Char) -> bool:
    shared = min(one.loose.bottom, other.loose.bottom) - max(one.loose.top, other.loose.top)
    return shared >= _SAME_LINE * min(one.loose.height, other.loose.height)


def runs_of(chars: Sequence[Char]) -> list[list[Char]]:
    """Cut characters, in their given order, wherever the next does not stand close by on the same line."""
    runs: list[list[Char]] = [[chars[0]]] if chars else []
    for before, char in pairwise(chars):
        gap = char.loose.left - before.loose.right
        close = -0.5 <= gap / _em((before, char)) <= _WIDE_GAP
        if not (close and _on_one_line(before, char)):
            runs.append([])
        runs[-1].append(char)
    return runs


def is_vertical(chars: Sequence[Char]) -> bool:
    """Tell whether the characters of a cell are set in columns, top to bottom.

    In either way of setting, characters follow each other more closely than
    lines do; a single column of single characters is vertical too.
    """
    rows = rows_of(chars)
    if len(rows) < 2:
        return False
    beside = [after.loose.left - before.loose.left for row in rows for before, after in pairwise(row)]
    below = [after[0].loose.top - before[0].loose.top for before, after in pairwise(rows)]
    return not beside or (len(rows) > 2 and median(beside) > 1.25 * median(below))


def text_of(chars: Sequence[Char], width: float = math.inf, *, one_row: bool = False) -> str:
    """Put the characters of one cell, `width` points wide, into reading order as one text.

    Vertical columns are read from right to left. Runs parted by a wide gap are
    joined by a space: two values in one cell must never look like one number. A
    number whose line is full goes on in the next; `one_row` says that no rule was lost across it.
    """
    if not chars:
        return ""
    chars = set_upright(chars)
    # Digits below each other are values, or one that goes on: none are set vertically by themselves.
    if is_vertical(chars) and not all(_western(char.text) for char in chars):
        columns = _columns_of(chars)
        return "".join(char.text for column in columns for char in column)
    texts = [" ".join(_row_text(run) for run in runs_of(row)) for row in rows_of(chars)]
    if is_wrapped_number(texts, extents_of(chars), width, one_row=one_row):
        return "".join(texts)
    return reduce(_joined, texts)


def extents_of(chars: Sequence[Char]) -> list[Extent]:
    """Return where the lines of a cell's characters stand."""
    boxes = [box_of(row) for row in rows_of(chars)]
    return [Extent(box.top, box.bottom, box.width) for box in boxes]


def _columns_of(chars: Sequence[Char]) -> list[list[Char]]:
    columns: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (-char.loose.centre[0], char.loose.top)):
        width = char.loose.width / 2
        if columns and abs(columns[-1][0].loose.centre[0] - char.loose.centre[0]) < width:
            columns[-1].append(char)
        else:
            columns.append([char])
    return [sorted(column, key=lambda char: char.loose.top) for column in columns]


def _row_text(run: Sequence[Char]) -> str:
    """Join a run; a gap of a fifth of an em between Latin words is a space, and a wide one between digits."""
    text, *rest = digit_texts(run)
    for (before, char), printed in zip(pairwise(run), rest, strict=True):
        gap = char.loose.left - before.loose.right
        spaced = gap > 0.2 * _em((before, char)) and _latin(before.text) and _latin(printed)
        if _is_numeric(before.text) and _is_numeric(char.text):
            spaced = not stand_as_one_number(before, char) and not printed.startswith(" ")
        text += " " + printed if spaced else printed
    return text


def stand_as_one_number(before: Char, char: Char) -> bool:
    """Tell whether two characters of a row, from left to right, stand as those of one number do."""
    if not (_is_numeric(before.text) and _is_numeric(char.text)):
        return False
    return char.loose.left - before.loose.right <= _SPACE * max(before.loose.width, char.loose.width)


def _joined(text: str, line: str) -> str:
    return f"{text} {line}" if _western(text[-1:]) and _western(line[:1]) else text + line


def _is_numeric(text: str) -> bool:
    return text.isdecimal() or text in _NUMERIC


def _western(text: str) -> bool:
    return text.isascii() or text.isdecimal()


def _latin(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _em(chars: Sequence[Char]) -> float:
    return max(_LEAST_EM, *(char.loose.height for char in chars))
