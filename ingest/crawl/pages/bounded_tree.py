"""Trees of pages for the crawler, which cuts what is too large and never refuses a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ocr.html import tree
from ocr.html.tree import Element, attribute, local_name

# Longer pages are cut, in characters, and so are those with more elements; honest ones have a tenth.
LONGEST = 4_000_000
MOST_ELEMENTS = 60_000

# Left out of a page that nests deeper than the parser goes: tags that only decorate, then the others.
_DECORATION = re.compile(r"</?(?:font|span|div|center|strong|b|i|u|em|big|small|section|o:p)\b[^<>]*>?", re.I)
_BLOCKS = re.compile(
    r"</?(?:table|tbody|tr|td|th|ul|ol|li|p|dl|dd|dt|form|h[1-6]|blockquote)\b[^<>]*>?", re.I
)


def parse(text: str) -> Element | None:
    """Build the tree of a page or a piece of one, however broken and deep; None if there is nothing in it."""
    soup = text[:LONGEST]
    found = tree.parse(soup)
    for needless in (_DECORATION, _BLOCKS):
        if found.is_cut:
            soup = needless.sub(" ", soup)
            found = tree.parse(soup)
    return found.root


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Go through the first elements of a tree in reading order: `start` and `end` of each."""
    return islice(tree.walk(root), 2 * MOST_ELEMENTS)


def step(element: Element) -> str:
    """An element as part of a path: its tag with its first class or its id, digits replaced."""
    word = attribute(element, "class", "id").split()[:1]
    return re.sub(r"\d+", "#", ".".join([local_name(element), *word]))[:40]
