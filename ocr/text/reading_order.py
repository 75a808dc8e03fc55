"""Reading order of what stands on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from statistics import median

from ocr.model import Box, Table, TextLine
from ocr.text.text_columns import split_at_zone, zone_of

# Lines stand in one row when they share this much of the lower one's height.
_SAME_ROW = 0.5
# A block this many times as high as what stands beside it is read by itself, not as part of a row.
_TALL = 2.5
# Standing lines belong together that are no farther apart than this many widths.
_NEAR = 3.0
# Standing lines in two tiers: so many in each, at least.
_TIER = 3
# Lines below others in smaller type than this share are their notes, and no tier.
_SMALL_TYPE = 0.75


@dataclass(frozen=True, slots=True)
class _Block:
    """What is read as one: a line, the standing lines of a text, or a table."""

    box: Box
    lines: tuple[TextLine, ...]
    lying: bool = False

    @property
    def standing(self) -> bool:
        """Whether it is vertical print."""
        return bool(self.lines) and self.lines[0].vertical


def in_reading_order(
    body: Iterable[TextLine],
    tables: Sequence[Table],
    upright: Callable[[Box], Box] = lambda box: box,
    gutter: float | None = None,
    parts: Sequence[Sequence[TextLine]] = (),
) -> tuple[TextLine, ...]:
    """Order body lines and tables from top to bottom, left to right; a table is read row by row.

    Columns of lying text are read one after the other, standing lines from right to
    left. The boxes are those of the page as stored, the order is that of the page
    set upright, straight and flat; `upright` tells the boxes there. `gutter` is
    the x there between two pages: the left one is read first, the right one where
    the print is vertical. `parts` are texts whose lines are in order already.
    """
    lines = [_Block(upright(line.box), (line,), lying=not line.vertical) for line in body]
    blocks = lines + [_Block(upright(table.box), tuple(lines_of_table(table))) for table in tables]
    blocks += [_Block(upright(reduce(Box.union, (line.box for line in part))), tuple(part)) for part in parts]
    if gutter is None:
        return _read(blocks)
    halves = (
        [block for block in blocks if block.box.centre[0] < gutter],
        [block for block in blocks if block.box.centre[0] >= gutter],
    )
    backwards = 2 * sum(not block.lying for block in lines) > len(lines)
    return tuple(line for half in (halves[::-1] if backwards else halves) for line in _read(half))


def lines_of_table(table: Table) -> list[TextLine]:
    """Return the texts of a table's cells, row by row, as lines."""
    return [TextLine(cell.text, cell.box, cell.confidence, cell.engine) for cell in table.cells if cell.text]


def _read(blocks: Sequence[_Block]) -> tuple[TextLine, ...]:
    standing = [block for block in blocks if block.standing]
    rest = [block for block in blocks if not block.standing]
    return tuple(line for block in _flow([*rest, *_texts(standing)]) for line in block.lines)


def _flow(blocks: Sequence[_Block]) -> list[_Block]:
    """Order blocks: zones of columns one column after the other, all else row by row."""
    zone = zone_of(
        [block.box for block in blocks if block.lying], [block.box for block in blocks if not block.lying]
    )
    if zone is None:
        return [block for row in _rows(blocks) for block in _across(row)]
    parts = split_at_zone(zone, [block.box for block in blocks])
    return [block for part in parts for block in _flow([blocks[index] for index in part])]


def _rows(blocks: Sequence[_Block]) -> list[list[_Block]]:
    rows: list[list[_Block]] = []
    for block in sorted(blocks, key=lambda block: block.box.top):
        if rows and _beside(max((other.box for other in rows[-1]), key=_height), block.box):
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _across(row: Sequence[_Block]) -> list[_Block]:
    """Order one row from left to right, mostly vertical print from right to left.

    What stands beside something tall may be many rows itself.
    """
    if 2 * sum(block.standing for block in row) > len(row):
        return sorted(row, key=lambda block: -block.box.right)
    tall = max(row, key=lambda block: _height(block.box))
    others = [block for block in row if block is not tall]
    if len(others) < 2 or _height(tall.box) < _TALL * median(_height(block.box) for block in others):
        return sorted(row, key=lambda block: block.box.left)
    before = [block for block in others if block.box.centre[0] < tall.box.centre[0]]
    after = [block for block in others if block not in before]
    return [*_flow(before), tall, *_flow(after)]


def _texts(lines: Sequence[_Block]) -> list[_Block]:
    """Join standing lines that stand side by side to texts, each read from right to left."""
    texts: list[list[_Block]] = []
    for line in lines:
        near = [text for text in texts if any(_neighbours(line.box, other.box) for other in text)]
        texts = [text for text in texts if text not in near] + [
            [line, *(one for text in near for one in text)]
        ]
    return [_Block(_around(text), tuple(_leftwards(text))) for text in texts]


def _neighbours(one: Box, other: Box) -> bool:
    apart = max(one.left, other.left) - min(one.right, other.right)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return apart < _NEAR * max(one.width, other.width) and shared > 0


def _leftwards(lines: Sequence[_Block]) -> list[TextLine]:
    """Read standing lines: the upper tier before the lower, in each the rightmost column first."""
    if not lines:
        return []
    ordered = sorted(lines, key=lambda line: line.box.top)
    for index in range(_TIER, len(ordered) - _TIER + 1):
        if _are_tiers(ordered[:index], ordered[index:]):
            return _leftwards(ordered[:index]) + _leftwards(ordered[index:])
    first = _columns(lines)[0]
    rest = [line for line in lines if line not in first]
    return [text for line in first for text in line.lines] + _leftwards(rest)


def _are_tiers(upper: Sequence[_Block], lower: Sequence[_Block]) -> bool:
    """Tell whether standing lines above are a tier of their own; `lower` begins with the highest."""
    small, large = sorted(median(line.box.width for line in tier) for tier in (upper, lower))
    apart = lower[0].box.top - max(line.box.bottom for line in upper)
    few = min(len(_columns(tier)) for tier in (upper, lower))
    return apart > -large / 2 and few >= _TIER and small > _SMALL_TYPE * large


def _columns(lines: Sequence[_Block]) -> list[list[_Block]]:
    """Put standing lines that stand above one another together, rightmost first, each from the top."""
    columns: list[list[_Block]] = []
    for line in sorted(lines, key=lambda line: -line.box.centre[0]):
        if columns and line.box.right > columns[-1][0].box.centre[0]:
            columns[-1].append(line)
        else:
            columns.append([line])
    return [sorted(column, key=lambda line: line.box.top) for column in columns]


def _around(blocks: Sequence[_Block]) -> Box:
    first, *rest = (block.box for block in blocks)
    for box in rest:
        first = first.union(box)
    return first


def _height(box: Box) -> float:
    return box.height


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= _SAME_ROW * min(one.height, other.height)
