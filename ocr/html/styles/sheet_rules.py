"""The rules of style sheets in their order, those in blocks that hold on a screen and of imported sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ocr.html.styles.media_queries import is_in_force, is_on_screen
from ocr.html.tree import Element

# Selectors and style of a rule.
Rule = tuple[str, str]
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
# Strings and addresses are passed over with all that is in them.
_MARK = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\burl\([^)\"']*\)|([{};])", re.DOTALL)
_IMPORT = re.compile(r"@import\s+(?:url\()?\s*[\"']?([^\"')\s]+)[\"']?\s*\)?(.*)", re.IGNORECASE | re.DOTALL)
# What an import says of layers and of what browsers can do.
_BESIDE_MEDIA = re.compile(r"\b(?:layer|supports)(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?", re.IGNORECASE)
# A rule inside of the style of another.
_NESTED = re.compile(r"[^;{}]*\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A style sheet, and the address that those in it are relative to."""

    text: str
    base: str = ""


# Gives the style sheet at an address, relative to a base; None if it was not saved.
Load = Callable[[str, str], StyleSheet | None]


def no_sheets(address: str, base: str) -> StyleSheet | None:
    """Know of no style sheets but those inside of the page."""
    return None


def rules_of_page(root: Element, load: Load, base: str) -> Iterator[Rule]:
    """Yield the rules of all style sheets in a page or linked by it; each of the latter once."""
    loaded: set[tuple[str, str]] = set()

    def once(address: str, of: str) -> StyleSheet | None:
        is_new = (address, of) not in loaded
        loaded.add((address, of))
        return load(address, of) if is_new else None

    for element in root.iter("style", "link"):
        sheet = (
            StyleSheet(element.text or "", base) if element.tag == "style" else _linked(element, once, base)
        )
        if sheet and is_on_screen(element.get("media") or ""):
            yield from _rules(sheet, once)


def _linked(element: Element, load: Load, base: str) -> StyleSheet | None:
    kinds, address = (element.get("rel") or "").lower().split(), (element.get("href") or "").strip()
    is_used = "stylesheet" in kinds and "alternate" not in kinds and element.get("disabled") is None
    return load(address, base) if is_used and address else None


def _rules(sheet: StyleSheet, load: Load) -> Iterator[Rule]:
    text = _COMMENT.sub("", sheet.text)
    # Of each block around, as of @media, whether what stands in it holds.
    blocks: list[bool] = []
    selectors, nested, start = "", 0, 0
    for mark in _MARK.finditer(text):
        said = text[start : mark.start()].strip()
        if mark[1] is None:
            continue
        if selectors:
            nested += {"{": 1, "}": -1, ";": 0}[mark[1]]
            if nested < 0:
                if all(blocks):
                    yield selectors, _NESTED.sub("", said)
                selectors, nested, start = "", 0, mark.end()
            continue
        start = mark.end()
        if mark[1] == "{" and said.startswith("@"):
            blocks.append(is_in_force(said))
        elif mark[1] == "{":
            selectors = said or ","
        elif mark[1] == "}":
            del blocks[-1:]
        elif all(blocks):
            yield from _imported(said, sheet, load)
    if selectors and all(blocks):  # cut short, or not closed
        yield selectors, text[start:]


def _imported(said: str, sheet: StyleSheet, load: Load) -> Iterator[Rule]:
    found = _IMPORT.fullmatch(said)
    if found and is_on_screen(_BESIDE_MEDIA.sub("", found[2])):
        other = load(found[1], sheet.base)
        if other:
            yield from _rules(other, load)
