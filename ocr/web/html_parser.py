"""Markup to blocks: lxml parses, nothing is run or fetched, and no tree is built.

The parser tells where elements begin and end; what is open is kept on a stack of
tables. Old pages lay everything out in tables: only a table that holds no other
table, no heading and no long text is one of data, the text of all others is body text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from core.web_limits import DEEPEST, DEEPEST_TABLE, MOST_CELLS, MOST_LINES, MOST_TEXT, within
from ocr.web.blocks import Block, Paragraph, Picture, names_of, text_of
from ocr.web.html_tables import span_of
from ocr.web.tabular import OpenCell, OpenTable, blocks_of_table
from ocr.web.visibility import Hidden

# Gives the content of the page at an address, relative to the base of the page around it.
Frames = Callable[[str, str], "Content"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINES = names_of(
    "p div li ul ol dl dt dd section article header footer main aside form fieldset legend center blockquote "
    "pre address figure figcaption menu dir details summary hr br body caption textarea h1 h2 h3 h4 h5 h6"
)
_GROUPS = names_of("thead tbody tfoot")
# Where one of these begins, the cell that is open may have ended without a word.
_TABLE_PARTS = _GROUPS | names_of("table tr td th caption colgroup col")
_DRAWN = names_of("img image svg canvas object embed v:imagedata")
# Where the address of a picture stands; pages that load them late have a blank one in the first.
_SOURCES = ("src", "data-src", "data-original", "href", "xlink:href", "data")
# Fields whose value is not shown as text.
_NOT_TYPED = names_of("hidden checkbox radio image file button submit reset password")
# A picture this small keeps other things apart.
_SPACER = 3
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Content:
    """The blocks of a page, all of its pictures, those in tables too, and what addresses are relative to."""

    blocks: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()
    base: str = ""


def _no_frames(address: str, base: str) -> Content:
    return Content()


def content_of(text: str, frames: Frames = _no_frames) -> Content:
    """Take a page apart; `frames` gives those of the page at an address, if it was saved too.

    Raises:
        UnreadableDocument: the page is larger than the limits.
    """
    if not text.strip("\ufeff\0 \t\r\n"):
        return Content()
    parser = etree.HTMLParser(target=_Builder(frames), huge_tree=True, encoding="utf-8")
    sent = text.encode("utf-8", "replace")
    for start in range(0, len(sent), _CHUNK):
        parser.feed(sent[start : start + _CHUNK])
    content: Content = parser.close()
    return content


@dataclass(frozen=True, slots=True)
class _Option:
    chosen: bool
    text: str = ""

    def with_text(self, text: str) -> _Option:
        return _Option(self.chosen, self.text + text)


class _Builder:
    """What the parser tells, piece by piece (the interface of a target of lxml)."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._hidden = Hidden()
        self._blocks: list[Block] = []
        self._tables: list[OpenTable] = []
        self._pieces: list[str] = []
        self._links = self._linked = self._in_link = 0
        self._level = self._depth = self._gone = self._mute = self._preformatted = 0
        self._style: list[str] | None = None
        self._options: list[_Option] | None = None
        self._pictures: list[Picture] = []
        self._base = ""
        self._n_cells = self._n_text = self._n_lines = 0

    # The parser's side

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        within(self._depth, DEEPEST, "elements inside of each other")
        if tag == "base":
            self._base = self._base or attributes.get("href", "")
        if not self._gone and tag not in _TABLE_PARTS:
            self._doubt(tag, attributes)
        if self._gone or self._hidden.is_gone(tag, attributes):
            self._gone += 1
            self._style = [] if tag == "style" else self._style
            return
        if self._mute or self._hidden.is_mute(attributes):
            self._mute += 1
        self._begin(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends, whether or not the markup says so."""
        self._depth -= 1
        if self._gone:
            self._gone -= 1
            if tag == "style" and self._style is not None:
                self._hidden.learn("".join(self._style))
                self._style = None
            return
        self._mute -= bool(self._mute)
        self._finish(tag)

    def data(self, text: str) -> None:
        """Text between elements."""
        if self._style is not None:
            self._style.append(text)
        if self._gone or self._mute:
            return
        if self._options is not None:
            self._options[-1:] = [option.with_text(text) for option in self._options[-1:]]
            return
        for index, line in enumerate(text.split("\n") if self._preformatted else (text,)):
            if index:
                self._flush()
            self._take(line)

    def comment(self, text: str) -> None:
        """Comments, and what word processors hide in them, print nothing."""

    def close(self) -> Content:
        """The page ends."""
        self._flush()
        while self._tables:
            self._end_table()
        return Content(tuple(self._blocks), tuple(self._pictures), self._base)

    # Ours

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            self._flush()
            within(len(self._tables), DEEPEST_TABLE, "tables inside of each other")
            self._tables.append(OpenTable(laid_out=attributes.get("role") in ("presentation", "none")))
        elif tag == "tr" or tag in _GROUPS:
            self._end_cell()
            self._begin_rows(tag)
        elif tag in ("td", "th"):
            self._begin_cell(attributes)
        elif tag in _LINES:
            self._flush()
            self._level = _HEADINGS.get(tag, self._level)
            self._preformatted += tag == "pre"
        elif tag == "a":
            self._in_link += 1
            self._links += 1
        elif tag in _DRAWN:
            self._draw(attributes)
        elif tag in ("iframe", "frame"):
            self._flush()
            inner = self._frames(attributes.get("src", ""), self._base)
            self._into().extend(inner.blocks)
            self._pictures.extend(inner.pictures)
        elif tag == "input" and attributes.get("type", "text").strip().lower() not in _NOT_TYPED:
            self._take(attributes.get("value", "") if not self._mute else "")
        elif tag == "select":
            self._options = []
        elif tag == "option" and self._options is not None:
            self._options.append(_Option("selected" in attributes))

    def _finish(self, tag: str) -> None:
        if tag == "table":
            self._end_table()
        elif tag in ("td", "th", "tr") or tag in _GROUPS:
            self._end_cell()
            if self._tables and tag in _GROUPS:
                self._tables[-1].in_group = False
        elif tag in _LINES:
            self._flush()
            self._level = 0 if tag in _HEADINGS else self._level
            self._preformatted -= tag == "pre"
        elif tag == "a":
            self._in_link -= bool(self._in_link)
        elif tag == "select":
            self._choose()

    def _choose(self) -> None:
        """Print what a list to choose from shows: the chosen one, else the first."""
        options, self._options = self._options or [], None
        chosen = next((option for option in options if option.chosen), options[0] if options else None)
        self._take(chosen.text if chosen else "")

    def _take(self, text: str) -> None:
        self._n_text += len(text)
        within(self._n_text, MOST_TEXT, "characters of text")
        self._pieces.append(text)
        if self._in_link:
            self._linked += len(text_of([text]))

    def _flush(self) -> None:
        """End the line that is open."""
        if text := text_of(self._pieces):
            self._n_lines += 1
            within(self._n_lines, MOST_LINES, "lines of text")
            self._into().append(Paragraph(text, self._level, min(self._linked, len(text)), self._links))
        self._pieces = []
        self._linked, self._links = 0, self._in_link

    def _into(self) -> list[Block]:
        """Where blocks go now: into the open cell, else before the open table."""
        if not self._tables:
            return self._blocks
        table = self._tables[-1]
        return table.cell.blocks if table.cell else table.stray

    def _draw(self, attributes: Mapping[str, str]) -> None:
        sides = (_length(attributes.get(side, "")) for side in ("width", "height"))
        if not self._mute and not any(side is not None and side <= _SPACER for side in sides):
            self._flush()
            names = [attributes[name] for name in _SOURCES if attributes.get(name)]
            self._pictures.append(Picture(tuple(names)))
            self._into().append(self._pictures[-1])

    def _doubt(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note in the open cell what an element says against the text in it."""
        cell = self._tables[-1].cell if self._tables else None
        if cell is not None:
            cell.scripted |= tag == "script"
            cell.doubted |= self._hidden.is_doubtful(tag, attributes)

    def _begin_rows(self, tag: str) -> None:
        if self._tables:
            table = self._tables[-1]
            if tag in _GROUPS or not table.in_group:
                table.groups.append((tag if tag in _GROUPS else "tbody", []))
                table.in_group = True
            if tag == "tr":
                table.groups[-1][1].append([])
            table.in_row = tag == "tr"

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._end_cell()
        if not self._tables:
            return
        table = self._tables[-1]
        if not table.in_row:
            self._begin_rows("tr")
        self._n_cells += 1
        within(self._n_cells, MOST_CELLS, "cells of tables")
        table.cell = OpenCell(
            span_of(attributes.get("rowspan", "")), span_of(attributes.get("colspan", "")) or 1
        )
        table.groups[-1][1][-1].append(table.cell)
        self._doubt("td", attributes)

    def _end_cell(self) -> None:
        self._flush()
        if self._tables:
            self._tables[-1].cell = None

    def _end_table(self) -> None:
        self._end_cell()
        if self._tables:
            table = self._tables.pop()
            self._into().extend((*table.stray, *blocks_of_table(table)))


def _length(text: str) -> float | None:
    text = text.strip().lower().removesuffix("px")
    return float(text) if text.replace(".", "", 1).isdecimal() else None
