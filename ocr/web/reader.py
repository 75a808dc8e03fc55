"""Reading a page that we laid out: the markup tells what is printed, the layout where it stands."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from ocr.image.page_image import view_of
from ocr.model import Box, Cell, Page, Reading, Route, Table, TextLine
from ocr.step_observer import Observer, unseen
from ocr.text.reading_order import lines_of_table
from ocr.textlayer.lines import SURE
from ocr.web.encoding import REPLACEMENT
from ocr.web.laid_out_sheet import LaidSheet, cells_of
from ocr.web.page_layout import LaidCell, LaidTable, Line

_KIND = "web/"
ENGINE = f"{_KIND}lxml-{version('lxml')}"
# The most that a cell is sure of that holds a picture beside its text, or text that was not decoded.
_UNSURE = 0.5
_LOOKING_DPI = 200.0


def read_laid(sheet: LaidSheet, seen: Observer = unseen) -> Page:
    """Take the lines and tables of a page from its layout; `seen` is shown the page and its cells."""
    started = time.perf_counter()
    if seen is not unseen:
        view = view_of(sheet, _LOOKING_DPI)
        seen("laid-out", view.pixels)
        seen("grid", view.pixels, (view.rectangle(cell.box) for cell in cells_of(sheet.page)))
    tables = tuple(_table(item, sheet.number) for item in sheet.page.items if isinstance(item, LaidTable))
    lines: list[TextLine] = []
    remaining = iter(tables)
    for item in sheet.page.items:
        lines += [_line(item)] if isinstance(item, Line) else lines_of_table(next(remaining))
    return Page(
        number=sheet.number,
        width=sheet.width,
        height=sheet.height,
        route=Route.DIGITAL if lines else Route.BLANK,
        lines=tuple(lines),
        tables=tables,
        engine=ENGINE,
        seconds=time.perf_counter() - started,
    )


def is_laid(page: Page) -> bool:
    """Tell whether a page, as it was read, is one that was laid out."""
    return page.engine.startswith(_KIND)


def read_laid_again(sheet: LaidSheet, cells: Sequence[Cell]) -> Mapping[tuple[int, Box], Reading]:
    """Look cells up in the markup once more, keyed by page number and box.

    The picture of the page was drawn from the text, so reading it would tell nothing. What
    is no text cannot be read again.
    """
    again = {cell.box: cell for table in read_laid(sheet).tables for cell in table.cells}
    found = (again[cell.box] for cell in cells if cell.box in again)
    return {
        (sheet.number, cell.box): Reading(cell.text, cell.confidence, "second/markup")
        for cell in found
        if cell.text or not cell.inked
    }


def _line(line: Line) -> TextLine:
    return TextLine(line.text, line.box, _sureness(line.text), ENGINE)


def _table(table: LaidTable, page: int) -> Table:
    cells = tuple(_cell(cell, page) for cell in table.cells)
    return Table(page, table.box, table.n_rows, table.n_columns, cells, table.open_top, table.open_bottom)


def _cell(laid: LaidCell, page: int) -> Cell:
    """Make a cell of its text; a picture in it is ink that is not read."""
    cell = laid.cell
    confidence = min(_sureness(cell.text), _UNSURE if cell.doubted or cell.pictured else SURE)
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text=cell.text,
        box=laid.box,
        confidence=confidence,
        page=page,
        engine=ENGINE,
        inked=bool(cell.text) or cell.pictured,
    )


def _sureness(text: str) -> float:
    return _UNSURE if REPLACEMENT in text else SURE
