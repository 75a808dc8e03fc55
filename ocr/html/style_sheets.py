"""The style sheets inside of a page, and what they and its own attributes declare for an element.

Selectors of tags, classes and ids are understood, joined and inside of each other, and the cascade between
them (CSS Cascading and Inheritance 3): importance, the element's own style, specificity, order. Rules of
other selectors, and those inside of @media and the like, are passed over: when they hold would be to ask.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ocr.html.tree import Element, names_of, tag_of

# What may hide text or change how it is read.
_PROPERTIES = names_of(
    "display visibility content-visibility opacity filter transform rotate scale font font-size line-height "
    "text-indent letter-spacing font-variant-position direction color -webkit-text-fill-color background "
    "background-color text-decoration text-decoration-line position left right top bottom float margin "
    "margin-left margin-right margin-top clip clip-path vertical-align height max-height width max-width "
    "overflow overflow-x overflow-y padding padding-top padding-bottom padding-left padding-right"
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
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][-\w]+)*)", re.IGNORECASE)
# Style sheets for other media than these, as for print, hide nothing from who looks at the page.
_SCREEN = re.compile(r"\s*\Z|.*\b(?:all|screen)\b", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
# No selector of a report has more parts.
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True)
class _Compound:
    """A tag, or none for any, with classes and ids that an element has to have; `joint` to what is before."""

    tag: str
    marks: frozenset[str]
    joint: str = " "

    def fits(self, element: Element, tag: str) -> bool:
        return self.tag in ("", tag) and self.marks <= _marks_of(element)

    @property
    def weight(self) -> tuple[int, int, int]:
        ids = sum(mark.startswith("#") for mark in self.marks)
        return ids, len(self.marks) - ids, bool(self.tag)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is declared for elements that fit the last of the compounds inside of those before it."""

    compounds: tuple[_Compound, ...]
    weight: tuple[int, ...]
    declared: Mapping[str, str]
    important: Mapping[str, str]

    def fits(self, element: Element, tag: str) -> bool:
        return self.compounds[-1].fits(element, tag) and _is_inside(element, self.compounds)


@dataclass(frozen=True, slots=True)
class StyleSheets:
    """The rules of a page, each by a class, an id or the tag that its last compound asks for."""

    rules: Mapping[str, list[_Rule]] = field(default_factory=dict)

    def declared(self, element: Element, tag: str) -> dict[str, str]:
        """Return what is declared for an element, by property, in lower case; nothing of it is inherited."""
        inline = element.get("style")
        own, own_important = _declarations(inline) if inline else ({}, {})
        if not self.rules:
            return own | own_important
        keys = ("", tag, *_marks_of(element))
        fitting = [rule for key in keys for rule in self.rules.get(key, ()) if rule.fits(element, tag)]
        fitting.sort(key=lambda rule: rule.weight)
        layers = [rule.declared for rule in fitting], [rule.important for rule in fitting]
        found: dict[str, str] = {}
        for layer in (*layers[0], own, *layers[1], own_important):
            found.update(layer)
        return found


def style_sheets_of(root: Element) -> StyleSheets:
    """Take in all style sheets inside of a page, wherever they stand in it."""
    sheets = (one.text or "" for one in root.iter("style") if _SCREEN.match(one.get("media") or ""))
    rules: dict[str, list[_Rule]] = defaultdict(list)
    written = (rule for sheet in sheets for rule in _plain_rules(_COMMENT.sub("", sheet)))
    for order, (selectors, style) in enumerate(written):
        declared, important = _declarations(style)
        if declared or important:
            for compounds in _understood(selectors):
                rule = _Rule(compounds, (*_weight(compounds), order), declared, important)
                rules[_key(compounds[-1])].append(rule)
    return StyleSheets(dict(rules))


def _key(compound: _Compound) -> str:
    return min(compound.marks, default=compound.tag)


def _weight(compounds: Iterable[_Compound]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(compound.weight for compound in compounds), strict=True)))


def _marks_of(element: Element) -> frozenset[str]:
    classes = (f".{name}" for name in (element.get("class") or "").split())
    name = element.get("id")
    return frozenset((*classes, f"#{name}") if name else classes)


def _is_inside(element: Element, compounds: tuple[_Compound, ...]) -> bool:
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


def _understood(selectors: str) -> Iterator[tuple[_Compound, ...]]:
    for selector in selectors.split(","):
        parts = selector.replace(">", " > ").split()
        compounds: list[_Compound] = []
        joint = " "
        for part in parts:
            plain = _COMPOUND.fullmatch(part)
            if part == ">":
                joint = ">"
            elif plain and plain[0]:
                tag = (plain[1] or "").lower().removeprefix("*")
                marks = frozenset(re.findall(r"[.#][-\w]+", plain[2]))
                compounds.append(_Compound(tag, marks, joint))
                joint = " "
            else:
                break
        else:
            if compounds and len(compounds) <= _MOST_PARTS:
                yield tuple(compounds)


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


def _plain_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and style of each rule, but of those inside of @media and the like."""
    depth = 0
    for piece in sheet.split("}"):
        opened = piece.count("{")
        if depth == 0 and opened == 1:
            head, _, style = piece.partition("{")
            yield head.rpartition(";")[2], style  # @import and the like end before
        depth = max(0, depth + opened - 1)
