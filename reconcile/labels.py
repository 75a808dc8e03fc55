"""Printed labels compared with the labels of a form, tolerant of how they get damaged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz

from core.yaml_loader import SAFE_LOADER

# Only full-width ASCII is folded. NFKC would also turn ① to 1 and ㎡ to m2.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NOT_A_WORD = re.compile(r"[\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff]")

# Stacked and vertical headers come out of a text layer with their characters
# interleaved; only labels this short are ever set that way.
_STACKED_LENGTH = 8
_ORDER_FREE_WEIGHT = 0.95

_WORDS = yaml.load(
    files("reconcile").joinpath("label_words.yaml").read_text(encoding="utf-8"), Loader=SAFE_LOADER
)
_OPPOSITES: tuple[tuple[re.Pattern[str], ...], ...] = tuple(
    tuple(map(re.compile, words)) for words in _WORDS["opposites"]
)
_ADDITIONS = tuple(map(re.compile, _WORDS["additions"]))
_PLAIN = re.compile(_WORDS["plain"])
_PERIOD, _THIS_YEAR = 0, 0  # the group of periods, and the word in it for this year
_OTHER_YEAR = r"(?:(?<![比较])上一?年|去年|前年|往年|下一?年|次年|明年|上期|同期)"
_QUALIFIED = re.compile(rf"^{_OTHER_YEAR}|{_OTHER_YEAR}(?:度|数|度数)?$")
# A note behind a label tells more of the same thing.
_NOTE = re.compile(r"(?<=.)[(（〔【\[][^)）〕】\]]*[)）〕】\]]?$")
# A misprint puts one strange character into a label, two into a long one.
_CHARACTERS_A_MISPRINT = 12
# 法人 for 自然人 has one strange character only, and little else.
_ALIKE = 50


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
    whose characters are interleaved (结维果持 for 结果维持). Labels that say
    another thing are not alike at all.
    """
    left, right = normalised_label(read), normalised_label(label)
    if not left or not right or contradicts(left, right):
        return 0.0
    ordered = fuzz.ratio(left, right) / 100
    if max(len(left), len(right)) > _STACKED_LENGTH:
        return ordered
    loose = fuzz.ratio("".join(sorted(left)), "".join(sorted(right))) / 100
    return max(ordered, loose * _ORDER_FREE_WEIGHT)


def contradicts(read: str, label: str) -> bool:
    """Say whether a normalised label says another thing than one of a form: 上年 for 本年, 不予 for 予以.

    A word that was not read is no contradiction, but one of another year that the form's label does not
    have is: 上年总计 is no 总计.
    """
    said, meant = _senses(read), _senses(label)
    for group in range(len(_OPPOSITES)):
        own, other = said[group], meant[group]
        if own and other and not own & other:
            return True
    return bool(said[0]) and not meant[0] and _QUALIFIED.search(read) is not None


def names_another(read: str, labels: Sequence[str]) -> bool:
    """Say whether a printed label names another thing than a form's, whose first wording is its own.

    It contradicts that, or has words that the nearest wording has not: 累计制发件数 for 本年制发件数,
    商业秘密 for 国家秘密. One strange character is a misprint, if the rest is alike.
    """
    said = normalised_label(read)
    known = tuple(filter(None, map(normalised_label, labels)))
    if not said or not known:
        return False
    nearest = max(known, key=lambda label: fuzz.ratio(said, label))
    return contradicts(said, known[0]) or _has_new_words(read, nearest)


@lru_cache(maxsize=8192)
def _has_new_words(read: str, label: str) -> bool:
    said = normalised_label(read)
    if any(word.search(said) and not word.search(label) for word in _ADDITIONS):
        return True
    told = _PLAIN.sub("", normalised_label(_NOTE.sub("", read)))
    strange = [char for char in told if _CJK.match(char) and char not in label]
    allowed = max(1, len(label) // _CHARACTERS_A_MISPRINT) if fuzz.ratio(said, label) >= _ALIKE else 0
    return len(strange) > allowed


def can_contradict(label: str) -> bool:
    """Say whether any word that could turn the meaning stands in a normalised label."""
    return any(_senses(label))


def is_of_another_year(label: str) -> bool:
    """Say whether a normalised label names another year than this one in words: 上年, 去年, 次年."""
    return bool(_senses(label)[_PERIOD] - {_THIS_YEAR})


@lru_cache(maxsize=8192)
def _senses(label: str) -> tuple[frozenset[int], ...]:
    """Which words of each group of `_OPPOSITES` stand in a normalised label."""
    return tuple(
        frozenset(place for place, word in enumerate(words) if word.search(label)) for words in _OPPOSITES
    )


def best_similarity(read: str, labels: tuple[str, ...]) -> float:
    """Likeness to the nearest of several labels."""
    return max((similarity(read, label) for label in labels), default=0.0)
