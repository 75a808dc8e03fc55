"""The style sheets inside of a page, and what they and its own attributes declare for an element.

The cascade between rules is that of CSS Cascading and Inheritance 3: importance, the element's own style,
specificity, order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ocr.html.styles.selectors import Plain, look_up, marks_of, plain, searched, selectors_in
from ocr.html.styles.sheet_rules import Load, no_sheets, rules_of_page
from ocr.html.tree import Element, names_of

# What may hide text or change how it is read.
_PROPERTIES = names_of(
    "display visibility content-visibility opacity filter transform rotate scale font font-size line-height "
    "text-indent letter-spacing font-variant-position direction color -webkit-text-fill-color background "
    "background-color text-decoration text-decoration-line position left right top bottom float margin "
    "margin-left margin-right margin-top clip clip-path vertical-align height max-height width max-width "
    "content overflow overflow-x overflow-y padding padding-top padding-bottom padding-left padding-right"
)
# Of a style of type, the size, and the height of lines behind it.
_TYPE = re.compile(
    r"(?:^|\s)((?:\d+\.?\d*|\.\d+)(?:[a-z]+|%)|0(?:\.0*)?|(?:xx?-|xxx-)?(?:small|large)(?:er)?)"
    r"(?:\s*/\s*(\S+))?\s"
)
_LONG_NAMES = {
    "background": "background-color",
    "text-decoration": "text-decoration-line",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
}
# Which of one to four widths are those of the sides.
_SIDES = ("top", "right", "bottom", "left")
_GIVEN = ((0, 0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 1), (0, 1, 2, 3))
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
# What adds nothing that is seen.
_NOTHING_ADDED = re.compile(r"(?:none|normal|initial|unset|inherit|[\"'\s]|\\0*(?:20|a0|200b|feff)\b)*")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is declared; `weight` is its place in the cascade."""

    weight: tuple[int, ...]
    declared: Mapping[str, str]
    important: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StyleSheets:
    """The rules of a page: plain ones by a class, an id or the tag that they ask for, others by element.

    `added` are those for what stands before and behind the text of an element.
    """

    plain: Mapping[str, list[tuple[Plain, _Rule]]] = field(default_factory=dict)
    others: Mapping[Element, list[_Rule]] = field(default_factory=dict)
    added: Mapping[Element, list[_Rule]] = field(default_factory=dict)

    def declared(self, element: Element, tag: str) -> dict[str, str]:
        """Return what is declared for an element, by property, in lower case; nothing of it is inherited."""
        inline = element.get("style")
        own, own_important = _declarations(inline) if inline else ({}, {})
        if not self.plain and not self.others:
            return own | own_important
        keys = ("", tag, *marks_of(element))
        asked = (pair for key in keys for pair in self.plain.get(key, ()))
        fitting = [rule for selector, rule in asked if selector.fits(element, tag)]
        return _cascaded([*fitting, *self.others.get(element, ())], own, own_important)

    def adds_text(self, element: Element) -> bool:
        """Tell whether text is shown before or behind that of an element which the markup does not have."""
        rules = self.added.get(element)
        style = _cascaded(rules, {}, {}) if rules else {}
        is_shown = style.get("display") != "none" and style.get("visibility", "visible") == "visible"
        return is_shown and not _NOTHING_ADDED.fullmatch(style.get("content", "none"))


def _cascaded(
    fitting: Iterable[_Rule], own: Mapping[str, str], own_important: Mapping[str, str]
) -> dict[str, str]:
    rules = sorted(fitting, key=lambda rule: rule.weight)
    layers = [rule.declared for rule in rules], [rule.important for rule in rules]
    found: dict[str, str] = {}
    for layer in (*layers[0], own, *layers[1], own_important):
        found.update(layer)
    return found


def style_sheets_of(root: Element, load: Load = no_sheets, base: str = "") -> StyleSheets:
    """Take in all style sheets inside of a page and linked by it, wherever they stand in it."""
    known: dict[str, list[tuple[Plain, _Rule]]] = defaultdict(list)
    others: dict[Element, list[_Rule]] = defaultdict(list)
    added: dict[Element, list[_Rule]] = defaultdict(list)
    page = searched(root)
    for order, (selectors, style) in enumerate(rules_of_page(root, load, base)):
        declared, important = _declarations(style)
        for selector in selectors_in(selectors) if declared or important else ():
            if simple := plain(selector):
                rule = _Rule((*simple.weight, order), declared, important)
                known[simple.key].append((simple, rule))
            elif found := look_up(selector, page):
                rule = _Rule((*found.weight, order), declared, important)
                for element in found.elements:
                    (added if found.adds else others)[element].append(rule)
    return StyleSheets(dict(known), dict(others), dict(added))


def _declarations(style: str) -> tuple[dict[str, str], dict[str, str]]:
    """Split a style into what is declared, and what is declared to be important."""
    declared: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if name in _PROPERTIES and value:
            into = important if _IMPORTANT.search(value) else declared
            into |= _longhand(name, _IMPORTANT.sub("", value))
    return declared, important


def _longhand(name: str, value: str) -> dict[str, str]:
    """Return what a declaration says of the properties that are asked for by their long names."""
    if name == "font":
        said = _TYPE.search(value)
        size = said[1] if said else "inherit" if value == "inherit" else "medium"
        return {"font-size": size, "line-height": (said and said[2]) or "normal"}
    if name in ("margin", "padding"):
        sides = value.split()[:4]
        # What is left out is as the side opposite is; with one, all are.
        whole = [sides[n] for n in _GIVEN[len(sides) - 1]]
        return {f"{name}-{side}": said for side, said in zip(_SIDES, whole, strict=True)}
    return {_LONG_NAMES.get(name, name): value}
