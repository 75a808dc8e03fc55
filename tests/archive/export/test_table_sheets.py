"""XLSX of tables: a sheet each, cells merged as they are printed, texts as texts."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from archive.documents.reading_loader import StoredTable
from archive.export import table_sheets
from archive.export.columns.page_columns import TABLES
from archive.export.saving import save
from ocr.model import Cell
from reconcile.model import Flag, JoinedTable
from tests.support.handmade import cell


def spanned(row: int, column: int, text: str, row_span: int = 1, column_span: int = 1) -> Cell:
    return replace(cell(row, column, text), row_span=row_span, column_span=column_span)


CELLS = (
    spanned(0, 0, "类别", row_span=2),
    spanned(0, 1, "本年", column_span=2),
    spanned(1, 1, "新设"),
    spanned(1, 2, "撤销"),
    spanned(2, 0, "=SUM(A1)"),
    spanned(2, 1, "1,203"),
    spanned(2, 2, "007"),
)
TABLE = JoinedTable("", "", (2, 3), 3, 3, CELLS, (Flag.UNKNOWN_FORM,), "表1 变动: [全部]", 0.75)


def stored(table: JoinedTable = TABLE, number: int = 1) -> StoredTable:
    return StoredTable("ab" * 32, "=a.pdf", table, 1, number)


def book_of(*tables: StoredTable):
    stream = io.BytesIO()
    table_sheets.write(iter(tables), TABLES, stream)
    return load_workbook(stream)


def test_the_grid_begins_in_the_first_cell_and_merged_cells_are_merged():
    sheet = book_of(stored()).worksheets[1]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:A2", "B1:C1"]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("类别", "本年", None),
        (None, "新设", "撤销"),
        ("'=SUM(A1)", "1,203", "007"),
    ]
    assert {one.data_type for row in sheet.iter_rows() for one in row if one.value} == {"s"}


def test_a_first_sheet_lists_the_tables():
    book = book_of(stored(), stored(replace(TABLE, caption=None, confidence=None), 2))
    header, first, second = book["tables"].iter_rows(values_only=True)
    told = dict(zip(header, first, strict=True))
    assert (told["sheet"], told["number"], told["source"]) == ("1 表1 变动 全部", 1, "'=a.pdf")
    assert (told["pages"], told["caption"], told["confidence"], told["flags"]) == (
        "2, 3",
        "表1 变动: [全部]",
        0.75,
        "unknown_form",
    )
    assert dict(zip(header, second, strict=True))["confidence"] is None
    assert book.sheetnames == ["tables", "1 表1 变动 全部", "2"]


@pytest.mark.parametrize("caption", ["一" * 60, "a/b\\c?d*e[f]", "tables", "'quoted'", "\x00\ud800", ""])
def test_every_caption_gives_a_sheet_a_name(caption):
    book = book_of(stored(replace(TABLE, caption=caption)), stored(replace(TABLE, caption=caption), 2))
    assert len({name.casefold() for name in book.sheetnames}) == 3
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_cells_that_cover_each_other_lose_no_text():
    cells = (spanned(0, 0, "上", column_span=2), spanned(0, 1, "下"))
    sheet = book_of(stored(replace(TABLE, cells=cells, n_rows=1))).worksheets[1]
    assert next(sheet.iter_rows(values_only=True))[:2] == ("上", "下")
    assert not sheet.merged_cells.ranges


def test_of_too_many_tables_there_is_a_row_a_cell(monkeypatch):
    monkeypatch.setattr(table_sheets, "MOST_SHEETS", 2)
    (sheet,) = book_of(*(stored(number=number) for number in (1, 2, 3))).worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == TABLES.columns
    assert len(rows) == 3 * len(CELLS)


def test_no_tables_give_an_empty_list():
    (sheet,) = book_of().worksheets
    assert sheet.title == "tables"


def test_saving_tables_as_xlsx_gives_the_sheets(tmp_path):
    save([stored()], TABLES, "xlsx", tmp_path / "tables.xlsx")
    assert len(load_workbook(tmp_path / "tables.xlsx").worksheets) == 2


def test_a_cell_is_no_surer_than_its_table_unless_the_table_is_a_forms():
    (row, *_) = TABLES.rows([stored()])
    assert (row["confidence"], row["table_confidence"], row["caption"]) == (0.75, 0.75, "表1 变动: [全部]")
    (known, *_) = TABLES.rows([stored(replace(TABLE, form="2021", key="requests"))])
    assert (known["confidence"], known["table_confidence"]) == (0.9123, 0.75)
    (old, *_) = TABLES.rows([stored(replace(TABLE, caption=None, confidence=None))])
    assert (old["confidence"], old["table_confidence"], old["caption"]) == (0.9123, None, None)
