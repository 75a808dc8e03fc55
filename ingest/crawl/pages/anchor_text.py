"""What a link says, what stands around it, and where in the markup it stands."""

from __future__ import annotations

import re
from itertools import islice

from ingest.crawl.pages.bounded_tree import step
from ingest.crawl.pages.page_text import pieces_of, plain
from ocr.html.tree import Element, attribute, local_name

# Characters that are kept of what a link says.
LONGEST_WORDS = 300
_CUT = re.compile(r"(?:…|\.{2,}|···)\s*$")
_CUT_WITHIN = re.compile(r"(.{4,200}?)(?:…|\.{2,}|···)")
_ROWS = frozenset({"li", "tr", "dd", "dt", "p", "h1", "h2", "h3", "h4", "body", "table", "ul", "form"})
_UNINFORMATIVE = frozenset({"", ">", ">>", "»"})


def anchor_text(element: Element) -> str:
    """What a link says: its text, in full where it is cut short; else its title, or that of its picture."""
    said = _text(element, LONGEST_WORDS)
    title = plain(attribute(element, "title"))[:LONGEST_WORDS]
    if title and (said in _UNINFORMATIVE or _CUT.search(said) or said in title or _goes_on(said, title)):
        return title
    if said:
        return said
    inner = (attribute(one, "alt", "title") for one in islice(element.iter("img"), 20))
    return plain(next(filter(None, inner), "") or attribute(element, "alt", "value", "aria-label"))[
        :LONGEST_WORDS
    ]


def _goes_on(said: str, title: str) -> bool:
    """Whether a text is cut short in its middle, a date behind it, where the title goes on."""
    cut = _CUT_WITHIN.match(said)
    return bool(cut) and title.startswith(cut[1].strip())  # type: ignore[index]  # it matched


def _text(element: Element, most: int) -> str:
    """The first characters of an element's text, at the cost of a bounded walk."""
    pieces: list[str] = []
    length = 0
    for part in pieces_of(element):
        pieces.append(part)
        length += len(part)
        if length > most:
            break
    return plain(" ".join(pieces))[:most]


def surrounding_text(element: Element) -> str:
    """The text of the row that a link stands in: the nearest element that says more than the link."""
    own = _text(element, LONGEST_WORDS)
    said = own
    for _, above in zip(range(6), element.iterancestors(), strict=False):
        text = _text(above, LONGEST_WORDS + 1)
        if len(text) > LONGEST_WORDS and said != own:
            break
        said = text
        if local_name(above) in _ROWS or len(text) >= len(own) + 4:
            break
    return said[:LONGEST_WORDS]


def markup_path(element: Element) -> str:
    """The last tags down to a link, with their classes: where in the page's makeup it stands."""
    above = [step(one) for _, one in zip(range(4), element.iterancestors(), strict=False)]
    return ">".join([*reversed(above), local_name(element)])
