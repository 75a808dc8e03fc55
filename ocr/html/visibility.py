"""Which elements of a page are not shown, or not as they are written: by what they are, by attribute, or
by a plain rule of style.

Scripts are not run, so what a script would show or hide stays as the markup has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ocr.html.tree import Element, names_of

# Not shown, or only for programs.
UNSHOWN = names_of("script style noscript template title datalist audio video map rp applet noframes")
_NOT_DISPLAYED = re.compile(r"(?<![-\w])display\s*:\s*none", re.IGNORECASE)
_NOT_VISIBLE = re.compile(r"(?<![-\w])visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
# Text that is struck out, raised, set over other text or turned about: its digits are no part of a number,
# or not in this order.
_ALTERED = names_of("del s strike sup sub rt bdo")
_DOUBTFUL = re.compile(
    r"(?<![-\w])(?:text-decoration[-\w]*\s*:[^;]{0,200}line-through|vertical-align\s*:\s*(?:super|sub)\b"
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
# Style sheets for other media than these, as for print, hide nothing from who looks at the page.
_SCREEN = re.compile(r"\s*\Z|.*\b(?:all|screen)\b", re.IGNORECASE)

# A tag, or none for all, with a class (`.class`) or an id (`#id`), or none for all.
_Selector = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the style sheets inside of a page hide or cast doubt on.

    Of their rules count those of the selectors `name`, `.class`, `#id` and `name.class`.
    """

    hidden: frozenset[_Selector] = frozenset()
    doubtful: frozenset[_Selector] = frozenset()

    def is_gone(self, element: Element, tag: str) -> bool:
        """Tell whether an element takes no place at all."""
        if tag in UNSHOWN or element.get("hidden") is not None:
            return True
        style = element.get("style")
        if style and _NOT_DISPLAYED.search(style):
            return True
        return bool(self.hidden) and not self.hidden.isdisjoint(_selectors_of(element, tag))

    def is_blank(self, element: Element) -> bool:
        """Tell whether an element takes its place and shows nothing."""
        style = element.get("style")
        return bool(style and _NOT_VISIBLE.search(style))

    def is_doubtful(self, element: Element, tag: str) -> bool:
        """Tell whether the text of a cell, or of an element in one, may be shown otherwise than written."""
        style = element.get("style") or ""
        if tag in _ALTERED or _DOUBTFUL.search(style):
            return True
        if tag not in ("td", "th") and (_PALE.search(style) or _WHITE.fullmatch(element.get("color") or "")):
            return True
        return bool(self.doubtful) and not self.doubtful.isdisjoint(_selectors_of(element, tag))


# For who looks for evidence of a report, as the crawler does: what a style sheet hides, a script may
# show, or another rule that is not understood here, as of the tab that is chosen.
AS_MARKED_UP = Visibility()


def visibility_of(root: Element) -> Visibility:
    """Take in all style sheets inside of a page, wherever they stand in it."""
    sheets = (one.text or "" for one in root.iter("style") if _SCREEN.match(one.get("media") or ""))
    rules = [rule for sheet in sheets for rule in _plain_rules(_COMMENT.sub("", sheet))]
    return Visibility(_chosen(rules, _NOT_DISPLAYED), _chosen(rules, _DOUBTFUL))


def _chosen(rules: Iterable[tuple[str, str]], pattern: re.Pattern[str]) -> frozenset[_Selector]:
    """The selectors of the rules whose style has a pattern."""
    found = (selectors for selectors, style in rules if pattern.search(style))
    return frozenset(selector for selectors in found for selector in _plain_selectors(selectors))


def _plain_selectors(selectors: str) -> Iterator[_Selector]:
    """What a rule speaks of, as far as it can be told from an element alone."""
    for selector in selectors.split(","):
        plain = _PLAIN.fullmatch(selector.strip())
        if plain and plain[0]:
            yield (plain[1] or "").lower(), plain[2] or ""


def _selectors_of(element: Element, tag: str) -> Iterator[_Selector]:
    """All plain selectors that an element answers to."""
    yield tag, ""
    classes = (f".{name}" for name in (element.get("class") or "").split())
    for mark in (*classes, f"#{element.get('id') or ''}"):
        yield "", mark
        yield tag, mark


def _plain_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and style of each rule, but of those inside of @media and the like."""
    depth = 0
    for piece in sheet.split("}"):
        opened = piece.count("{")
        if depth == 0 and opened == 1:
            head, _, style = piece.partition("{")
            yield head.rpartition(";")[2], style  # @import and the like end before
        depth = max(0, depth + opened - 1)
