"""Strings of scripts, which are never run: what they are assigned to, and the addresses among them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from ingest.crawl.platforms.literals import unescaped

# Scripts are read this far, in characters and strings; the largest honest lists have a tenth.
LONGEST = 1_000_000
_MOST_STRINGS = 50_000

# Every branch takes what it begins, also where nobody closed it, so that no character is read twice.
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)|'
    r"'(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z)|"
    r"`(?:[^`\\]|\\.)*+(?:`|\\?\Z)|"
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|[(){}\[\]]",
    re.S,
)
# What stands before a string, from its end to its beginning, so that one look is enough.
_KEY_BACKWARDS = re.compile(
    r"""\s{0,4}[:=]\s{0,4}(?:\]\s{0,4}([\w+]{1,12})\s{0,4}\[\s{0,4})?["']?([\w$]{1,40})"""
)
# The whole tag: the pieces of one that a script puts together say nothing, and would swallow what follows.
_ANCHOR = re.compile(r"<\s{0,3}a\s[^<>]{0,2000}>", re.I)
_ADDRESS = re.compile(
    r"[^\s\"'<>{}|^`?#;]{1,400}"
    r"\.(?:s?html?|jspx?|aspx?|php|do|action|pdf|docx?|ofd|wps|xlsx?|zip|rar|7z|jpe?g|png|tiff?)"
    r"(?:[?#;][^\s\"'<>]{0,400})?",
    re.I,
)
_DOWNLOAD = re.compile(r"(?:https?:/)?/[^\s\"'<>{}]{1,500}|[\w./-]{1,200}\?[\w.-]{1,40}=[^\s\"'<>]{1,300}")
_ADDRESS_KEY = re.compile(r"(?:\w*(?:url|href|link|path|file|src|address))s?\d*", re.I)
_TITLE_KEY = re.compile(r"\w*(?:title|name|header|subject|text|bt|caption|topic|label)s?", re.I)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[\u4e00-\u9fff]|\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class ScriptAddress:
    """An address in a script, and what is said of it there."""

    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A string of a script: its value, what it is assigned to (`urls`, `0`), and the bracket it stands in."""

    value: str
    key: str
    index: str
    group: int


def literals(script: str) -> Iterator[Literal]:
    """Every string of a script with what stands before it."""
    groups = [0]
    for match in _TOKEN.finditer(script[:LONGEST]):
        token = match[0]
        if token in ("(", "[", "{"):
            groups.append(match.start() + 1)
        elif token in (")", "]", "}"):
            del groups[max(1, len(groups) - 1) :]
        elif token[0] in "\"'`" and len(token) > 1 and token[-1] == token[0]:
            key, index = _assigned(script[max(0, match.start() - 70) : match.start()])
            yield Literal(unescaped(token[1:-1]), key, index, groups[-1])


def _assigned(before: str) -> tuple[str, str]:
    """The name, and the index if it has one, that a string after this text is assigned to."""
    match = _KEY_BACKWARDS.match(before[::-1])
    return (match[2][::-1], (match[1] or "")[::-1]) if match else ("", "")


def markup(script: str) -> str:
    """All strings that write links into the page, as one piece of HTML."""
    return "\n".join(
        one.value for one in islice(literals(script), _MOST_STRINGS) if _ANCHOR.search(one.value)
    )


def is_address(value: str, key: str = "") -> bool:
    """Whether a string looks like the address of a page or a file; one called `url` need not end like one."""
    if len(value) > 800 or "\n" in value or value.endswith(("=", "?")) or value == "/":
        return False
    named = bool(_ADDRESS_KEY.fullmatch(key) and _DOWNLOAD.fullmatch(value))
    return named or bool(_ADDRESS.fullmatch(value))


def data(script: str) -> list[ScriptAddress]:
    """Addresses that stand in a script as data, each with the title that belongs to it."""
    indexed: dict[tuple[str, int], list[Literal]] = defaultdict(list)
    grouped: dict[int, list[Literal]] = defaultdict(list)
    times: dict[tuple[str, str], int] = defaultdict(int)
    for one in islice(literals(script), _MOST_STRINGS):
        if not one.index:
            grouped[one.group].append(one)
            continue
        # `urls[i]='…'; titles[i]='…'; i++` again and again: the n-th of each belong together.
        indexed[one.index, times[one.key, one.index]].append(one)
        times[one.key, one.index] += 1
    found = [pair for group in indexed.values() for pair in _pairs(group)]
    found += [pair for group in grouped.values() for pair in _pairs(group)]
    return _beside(list(grouped.values())) + found


def _pairs(group: Sequence[Literal]) -> list[ScriptAddress]:
    """Pair addresses and titles that stand in one bracket."""
    places = [at for at, one in enumerate(group) if is_address(one.value.strip(), one.key)]
    if len(places) == 1:
        return [
            ScriptAddress(group[places[0]].value.strip(), _best([one for one in group if _is_words(one)]))
        ]
    title_first = bool(places) and any(_is_words(one) for one in group[: places[0]])
    found = []
    for number, at in enumerate(places):
        before = places[number - 1] + 1 if number else 0
        after = places[number + 1] if number + 1 < len(places) else len(group)
        near = group[before:at] if title_first else group[at + 1 : after]
        found.append(ScriptAddress(group[at].value.strip(), _best([one for one in near if _is_words(one)])))
    return found


def _is_words(one: Literal) -> bool:
    return len(one.value) <= 300 and bool(_WORDS.search(one.value)) and not is_address(one.value, one.key)


def _best(candidates: Sequence[Literal]) -> str:
    """The one that is called a title, else the longest."""
    called = [one.value for one in candidates if _TITLE_KEY.fullmatch(one.key)]
    return max(called or [one.value for one in candidates], key=_telling, default="")


def _telling(words: str) -> tuple[int, int]:
    return len(_CHINESE.findall(words)), len(words)


def _beside(groups: Sequence[Sequence[Literal]]) -> list[ScriptAddress]:
    """Pair two lists of the same length that follow each other, one of titles and one of addresses."""
    found = []
    for one, other in pairwise(groups):
        if len(one) == len(other) > 1:
            for titles, addresses in ((one, other), (other, one)):
                if all(map(_is_words, titles)) and all(is_address(each.value) for each in addresses):
                    found += [
                        ScriptAddress(u.value.strip(), t.value)
                        for t, u in zip(titles, addresses, strict=True)
                    ]
    return found
