"""Telling a report from the site around it: what is navigation, what the content, which lines are menus."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ocr.html.blocks import Block, HtmlTable, Paragraph
from ocr.html.rendered_text import tell
from ocr.html.tree import Element, attribute, names_of
from ocr.html.visibility import Shown, Visibility

# Nothing but links: so much of the text is inside of them.
_LINKED = 0.8
# A single link as long as this may be a title, or an attachment by its title.
_TITLE = 15
# The report begins with a heading, a table, or a line with so much text outside of links.
_OWN_TEXT = 20
# Up to its first heading or table, so many lines of links one after the other are a menu still.
_MENU = 8
# What county systems call the part with the article: TRS, JCMS, 博达, and habits of hand-made pages.
_CONTENT = re.compile(
    r"trs_editor|trs_ueditor|zoom\w*|ucap-content|vsb_content\w*|v_news_content|wp_articlecontent|"
    r"(?:article|news|art|info|show|view|detail|xxgk|text|main|page|pages|wz|xx|xl|con|content|arti\w*|nei?rong|nr)"
    r"[-_]?(?:content|contents|con|cont|cont?ext|text|txt|body|main|detail|nr|box|article|info)?",
    re.I,
)
# Addresses and classes of pictures that only decorate; names of files.
DECORATIVE = re.compile(
    r"icon|logo|banner|ewm|qr_?code|erweima|weixin|weibo|share|btn|button|spacer|[/_](?:bg|line|dot|wx)[\d_.]",
    re.I,
)
FILE_NAME = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar|7z|jpe?g|png|tiff?|bmp|gif|ceb|caj)(?![a-z0-9])", re.I
)
# Elements that may be the content, and characters of text that it has at least.
_PARTS = names_of("div td article section main form body")
_LEAST_NAMED, _LEAST_TOTAL = 20, 200
# What a picture counts, and a link to a file, in characters of text; all pictures of an element together.
_PICTURE, _FILE, _MOST_SHOWN = 150, 100, 1500


def is_navigation(element: Element, tag: str) -> bool:
    """Tell whether an element says of itself that it is a menu."""
    return tag == "nav" or (element.get("role") or "").lower() == "navigation"


def without_menus(blocks: Sequence[Block]) -> list[Block]:
    """Leave out lines of links before the report begins, and long runs of them in its first part."""
    start = _first(blocks, _begins)
    inner = max(start, _first(blocks, _parts))
    before = [block for block in blocks[:start] if not _is_menu(block)]
    return [*before, *_without_runs(blocks[start:inner]), *blocks[inner:]]


def _first(blocks: Sequence[Block], wanted: Callable[[Block], bool]) -> int:
    return next((index for index, block in enumerate(blocks) if wanted(block)), 0)


def _without_runs(blocks: Sequence[Block]) -> Iterator[Block]:
    for is_menu, run in groupby(blocks, _is_menu):
        found = list(run)
        if not (is_menu and len(found) >= _MENU):
            yield from found


def _begins(block: Block) -> bool:
    own = len(block.text) - block.linked if isinstance(block, Paragraph) else 0
    return own >= _OWN_TEXT or _parts(block)


def _parts(block: Block) -> bool:
    is_heading = isinstance(block, Paragraph) and bool(block.level) and not _is_menu(block)
    return is_heading or isinstance(block, HtmlTable)


def _is_menu(block: Block) -> bool:
    if not isinstance(block, Paragraph) or block.linked < _LINKED * len(block.text):
        return False
    return block.links > 1 or len(block.text) < _TITLE


def find_content(events: Iterable[tuple[str, Element]], visibility: Visibility) -> Element | None:
    """Find the element that holds the page's content in a walk through it; None if none stands out.

    Of those that are named like content the innermost with nearly all that
    such ones hold; else the innermost with most of the page's text outside of links.
    """
    scores = _Scores()
    tell(events, visibility, scores, unwanted=is_navigation)
    total = scores.total
    named = [one for one in scores.found if _is_named(one.element) and one.score >= _LEAST_NAMED]
    best = max((one.score for one in named), default=0)
    if best and best >= 0.3 * total:
        return next(one.element for one in named if one.score >= 0.7 * best)
    enough = (one for one in scores.found if one.score >= 0.7 * total and one.tag != "body")
    return next((one.element for one in enough), None) if total >= _LEAST_TOTAL else None


@dataclass(slots=True)
class _Score:
    """What stands in an element and all below: characters outside of links; pictures and files as such."""

    element: Element
    tag: str
    own: int = 0
    shown: int = 0

    @property
    def score(self) -> int:
        return self.own + min(self.shown, _MOST_SHOWN)


class _Scores:
    """Weighs each part of a page that it is told of (a `PrintListener`); inner parts are found first."""

    def __init__(self) -> None:
        self.found: list[_Score] = []
        self._open = [_Score(None, "")]
        self._in_link = 0

    @property
    def total(self) -> int:
        """Characters of the whole page outside of links, also where the walk ended early."""
        return sum(one.own for one in self._open)

    def begin(self, element: Element, tag: str, shown: Shown) -> None:
        """An element begins."""
        self._open.append(_Score(element, tag, shown=_worth(element, tag) if shown.pictures else 0))
        self._in_link += _is_link(element, tag)

    def end(self, element: Element, tag: str) -> None:
        """An element ends: what stands in it stands in the one around it too."""
        ended = self._open.pop()
        self._open[-1].own += ended.own
        self._open[-1].shown += ended.shown
        self._in_link -= _is_link(element, tag)
        if tag in _PARTS:
            self.found.append(ended)

    def text(self, text: str) -> None:
        """Text that is seen."""
        if not self._in_link:
            self._open[-1].own += len(text.strip())

    def value(self, text: str) -> None:
        """The value of a field is text like any other."""
        self.text(text)

    def line_end(self) -> None:
        """Lines weigh nothing."""

    def left_out(self, element: Element, tag: str) -> None:
        """What is not shown weighs nothing."""


def _is_link(element: Element, tag: str) -> bool:
    return tag == "a" and bool(element.get("href"))


def _worth(element: Element, tag: str) -> int:
    """What a picture or a link to a file counts, in characters of text."""
    if tag == "img":
        return 0 if DECORATIVE.search(attribute(element, "src", "class")) else _PICTURE
    return _FILE if tag == "a" and FILE_NAME.search(element.get("href") or "") else 0


def _is_named(element: Element) -> bool:
    words = [*(element.get("class") or "").split(), (element.get("id") or "").strip()]
    return any(word and _CONTENT.fullmatch(word) for word in words)
