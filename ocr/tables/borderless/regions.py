"""Where on a page tables without rules may stand: lines with wide gaps, one below another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from ocr.tables.borderless.words import Word, WordLine, bounding_box

# A gap as wide as this many times the line's height parts columns; between words of
# body text there is at most one em.
_WIDE_GAP = 1.5
# The number of a paragraph is no wider than the first, in em, and its first line as long as the second.
_NUMBER, _SENTENCE = 3.0, 8.0
# Where so large a share of the rows begin like that they are paragraphs. By its shape alone a short label may
# be taken for a number, but then other rows have more columns.
_NUMBERED = 0.8
# Lines of one table are at most this many em apart.
_APART = 3.0
# From one line with a gap to the next are at most so many em: a label of several lines,
# the heading of a part.
_MOST_BETWEEN = 8.0
# Body text is as wide as the table, but for this many em.
_FULL_WIDTH = 2.5
# Headings and body text are set in type larger or smaller than the table's by these factors;
# of less than so many em the type is not known.
_LARGER, _SMALLER, _TELLING = 1.25, 0.68, 4.0
_LEAST_LINES = 2
# What is above a region belongs to it if nearer than the first, in em, or no further than
# this share of the distance of its rows; what is below if nearer than the third, under
# print that ends within the last from its lower end.
_TIGHT, _AS_ROWS, _LEADING, _LAST_ROW = 0.35, 1.15, 0.6, 2.5


def find_regions(lines: Sequence[WordLine], em: float) -> Iterator[list[WordLine]]:
    """Yield runs of lines, from top to bottom, that may be tables; `em` is the type's height in pixels."""
    above: list[WordLine] = []
    region: list[WordLine] = []
    between: list[WordLine] = []
    for line in lines:
        if region and _is_beyond(region, between, line, em):
            yield from _whole(above, region, between, em)
            above, region, between = between, [], []
        if not is_parted(line):
            between.append(line)
        elif region:
            region += [*between, line]
            between = []
        else:
            above, region, between = [*above, *between], [line], []
    yield from _whole(above, region, between, em)


def is_parted(line: WordLine) -> bool:
    """Tell whether a line has a gap that body text never has, but behind the number of a paragraph."""
    return len(line.runs(_WIDE_GAP * line.type)) > 1


def _is_numbered(line: WordLine) -> bool:
    """Tell a number with a sentence behind it from a row of two columns, whose second has figures too."""
    first, *rest = line.runs(_WIDE_GAP * line.type)
    alone = len(rest) == 1 and first.figures and not rest[0].figures
    return alone and first.width <= _NUMBER * line.type and rest[0].width >= _SENTENCE * line.type


def _is_beyond(region: Sequence[WordLine], between: Sequence[WordLine], line: WordLine, em: float) -> bool:
    """Tell whether a line cannot belong to the region above it."""
    before = (between or region)[-1]
    far = line.box.top - before.box.bottom > _APART * em
    long = line.box.top - region[-1].box.bottom > _MOST_BETWEEN * em
    return far or long or (not is_parted(line) and _is_text(region, line))


def _is_text(region: Sequence[WordLine], line: WordLine) -> bool:
    """Tell whether a line without gaps is a heading or body text rather than part of the table."""
    box, around = line.box, bounding_box([one.box for one in region])
    em = _type_of(region)
    wide = box.left <= around.left + _FULL_WIDTH * em and box.right >= around.right - _FULL_WIDTH * em
    other = line.type > _LARGER * em or line.type < _SMALLER * em
    return wide or (other and box.width >= _TELLING * em)


def _type_of(region: Sequence[WordLine]) -> float:
    """Return the height of the largest type that is common in a region."""
    heights = sorted(line.type for line in region)
    return heights[(3 * len(heights)) // 4]


def _whole(
    above: Sequence[WordLine], region: list[WordLine], below: Sequence[WordLine], em: float
) -> Iterator[list[WordLine]]:
    """Yield a region of enough lines that are no numbered paragraphs, and what belongs to its outer rows."""
    rows = [line for line in region if is_parted(line)]
    if len(rows) >= _LEAST_LINES and sum(map(_is_numbered, rows)) < _NUMBERED * len(rows):
        yield [*_heads(above, region, em), *region, *_rest(region, below, em)]


def _heads(above: Sequence[WordLine], region: Sequence[WordLine], em: float) -> list[WordLine]:
    """Return the lines right above a region: heads over several columns, or lines of its first cells.

    They are as near as its rows are to each other; a title stands further off or is larger.
    """
    heads: list[WordLine] = []
    near = max(_TIGHT * em, _AS_ROWS * _row_gap(region))
    for line in reversed(above):
        gap = (heads or region)[0].box.top - line.box.bottom
        if gap > near or _is_text(region, line):
            break
        heads.insert(0, line)
    return heads


def _row_gap(region: Sequence[WordLine]) -> float:
    gaps = [after.box.top - before.box.bottom for before, after in pairwise(region)]
    rows = [gap for gap in gaps if gap > 0]
    return median(rows) if rows else 0.0


def _rest(region: Sequence[WordLine], below: Sequence[WordLine], em: float) -> list[WordLine]:
    """Return the lines right below a region that only go on with its last row."""
    end = region[-1].box.bottom - _LAST_ROW * em
    last = [line for line in region if line.box.bottom > end]
    words = [word for line in last for word in line.runs(_WIDE_GAP * line.type)]
    rest: list[WordLine] = []
    for line in below:
        close = line.box.top - max(one.box.bottom for one in (*last, *rest)) <= _LEADING * em
        if not (close and any(_within(line.box, word) for word in words)):
            break
        rest.append(line)
    return rest


def _within(box: Word, word: Word) -> bool:
    em = box.height
    return abs(box.left - word.left) <= em and box.right <= word.right + em
