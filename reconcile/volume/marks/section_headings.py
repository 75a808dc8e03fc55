"""Headings of the sections of a report, by their words: the numbers before them are often wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconcile.labels import similarity
from reconcile.volume.leaves import Leaf
from reconcile.volume.marks.base import Place, SectionMark

# The sections that both statutory forms prescribe, in their order.
SECTIONS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
FIRST, PROBLEMS = 1, 5
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,2}[、.．,，]|第[一二三四五六七八九十]部分)(?P<words>.{2,40})"
)
_LONGEST = 30
_ALIKE = 0.8


def section_marks(leaf: Leaf, place: int) -> Iterator[SectionMark]:
    """The headings on a leaf, each on a line of its own or broken over two."""
    for line, text in _headings(leaf):
        words = _NUMBERED.fullmatch(text)
        if words and len(text) <= _LONGEST:
            yield SectionMark(Place(place, line), _number(words["words"]))


def _headings(leaf: Leaf) -> Iterator[tuple[int, str]]:
    """Every line that may be a heading, put together with the next where it is only one with that."""
    for n, line in enumerate(leaf.lines):
        if line.is_sentence or not _NUMBERED.fullmatch(line.text):
            continue
        following = leaf.lines[n + 1].text if n + 1 < len(leaf.lines) else ""
        both = line.text + following
        yield line.index, both if not _number_of(line.text) and _number_of(both) else line.text


def _number_of(text: str) -> int:
    match = _NUMBERED.fullmatch(text)
    return _number(match["words"]) if match else 0


def _number(words: str) -> int:
    """Which section the words head, from 1; 0 for none of the forms'."""
    likeness = [similarity(words, section) for section in SECTIONS]
    best = max(likeness)
    return likeness.index(best) + 1 if best >= _ALIKE else 0
