"""Blocks laid out on pages of our own, so that every value has a place that can be shown.

A web page has no pages and no points. The layout takes nothing from style sheets and
nothing from the machine: the same page is laid out the same everywhere. A table stays
whole on a page; one too wide goes on a page across, or a wider one, one too long on a longer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.limits import WEB_PAGE, web_page_within
from ocr.html.blocks import Block, HtmlCell, HtmlTable, Paragraph
from ocr.model import Box
from ocr.web.font_metrics import width_of, wrapped
from ocr.web.table_layout import Measured, cut, least_width, measured

# In points: A4, its margins, body type, headings by level, the space between lines as a multiple of the type.
_SHORT, _LONG, _MARGIN = 595.0, 842.0, 50.0
_BODY, _HEADINGS = 10.5, {1: 16.0, 2: 14.0, 3: 12.0}
LEADING = 1.5
_GAP = 4.0
# A page is made longer for a table, but no longer than this.
_LONGEST = 2400.0
# Where the foot of the type stands in a line, from its top, in em.
_FOOT = 0.88


@dataclass(frozen=True, slots=True)
class LaidLine:
    """A line of text: its first character's place, its size of type in points, and its height."""

    text: str
    left: float
    top: float
    size: float
    height: float

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + width_of(self.text) * self.size, self.top + self.height)

    @property
    def foot(self) -> float:
        """How far down its characters stand."""
        return self.top + (self.height - self.size) / 2 + _FOOT * self.size


@dataclass(frozen=True, slots=True)
class LaidCell:
    """A cell, its rows counted in its part of the table, and the lines of its text."""

    cell: HtmlCell
    box: Box
    lines: tuple[LaidLine, ...]


@dataclass(frozen=True, slots=True)
class LaidTable:
    """A table, or the part of it that is on one page."""

    box: Box
    n_rows: int
    n_columns: int
    cells: tuple[LaidCell, ...]
    open_top: bool
    open_bottom: bool


@dataclass(frozen=True, slots=True)
class LaidPage:
    """A page, `width` by `height` points, and what stands on it in reading order.

    `left_out` says what the document holds here and does not show.
    """

    width: float
    height: float
    items: tuple[LaidLine | LaidTable, ...]
    left_out: tuple[str, ...] = ()

    @property
    def lines(self) -> Iterator[LaidLine]:
        """Every line of text, those in cells too."""
        for item in self.items:
            if isinstance(item, LaidLine):
                yield item
            else:
                yield from (line for cell in item.cells for line in cell.lines)

    @property
    def cells(self) -> Iterator[LaidCell]:
        """The cells of all tables."""
        yield from (cell for item in self.items if isinstance(item, LaidTable) for cell in item.cells)


def lay_out(blocks: Iterable[Block]) -> tuple[LaidPage, ...]:
    """Lay blocks out one below the other; pictures take no place.

    Raises:
        UnreadableDocument: it would take more pages than the limit.
    """
    pages = _Pages()
    for block in blocks:
        if isinstance(block, Paragraph):
            pages.add_text(block)
        elif isinstance(block, HtmlTable):
            pages.add_table(block)
    pages.turn_over()
    return tuple(pages.done)


@dataclass(slots=True)
class _Pages:
    """The pages so far, and the one that is being filled down to `y`."""

    done: list[LaidPage] = field(default_factory=list)
    items: list[LaidLine | LaidTable] = field(default_factory=list)
    width: float = _SHORT
    height: float = _LONG
    y: float = _MARGIN

    @property
    def room(self) -> float:
        """How much of the height is left."""
        return self.height - _MARGIN - self.y

    def turn_over(self, width: float = _SHORT, height: float = _LONG) -> None:
        """Go on to a new page of the given size, unless nothing stands on this one."""
        if self.items:
            self.done.append(LaidPage(self.width, self.height, tuple(self.items)))
            web_page_within(len(self.done), WEB_PAGE.pages, "pages of print")
        self.items = []
        self.width, self.height, self.y = width, height, _MARGIN

    def add_text(self, block: Paragraph) -> None:
        """Add a paragraph line by line."""
        size = _HEADINGS.get(block.level, _BODY)
        height = size * LEADING
        for text in wrapped(block.text, (self.width - 2 * _MARGIN) / size):
            if height > self.room:
                self.turn_over()
            self.items.append(LaidLine(text, _MARGIN, self.y, size, height))
            self.y += height
        self.y += _GAP

    def add_table(self, grid: HtmlTable) -> None:
        """Add a table: on this page where it fits, else on a new one that is made for it."""
        least = least_width(grid) + 2 * _MARGIN
        width, height = (_SHORT, _LONG) if least <= _SHORT else (max(least, _LONG), _SHORT)
        table = measured(grid, width - 2 * _MARGIN)
        if width > self.width or table.height > self.room:
            self.turn_over(width, min(max(height, table.height + 2 * _MARGIN), _LONGEST))
        for part in cut(table, self.height - 2 * _MARGIN):
            if sum(part.heights) > self.room:
                self.turn_over(width, max(self.height, sum(part.heights) + 2 * _MARGIN))
            placed = _placed(part, self.y)
            self.items.append(placed)
            self.y = placed.box.bottom
        self.y += 2 * _GAP


def _placed(table: Measured, top: float) -> LaidTable:
    """Give the cells of a measured table their places, from `top` down."""
    xs = _edges(_MARGIN, table.widths)
    ys = _edges(top, table.heights)
    cells = tuple(_laid_cell(table, cell, xs, ys) for cell in table.cells)
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return LaidTable(box, len(table.heights), len(table.widths), cells, table.open_top, table.open_bottom)


def _edges(start: float, sizes: Sequence[float]) -> list[float]:
    edges = [start]
    for size in sizes:
        edges.append(edges[-1] + size)
    return edges


def _laid_cell(table: Measured, cell: HtmlCell, xs: Sequence[float], ys: Sequence[float]) -> LaidCell:
    box = Box(xs[cell.column], ys[cell.row], xs[cell.column + cell.column_span], ys[cell.row + cell.row_span])
    size, height = table.size, table.size * table.leading
    texts = table.lines_of(cell)
    top = (box.top + box.bottom - len(texts) * height) / 2
    lines = tuple(
        LaidLine(text, (box.left + box.right - width_of(text) * size) / 2, top + n * height, size, height)
        for n, text in enumerate(texts)
    )
    return LaidCell(cell, box, lines)
