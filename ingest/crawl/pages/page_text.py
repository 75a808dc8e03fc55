"""The lines that a page prints: all of them, those of its content, and those that are its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from ingest.crawl.pages import volatile_text
from ingest.crawl.pages.bounded_tree import walk
from ocr.html.boilerplate import FILE_NAME, is_navigation
from ocr.html.rendered_text import CLOSED, LINES, tell, text_of
from ocr.html.tree import Element, tag_of
from ocr.html.visibility import UNSHOWN, Shown, Visibility

# Elements that hold whole blocks: a link around one of them is an anchor that nobody closed.
_HEAVY = ("table", "p", "div", "ul")
# Beside the elements that begin on a line of their own.
_TABLES = frozenset({"table", "thead", "tbody", "tfoot"})
# Mark where a line, a cell and a row of a table begin and end, until the text is tidy.
_LINE, _CELL, _ROW = "\x1d", "\x1f", "\x1e"
_NO_MARKS = dict.fromkeys(map(ord, (_LINE, _CELL, _ROW)))
# Elements of a headline or a link that are looked at.
_MOST_LOOKED_AT = 150


def plain(text: str) -> str:
    """One space for any white space, none at the ends."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Without any white space: Chinese words are the same with and without."""
    return "".join(text.split())


def pieces_of(element: Element) -> Iterator[str]:
    """The pieces of text in a small element, at the cost of a bounded walk.

    Hidden ones too: words that a site hides beside a picture still tell what a link leads to.
    """
    gone = 0
    for event, one in islice(walk(element), 2 * _MOST_LOOKED_AT):
        tag = tag_of(one)
        is_gone = one is not element and (tag in CLOSED or tag in UNSHOWN)
        gone += is_gone if event == "start" else -is_gone
        text = one.text if event == "start" else one.tail if one is not element else None
        if text and not gone:
            yield text


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, of its content, and of all but links, menus and what changes by itself."""

    text: str
    content: str
    own: str


def printed(root: Element, visibility: Visibility, content: Element | None) -> PageText:
    """Write down what is printed, in reading order, once for all of it and once for each part."""
    paper = _Paper(content)
    tell(walk(root), visibility, paper)
    frame = volatile_text.lasting(_tidy(paper.own), in_frame=content is not None)
    body = volatile_text.lasting(_tidy(paper.own_inside), in_frame=False)
    own = "\n".join(part for part in (frame, body) if part)
    return PageText(_tidy(paper.everything), _tidy(paper.inside), own)


@dataclass(slots=True)
class _Paper:
    """What is written so far, and in how many lists, menus and content the pen is (a `PrintListener`)."""

    content: Element | None
    everything: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    own_inside: list[str] = field(default_factory=list)
    listed: int = 0
    menus: int = 0
    within: int = 0
    cells: int = 0
    # For each open link, whether its words are not the page's own.
    links: list[bool] = field(default_factory=list)

    def begin(self, element: Element, tag: str, shown: Shown) -> None:
        """An element begins."""
        self.within += element is self.content
        self.listed += tag == "li"
        self.cells += tag in ("td", "th")
        self.menus += is_navigation(element, tag)
        if tag == "a":
            is_listed = not self.within or self.listed > 0
            self.links.append(_is_left_out(element) if is_listed else False)
        self._mark(_mark(tag))

    def end(self, element: Element, tag: str) -> None:
        """An element ends."""
        self._mark(_CELL if tag in ("td", "th") else _mark(tag))
        self.menus -= is_navigation(element, tag)
        self.listed -= tag == "li"
        self.cells -= tag in ("td", "th")
        self.within -= element is self.content
        if tag == "a" and self.links:
            self.links.pop()

    def text(self, text: str) -> None:
        """Text that is seen."""
        self._write(text.translate(_NO_MARKS), is_own=self._is_own)

    def value(self, text: str) -> None:
        """The value of a field: a figure of the report in a cell, elsewhere often a counter or a token."""
        self._write(text.translate(_NO_MARKS), is_own=self._is_own and self.cells > 0)

    def line_end(self) -> None:
        """A line of preformatted text ends."""
        self._mark(_LINE)

    def left_out(self, element: Element, tag: str) -> None:
        """What is not shown still sets apart what stands before and behind it."""
        self._mark(_mark(tag))

    @property
    def _is_own(self) -> bool:
        return not self.menus and not any(self.links)

    def _mark(self, mark: str) -> None:
        """Write a separator, whoever's words are around it."""
        if mark:
            self._write(mark, is_own=True)

    def _write(self, text: str, *, is_own: bool) -> None:
        self.everything.append(text)
        if self.within:
            self.inside.append(text)
        if is_own:
            (self.own_inside if self.within else self.own).append(text)


def _mark(tag: str) -> str:
    return _ROW if tag == "tr" else _LINE if tag in LINES or tag in _TABLES else ""


def _is_left_out(anchor: Element) -> bool:
    """Whether the words of a link in a list are not the page's own: a frame's news change every night.

    The names of files are, and so is whatever an anchor swallows that was never closed.
    """
    href = anchor.get("href")
    if not href or FILE_NAME.search(href):
        return False
    return next(anchor.iter(*_HEAVY), None) is None


def _tidy(pieces: list[str]) -> str:
    """Put each paragraph and each row of a table on a line of its own, with tabs between the cells."""
    rows = ("\t".join(map(_tidy_lines, row.split(_CELL))) for row in "".join(pieces).split(_ROW))
    return "\n".join(row.removesuffix("\t") for row in rows if row.strip())


def _tidy_lines(text: str) -> str:
    """What browsers show of each line; wide spaces, which only set words apart, are spaces like any other."""
    lines = (plain(text_of([line])) for line in text.split(_LINE))
    return "\n".join(line for line in lines if line)
