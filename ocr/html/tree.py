"""Markup to a tree: the only place that knows lxml. Nothing is run, and nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

# lxml publishes no types.
Element = Any
# How many of the parser's complaints are looked at; of a page cut for its depth the first is among them.
_COMPLAINTS = 2000


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements of a page, None if it has none; what nests deeper than the parser goes (2,048) is cut."""

    root: Element | None
    is_cut: bool


def parse(text: str) -> Tree:
    """Build the tree of a page or a piece of one, however broken, without comments and instructions."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    sent = text.replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(sent, parser) if sent else None
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return Tree(root, any("depth" in entry.message for entry in islice(parser.error_log, _COMPLAINTS)))


def parse_xml(text: str) -> Element | None:
    """Build the tree of an XML text, as far as it is one; entities of its own are not resolved."""
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, remove_comments=True
    )
    sent = text.replace("\0", "").encode("utf-8", "replace")
    try:
        return etree.fromstring(sent, parser) if sent.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Go through a tree in reading order: `start` and `end` of each element."""
    return iter(etree.iterwalk(root, events=("start", "end")))


def chosen(root: Element, path: str) -> tuple[Element, ...]:
    """Return the elements at an XPath; none if it makes no sense."""
    try:
        return tuple(root.xpath(path))
    except etree.XPathError:
        return ()


def tag_of(element: Element) -> str:
    """The tag in lower case, with its prefix if it has one."""
    return str(element.tag).lower()


def local_name(element: Element) -> str:
    """The tag in lower case without its prefix."""
    return tag_of(element).rpartition(":")[2]


def attribute(element: Element, *names: str) -> str:
    """The first of some attributes that says something."""
    return next((said for key in names if (said := (element.get(key) or "").strip())), "")


def names_of(text: str) -> frozenset[str]:
    """The names of elements or attributes in a text."""
    return frozenset(text.split())
