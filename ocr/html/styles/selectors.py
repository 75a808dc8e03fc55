"""Selectors of style sheets: which elements of a page they choose, and what they weigh.

Tags, classes and ids, joined and inside of each other, are asked of each element as it comes; all others
are looked up in the whole page once. What depends on who looks, as :hover, chooses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cssselect import HTMLTranslator, SelectorError, parse

from core.limits import WEB_PAGE, web_page_within
from ocr.html.tree import Element, chosen, tag_of

Weight = tuple[int, ...]
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][-\w]+)*)", re.IGNORECASE)
_NAME = re.compile(r"[.#][-\w]+")
# No selector of a report has more parts, or is longer.
_MOST_PARTS, _LONGEST = 8, 400
# One of several; commas inside of brackets part none. What brackets hold; a :not of several is several.
_SELECTOR = re.compile(r"(?:[^,()\[\]]|\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NONE_OF = re.compile(r":not\(([^()]*)\)", re.IGNORECASE)
_TRANSLATOR = HTMLTranslator()


@dataclass(frozen=True, slots=True)
class Compound:
    """A tag, or none for any, with classes and ids that an element has to have; `joint` to what is before."""

    tag: str
    marks: frozenset[str]
    joint: str = " "

    def fits(self, element: Element, tag: str) -> bool:
        """Tell whether an element has them all."""
        return self.tag in ("", tag) and self.marks <= marks_of(element)

    @property
    def weight(self) -> tuple[int, int, int]:
        """How many ids, classes and tags it names."""
        ids = sum(mark.startswith("#") for mark in self.marks)
        return ids, len(self.marks) - ids, bool(self.tag)


@dataclass(frozen=True, slots=True)
class Plain:
    """The last of some compounds, inside of those before it."""

    compounds: tuple[Compound, ...]

    @property
    def key(self) -> str:
        """A class, an id or the tag that it asks for; empty if none."""
        last = self.compounds[-1]
        return min(last.marks, default=last.tag)

    @property
    def weight(self) -> Weight:
        """Specificity."""
        return tuple(map(sum, zip(*(compound.weight for compound in self.compounds), strict=True)))

    def fits(self, element: Element, tag: str) -> bool:
        """Tell whether it chooses an element."""
        return self.compounds[-1].fits(element, tag) and _is_inside(element, self.compounds)


@dataclass(frozen=True, slots=True)
class Searched:
    """A page in which selectors are looked up: its classes and ids, the most elements beside each other."""

    root: Element
    marks: frozenset[str]
    widest: int


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The elements that a selector chooses, or before and behind whose text it adds some."""

    elements: tuple[Element, ...]
    weight: Weight
    adds: bool


def plain(selector: str) -> Plain | None:
    """Take a selector apart; None for one of more than tags, classes and ids."""
    compounds: list[Compound] = []
    joint = " "
    for part in selector.replace(">", " > ").split():
        found = _COMPOUND.fullmatch(part)
        if part == ">":
            joint = ">"
        elif found and found[0]:
            tag = (found[1] or "").lower().removeprefix("*")
            compounds.append(Compound(tag, frozenset(_NAME.findall(found[2])), joint))
            joint = " "
        else:
            return None
    return Plain(tuple(compounds)) if compounds and len(compounds) <= _MOST_PARTS else None


def selectors_in(selectors: str) -> Iterator[str]:
    """Part the selectors of a rule."""
    yield from filter(None, map(str.strip, _SELECTOR.findall(selectors)))


def look_up(selector: str, page: Searched) -> LookedUp | None:
    """Find what a selector chooses in a page; None if nothing, or not understood.

    Raises:
        UnreadableDocument: it counts more elements beside each other than the limit.
    """
    if len(selector) > _LONGEST or not page.marks.issuperset(_demanded(selector)):
        return None
    single = _NONE_OF.sub(lambda found: "".join(f":not({one})" for one in found[1].split(",")), selector)
    try:
        (parsed,) = parse(single)
        path = _TRANSLATOR.selector_to_xpath(parsed)
    except (SelectorError, ValueError, RecursionError):
        return None
    if parsed.pseudo_element not in (None, "before", "after"):
        return None
    if "count(" in path:
        web_page_within(page.widest, WEB_PAGE.counted, "elements beside each other that a style sheet counts")
    found = chosen(page.root, path)
    return LookedUp(found, parsed.specificity(), parsed.pseudo_element is not None) if found else None


def marks_of(element: Element) -> frozenset[str]:
    """The classes and the id of an element, as selectors write them."""
    classes = (f".{name}" for name in (element.get("class") or "").split())
    name = element.get("id")
    return frozenset((*classes, f"#{name}") if name else classes)


def searched(root: Element) -> Searched:
    """Prepare a page for selectors to be looked up in it."""
    marks: set[str] = set()
    widest = 0
    for element in root.iter("*"):
        marks |= marks_of(element)
        widest = max(widest, len(element))
    return Searched(root, frozenset(marks), widest)


def _demanded(selector: str) -> Iterable[str]:
    """Return classes and ids without which nothing is chosen."""
    return [] if "\\" in selector else _NAME.findall(_BRACKETS.sub("", selector))


def _is_inside(element: Element, compounds: tuple[Compound, ...]) -> bool:
    """Tell whether the elements around one fit all compounds but the last."""
    *outer, last = compounds
    if not outer:
        return True
    for above in element.iterancestors():
        if outer[-1].fits(above, tag_of(above)) and _is_inside(above, tuple(outer)):
            return True
        if last.joint == ">":
            return False
    return False
