"""Tag soup to a tree: the only place that knows lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

# lxml publishes no types.
Element = Any
# Longer pages are cut, in characters, and so are those with more elements; honest ones have a tenth.
LONGEST = 4_000_000
MOST_ELEMENTS = 60_000

# Left out of a page that nests deeper than the parser goes (2,048): tags that only decorate, then the others.
_DECORATION = re.compile(r"</?(?:font|span|div|center|strong|b|i|u|em|big|small|section|o:p)\b[^<>]*>?", re.I)
_BLOCKS = re.compile(
    r"</?(?:table|tbody|tr|td|th|ul|ol|li|p|dl|dd|dt|form|h[1-6]|blockquote)\b[^<>]*>?", re.I
)
_DECLARATION = re.compile(r"\s*<\?xml[^<>]*>", re.I)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


def parse(text: str) -> Element | None:
    """Build the tree of a page or a piece of one, however broken; None if there is nothing in it."""
    soup = _DECLARATION.sub("", text[:LONGEST].replace("\x00", ""), count=1)
    root, complete = _tree(soup)
    for needless in (_DECORATION, _BLOCKS):
        if not complete:
            soup = needless.sub(" ", soup)
            root, complete = _tree(soup)
    return root


def _tree(soup: str) -> tuple[Element | None, bool]:
    """The tree, and whether it was not cut for being too deep."""
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(soup.encode("utf-8", "replace").decode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, not any("depth" in entry.message for entry in islice(parser.error_log, 2000))


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Go through a tree in reading order: `start` and `end` of each element."""
    return islice(etree.iterwalk(root, events=("start", "end")), 2 * MOST_ELEMENTS)


def name(element: Element) -> str:
    """The tag in lower case without its prefix; empty for what is no element."""
    tag = element.tag
    return tag.rpartition(":")[2].lower() if isinstance(tag, str) else ""


def attribute(element: Element, *names: str) -> str:
    """The first of some attributes that says something."""
    return next((said for key in names if (said := (element.get(key) or "").strip())), "")


def is_hidden(element: Element) -> bool:
    """Whether an element says of itself that it is not shown."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def step(element: Element) -> str:
    """An element as part of a path: its tag with its first class or its id, digits replaced."""
    word = attribute(element, "class", "id").split()[:1]
    return re.sub(r"\d+", "#", ".".join([name(element), *word]))[:40]
