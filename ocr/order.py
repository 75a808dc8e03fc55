"""Reading order of what stands on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocr.model import Box, Table, TextLine

# Lines stand in one row when they share this much of the lower one's height.
_SAME_ROW = 0.5


def in_reading_order(
    body: Iterable[TextLine], tables: Sequence[Table], turned: int = 0
) -> tuple[TextLine, ...]:
    """Order body lines and tables from top to bottom, left to right; a table is read row by row.

    `turned` is the clockwise turn in degrees that sets the page upright: the
    boxes are those of the page as stored, the order is that of the upright one.
    """
    blocks = [(_upright(line.box, turned), [line]) for line in body]
    blocks += [(_upright(table.box, turned), lines_of_table(table)) for table in tables]
    ordered: list[list[tuple[Box, list[TextLine]]]] = []
    for block in sorted(blocks, key=lambda block: block[0].top):
        if ordered and _beside(ordered[-1][0][0], block[0]):
            ordered[-1].append(block)
        else:
            ordered.append([block])
    rows = (sorted(row, key=lambda block: block[0].left) for row in ordered)
    return tuple(line for row in rows for _, lines in row for line in lines)


def lines_of_table(table: Table) -> list[TextLine]:
    """Return the texts of a table's cells, row by row, as lines."""
    return [TextLine(cell.text, cell.box, cell.confidence, cell.engine) for cell in table.cells if cell.text]


def _upright(box: Box, turned: int) -> Box:
    """Turn a box clockwise about the origin, which keeps the order of boxes among themselves."""
    if turned == 90:
        return Box(-box.bottom, box.left, -box.top, box.right)
    if turned == 180:
        return Box(-box.right, -box.bottom, -box.left, -box.top)
    if turned == 270:
        return Box(box.top, -box.right, box.bottom, -box.left)
    return box


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= _SAME_ROW * min(one.height, other.height)
