"""A table of no known form as it was read: what it is called, how sure it is, its cells."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from console.views.base import LONGEST_LIST, STAND_INS, heading, page_range, printable
from console.views.tables.spanned_grid import DrawnCell, SpannedGrid, within
from core.review_threshold import is_unsure
from ocr.model import Cell
from reconcile.model import Flag, JoinedTable

CELL_LEGEND = "未识 print that was not read   ? read unsurely   `guidang forms draft` makes a form of a table"


def table_as_read(table: JoinedTable, number: int, document: str) -> Iterator[RenderableType]:
    """A table; `number` tells it from others of the document, and a long one says how to get the rest."""
    place = f"table {number}, page {page_range(table.pages)}"
    yield heading(f"{place}: {table.caption}" if table.caption else place)
    yield Text(_described(table), style="red" if Flag.DOUBTFUL_STRUCTURE in table.flags else "dim")
    shown = min(table.n_rows, LONGEST_LIST)
    cells = tuple(map(_drawn, table.cells))
    yield SpannedGrid(within(cells, shown, table.n_columns), shown, table.n_columns)
    if shown < table.n_rows:
        left_out = f"… {table.n_rows - shown} more rows"
        yield Text(f"{left_out}: guidang export tables {document} --output tables.xlsx", style="dim")


def _described(table: JoinedTable) -> str:
    sure = "structure unknown" if table.confidence is None else f"structure {table.confidence:.2f}"
    size = f"{table.n_rows} rows, {table.n_columns} columns"
    return "  ".join((size, sure, ", ".join(table.flags)))


def _drawn(cell: Cell) -> DrawnCell:
    text = printable(cell.text).strip()
    if not text and cell.inked:
        text = STAND_INS["unread"][0]
    elif text and is_unsure(cell.confidence):
        text += "?"
    return DrawnCell(cell.row, cell.column, cell.row_span, cell.column_span, text)
