"""Reading a page that we laid out: the markup tells what is printed, the layout where it stands."""

from __future__ import annotations

from importlib.metadata import version

from ocr.documents.typeset import PlacedText, Typeset
from ocr.html.encoding import REPLACEMENT
from ocr.model import SURE, Cell, Table, TextLine, numbered
from ocr.text.reading_order import lines_of_table
from ocr.web.page_layout import LaidCell, LaidLine, LaidPage, LaidTable

ENGINE = f"web/lxml-{version('lxml')}"
_SECOND = "second/markup"
# The most that a cell is sure of that holds a picture beside its text, or text that was not decoded.
_UNSURE = 0.5


def typeset_of(page: LaidPage, number: int, engine: str = ENGINE) -> Typeset:
    """Take the lines and tables of page `number` from its layout; `engine` is what told its text."""
    tables = numbered(_table(item, number, engine) for item in page.items if isinstance(item, LaidTable))
    lines: list[TextLine] = []
    remaining = iter(tables)
    for item in page.items:
        lines += [_line(item, engine)] if isinstance(item, LaidLine) else lines_of_table(next(remaining))
    rows = tuple(_row(line) for line in page.lines if line.text)
    return Typeset(tuple(lines), tables, rows, engine, _SECOND, page.left_out)


def _row(line: LaidLine) -> PlacedText:
    return PlacedText(line.text, (line.left, line.foot), (line.box.right, line.foot), line.size, turn=0)


def _line(line: LaidLine, engine: str) -> TextLine:
    return TextLine(line.text, line.box, _sureness(line.text), engine)


def _table(table: LaidTable, page: int, engine: str) -> Table:
    cells = tuple(_cell(cell, page, engine) for cell in table.cells)
    return Table(page, table.box, table.n_rows, table.n_columns, cells, table.open_top, table.open_bottom)


def _cell(laid: LaidCell, page: int, engine: str) -> Cell:
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
        engine=engine,
        inked=bool(cell.text) or cell.pictured,
    )


def _sureness(text: str) -> float:
    return _UNSURE if REPLACEMENT in text else SURE
