"""A page as blocks: paragraphs, headings, tables and pictures, from what it prints.

What is open is kept on a stack of tables. Old pages lay everything out in tables: only
a table that holds no other table, no heading and no long text is one of data, the text of all
others is body text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from core.limits import WEB_PAGE, web_page_within
from ocr.html.blocks import Block, Paragraph, Picture
from ocr.html.boilerplate import is_navigation
from ocr.html.html_tables import OpenCell, OpenTable, blocks_of_table, span_of
from ocr.html.rendered_text import GAP, LINES, REORDERED, shows_no_value, tell, text_of
from ocr.html.styles.sheet_rules import Load, no_sheets
from ocr.html.styles.type_sizes import Type, are_unlike
from ocr.html.tree import Element, attribute, names_of, parse, walk
from ocr.html.visibility import Shown, visibility_of

# Gives the content of the page at an address, relative to the base of the page around it.
Frames = Callable[[str, str], "ParsedPage"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_DRAWN = names_of("img image svg canvas object embed v:imagedata")
# Where the address of a picture stands; pages that load them late have a blank one in the first.
_SOURCES = ("src", "data-src", "data-original", "href", "xlink:href", "data")
_DIGIT = re.compile(r"\d")
# A picture this small keeps other things apart.
_SPACER = 3


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """The blocks of a page, all of its pictures, those in tables too, and what addresses are relative to."""

    blocks: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()
    base: str = ""


def _no_frames(address: str, base: str) -> ParsedPage:
    return ParsedPage()


def content_of(text: str, frames: Frames = _no_frames, sheets: Load = no_sheets) -> ParsedPage:
    """Take a page apart; `frames` and `sheets` give what is at an address, if it was saved too.

    Raises:
        UnreadableDocument: the page is larger than the limits.
    """
    web_page_within(text.count("<"), WEB_PAGE.tags, "tags")
    root = parse(text).root
    if root is None:
        return ParsedPage()
    base = next((one.get("href") for one in root.iter("base") if one.get("href")), "")
    visibility = visibility_of(root, sheets, base)
    builder = _Builder(frames, base)
    tell(_not_too_deep(walk(root)), visibility, builder, unwanted=is_navigation)
    return builder.finished()


def _not_too_deep(events: Iterable[tuple[str, Element]]) -> Iterator[tuple[str, Element]]:
    depth = 0
    for event, element in events:
        depth += 1 if event == "start" else -1
        web_page_within(depth, WEB_PAGE.depth, "elements inside of each other")
        yield event, element


@dataclass(slots=True)
class _OpenLine:
    """The line that is open: its pieces, links that have begun in it and how much stands in links.

    `digits` tells how those in it are set.
    """

    pieces: list[str] = field(default_factory=list)
    links: int = 0
    linked: int = 0
    digits: set[Type] = field(default_factory=set)


class _Builder:
    """Makes blocks of what it is told of a page (a `PrintListener`)."""

    def __init__(self, frames: Frames, base: str) -> None:
        self._frames, self._base = frames, base
        self._blocks: list[Block] = []
        self._pictures: list[Picture] = []
        self._tables: list[OpenTable] = []
        self._line = _OpenLine()
        self._shown = [Shown()]
        self._level = self._in_link = 0
        self._n_cells = self._n_text = self._n_lines = 0

    def begin(self, element: Element, tag: str, shown: Shown) -> None:
        """An element begins that takes its place."""
        self._shown.append(shown)
        if tag == "table":
            self._begin_table(element)
        elif tag == "tr" or tag in _GROUPS:
            self._end_cell()
            self._begin_rows(tag)
        elif tag in ("td", "th"):
            self._begin_cell(element)
        elif tag in LINES:
            self.line_end()
            self._level = _HEADINGS.get(tag, self._level)
        elif tag == "a":
            self._in_link += 1
            self._line.links += 1
        elif tag in _DRAWN and shown.pictures:
            self._draw(element)
        elif tag in ("iframe", "frame"):
            self._insert_frame(element)
        if self._cell is not None and shown.pictures:
            self._cell.untold |= shown.added or shows_no_value(element, tag)
        self._part(shown)

    def end(self, element: Element, tag: str) -> None:
        """An element ends, whether or not the markup says so."""
        self._part(self._shown.pop())
        if tag == "table":
            self._end_table()
        elif tag in ("td", "th", "tr") or tag in _GROUPS:
            self._end_cell()
            if self._tables and tag in _GROUPS:
                self._tables[-1].in_group = False
        elif tag in LINES:
            self.line_end()
            self._level = 0 if tag in _HEADINGS else self._level
        elif tag == "a":
            self._in_link -= bool(self._in_link)

    def text(self, text: str) -> None:
        """Text that is seen."""
        self._n_text += len(text)
        web_page_within(self._n_text, WEB_PAGE.characters, "characters of text")
        self._line.pieces.append(text)
        shown, cell = self._shown[-1], self._cell
        if cell is not None and text.strip():
            cell.doubted |= shown.is_doubtful or REORDERED.search(text) is not None
        if _DIGIT.search(text):
            self._line.digits.add(shown.type)
        if self._in_link:
            self._line.linked += len(text_of([text]))

    def value(self, text: str) -> None:
        """The value of a field is text like any other."""
        self.text(text)

    def line_end(self) -> None:
        """End the line that is open."""
        line, self._line = self._line, _OpenLine(links=self._in_link)
        if line.digits and self._cell is not None:
            self._cell.doubted |= are_unlike(line.digits)
        if text := text_of(line.pieces):
            self._n_lines += 1
            web_page_within(self._n_lines, WEB_PAGE.lines, "lines of text")
            self._place(Paragraph(text, self._level, min(line.linked, len(text)), line.links))

    def left_out(self, element: Element, tag: str) -> None:
        """An element is passed over; that it was there may speak against the cell that it stands in."""
        if self._cell is not None and tag == "script":
            self._cell.untold = True

    def finished(self) -> ParsedPage:
        """The page ends."""
        self.line_end()
        while self._tables:
            self._end_table()
        return ParsedPage(tuple(self._blocks), tuple(self._pictures), self._base)

    def _place(self, *blocks: Block) -> None:
        """Put blocks into the open cell, else before the open table."""
        if not self._tables:
            self._blocks.extend(blocks)
            return
        table = self._tables[-1]
        (table.cell.blocks if table.cell else table.stray).extend(blocks)

    # Pictures and frames

    def _draw(self, element: Element) -> None:
        sides = (_length(element.get(side) or "") for side in ("width", "height"))
        if not any(side is not None and side <= _SPACER for side in sides):
            self.line_end()
            self._pictures.append(Picture(tuple(filter(None, map(element.get, _SOURCES)))))
            self._place(self._pictures[-1])

    def _insert_frame(self, element: Element) -> None:
        self.line_end()
        inner = self._frames(element.get("src") or "", self._base)
        self._place(*inner.blocks)
        self._pictures.extend(inner.pictures)

    # Tables

    @property
    def _cell(self) -> OpenCell | None:
        return self._tables[-1].cell if self._tables else None

    def _part(self, shown: Shown) -> None:
        """Note where an element begins or ends that does not go on with what is around it."""
        if shown.apart and shown.text:
            self._line.pieces.append(GAP)

    def _begin_table(self, element: Element) -> None:
        self.line_end()
        web_page_within(len(self._tables), WEB_PAGE.table_depth, "tables inside of each other")
        self._tables.append(OpenTable(laid_out=element.get("role") in ("presentation", "none")))

    def _begin_rows(self, tag: str) -> None:
        if self._tables:
            table = self._tables[-1]
            if tag in _GROUPS or not table.in_group:
                table.groups.append((tag if tag in _GROUPS else "tbody", []))
                table.in_group = True
            if tag == "tr":
                table.groups[-1][1].append([])
            table.in_row = tag == "tr"

    def _begin_cell(self, element: Element) -> None:
        self._end_cell()
        if not self._tables:
            return
        table = self._tables[-1]
        if not table.in_row:
            self._begin_rows("tr")
        self._n_cells += 1
        web_page_within(self._n_cells, WEB_PAGE.cells, "cells of tables")
        down, across = span_of(attribute(element, "rowspan")), span_of(attribute(element, "colspan"))
        table.cell = OpenCell(down, across or 1)
        table.groups[-1][1][-1].append(table.cell)

    def _end_cell(self) -> None:
        self.line_end()
        if self._tables:
            self._tables[-1].cell = None

    def _end_table(self) -> None:
        self._end_cell()
        if self._tables:
            table = self._tables.pop()
            self._place(*table.stray, *blocks_of_table(table))


def _length(text: str) -> float | None:
    text = text.strip().lower().removesuffix("px")
    return float(text) if text.replace(".", "", 1).isdecimal() else None
