"""A short piece of a page around what was found in it."""

from __future__ import annotations

from collections.abc import Sequence

from archive.index.tokenizer import IS_HAN

BEFORE, WIDTH = 16, 64
ELLIPSIS = "…"

Mark = tuple[int, int]


def snippet_of(raw: str, marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """The window of a text with the most marks, line breaks closed up, and the marks within it.

    `marks` are sorted, disjoint half-open ranges of `raw`; those given back are
    ranges of the snippet.
    """
    start, end = _window(raw, marks)
    pieces = [ELLIPSIS] if start else []
    moved: dict[int, int] = {}
    length = len(ELLIPSIS) if start else 0
    for position in range(start, end):
        moved[position] = length
        piece = _closed_up(raw, position)
        pieces.append(piece)
        length += len(piece)
    moved[end] = length
    pieces.append(ELLIPSIS if end < len(raw) else "")
    return "".join(pieces), tuple((moved[a], moved[b]) for a, b in marks if start <= a and b <= end)


def highlighted(snippet: str, marks: Sequence[Mark], opening: str = "【", closing: str = "】") -> str:
    """The snippet with brackets round each mark."""
    for start, end in reversed(marks):
        snippet = snippet[:start] + opening + snippet[start:end] + closing + snippet[end:]
    return snippet


def _window(raw: str, marks: Sequence[Mark]) -> Mark:
    if not marks:
        return 0, min(WIDTH, len(raw))
    best = max(marks, key=lambda mark: sum(mark[0] <= end <= mark[0] + WIDTH - BEFORE for _, end in marks))
    start = max(0, best[0] - BEFORE)
    return start, min(len(raw), max(start + WIDTH, best[1]))


def _closed_up(raw: str, position: int) -> str:
    """The character, or for white space what is left of it: nothing between Chinese characters."""
    character = raw[position]
    if not character.isspace():
        return character
    before, after = raw[:position].rstrip()[-1:], raw[position + 1 :].lstrip()[:1]
    if raw[position - 1 : position].isspace() or IS_HAN.match(before) or IS_HAN.match(after):
        return ""
    return " "
