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

# Words that say another thing each: labels with unlike ones are not one label misprinted, however alike.
# They are looked for in normalised labels.
_OTHER_YEAR = r"(?:(?<![比较])上一?年|去年|前年|往年|下一?年|次年|明年|上期|同期)"
_SENSES: tuple[tuple[re.Pattern[str], ...], ...] = tuple(
    tuple(map(re.compile, words))
    for words in (
        ("本年|今年|当年", "(?<![比较])上一?年|去年|往年|上期", "前年", "下一?年|次年|明年", "同期"),
        ("增.?减", "增[加长]?(?:数量?|件数|额|率|幅)?$", "(?<!增)(?<!增.)减少?(?:数量?|件数|额|率|幅)?$"),
        ("不予", "(?<!不)予以"),
        ("部分公开", "(?:予以|不予)公开"),
        ("禁止公开", "(?:允许|可以|应当|准予)公开"),
        ("不属于", "(?<!不)属于"),
        ("不掌握", "(?<!不)掌握"),
        ("不明确", "(?<!不)明确"),
        ("没有现成", "(?<!没)有现成"),
        ("无正当", "有正当"),
        ("未经", "(?<!未)经复议"),
        ("未[审办]结", "已[经审办]"),
        ("制发|制定|制作", "废止", "有效", "新公开|对外公开"),
        ("维持", "纠正"),
        ("新收", "结转"),
        ("收入", "支出"),
    )
)
_THIS_YEAR = 0  # the first word of the first group
_QUALIFIED = re.compile(rf"^{_OTHER_YEAR}|{_OTHER_YEAR}(?:度|数|度数)?$")


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
    for group in range(len(_SENSES)):
        own, other = said[group], meant[group]
        if own and other and not own & other:
            return True
    return bool(said[0]) and not meant[0] and _QUALIFIED.search(read) is not None


def can_contradict(label: str) -> bool:
    """Say whether any word that could turn the meaning stands in a normalised label."""
    return any(_senses(label))


def is_of_another_year(label: str) -> bool:
    """Say whether a normalised label names another year than this one in words: 上年, 去年, 次年."""
    return bool(_senses(label)[0] - {_THIS_YEAR})


@lru_cache(maxsize=8192)
def _senses(label: str) -> tuple[frozenset[int], ...]:
    """Which words of each group of `_SENSES` stand in a normalised label."""
    return tuple(
        frozenset(place for place, word in enumerate(words) if word.search(label)) for words in _SENSES
    )


def best_similarity(read: str, labels: tuple[str, ...]) -> float:
    """Likeness to the nearest of several labels."""
    return max((similarity(read, label) for label in labels), default=0.0)
