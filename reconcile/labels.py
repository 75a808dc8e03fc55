"""Printed labels compared with the labels of a form, tolerant of how they get damaged."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

# Only full-width ASCII is folded. NFKC would also turn ① to 1 and ㎡ to m2.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NOT_A_WORD = re.compile(r"[\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff]")

# Stacked and vertical headers come out of a text layer with their characters
# interleaved; only labels this short are ever set that way.
_STACKED_LENGTH = 8
_ORDER_FREE_WEIGHT = 0.95


def half_width(text: str) -> str:
    """Fold full-width ASCII and the ideographic space to their half-width forms."""
    return text.translate(_FULL_WIDTH)


@lru_cache(maxsize=8192)
def normalised_label(text: str) -> str:
    """Strip white space, brackets, quotes and punctuation: `（一）、 甲` becomes `一甲`."""
    return _NOT_A_WORD.sub("", half_width(text)).casefold()


def has_cjk(text: str) -> bool:
    """Say whether any Chinese character is in the text."""
    return _CJK.search(text) is not None


@lru_cache(maxsize=65536)
def similarity(read: str, label: str) -> float:
    """Likeness of two labels, 0 to 1 (normalised indel distance of their plain texts).

    Short labels are compared without regard to order too, for stacked headers
    whose characters are interleaved (结维果持 for 结果维持).
    """
    left, right = normalised_label(read), normalised_label(label)
    if not left or not right:
        return 0.0
    ordered = fuzz.ratio(left, right) / 100
    if max(len(left), len(right)) > _STACKED_LENGTH:
        return ordered
    loose = fuzz.ratio("".join(sorted(left)), "".join(sorted(right))) / 100
    return max(ordered, loose * _ORDER_FREE_WEIGHT)


def best_similarity(read: str, labels: tuple[str, ...]) -> float:
    """Likeness to the nearest of several labels."""
    return max((similarity(read, label) for label in labels), default=0.0)
