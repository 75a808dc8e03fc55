"""The print of a page as boxes: words, and the lines that they stand in.

Nothing is read here. What a word says is not known, only where it stands and
whether it has the even height of figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of

# Ink higher or wider than this, in inches, is no print; type is between the last two.
_TALLEST, _WIDEST, _TYPE = 0.5, 1.2, (0.05, 0.35)
# Ink smaller than this, in square inches, is a speck; ink so thin in inches, and
# as short or so long, is a point or left of a rule.
_SPECK, _THIN, _LONG = 0.0001, 0.03, 0.4
# Figures are this share of the height of the other type.
FIGURE_HEIGHT = 0.72
# So many points in a row, this near to each other in inches, lead from one thing to another.
_LEADER, _NEXT_POINT = 8, 0.15
# Gaps up to this share of the type's height are inside of a word.
_INSIDE = 0.25
# Words of one line share at least this much of the lower one's height.
_SHARED = 0.5
# Words lower than this share of the type are small print.
_SMALL = 0.5
# Words nearer than this share of the line's height belong together.
_TOGETHER = 0.55
# Figures are as high as each other, give or take the first share, but for as many as
# the second (brackets, points), and none is wider than the third share of its height.
_UNEVEN, _EVEN_SHARE, _BROAD = 0.12, 0.6, 0.85
# A dash is at most this share of its width high.
_DASH = 0.4


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of print in pixels; `figures` tells that it may be a number or a dash."""

    left: float
    top: float
    right: float
    bottom: float
    figures: bool = False

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class WordLine:
    """Words that stand beside each other on a page, from left to right; `box` is around them.

    `type` is the height of the type in pixels, of figures too: that of the letters
    that they go with. Lines a little askew of each other count as one.
    """

    words: tuple[Word, ...]
    box: Word
    type: float

    def runs(self, gap: float) -> list[Word]:
        """Join words that stand no further apart than `gap` pixels."""
        return [bounding_box(run) for run in split_words(self.words, lambda width, _: width > gap)]

    def groups(self) -> list[Word]:
        """Join the words that belong together, by the height of the line."""
        return self.runs(_TOGETHER * self.type)


def make_line(words: Sequence[Word]) -> WordLine:
    """Make a line of words (at least one), in any order."""
    ordered = tuple(sorted(words, key=lambda word: word.left))
    heights = sorted(word.height for word in ordered)
    height, box = heights[(9 * len(heights)) // 10], bounding_box(ordered)
    return WordLine(ordered, box, height / FIGURE_HEIGHT if box.figures else height)


def split_words(words: Sequence[Word], parts: Callable[[float, float], bool]) -> Iterator[list[Word]]:
    """Cut words, from left to right, where `parts` says so of a gap, by its width and its middle."""
    run, right = [words[0]], words[0].right
    for word in words[1:]:
        if parts(word.left - right, (word.left + right) / 2):
            yield run
            run = []
        run.append(word)
        right = max(right, word.right)
    yield run


def bounding_box(words: Sequence[Word]) -> Word:
    """Return the box around words (at least one)."""
    return Word(
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
        all(word.figures for word in words),
    )


def find_words(ink: Pixels, dpi: float) -> list[Word]:
    """Find the words of a page in its ink, rules taken out."""
    left, top, width, height = cv2.boundingRect(ink)
    around = ink[top : top + height, left : left + width]
    return [_moved(word, left, top) for word in _words_of(np.ascontiguousarray(around), dpi)]


def _moved(word: Word, right: float, down: float) -> Word:
    return Word(word.left + right, word.top + down, word.right + right, word.bottom + down, word.figures)


def _words_of(ink: Pixels, dpi: float) -> list[Word]:
    if not ink.size:
        return []
    pieces = components_of(ink)
    count, stats = len(pieces), pieces.stats
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    print_ = (height <= _TALLEST * dpi) & (width <= _WIDEST * dpi) & (area >= _SPECK * dpi * dpi)
    print_ &= (height > _THIN * dpi) | (width > _THIN * dpi)
    print_ &= (height > _THIN * dpi) | (width < _LONG * dpi)
    print_ &= (width > _THIN * dpi) | (height < _LONG * dpi)
    print_[0] = False
    type_ = print_ & (height >= _TYPE[0] * dpi) & (height <= _TYPE[1] * dpi)
    if count < 2 or not type_.any():
        return []
    points = (height <= _THIN * dpi) & (width <= _THIN * dpi) & (np.arange(count) > 0)
    reach = max(3, round(_INSIDE * float(np.percentile(height[type_], 60))))
    spread = cv2.dilate(ink, np.ones((1, reach), np.uint8))
    _, owners = cv2.connectedComponents(np.asarray(spread, dtype=np.uint8))
    # All of a piece is in one of the spread ones; of several values for one index the last is kept.
    inked = pieces.labels > 0
    owner_of = np.zeros(count, np.int32)
    owner_of[pieces.labels[inked]] = owners[pieces.place][inked]
    members = np.flatnonzero(print_)
    groups: dict[int, list[int]] = {}
    for component, owner in zip(members.tolist(), owner_of[members].tolist(), strict=True):
        groups.setdefault(owner, []).append(component)
    rows = stats.tolist()
    words = [_word([rows[one] for one in group]) for group in groups.values()]
    return words + _leaders(stats[points].tolist(), dpi)


def _word(pieces: Sequence[Sequence[int]]) -> Word:
    """The word of pieces of ink, each given by left, top, width and height."""
    left, top = min(piece[0] for piece in pieces), min(piece[1] for piece in pieces)
    right = max(piece[0] + piece[2] for piece in pieces)
    bottom = max(piece[1] + piece[3] for piece in pieces)
    figures = _are_figures([piece[2] for piece in pieces], [piece[3] for piece in pieces])
    return Word(float(left), float(top), float(right), float(bottom), figures)


def _leaders(points: Sequence[list[int]], dpi: float) -> list[Word]:
    """Make words of rows of points, such as lead from a heading to its page in a table of contents."""
    rows: list[list[list[int]]] = []
    within_reach: list[list[list[int]]] = []
    for point in sorted(points):
        within_reach = [row for row in within_reach if point[0] - row[-1][0] <= _NEXT_POINT * dpi]
        near = (row for row in within_reach if abs(point[1] - row[-1][1]) <= _THIN * dpi / 2)
        row = next((row for row in near if point[0] > row[-1][0]), None)
        if row is None:
            row = []
            rows.append(row)
            within_reach.append(row)
        row.append(point)
    return [replace(_word(row), figures=False) for row in rows if len(row) >= _LEADER]


def _are_figures(widths: Sequence[int], heights: Sequence[int]) -> bool:
    """Tell by their shapes whether pieces of ink may be figures: narrow and of even height, or a dash."""
    if max(heights) <= _DASH * max(widths):
        return len(widths) == 1
    usual = float(median(height for height in heights if height >= 0.4 * max(heights)))
    large = [size for size in zip(widths, heights, strict=True) if size[1] >= 0.4 * usual]
    even = sum(abs(height - usual) <= max(1.0, _UNEVEN * usual) for _, height in large)
    return even >= _EVEN_SHARE * len(large) and all(width <= _BROAD * usual for width, _ in large)


def usual_height(words: Sequence[Word]) -> float:
    """The height in pixels of the type that words (at least one) are set in: three in four are no higher."""
    return float(np.percentile([word.height for word in words], 75))


def lines_of(words: Sequence[Word]) -> list[WordLine]:
    """Group words into lines, from top to bottom.

    What stands half a line lower, as a value does beside a label of two lines, is
    a line of its own. Small print (points, dashes, strokes of 三) goes to the
    nearest line that it stands in.
    """
    least = _SMALL * usual_height(words)
    rows: list[list[Word]] = []
    tallest: list[Word] = []
    for word in sorted(words, key=lambda word: (word.height < least, word.middle)):
        beside = [
            index
            for index, other in enumerate(tallest)
            if other.top < word.bottom and word.top < other.bottom and _share(other, word) >= _SHARED
        ]
        if beside:
            index = min(beside, key=lambda index: _distance(tallest[index], rows[index], word, least))
            rows[index].append(word)
            tallest[index] = max(tallest[index], word, key=lambda one: one.height)
        else:
            rows.append([word])
            tallest.append(word)
    lines = [make_line(row) for row in rows]
    return sorted(lines, key=lambda line: line.box.top)


def _distance(tallest: Word, row: Sequence[Word], word: Word, least: float) -> float:
    """Return how far a word is from a line: down, or, for small print, across."""
    if word.height >= least:
        return abs(tallest.middle - word.middle)
    return min(max(other.left - word.right, word.left - other.right) for other in row)


def _share(one: Word, other: Word) -> float:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(1.0, min(one.height, other.height))
