"""Which elements of a page are not shown: by what they are, by attribute, or by a plain rule of style.

Scripts are not run, so what a script would show or hide stays as the markup has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ocr.web.blocks import names_of

# Not shown, or only for programs; `nav` are menus.
UNSHOWN = names_of("script style noscript template title nav datalist audio video map rp applet noframes")
_NOT_DISPLAYED = re.compile(r"(?<![-\w])display\s*:\s*none", re.IGNORECASE)
_NOT_VISIBLE = re.compile(r"(?<![-\w])visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
# @media and the like hold for other papers and screens, @import and the like name other files.
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
# So many characters of a style sheet are looked at.
_LONGEST = 200_000
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
# Of other selectors, as of a rule for some media, it would have to be asked when they hold.
_PLAIN = re.compile(r"([a-z][a-z0-9]*)?([.#][-\w]+)?", re.IGNORECASE)


@dataclass(slots=True)
class Hidden:
    """Tells what is hidden; it learns from the style sheets inside the page as they come."""

    selectors: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, sheet: str) -> None:
        """Take in the rules `name`, `.class`, `#id` and `name.class` with display: none."""
        for match in _RULE.finditer(_AT_RULE.sub("", _COMMENT.sub("", sheet[:_LONGEST]))):
            if _NOT_DISPLAYED.search(match[2]):
                for selector in match[1].split(","):
                    plain = _PLAIN.fullmatch(selector.strip())
                    if plain and plain[0]:
                        self.selectors.add(((plain[1] or "").lower(), plain[2] or ""))

    def is_gone(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element takes no place at all."""
        if tag in UNSHOWN or "hidden" in attributes or attributes.get("role", "").lower() == "navigation":
            return True
        style = attributes.get("style")
        if style and _NOT_DISPLAYED.search(style):
            return True
        return bool(self.selectors) and any(name in self.selectors for name in _names(tag, attributes))

    def is_mute(self, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element takes its place and shows nothing."""
        style = attributes.get("style")
        return bool(style and _NOT_VISIBLE.search(style))


def _names(tag: str, attributes: Mapping[str, str]) -> list[tuple[str, str]]:
    marks = [f".{name}" for name in attributes.get("class", "").split()] + [f"#{attributes.get('id', '')}"]
    return [(tag, ""), *((name, mark) for name in ("", tag) for mark in marks)]
