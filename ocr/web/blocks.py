"""What a page is made of: paragraphs, headings, tables and pictures, in the order of the markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width

_SPACES = re.compile(r"[ \t\r\n\f\u00a0\u2000-\u200a\u202f\u205f]+")
# A line of the source that ends between two hanzi is no space, as browsers have it.
_LINE_END = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
# Nothing is printed for these: marks where a line may break, of direction, of joining.
_NO_PRINT = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text as the markup ends it; `level` 1 to 6 for a heading, else 0.

    `linked` of its characters are inside of `links` links.
    """

    text: str
    level: int = 0
    linked: int = 0
    links: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at the first of its addresses that there is, or what else is drawn and not told in text."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table, its top left corner at `row` and `column`.

    `pictured` says that there is print in it which is no text, `doubted` that its text
    may stand elsewhere or say something else.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    pictured: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. A cell begins in each row and each column; where the markup has no cell, there is none."""

    n_rows: int
    n_columns: int
    cells: tuple[GridCell, ...]


Block = Paragraph | Picture | Grid


def text_of(pieces: Iterable[str]) -> str:
    """Put pieces of text together as a browser shows them on one line; spaces at the ends are no print."""
    text = _NO_PRINT.sub("", "".join(pieces))
    return _SPACES.sub(" ", _LINE_END.sub("", text)).strip(" \u3000")


def one_text(lines: Iterable[str]) -> str:
    """Put the lines of a cell together; a space parts what would else look like one number or word."""
    parts: list[str] = []
    for line in filter(None, lines):
        if parts and not _is_wide(parts[-1][-1]) and not _is_wide(line[0]):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF" and not char.isdigit()


def names_of(text: str) -> frozenset[str]:
    """Return the names of elements or attributes in a text."""
    return frozenset(text.split())
