"""XLSX: one sheet, or several where a table is longer than a sheet may be, written row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from archive.export.columns.base import ExportLayout
from archive.export.csv_json import neutralised

# A sheet holds 1,048,576 rows, its header one of them.
LONGEST_SHEET = 1_048_575
LONGEST_TEXT = 32_767
# What XML cannot hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# More digits than this a spreadsheet rounds.
EXACT_DIGITS = 15
WIDTHS = {
    "document": 14,
    "source": 32,
    "organ": 28,
    "region": 16,
    "column": 18,
    "text": 40,
    "flags": 20,
    "caption": 32,
}
USUAL_WIDTH = 12


def write(records: Iterable[Any], layout: ExportLayout, stream: BinaryIO) -> None:
    """The rows of a layout under a bold header that stays in sight.

    No cell is a formula: texts are neutralised as in CSV and stored as texts.
    A decimal becomes a number unless a spreadsheet would round it.
    """
    book = Workbook(write_only=True)
    with closed_on_failure(book):
        _fill(book, records, layout)
    book.save(stream)


@contextmanager
def closed_on_failure(book: Any) -> Iterator[None]:
    """Close the sheets of a book that is not filled to its end, or they complain of being left unfinished."""
    try:
        yield
    except BaseException:
        for sheet in book.worksheets:
            sheet.close()
        raise


def _fill(book: Any, records: Iterable[Any], layout: ExportLayout) -> None:
    sheet = _sheet(book, layout)
    for number, row in enumerate(layout.rows(records), start=1):
        if number > 1 and number % LONGEST_SHEET == 1:
            sheet = _sheet(book, layout)
        sheet.append([_cell(sheet, row[name], layout.kinds.get(name)) for name in layout.columns])


def _sheet(book: Any, layout: ExportLayout) -> Any:
    sheet = book.create_sheet()
    append_header(sheet, layout.columns)
    return sheet


def append_header(sheet: Any, columns: Sequence[str]) -> None:
    """Begin a sheet with bold names of columns that stay in sight."""
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, USUAL_WIDTH)
    sheet.append([_bold(sheet, name) for name in columns])


def _bold(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, content: object, kind: type | None) -> object:
    if content == "":
        return None
    if isinstance(content, str):
        number = _exact(content) if kind is Decimal else None
        return text_cell(sheet, content) if number is None else number
    return int(content) if isinstance(content, bool) else content


def shown_text(content: str) -> str:
    """A text as a cell can hold it: neutralised, without what XML cannot hold, cut where it is too long."""
    shown = neutralised(FORBIDDEN.sub("\ufffd", content))
    if len(shown) > LONGEST_TEXT:
        return f"{shown[: LONGEST_TEXT - 60]}… ({len(content):,} characters, cut: a cell holds no more)"
    return shown


def text_cell(sheet: Any, content: str) -> object:
    """A text as a text; what openpyxl would take for a formula or an error value is told apart."""
    shown = shown_text(content)
    if not shown.startswith(("=", "#")):
        return shown
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    return cell


def _exact(text: str) -> int | float | None:
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    if len(digits) > EXACT_DIGITS:
        return None
    return float(text) if "." in text else int(text)
