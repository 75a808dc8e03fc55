"""Pages as they were printed: two where the stored page shows two side by side."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ocr.model import Box, Page, Table
from reconcile.labels import half_width
from reconcile.matching.printed_tables import TablePart, half_of, upright_box

_SENTENCE = re.compile(r"[。；;]")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line outside of tables: its number on the page from 0, its plain text, its upright box."""

    index: int
    text: str
    box: Box
    confidence: float

    @property
    def is_sentence(self) -> bool:
        return _SENTENCE.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table with the number of the line of its page, from 0, before which it begins."""

    index: int
    part: TablePart


@dataclass(frozen=True, slots=True)
class Leaf:
    """One printed page; `half` is 1 on the right one of two, `height` is that of the page set upright."""

    page: Page
    half: int
    height: float
    lines: tuple[PrintedLine, ...]
    tables: tuple[PrintedTable, ...]

    @property
    def number(self) -> int:
        return self.page.number


def leaves_of(pages: Sequence[Page], parts: Sequence[TablePart]) -> tuple[Leaf, ...]:
    """Every printed page in order; `parts` are the tables of all pages."""
    by_page: dict[int, list[TablePart]] = {}
    for part in parts:
        by_page.setdefault(part.page, []).append(part)
    return tuple(
        _leaf(page, half, by_page.get(page.number, ()))
        for page in pages
        for half in range(2 if page.gutter else 1)
    )


def line_before(page: Page, table: Table) -> int:
    """The number, from 0, of the line before which a table begins: its own first one, else the next below."""
    half, box = half_of(page, table.box), upright_box(page, table.box)
    own = [n for n, line in enumerate(page.lines) if table.box.contains(*line.box.centre)]
    if own:
        return own[0]
    below = (
        n
        for n, line in enumerate(page.lines)
        if half_of(page, line.box) == half and upright_box(page, line.box).centre[1] > box.top
    )
    return next(below, len(page.lines))


def without_lines(pages: Sequence[Page], gone: Collection[tuple[int, int]]) -> list[Page]:
    """The pages without some lines, each named by its page and its number there, from 0."""
    return [
        replace(page, lines=tuple(line for n, line in enumerate(page.lines) if (page.number, n) not in gone))
        for page in pages
    ]


def _leaf(page: Page, half: int, parts: Sequence[TablePart]) -> Leaf:
    tables = [
        PrintedTable(line_before(page, part.table), part)
        for part in parts
        if half_of(page, part.table.box) == half
    ]
    lines = [
        PrintedLine(n, plain(line.text), upright_box(page, line.box), line.confidence)
        for n, line in enumerate(page.lines)
        if half_of(page, line.box) == half
        if not page.has_in_a_table(line)
    ]
    height = page.width if page.turned in (90, 270) else page.height
    return Leaf(page, half, height, tuple(line for line in lines if line.text), tuple(tables))


def plain(text: str) -> str:
    """The text at half width, without white space."""
    return _WHITE.sub("", half_width(text))
