"""The columns of a table that has no rules down: white gutters that go through its lines.

Narrow words make columns, words that overlap them widen them, and what overlaps
several is set over all of them, unless it is so common that there is no gutter
(after T-Recs, Kieninger 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ocr.tables.borderless.words import Word, WordLine

# Overlapping less than this many em is touching.
_TOUCH = 0.15
# A gutter has at least this many words on either side.
_LEAST = 2
# So many words on either side of a gutter make up for one that crosses it, where the
# two sides have print in one line, where one is a label set downwards, no wider than the
# last, in em, and where they only never have: a head in the middle above short labels.
_CROSSED, _CROSSED_DOWN, _CROSSED_APART, _DOWN = 1.4, 2.0, 6.0, 2.5
# A word makes a column wider only if this many em are left to the next.
_LEFT_FREE = 0.5
# A gap that is so many em wide is wide enough.
_WIDE = 2.0
# In some line the gutter between two columns is so wide, in em; with few words in one, so wide.
_CLEAR, _FEW, _VERY_CLEAR = 1.0, 4, 1.5


@dataclass(slots=True)
class _Strip:
    """A column in the making."""

    left: float
    right: float
    words: list[tuple[int, Word]] = field(default_factory=list)

    @property
    def support(self) -> int:
        """The number of words; figures count twice, for they are seldom set over columns."""
        return sum(2 if word.figures else 1 for _, word in self.words)

    def hit_by(self, word: Word, touch: float) -> bool:
        reach = min(touch, word.width / 4)
        return word.left + reach < self.right and word.right - reach > self.left

    def add(self, line: int, word: Word) -> None:
        self.left, self.right = min(self.left, word.left), max(self.right, word.right)
        self.words.append((line, word))


def find_gutters(lines: Sequence[WordLine], em: float) -> list[float]:
    """Return the x, in pixels, rising, where gutters part the words of lines into columns."""
    strips, wide = _strips(lines, em)
    _drop_straddlers(strips)
    while (pair := _weakest(strips, wide, em)) is not None:
        left, right = strips[pair], strips.pop(pair + 1)
        left.left, left.right = min(left.left, right.left), max(left.right, right.right)
        left.words += right.words
        wide = [found for found in wide if not _added(*found, strips, em)]
    for found in wide:
        _added(*found, strips, em, near=0.0)
    return [_clearest(before, after, lines, em) for before, after in pairwise(strips)]


def _clearest(before: _Strip, after: _Strip, lines: Sequence[WordLine], em: float) -> float:
    """Return where two columns are best parted: little print on the wrong side, in a wide gap.

    Lines with much in them count for more: what is set over several columns stands alone.
    """
    weight = [len(line.runs(_CLEAR * line.type)) - 0.99 for line in lines]
    ends = [(word.right, weight[number]) for number, word in before.words]
    starts = [(word.left, weight[number]) for number, word in after.words]

    def cost(gap: tuple[float, float]) -> float:
        middle = (gap[0] + gap[1]) / 2
        wrong = sum(w for x, w in ends if x > middle) + sum(w for x, w in starts if x < middle)
        return wrong - min((gap[1] - gap[0]) / em, _WIDE)

    edges = sorted({x for x, _ in (*ends, *starts)})
    left, right = min(pairwise(edges), key=cost)
    return (left + right) / 2


def _added(number: int, word: Word, strips: Sequence[_Strip], em: float, near: float = _LEFT_FREE) -> bool:
    """Add a word to the column that it overlaps, if that is one and stays clear of the others."""
    hit = [strip for strip in strips if strip.hit_by(word, _TOUCH * em)]
    if len(hit) != 1 or not _is_free(hit[0], word, strips, near * em):
        return False
    hit[0].add(number, word)
    return True


def _strips(lines: Sequence[WordLine], em: float) -> tuple[list[_Strip], list[tuple[int, Word]]]:
    """Make columns of the narrow words, figures first; the words that overlap several stay apart.

    Lines without a gap come last: they may be set over columns.
    """
    words = [(number, word) for number, line in enumerate(lines) for word in line.groups()]
    alone = [len(line.runs(_CLEAR * line.type)) == 1 for line in lines]
    strips: list[_Strip] = []
    wide = []
    for number, word in sorted(words, key=lambda one: (alone[one[0]], not one[1].figures, one[1].width)):
        hit = [strip for strip in strips if strip.hit_by(word, _TOUCH * em)]
        if not hit:
            strips.append(_Strip(word.left, word.right, [(number, word)]))
        elif not _added(number, word, strips, em):
            wide.append((number, word))
    return sorted(strips, key=lambda strip: strip.left), wide


def _is_free(strip: _Strip, word: Word, strips: Sequence[_Strip], reach: float) -> bool:
    """Tell whether a word lies inside of a column, or makes it wider without coming close to another."""
    left, right = min(strip.left, word.left), max(strip.right, word.right)
    return all(
        other is strip
        or (other.left > strip.right and (right <= strip.right or right + reach <= other.left))
        or (other.right < strip.left and (left >= strip.left or left - reach >= other.right))
        for other in strips
    )


def _drop_straddlers(strips: list[_Strip]) -> None:
    """Drop columns that are only print set over the two beside them: no line has it and them."""
    for index in range(len(strips) - 2, 0, -1):
        lines = [{number for number, _ in strip.words} for strip in strips[index - 1 : index + 2]]
        before, own, after = lines
        if not own & (before | after) and len(before & after) > len(own):
            del strips[index]


def _weakest(strips: Sequence[_Strip], wide: Sequence[tuple[int, Word]], em: float) -> int | None:
    """Return the column that is not parted from the next one, the least parted and nearest of them."""
    scores = [
        (_parted(before, after, wide, em), after.left - before.right, index)
        for index, (before, after) in enumerate(pairwise(strips))
    ]
    score, _, index = min(scores, default=(1.0, 0.0, 0))
    return index if score < 1 else None


def _parted(before: _Strip, after: _Strip, wide: Sequence[tuple[int, Word]], em: float) -> float:
    """Return how well two neighbouring columns are parted: 1 and more is enough."""
    support = min(before.support, after.support)
    gap = after.left - before.right
    gaps = _gaps(before, after)
    clear = max(gaps, default=gap) >= (_CLEAR if support >= _FEW else _VERY_CLEAR) * em
    if support < _LEAST or gap <= 0 or not clear:
        return 0.0
    crossing = sum(word.left < before.right - em / 4 and word.right > after.left + em / 4 for _, word in wide)
    down = min(before.right - before.left, after.right - after.left) <= _DOWN * em
    return support / (1 + crossing * (_CROSSED if gaps else _CROSSED_DOWN if down else _CROSSED_APART))


def _gaps(before: _Strip, after: _Strip) -> list[float]:
    """Return the gaps between two columns in the lines that have print in both."""
    ends: dict[int, float] = {}
    for number, word in before.words:
        ends[number] = max(word.right, ends.get(number, word.right))
    return [word.left - ends[number] for number, word in after.words if number in ends]
