"""Parquet and XLSX: the public columns with their types, no formulas, whole files or none."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from archive.export import parquet, xlsx
from archive.export.columns.base import ExportLayout
from archive.export.columns.fact_columns import FACTS
from archive.export.columns.page_columns import TABLES, TEXT
from archive.export.columns.sum_columns import layout_of
from archive.export.csv_json import write_csv, write_json
from archive.export.saving import chosen, save
from archive.values.aggregation import Grouping
from archive.values.facts import FactFilter
from core.errors import UsageError
from tests.support import handmade

ODD_TEXTS = (
    "=1+1",
    "@SUM(A1)",
    "+86",
    "-1+cmd|' /C calc'!A0",
    "#N/A",
    "＝1",
    "\x01\ufffe",
    "a\nb",
    "-3",
    "/",
)
ONE_TEXT = ExportLayout(
    ("text",), lambda texts: ({"text": text} for text in texts), lambda text: {"text": text}
)
LAYOUTS = {"facts": FACTS, "tables": TABLES, "text": TEXT}


@pytest.fixture(scope="module")
def archive(module_place):
    with module_place.open() as opened:
        handmade.archive_one(opened)
        long = handmade.value("new", "total", "1" * 17)
        handmade.archive_one(
            opened, "b.pdf", handmade.pages_saying(*ODD_TEXTS), handmade.report("", None, [long])
        )
        yield opened


def records(archive, kind: str):
    return {"facts": archive.values.facts, "tables": archive.export.tables, "text": archive.export.pages}[
        kind
    ]()


def flat(archive, kind: str) -> list[dict]:
    return list(LAYOUTS[kind].rows(records(archive, kind)))


def as_xlsx(records, layout: ExportLayout):
    stream = io.BytesIO()
    xlsx.write(records, layout, stream)
    return load_workbook(stream)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_parquet_has_every_row_with_types(archive, kind, tmp_path):
    target = tmp_path / "out.parquet"
    save(records(archive, kind), LAYOUTS[kind], "parquet", target)
    table = pq.read_table(target)
    expected = flat(archive, kind)
    assert table.num_rows == len(expected) > 0
    assert [{name: row[name] for name in LAYOUTS[kind].columns} for row in table.to_pylist()] == expected
    types = {name: str(table.schema.field(name).type) for name in table.column_names}
    assert types["page"] == "int64"
    assert types["confidence"] == types["left"] == "double"
    assert types["document"] == "string"


def test_parquet_facts_keep_the_exact_value_and_have_a_number_beside_it(archive, tmp_path):
    save(archive.values.facts(), FACTS, "parquet", tmp_path / "facts.parquet")
    table = pq.read_table(tmp_path / "facts.parquet")
    assert table.column_names == [*FACTS.columns, "value_number"]
    assert table.column("value").to_pylist()[0] == "1203"
    assert table.column("value_number").to_pylist()[:3] == [1203.0, -3.0, None]
    assert str(table.schema.field("needs_review").type) == str(table.schema.field("year").type) == "int64"


def test_parquet_is_written_batch_by_batch(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 3)
    save(archive.values.facts(), FACTS, "parquet", tmp_path / "facts.parquet")
    file = pq.ParquetFile(tmp_path / "facts.parquet")
    assert (file.metadata.num_rows, file.num_row_groups) == (8, 3)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_xlsx_has_every_row_under_a_bold_header_that_stays(archive, kind):
    (sheet,) = as_xlsx(records(archive, kind), LAYOUTS[kind]).worksheets
    header, *found = sheet.iter_rows(values_only=True)
    assert header == LAYOUTS[kind].columns
    assert len(found) == len(flat(archive, kind))
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["C"].width / 2


def test_xlsx_values_are_numbers_unless_they_would_be_rounded(archive):
    (sheet,) = as_xlsx(archive.values.facts(), FACTS).worksheets
    value, raw, state = (FACTS.columns.index(name) for name in ("value", "raw", "state"))
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[value] for row in found if row[state] == "read"] == [1203, -3, 0, "1" * 17]
    assert {row[value] for row in found if row[state] != "read"} <= {None, ""}  # never 0
    assert found[0][raw] == "1,203"


def test_xlsx_has_no_formula_and_no_text_that_begins_one():
    (sheet,) = as_xlsx(ODD_TEXTS, ONE_TEXT).worksheets
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [
        *("'=1+1", "'@SUM(A1)", "'+86", "'-1+cmd|' /C calc'!A0", "#N/A", "'＝1", "��", "a\nb", "-3", "/")
    ]
    assert {cell.data_type for cell in cells} == {"s"}


@settings(max_examples=30)
@given(st.lists(st.text(max_size=20), max_size=8))
def test_no_text_can_become_a_formula_in_xlsx(texts):
    stream = io.BytesIO()
    xlsx.write(texts, ONE_TEXT, stream)
    with zipfile.ZipFile(stream) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]", sheet)
    assert sheet.count("<row ") == len(texts) + 1


def test_longest_sheet_goes_on_in_a_further_one(monkeypatch):
    monkeypatch.setattr(xlsx, "LONGEST_SHEET", 3)
    for number, lengths in ((0, [0]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])):
        sheets = as_xlsx([str(n) for n in range(number)], ONE_TEXT).worksheets
        texts = [[row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in sheets]
        assert [len(text) for text in texts] == lengths
        assert [text for part in texts for text in part] == [str(n) for n in range(number)]
        assert {sheet["A1"].value for sheet in sheets} == {"text"}


def test_text_too_long_for_a_cell_says_that_it_is_cut():
    (sheet,) = as_xlsx(["总" * 40_000], ONE_TEXT).worksheets
    shown = sheet["A2"].value
    assert len(shown) < xlsx.LONGEST_TEXT
    assert shown.endswith("(40,000 characters, cut: a cell holds no more)")


def test_sums_are_the_same_in_every_format(archive, tmp_path):
    sums = archive.values.sums(FactFilter(), Grouping(("year",)))
    layout = layout_of(sums, with_changes=False)
    for form in ("csv", "json", "parquet", "xlsx"):
        save(sums.lines, layout, form, tmp_path / f"out.{form}")
    from_csv = [row["sum"] for row in csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8"))]
    from_json = [row["sum"] for row in json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))]
    from_parquet = pq.read_table(tmp_path / "out.parquet").column("sum").to_pylist()
    sheet = load_workbook(tmp_path / "out.xlsx").active
    place = layout.columns.index("sum")
    from_xlsx = [row[place] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert from_csv == from_json == from_parquet
    assert [str(shown or "") if shown != 0 else "0" for shown in from_xlsx] == from_csv


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "xlsx"])
def test_interrupted_export_leaves_neither_file_nor_part(archive, form, tmp_path):
    def interrupted():
        yield next(archive.values.facts())
        raise KeyboardInterrupt

    (tmp_path / "out").write_text("as it was", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        save(interrupted(), FACTS, form, tmp_path / "out")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("out", "as it was")
    ]


def test_format_is_the_one_given_or_that_of_the_ending(tmp_path):
    assert chosen(None, tmp_path / "a.XLSX", "csv") == "xlsx"
    assert chosen("csv", tmp_path / "a.xlsx", "json") == "csv"
    assert chosen(None, tmp_path / "a.out", "json") == "json"
    assert chosen(None, None, "table") == "table"
    with pytest.raises(UsageError, match="needs --output"):
        chosen("parquet", None, "csv")
    with pytest.raises(UsageError, match="say how"):
        chosen(None, tmp_path / "a.out", "table")


def test_tables_and_pages_come_whole_whatever_the_batch(archive, monkeypatch):
    def everything():
        stream = io.StringIO()
        write_json(archive.export.tables(), TABLES, stream)
        write_csv(archive.export.pages(), TEXT, stream)
        return stream.getvalue()

    whole = everything()
    monkeypatch.setattr("archive.documents.reading_loader.ROWS_AT_ONCE", 1)
    assert everything() == whole
    assert (archive.export.count_tables(), archive.export.count_pages()) == (4, 3 + len(ODD_TEXTS))
