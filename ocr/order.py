"""Reading order of what stands on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ocr.model import Box, Table, TextLine

# Lines stand in one row when they share this much of the lower one's height.
_SAME_ROW = 0.5


def in_reading_order(
    body: Iterable[TextLine], tables: Sequence[Table], upright: Callable[[Box], Box] = lambda box: box
) -> tuple[TextLine, ...]:
    """Order body lines and tables from top to bottom, left to right; a table is read row by row.

    The boxes are those of the page as stored, the order is that of the page set
    upright, straight and flat; `upright` tells the boxes there.
    """
    blocks = [(upright(line.box), [line]) for line in body]
    blocks += [(upright(table.box), lines_of_table(table)) for table in tables]
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


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= _SAME_ROW * min(one.height, other.height)
