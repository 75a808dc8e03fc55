"""Where on a page tables without rules may stand: lines with wide gaps, one below another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocr.words import Line, Word, joined

# A gap as wide as this many times the line's height parts columns; between words of
# body text there is at most one em.
_WIDE_GAP = 1.2
# Lines of one table are at most this many em apart.
_APART = 3.0
# So many lines without a gap may stand inside of a table: a label of several lines,
# the heading of a part.
_MOST_BETWEEN = 5
# Body text is as wide as the table, but for this many em.
_FULL_WIDTH = 2.5
# A heading is set in type larger by this factor than the table's.
_LARGER = 1.2
_LEAST_LINES = 2
# Lines of one cell are at most this many em apart.
_TIGHT = 0.35


def regions_of(lines: Sequence[Line], em: float) -> Iterator[list[Line]]:
    """Yield runs of lines, from top to bottom, that may be tables; `em` is the type's height in pixels."""
    region: list[Line] = []
    between: list[Line] = []
    for line in lines:
        if region and _is_beyond(region, between, line, em):
            yield from _whole(region, between, em)
            region, between = [], []
        if is_parted(line):
            region += [*between, line] if region else _begun(between, line, em)
            between = []
        else:
            between.append(line)
    yield from _whole(region, between, em)


def is_parted(line: Line) -> bool:
    """Tell whether a line has a gap that body text never has."""
    return len(line.runs(_WIDE_GAP * line.type)) > 1


def _is_beyond(region: Sequence[Line], between: Sequence[Line], line: Line, em: float) -> bool:
    """Tell whether a line cannot belong to the region above it."""
    before = (between or region)[-1]
    far = line.box.top - before.box.bottom > _APART * em
    return far or len(between) >= _MOST_BETWEEN or (not is_parted(line) and _is_text(region, line))


def _is_text(region: Sequence[Line], line: Line) -> bool:
    """Tell whether a line without gaps is a heading or body text rather than part of the table."""
    box, around = line.box, joined([one.box for one in region])
    em = _type_of(region)
    wide = box.left <= around.left + _FULL_WIDTH * em and box.right >= around.right - _FULL_WIDTH * em
    return wide or line.type > _LARGER * em


def _type_of(region: Sequence[Line]) -> float:
    """Return the height of the largest type that is common in a region."""
    heights = sorted(line.type for line in region)
    return heights[(3 * len(heights)) // 4]


def _begun(between: Sequence[Line], line: Line, em: float) -> list[Line]:
    """Begin a region: with the lines right above it that belong to its first row.

    Such is a head over several columns, or the line before in a cell; a title stands apart.
    """
    first = line.runs(_WIDE_GAP * line.type)[0]
    begun = [line]
    for above in reversed(between):
        gap = begun[0].box.top - above.box.bottom
        if above.type > _LARGER * line.type or gap > (em if above.box.left > first.right else _TIGHT * em):
            break
        begun.insert(0, above)
    return begun


def _whole(region: list[Line], between: Sequence[Line], em: float) -> Iterator[list[Line]]:
    """Yield a region that has enough lines, with the lines below that only go on with its last row."""
    if sum(is_parted(line) for line in region) < _LEAST_LINES:
        return
    last = region[-1].box
    for line in between:
        close = line.box.top - last.bottom <= 0.6 * em
        inside = any(_within(line.box, word) for word in region[-1].runs(_WIDE_GAP * region[-1].type))
        if not (close and inside):
            break
        region.append(line)
        last = line.box
    yield region


def _within(box: Word, word: Word) -> bool:
    em = box.height
    return abs(box.left - word.left) <= em and box.right <= word.right + em
