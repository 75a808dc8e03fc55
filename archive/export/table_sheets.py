"""XLSX of tables: a sheet each, as printed with its cells merged, behind a sheet that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.cell_range import CellRange  # type: ignore[import-untyped]

from archive.export import xlsx
from archive.export.columns.base import ExportLayout

if TYPE_CHECKING:
    from archive.documents.reading_loader import StoredTable
    from ocr.model import Cell

# Nobody leafs through more sheets than this; of more tables there is a row a cell, as in CSV.
MOST_SHEETS = 250
LIST = "tables"
LONGEST_NAME = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]|^'|'$")
_LISTED = (
    *("sheet", "document", "source", "number", "form", "table", "pages", "n_rows", "n_columns", "part"),
    *("caption", "confidence", "flags"),
)
_THIN = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(wrap_text=True, vertical="center")
_WIDTH = 14


def write(records: Iterable[StoredTable], layout: ExportLayout, stream: BinaryIO) -> None:
    """A sheet a table, the first cell of its grid in A1; where there are too many, the rows of the layout.

    Texts are texts as printed, numbers too, and no cell is a formula.
    """
    head = list(islice(records, MOST_SHEETS + 1))
    if len(head) > MOST_SHEETS:
        xlsx.write(chain(head, records), layout, stream)
        return
    book = Workbook(write_only=True)
    names = [_name(number, stored) for number, stored in enumerate(head, start=1)]
    with xlsx.closed_on_failure(book):
        listed = book.create_sheet(LIST)
        xlsx.append_header(listed, _LISTED)
        for name, stored in zip(names, head, strict=True):
            described = {**layout.json_object(stored), "sheet": name, "number": stored.number}
            listed.append([_described(listed, described[column]) for column in _LISTED])
            _fill(book.create_sheet(name), stored)
    book.save(stream)


def _name(number: int, stored: StoredTable) -> str:
    """A name that no other sheet has: its number, then what the table is called."""
    called = stored.table.key or stored.table.caption or ""
    return " ".join(_NO_NAME.sub(" ", f"{number} {called}").split())[:LONGEST_NAME].rstrip()


def _described(sheet: Any, content: object) -> object:
    if isinstance(content, list):
        return xlsx.text_cell(sheet, ", ".join(map(str, content)))
    return xlsx.text_cell(sheet, content) if isinstance(content, str) and content else content or None


def _fill(sheet: Any, stored: StoredTable) -> None:
    """The rows of a table; what a cell covers beside its first place is framed and merged."""
    table = stored.table
    for column in range(table.n_columns):
        sheet.column_dimensions[get_column_letter(column + 1)].width = _WIDTH
    places = _places(table.cells)
    for row in range(table.n_rows):
        sheet.append([_place(sheet, places.get((row, column))) for column in range(table.n_columns)])
    for span in _spans(table.cells, places):
        sheet.merged_cells.add(span)


def _places(cells: Sequence[Cell]) -> Mapping[tuple[int, int], tuple[Cell, str]]:
    """What stands in each place: its cell, and the text in the first place of that. None hides another."""
    found: dict[tuple[int, int], tuple[Cell, str]] = {}
    for cell in cells:
        found[cell.row, cell.column] = (cell, cell.text)
    for cell in cells:
        for place in _covered(cell):
            found.setdefault(place, (cell, ""))
    return found


def _covered(cell: Cell) -> Iterator[tuple[int, int]]:
    for row in range(cell.row, cell.row + cell.row_span):
        yield from ((row, column) for column in range(cell.column, cell.column + cell.column_span))


def _place(sheet: Any, content: tuple[Cell, str] | None) -> object:
    if content is None:
        return None
    framed = WriteOnlyCell(sheet)
    framed.border, framed.alignment = _FRAME, _WRAPPED
    if content[1]:
        framed.value = xlsx.shown_text(content[1])
        framed.data_type = "s"
    return framed


def _spans(cells: Sequence[Cell], places: Mapping[tuple[int, int], tuple[Cell, str]]) -> Iterator[CellRange]:
    """The ranges of cells over several places, where they cover those alone."""
    for cell in cells:
        covered = list(_covered(cell))
        if len(covered) > 1 and all(places[place][0] is cell for place in covered):
            yield CellRange(
                min_row=cell.row + 1,
                min_col=cell.column + 1,
                max_row=cell.row + cell.row_span,
                max_col=cell.column + cell.column_span,
            )
