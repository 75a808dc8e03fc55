"""Workbooks as XLS (BIFF): what cells show by what was reckoned when they were saved, nothing is reckoned."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import xlrd

from core.limits import WEB_PAGE, within_reason
from ocr.office.number_formats.shown_numbers import NumberFormat, ShownText, builtin_format
from ocr.office.worksheet import USUAL_WIDTH, CellList, SheetArea, SheetCell, WorkbookSheets, Worksheet
from ocr.office.xls_formulas import without_result

# A width is told in so many parts of a digit.
_PARTS = 256
# Of colours: white in the palette, and its first after the fixed ones.
_WHITE = frozenset({1, 9})
_NO_FILL = 0
# Formats of dates and the like that are told by number alone; all others are told by their code as well.
_BY_NUMBER = 164


def read_xls(path: Path) -> WorkbookSheets:
    """Read a workbook.

    Raises:
        UnreadableDocument: it is larger than the limits.
        xlrd.XLRDError, and whatever else xlrd raises: it is damaged, or encrypted.
    """
    book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True, on_demand=True)
    try:
        return _Workbook(book).read()
    finally:
        book.release_resources()


@dataclass
class _Workbook:
    """An open workbook of xlrd."""

    book: Any
    cells: CellList = field(default_factory=CellList)

    def __post_init__(self) -> None:
        self.style = cache(self._style)

    style: Callable[[int], tuple[NumberFormat, bool, bool]] = field(init=False)

    def read(self) -> WorkbookSheets:
        names = self.book.sheet_names()
        shown = [n for n in range(len(names)) if not self.book._sheet_visibility[n]]
        sheets = tuple(self._sheet(n) for n in shown)
        return WorkbookSheets(sheets, tuple(name for n, name in enumerate(names) if n not in shown))

    def _sheet(self, number: int) -> Worksheet:
        sheet = self.book.sheet_by_index(number)
        n_cells = sum(map(sheet.row_len, range(sheet.nrows)))
        within_reason(n_cells, WEB_PAGE.tags, "the workbook", "cells, empty ones counted in")
        untold = frozenset(self._untold(number))
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                self._cell(sheet, row, column, (row, column) in untold)
        merged = [
            SheetArea(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
        ]
        within_reason(len(merged), WEB_PAGE.cells, "the workbook", "merged cells")
        columns = sheet.colinfo_map.items()
        return Worksheet(
            sheet.name,
            self.cells.ended(),
            tuple(merged),
            frozenset(row for row, told in sheet.rowinfo_map.items() if told.hidden or told.height == 0),
            frozenset(column for column, told in columns if told.hidden or not told.width),
            {column: told.width / _PARTS for column, told in columns},
            sheet.standardwidth / _PARTS if sheet.standardwidth else USUAL_WIDTH,
        )

    def _untold(self, number: int) -> Iterator[tuple[int, int]]:
        return without_result(self.book.mem, self.book._sh_abs_posn[number])

    def _cell(self, sheet: Any, row: int, column: int, untold: bool) -> None:
        way = sheet.cell_type(row, column)
        if way == xlrd.XL_CELL_EMPTY:
            return
        number_format, framed, doubted = self.style(sheet.cell_xf_index(row, column))
        shown = ShownText("") if untold else self._shown(sheet, row, column, number_format)
        runs = sheet.rich_text_runlist_map.get((row, column), ())
        unlike = doubted or any(self._is_unlike(font) for _, font in runs)
        unsure = not shown.sure or (bool(shown.text) and unlike)
        if shown.text or untold or unsure or framed:
            is_number = way in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)
            self.cells.add(SheetCell(row, column, shown.text, framed, untold, unsure, is_number))

    def _shown(self, sheet: Any, row: int, column: int, number_format: NumberFormat) -> ShownText:
        way, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
        if way == xlrd.XL_CELL_TEXT:
            return number_format.text(value) if value else ShownText("")
        if way in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            shown = number_format.number(repr(value), bool(self.book.datemode))
            hidden = not shown.text or (value == 0 and not sheet.show_zero_values)
            return ShownText("", False) if hidden else shown
        if way == xlrd.XL_CELL_BOOLEAN:
            return ShownText("TRUE" if value else "FALSE")
        return (
            ShownText(xlrd.error_text_from_code.get(value, "#N/A"))
            if way == xlrd.XL_CELL_ERROR
            else ShownText("")
        )

    def _style(self, number: int) -> tuple[NumberFormat, bool, bool]:
        """Return the format of a cell, whether it is framed at a side, and whether its print is in doubt."""
        style = self.book.xf_list[number]
        font, border, fill = self.book.font_list[style.font_index], style.border, style.background
        filled = fill.fill_pattern != _NO_FILL and fill.pattern_colour_index not in _WHITE
        white = font.colour_index in _WHITE and not filled
        framed = bool(border.left_line_style or border.right_line_style)
        return self._format(style.format_key), framed, bool(font.struck_out) or white

    def _format(self, key: int) -> NumberFormat:
        told = self.book.format_map.get(key)
        if told is None or key < _BY_NUMBER:
            return builtin_format(key)
        return NumberFormat(told.format_str or "General")

    def _is_unlike(self, font: int) -> bool:
        told = self.book.font_list[font]
        return bool(told.struck_out) or bool(told.escapement)
