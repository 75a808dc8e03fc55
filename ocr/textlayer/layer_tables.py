"""The tables of a digital page: cells filled from the text layer, and from the picture where it is silent."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.engine.base import Engine
from ocr.image.page_image import PageImage
from ocr.model import SURE, Box, Cell, Reading, Table
from ocr.tables.camelot_lattice import is_same
from ocr.tables.grid import Grid, Span, table_of
from ocr.tables.rule_removal import CleanedPage
from ocr.text.cell_crops import CellCrop, crop_cells
from ocr.text.cells import read_cell, shows_struck_number
from ocr.text.ink import type_size
from ocr.text.wrapped_numbers import Extent, whole_rows
from ocr.textlayer.cut_numbers import cut_numbers
from ocr.textlayer.lines import ENGINE, extents_of, text_of
from ocr.textlayer.trust import TextLayerTrust
from ocr.textlayer.uncovered_ink import covers_all_print

# The most that a cell is sure of whose picture and layer differ.
_UNSURE = 0.5
# A structure that camelot finds as well is as sure as this.
CONFIRMED = 0.99


@dataclass(frozen=True, slots=True)
class Told:
    """What the layer tells of a page; `loose` is the ink outside of all its characters."""

    trust: TextLayerTrust
    loose: Pixels

    @property
    def chars(self) -> tuple[Char, ...]:
        return (*self.trust.sound, *self.trust.doubted)

    @property
    def drawn(self) -> tuple[Char, ...]:
        """Those too that cannot be seen as what they are."""
        return (*self.chars, *self.trust.faint, *self.trust.foreign)


def read_told_table(
    cleaned: CleanedPage, drawn: Grid, found: Sequence[Grid], told: Told, page: int, engine: Engine
) -> Table:
    """Read one table; of the grids `found` otherwise one may confirm its own.

    Camelot leaves out rows that a page break leaves open, and a page whose user
    space is turned or shifted has its tables elsewhere: both confirm nothing.
    """
    grid = _in_points(drawn, cleaned.view)
    if any(is_same(grid, other) for other in found):
        grid = replace(grid, confidence=max(grid.confidence, CONFIRMED))
    cuts = crop_cells(cleaned, drawn)
    em = type_size([cut.ink for cut in cuts], cleaned.view.dpi)
    layer = _chars_by_cell(grid, told.trust.sound)
    doubted = _chars_by_cell(grid, told.trust.doubted)
    faint = _chars_by_cell(grid, told.trust.faint)
    numbers = cut_numbers(told.drawn, _chars_by_cell(grid, told.drawn))
    whole = whole_rows(_extents(grid, cut, layer.get(cut.span, [])) for cut in cuts)
    cells = []
    for cut in cuts:
        sound = layer.get(cut.span, [])
        one_row = cut.row in whole
        if cut.span in numbers and cut.ink.any():
            part = _layer_cell(grid, cut, sound, page, one_row=one_row)
            cells.append(_cut_cell(part, numbers[cut.span]))
            continue
        if not sound or cut.span in doubted:
            seen = read_cell(cleaned, cut, em, page, engine, one_row=one_row)
            cells.append(_with_faint(seen, faint.get(cut.span, [])))
            continue
        told_cell = _layer_cell(grid, cut, sound, page, one_row=one_row)
        struck = shows_struck_number(cleaned, cut, em, told_cell.text)
        if not struck and covers_all_print(cut, told.loose, sound, cleaned.view):
            cells.append(told_cell)
        else:
            cells.append(_seen_cell(cleaned, cut, em, told_cell, engine, one_row=one_row))
    spoilt = _chars_by_cell(grid, told.trust.spoilt)
    cells = [
        _spoilt_cell(cell) if cut.span in spoilt else cell for cut, cell in zip(cuts, cells, strict=True)
    ]
    box = Box(*grid.bounds)
    return table_of(grid, box, page, cells)


def _extents(
    grid: Grid, cut: CellCrop, chars: Sequence[Char]
) -> tuple[tuple[int, int], float, float, Sequence[Extent]]:
    _, top, _, bottom = grid.rectangle(cut.span)
    return cut.row, top, bottom, extents_of(chars)


def _layer_cell(grid: Grid, cut: CellCrop, chars: Sequence[Char], page: int, *, one_row: bool) -> Cell:
    """Make a cell of its characters."""
    box = Box(*grid.rectangle(cut.span))
    span = cut.span
    return Cell(
        row=span.row,
        column=span.column,
        row_span=span.row_span,
        column_span=span.column_span,
        text=text_of(chars, box.width, one_row=one_row),
        box=box,
        confidence=SURE,
        page=page,
        engine=ENGINE,
        inked=True,
    )


def _cut_cell(told: Cell, number: str) -> Cell:
    """Leave a cell unread that has a part of a number; the whole is kept beside it."""
    return replace(told, text="", confidence=0.0, others=(Reading(number, 0.0, ENGINE),))


def _spoilt_cell(cell: Cell) -> Cell:
    """Leave a number unread through which something is drawn: it is struck out, or another sign holds.

    Nothing proves that it does not: what is struck out may have summed up before.
    """
    is_number = any(map(str.isdecimal, cell.text)) and not any(map(str.isalpha, cell.text))
    return _cut_cell(cell, cell.text) if is_number else cell


def _with_faint(cell: Cell, chars: Sequence[Char]) -> Cell:
    """Keep beside a cell without ink what stands there in white or too pale to be seen."""
    if cell.inked or not chars:
        return cell
    return replace(cell, others=(Reading(text_of(chars), 0.0, "hidden text layer"),))


def _seen_cell(
    cleaned: CleanedPage, cut: CellCrop, em: float, told: Cell, engine: Engine, *, one_row: bool
) -> Cell:
    """Read a cell that has more ink than its characters; where the readings differ, neither is sure."""
    seen = read_cell(cleaned, cut, em, told.page, engine, one_row=one_row)
    if seen.text == told.text:
        return told
    others = (*seen.others, Reading(told.text, told.confidence, ENGINE))
    return replace(seen, confidence=min(seen.confidence, _UNSURE), others=others)


def _chars_by_cell(grid: Grid, chars: Sequence[Char]) -> dict[Span, list[Char]]:
    """Give each character to the cell that holds the middle of its ink."""
    owner = {
        (row, column): span
        for span in grid.spans
        for row in range(span.row, span.row + span.row_span)
        for column in range(span.column, span.column + span.column_span)
    }
    cells: dict[Span, list[Char]] = defaultdict(list)
    for char in chars:
        x, y = char.box.centre
        unit = bisect(grid.ys, y) - 1, bisect(grid.xs, x) - 1
        if unit in owner:
            cells[owner[unit]].append(char)
    return dict(cells)


def _in_points(grid: Grid, view: PageImage) -> Grid:
    """Tell a grid found on the unturned page image in points."""
    xs = tuple(view.box(x, 0, x, 0).left for x in grid.xs)
    ys = tuple(view.box(0, y, 0, y).top for y in grid.ys)
    return replace(grid, xs=xs, ys=ys)
