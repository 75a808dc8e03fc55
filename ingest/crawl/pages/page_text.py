"""What a page prints: its visible text, and which part of it is the content."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.crawl.pages import volatile_text
from ingest.crawl.pages.html_tree import Element, attribute, is_hidden, name, walk

_SILENT_TAGS = "script style noscript template head title iframe object select textarea svg"
_BLOCK_TAGS = (
    "address article aside blockquote body br center dd div dl dt fieldset figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
SILENT = frozenset(_SILENT_TAGS.split())
BLOCKS = frozenset(_BLOCK_TAGS.split())
# Elements that hold whole blocks: a link around one of them is an anchor that nobody closed.
_HEAVY = ("table", "p", "div", "ul")
# What county systems call the part with the article: TRS, JCMS, 博达, and habits of hand-made pages.
_CONTENT = re.compile(
    r"trs_editor|trs_ueditor|zoom\w*|ucap-content|vsb_content\w*|v_news_content|wp_articlecontent|"
    r"(?:article|news|art|info|show|view|detail|xxgk|text|main|page|pages|wz|xx|xl|con|content|arti\w*|nei?rong|nr)"
    r"[-_]?(?:content|contents|con|cont|cont?ext|text|txt|body|main|detail|nr|box|article|info)?",
    re.I,
)
DECORATIVE = re.compile(
    r"icon|logo|banner|ewm|qr_?code|erweima|weixin|weibo|share|btn|button|spacer|[/_](?:bg|line|dot|wx)[\d_.]",
    re.I,
)
FILE_NAME = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar|7z|jpe?g|png|tiff?|bmp|gif|ceb|caj)(?![a-z0-9])", re.I
)
_SPACES = re.compile(r"\s+")
# Marks where a row of a table begins and ends, until the text is tidy.
_ROW = "\x1e"


def plain(text: str) -> str:
    """One space for any white space, none at the ends."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Without any white space: Chinese words are the same with and without."""
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class Printed:
    """The text of a page, of its content, and of all but links and what changes by itself."""

    text: str
    content: str
    own: str


@dataclass(slots=True)
class _Tally:
    """What stands in an element, itself and all below: own text outside of links, pictures and files."""

    own: int = 0
    shown: int = 0


def find_content(root: Element) -> Element | None:
    """Find the element that holds the page's content; None if none stands out.

    Of those that are named like content the innermost with nearly all that
    such ones hold; else the innermost with most of the page's text outside of links.
    """
    tallies, total = _tallies(root)
    named = [(element, score) for element, score, is_named in tallies if is_named and score >= 20]
    best = max((score for _, score in named), default=0)
    if best and best >= 0.3 * total:
        return next(element for element, score in named if score >= 0.7 * best)
    enough = (element for element, score, _ in tallies if score >= 0.7 * total and name(element) != "body")
    return next(enough, None) if total >= 200 else None


def _tallies(root: Element) -> tuple[list[tuple[Element, int, bool]], int]:
    """Every block with its score, inner ones first, and the score of the whole page."""
    found: list[tuple[Element, int, bool]] = []
    stack = [_Tally()]
    quiet = linked = 0
    for event, element in walk(root):
        tag = name(element)
        if event == "start":
            stack.append(_Tally())
            quiet += _is_silent(element, tag)
            linked += tag == "a" and bool(element.get("href"))
            if not quiet and not linked:
                stack[-1].own += _weight(element.text)
            if not quiet:
                stack[-1].shown += _worth(element, tag)
        elif event == "end" and len(stack) > 1:
            tally = stack.pop()
            quiet -= _is_silent(element, tag)
            linked -= tag == "a" and bool(element.get("href"))
            stack[-1].own += tally.own
            stack[-1].shown += tally.shown
            if tag in ("div", "td", "article", "section", "main", "form", "body"):
                found.append((element, tally.own + min(tally.shown, 1500), _is_named(element)))
        if event != "start" and not quiet and not linked:
            stack[-1].own += _weight(element.tail)
    return found, stack[0].own + stack[-1].own * (len(stack) > 1)


def _weight(text: str | None) -> int:
    return len(text.strip()) if text else 0


def _worth(element: Element, tag: str) -> int:
    """What a picture or a link to a file counts, in characters of text."""
    if tag == "img":
        return 0 if DECORATIVE.search(attribute(element, "src", "class")) else 150
    return 100 if tag == "a" and FILE_NAME.search(element.get("href") or "") else 0


def _is_named(element: Element) -> bool:
    words = [*(element.get("class") or "").split(), (element.get("id") or "").strip()]
    return any(word and _CONTENT.fullmatch(word) for word in words)


def printed(root: Element, content: Element | None) -> Printed:
    """Write down what is printed, in reading order, once for all of it and once for each part."""
    paper = _Paper()
    for event, element in walk(root):
        tag = name(element)
        if event == "start":
            _begin(paper, element, tag, content)
        elif event == "end":
            _end(paper, element, tag, content)
        paper.say(element.text if event == "start" else element.tail)
    frame = volatile_text.lasting(_tidy(paper.own), in_frame=content is not None)
    body = volatile_text.lasting(_tidy(paper.own_inside), in_frame=False)
    own = "\n".join(part for part in (frame, body) if part)
    return Printed(_tidy(paper.everything), _tidy(paper.inside), own)


@dataclass(slots=True)
class _Paper:
    """What is written so far, and in how many silent elements, lists and content the pen is."""

    everything: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    own_inside: list[str] = field(default_factory=list)
    quiet: int = 0
    listed: int = 0
    within: int = 0
    # For each open link, whether its words are not the page's own.
    links: list[bool] = field(default_factory=list)

    def say(self, text: str | None) -> None:
        if text and not self.quiet:
            self._write(_SPACES.sub(" ", text), is_own=not any(self.links))

    def mark(self, mark: str) -> None:
        """Write a separator, whoever's words are around it."""
        if mark:
            self._write(mark, is_own=True)

    def _write(self, text: str, *, is_own: bool) -> None:
        self.everything.append(text)
        if self.within:
            self.inside.append(text)
        if is_own:
            (self.own_inside if self.within else self.own).append(text)


def _begin(paper: _Paper, element: Element, tag: str, content: Element | None) -> None:
    paper.within += element is content
    paper.listed += tag == "li"
    paper.quiet += _is_silent(element, tag)
    if tag == "a":
        is_listed = not paper.within or paper.listed > 0
        paper.links.append(_is_left_out(element) if is_listed else False)
    paper.mark(_mark(tag))


def _end(paper: _Paper, element: Element, tag: str, content: Element | None) -> None:
    paper.mark("\t" if tag in ("td", "th") else _mark(tag))
    paper.quiet -= _is_silent(element, tag)
    paper.listed -= tag == "li"
    paper.within -= element is content
    if tag == "a" and paper.links:
        paper.links.pop()


def _is_silent(element: Element, tag: str) -> bool:
    return tag in SILENT or is_hidden(element)


def _mark(tag: str) -> str:
    return _ROW if tag == "tr" else "\n" if tag in BLOCKS else ""


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
    rows = ("\t".join(map(_tidy_lines, row.split("\t"))) for row in "".join(pieces).split(_ROW))
    return "\n".join(row.removesuffix("\t") for row in rows if row.strip())


def _tidy_lines(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
