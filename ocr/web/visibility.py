"""Which elements of a page are not shown, or not as they are written: by what they are, by attribute, or
by a plain rule of style.

Scripts are not run, so what a script would show or hide stays as the markup has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ocr.web.blocks import names_of

# Not shown, or only for programs; `nav` are menus.
UNSHOWN = names_of("script style noscript template title nav datalist audio video map rp applet noframes")
_NOT_DISPLAYED = re.compile(r"(?<![-\w])display\s*:\s*none", re.IGNORECASE)
_NOT_VISIBLE = re.compile(r"(?<![-\w])visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
# Text that is struck out, raised, set over other text or turned about: its digits are no part of a number,
# or not in this order.
_ALTERED = names_of("del s strike sup sub rt bdo")
_DOUBTFUL = re.compile(
    r"(?<![-\w])(?:text-decoration[-\w]*\s*:[^;]*line-through|vertical-align\s*:\s*(?:super|sub)\b"
    r"|font-size\s*:\s*0(?![\d.]*[1-9])|opacity\s*:\s*0(?![\d.]*[1-9])|text-indent\s*:\s*-"
    r"|position\s*:\s*(?:absolute|fixed)|clip(?:-path)?\s*:|direction\s*:\s*rtl)",
    re.IGNORECASE,
)
# White print inside a cell; a whole cell of it has a dark ground.
_PALE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255[\s,]+255[\s,]+255\b)",
    re.IGNORECASE,
)
_WHITE = re.compile(r"\s*(?:#?fff(?:fff)?|white|transparent)\s*", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
# Of other selectors, as of a rule for some media, it would have to be asked when they hold.
_PLAIN = re.compile(r"([a-z][a-z0-9]*)?([.#][-\w]+)?", re.IGNORECASE)


@dataclass(slots=True)
class Hidden:
    """Tells what is hidden; it learns from the style sheets inside the page as they come."""

    selectors: set[tuple[str, str]] = field(default_factory=set)
    doubtful: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, sheet: str) -> None:
        """Take in the rules `name`, `.class`, `#id` and `name.class` that hide or cast doubt."""
        for selectors, style in _plain_rules(_COMMENT.sub("", sheet)):
            for pattern, known in ((_NOT_DISPLAYED, self.selectors), (_DOUBTFUL, self.doubtful)):
                if pattern.search(style):
                    known.update(_selected(selectors))

    def is_gone(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element takes no place at all."""
        if tag in UNSHOWN or "hidden" in attributes or attributes.get("role", "").lower() == "navigation":
            return True
        style = attributes.get("style")
        if style and _NOT_DISPLAYED.search(style):
            return True
        return bool(self.selectors) and any(name in self.selectors for name in _names(tag, attributes))

    def is_doubtful(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Tell whether the text of a cell, or of an element in one, may be shown otherwise than written."""
        style = attributes.get("style", "")
        if tag in _ALTERED or _DOUBTFUL.search(style):
            return True
        if tag not in ("td", "th") and (_PALE.search(style) or _WHITE.fullmatch(attributes.get("color", ""))):
            return True
        return bool(self.doubtful) and any(name in self.doubtful for name in _names(tag, attributes))

    def is_mute(self, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element takes its place and shows nothing."""
        style = attributes.get("style")
        return bool(style and _NOT_VISIBLE.search(style))


def _selected(selectors: str) -> Iterator[tuple[str, str]]:
    """What a rule speaks of, as far as it can be told from an element alone."""
    for selector in selectors.split(","):
        plain = _PLAIN.fullmatch(selector.strip())
        if plain and plain[0]:
            yield (plain[1] or "").lower(), plain[2] or ""


def _names(tag: str, attributes: Mapping[str, str]) -> list[tuple[str, str]]:
    marks = [f".{name}" for name in attributes.get("class", "").split()] + [f"#{attributes.get('id', '')}"]
    return [(tag, ""), *((name, mark) for name in ("", tag) for mark in marks)]


def _plain_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and style of each rule, but of those inside of @media and the like."""
    depth = 0
    for piece in sheet.split("}"):
        opened = piece.count("{")
        if depth == 0 and opened == 1:
            head, _, style = piece.partition("{")
            yield head.rpartition(";")[2], style  # @import and the like end before
        depth = max(0, depth + opened - 1)
