"""Number formats of workbooks taken apart: sections, and in them marks that stand for digits, dates and text.

What is not known for certain to be shown in one way only is not understood, and None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# A mark of a format: what it is, and its text. `digit` (0, #, ?), `point`, `comma`, `percent`, `exponent`,
# `text` (@), `general`, `date` (letters of a date), `elapsed` (hours, minutes, seconds on end), `half` (of a
# day), `literal`.
Mark = tuple[str, str]
# No format that a program writes is so long.
_LONGEST = 255
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"
    | [\\!](?P<escaped>.)
    | _(?P<space>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式)
    | (?P<half>上午/下午)
    | (?P<unsure>AM/PM|A/P|[Ee](?![+-])|[GgBb])
    | (?P<weekday>[Aa]{3,4})
    | (?P<date>[Yy]+|[Mm]+|[Dd]+|[Hh]+|[Ss]+)
    | (?P<exponent>[Ee][+-])
    | (?P<digit>[0#?])
    | (?P<point>\.)
    | (?P<comma>,)
    | (?P<percent>%)
    | (?P<text>@)
    | (?P<literal>[^A-Za-z"\\\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|(?:黑|蓝|青|绿|洋红|红|白|黄)色?)", re.I
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
# A currency and a language; those of China write dates and figures as is known here.
_LOCALE = re.compile(r"\$(?P<symbol>[^-\]]*)(?:-(?P<language>[0-9A-Fa-f]{1,8}))?")
_LANGUAGES = frozenset({0x804, 0x1004, 0x409, 0x404, 0xC04})
_TESTS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a format that holds for some values; `condition` is a comparison and its number."""

    marks: tuple[Mark, ...]
    condition: tuple[str, Decimal] | None = None

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.marks)

    def admits(self, number: Decimal) -> bool:
        """Tell whether its condition holds; without one it does."""
        return self.condition is None or _TESTS[self.condition[0]](number, self.condition[1])


@lru_cache(maxsize=4096)
def sections_of(code: str) -> tuple[Section, ...] | None:
    """Take a format apart; None if it is not understood."""
    if len(code) > _LONGEST:
        return None
    found: list[Section] = []
    marks: list[Mark] = []
    condition: tuple[str, Decimal] | None = None
    at = 0
    while at < len(code):
        if code[at] == ";":
            found.append(Section(tuple(marks), condition))
            marks, condition, at = [], None, at + 1
            continue
        token = _TOKEN.match(code, at)
        if token is None or token["unsure"]:
            return None
        bracket = token["bracket"]
        if bracket is not None and (limit := _CONDITION.fullmatch(bracket)):
            condition = limit[1], Decimal(limit[2])
        elif (mark := _mark(token)) is None:
            return None
        else:
            marks.append(mark)
        at = token.end()
    found.append(Section(tuple(marks), condition))
    return tuple(found) if len(found) <= 4 else None


def _mark(token: re.Match[str]) -> Mark | None:
    kind, text = next((kind, text) for kind, text in token.groupdict().items() if text is not None)
    if kind == "bracket":
        return _of_bracket(text)
    if kind in ("quoted", "escaped"):
        return "literal", text
    if kind in ("space", "fill"):
        return "literal", " " if kind == "space" else ""
    if kind == "weekday":
        return "date", text.lower()
    return kind, text.lower() if kind == "date" else text


def _of_bracket(text: str) -> Mark | None:
    """What stands in brackets: a colour, time that has elapsed, a currency with its language."""
    if _COLOUR.fullmatch(text):
        return "literal", ""
    if _ELAPSED.fullmatch(text):
        return "elapsed", text.lower()
    locale = _LOCALE.fullmatch(text)
    if locale is None or (locale["language"] and int(locale["language"], 16) not in _LANGUAGES):
        return None
    return "literal", locale["symbol"]
