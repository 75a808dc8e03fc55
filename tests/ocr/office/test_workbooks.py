"""Workbooks: cells show what they showed when they were saved; what is not told is not made up."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlwt
from PIL import Image

from core.errors import UnreadableDocument
from core.media_types import XLS
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.model import Cell, Page
from ocr.reader import read_document
from reconcile.model import State
from reconcile.reconciliation import volume_of
from tests.support.office_files import (
    MERGED_HEADS,
    compound,
    number_cell,
    relations,
    rows,
    styles,
    text_cell,
    written,
    xlsx,
)
from tests.support.paths import SAMPLES

# Two rows of a table of which the cell at the bottom right is asked for.
HEAD = text_cell("项目") + text_cell("数量")


class _NoEngine:
    name = "none"

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the engine was asked to {name}")


NO_ENGINE: Engine = _NoEngine()  # type: ignore[assignment]


def pages_of(folder: Path, data: bytes, name: str = "book.xls") -> list[Page]:
    return list(read_document(written(folder, data, name), NO_ENGINE))


def cells_of(folder: Path, data: bytes) -> list[Cell]:
    return [cell for page in pages_of(folder, data) for table in page.tables for cell in table.cells]


def one_cell(folder: Path, cell: str, **how: object) -> Cell:
    return cells_of(folder, xlsx(rows(HEAD, text_cell("规章") + cell), **how))[-1]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["workbook.xlsx", "workbook-old.xls"])
def test_samples_are_read_whatever_their_name(name: str, tmp_path: Path) -> None:
    pages = pages_of(tmp_path, (SAMPLES / name).read_bytes(), "a.pdf")
    (report,) = volume_of(pages).reports
    assert {value.state for value in report.values} <= {State.READ, State.BLANK, State.DASH}
    assert not any(value.flags for value in report.values)
    assert [one.message for one in report.findings if one.kind == "left_out"] == ["隐藏的工作表“草稿”未列入"]


def test_numbers_are_shown_by_their_formats(tmp_path: Path) -> None:
    look = styles("General", "#,##0.00", "mmm-yy")
    assert one_cell(tmp_path, number_cell("1234.5", 1), look=look).text == "1,234.50"
    unsure = one_cell(tmp_path, number_cell("44561", 2), look=look)
    assert (unsure.text, unsure.confidence) == ("44561", 0.5)


def test_a_formula_has_the_result_that_was_saved_or_is_not_read(tmp_path: Path) -> None:
    told = one_cell(tmp_path, number_cell("3", 0, "1+1"))
    assert (told.text, told.inked, told.confidence > 0.9) == ("3", True, True)
    for untold in ("<c><f>1+1</f></c>", "<c><f>1+1</f><v/></c>", '<c t="str"><f>"a"</f></c>'):
        cell = one_cell(tmp_path, untold)
        assert (cell.text, cell.inked) == ("", True)
    nothing = one_cell(tmp_path, '<c t="str"><f>""</f><v></v></c>')
    assert (nothing.text, nothing.inked) == ("", False)


def test_results_that_are_to_be_reckoned_anew_are_doubted(tmp_path: Path) -> None:
    book = '<calcPr fullCalcOnLoad="1"/>'
    assert one_cell(tmp_path, number_cell("3", 0, "1+1"), book=book).confidence == 0.5
    assert one_cell(tmp_path, number_cell("3"), book=book).confidence > 0.9


def test_errors_and_truths_are_told_as_printed(tmp_path: Path) -> None:
    assert one_cell(tmp_path, '<c t="e"><f>A1/0</f><v>#DIV/0!</v></c>').text == "#DIV/0!"
    assert one_cell(tmp_path, '<c t="b"><v>1</v></c>').text == "TRUE"


def test_shared_texts_lose_their_readings_and_raised_digits_are_doubted(tmp_path: Path) -> None:
    reading = "<si><r><t>规</t></r><r><t>章</t></r><rPh><t>guizhang</t></rPh></si>"
    raised = '<si><r><t>185</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>'
    told = [one_cell(tmp_path, f'<c t="s"><v>{n}</v></c>', strings=reading + raised) for n in (0, 1)]
    assert [(cell.text, cell.confidence > 0.9) for cell in told] == [("规章", True), ("1851", False)]


def test_zeros_that_are_not_shown_are_no_sure_blanks(tmp_path: Path) -> None:
    sheet = '<sheetViews><sheetView showZeros="0"/></sheetViews>' + rows(
        HEAD, text_cell("规章") + number_cell("0")
    )
    cell = cells_of(tmp_path, xlsx(sheet))[-1]
    assert (cell.text, cell.confidence) == ("", 0.5)
    hidden = one_cell(tmp_path, number_cell("5", 1), look=styles("General", ";;;"))
    assert (hidden.text, hidden.confidence) == ("", 0.5)


def test_print_that_is_struck_out_or_white_is_doubted(tmp_path: Path) -> None:
    fonts = '<font/><font><strike/></font><font><color rgb="FFFFFFFF"/></font>'
    xfs = '<xf fontId="1" borderId="1"/><xf fontId="2" borderId="1"/>'
    look = styles("General", fonts=fonts, xfs=xfs)
    doubted = [one_cell(tmp_path, number_cell("5", style), look=look).confidence for style in (0, 1, 2)]
    assert doubted == [0.999, 0.5, 0.5]


def test_a_number_that_its_column_has_no_room_for_is_doubted(tmp_path: Path) -> None:
    def confidence(width: float, merged: str = "") -> float:
        columns = f'<cols><col min="2" max="3" width="{width}"/></cols>'
        data = rows(HEAD + text_cell("备注"), text_cell("规章") + number_cell("1234567.25"))
        return cells_of(tmp_path, xlsx(columns + data + merged))[4].confidence

    assert [
        confidence(12),
        confidence(6),
        confidence(6, '<mergeCells><mergeCell ref="B2:C2"/></mergeCells>'),
    ] == [
        0.999,
        0.5,
        0.999,
    ]


def test_conditions_that_change_what_is_shown_are_doubted(tmp_path: Path) -> None:
    def told(rule: str) -> float:
        condition = f'<conditionalFormatting sqref="B2:B9">{rule}</conditionalFormatting>'
        look = styles("General", dxfs='<dxf><numFmt numFmtId="1" formatCode="0"/></dxf><dxf><fill/></dxf>')
        return cells_of(
            tmp_path, xlsx(rows(HEAD, text_cell("规章") + number_cell("5")) + condition, look=look)
        )[-1].confidence

    assert told('<cfRule dxfId="0"/>') == 0.5
    assert told('<cfRule><dataBar showValue="0"/></cfRule>') == 0.5
    assert told('<cfRule dxfId="1"/>') == 0.999


def test_hidden_rows_columns_and_sheets_are_left_out_and_said(tmp_path: Path) -> None:
    sheet = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        f"<row>{text_cell('项目')}{text_cell('去年')}{text_cell('今年')}</row>"
        f'<row hidden="1">{text_cell("旧")}{number_cell("1")}{number_cell("2")}</row>'
        f"<row>{text_cell('新')}{number_cell('3')}{number_cell('4')}</row></sheetData>"
        '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    )
    (page,) = pages_of(tmp_path, xlsx(sheet, rows(HEAD, HEAD), states={2: "veryHidden"}))
    (table,) = page.tables
    assert [cell.text for cell in table.cells] == ["项目", "今年", "旧", "4"]
    assert page.left_out == (
        "隐藏的工作表“表2”未列入",
        "工作表“表1”隐藏的第 2 行未列入",
        "工作表“表1”隐藏的 B 列未列入",
    )


def test_titles_are_text_and_merged_cells_span(tmp_path: Path) -> None:
    plain = styles("General", xfs="<xf/>")
    sheet = rows(
        text_cell("甲县2023年统计表", 1),
        text_cell("单位：件", 1),
        text_cell("项目") + text_cell("数量") + text_cell(""),
        text_cell("") + text_cell("上年") + text_cell("本年"),
        text_cell("规章") + number_cell("1") + "<c/>",
        text_cell("注：无", 1),
    )
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("A1:C1", "A3:A4", "B3:C3"))
    (page,) = pages_of(tmp_path, xlsx(sheet + f"<mergeCells>{merged}</mergeCells>", look=plain))
    (table,) = page.tables
    spans = [(cell.text, cell.row_span, cell.column_span) for cell in table.cells]
    assert spans == MERGED_HEADS
    assert [line.text for line in page.lines][:2] == ["甲县2023年统计表", "单位：件"]
    assert page.lines[-1].text == "注：无"


def test_without_frames_rows_of_several_cells_are_a_table(tmp_path: Path) -> None:
    sheet = rows(
        text_cell("甲县2023年统计表"),
        HEAD,
        text_cell("规章") + number_cell("1"),
        text_cell("其他"),
        text_cell("说明：" + "本表由本机关填报，数据截至年底，如有更正另行公布并说明理由。" * 2),
    )
    (page,) = pages_of(tmp_path, xlsx(sheet, look=styles(xfs="<xf/>")))
    (table,) = page.tables
    assert [(cell.row, cell.column, cell.text) for cell in table.cells][-2:] == [(2, 0, "其他"), (2, 1, "")]
    assert (table.n_rows, page.lines[0].text) == (3, "甲县2023年统计表")
    assert [line.text[:3] for line in page.lines[-2:]] == ["说明：", "底，如"]


def test_tables_beside_and_below_each_other_are_several(tmp_path: Path) -> None:
    blank = "<c s='1'/>"
    beside = HEAD + blank + HEAD
    sheet = rows(beside, beside, "", HEAD, HEAD)
    (page,) = pages_of(tmp_path, xlsx(sheet, look=styles("General", xfs="<xf/>")))
    assert [(table.n_rows, table.n_columns) for table in page.tables] == [(2, 2)] * 3


def test_frames_that_go_on_to_the_last_row_are_no_rows(tmp_path: Path) -> None:
    far = '<row r="1048576"><c s="0"/></row></sheetData>'
    (page,) = pages_of(tmp_path, xlsx(rows(HEAD, HEAD).replace("</sheetData>", far)))
    assert [table.n_rows for table in page.tables] == [2]


def test_text_boxes_are_text_and_pictures_of_pages_are_pages(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("L", (600, 800), 255).save(stream, "PNG")
    drawing = (
        '<wsDr xmlns:a="a" xmlns:r="r"><sp><txBody><a:p><a:r><a:t>甲县</a:t></a:r></a:p></txBody></sp>'
        '<pic><a:blip r:embed="rId1"/></pic><graphicFrame/></wsDr>'
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("drawing", "../drawings/d.xml")),
        "xl/drawings/d.xml": drawing.encode(),
        "xl/drawings/_rels/d.xml.rels": relations(("image", "../media/a.png")),
        "xl/media/a.png": stream.getvalue(),
    }
    with open_document(written(tmp_path, xlsx(rows(HEAD, HEAD), parts=parts))) as document:
        assert len(document) == 2
        told = document.sheet(1).typeset
        assert told is not None
        assert told.lines[-1].text == "甲县"
        assert told.left_out == ("工作表“表1”中有 1 个图表或图示，未读",)
        assert document.sheet(2).typeset is None
        assert len(document.as_pdf().read()) > 1000


def test_links_out_of_a_workbook_are_not_followed(tmp_path: Path) -> None:
    away = (
        '<Relationship Id="rId9" Type="x/drawing" TargetMode="External" Target="http://127.0.0.1:9/a.xml"/>'
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("drawing", "../../../../etc/passwd"), extra=away)
    }
    assert len(cells_of(tmp_path, xlsx(rows(HEAD, HEAD), parts=parts))) == 4


# XLS


def xls(*lines: tuple[object, ...], code: str = "General") -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表1")
    style = xlwt.easyxf("borders: left thin, right thin", num_format_str=code)
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            sheet.write(row, column, value, style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_xls_shows_numbers_by_their_formats(tmp_path: Path) -> None:
    cells = cells_of(tmp_path, xls(("项目", "数量"), ("规章", 1234.5), code="#,##0.00"))
    assert [cell.text for cell in cells] == ["项目", "数量", "规章", "1,234.50"]


def test_a_formula_of_an_xls_without_a_result_is_not_read(tmp_path: Path) -> None:
    cell = cells_of(tmp_path, xls(("项目", "数量"), ("规章", xlwt.Formula("1+1"))))[-1]
    assert (cell.text, cell.inked) == ("", True)


def test_an_xls_has_merged_hidden_and_true_cells(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet, other = book.add_sheet("a"), book.add_sheet("b")
    other.visibility = 1
    frame = xlwt.easyxf("borders: left thin, right thin")
    sheet.write_merge(0, 0, 0, 2, "title", frame)
    for row, line in enumerate([("p", "q", True), ("r", "s", "t")], 1):
        for column, value in enumerate(line):
            sheet.write(row, column, value, frame)
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    stream = io.BytesIO()
    book.save(stream)
    (page,) = pages_of(tmp_path, stream.getvalue())
    (table,) = page.tables
    assert [(cell.text, cell.column_span) for cell in table.cells] == [("title", 2), ("p", 1), ("TRUE", 1)]
    assert len(page.left_out) == 3


def test_records_without_a_compound_file_are_a_workbook(tmp_path: Path) -> None:
    from core.media_types import media_type

    assert media_type(b"\x09\x08\x10\x00\x00\x06\x05\x00") == XLS


def test_a_workbook_inside_of_a_word_file_makes_it_none(tmp_path: Path) -> None:
    with (
        pytest.raises(UnreadableDocument) as refused,
        open_document(written(tmp_path, compound("WordDocument", below="Workbook"))),
    ):
        pass
    assert refused.value.code in ("needs_libreoffice", "not_convertible")


# What cannot be read


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (xlsx(), "no_pages"),
        (xlsx(rows("")), "no_pages"),
        (xlsx(rows(HEAD), states={1: "hidden"}), "no_pages"),
        (xlsx("<sheetData><row>"), "damaged"),
        (xlsx(rows('<c t="s"><v>7</v></c>')), "damaged"),
        (xlsx(rows('<c r="ZZZ1"><v>7</v></c>')), "damaged"),
        (xlsx(rows('<c r="A0"><v>7</v></c>')), "damaged"),
        (xlsx(rows("<c><v>seven</v></c>")), "damaged"),
        (xlsx(rows("<c><v>inf</v></c>")), "damaged"),
        (xlsx('<mergeCells><mergeCell ref="B"/></mergeCells>'), "damaged"),
        (xls(("a", "b"), ("c", "d"))[:2048], "damaged"),
        (compound("Workbook"), "damaged"),
        (compound("EncryptedPackage", "EncryptionInfo"), "encrypted"),
    ],
)
def test_what_is_no_sound_workbook_ends_with_a_reason(data: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refused, open_document(written(tmp_path, data)):
        pass
    assert refused.value.code == code
    assert "\n" not in refused.value.reason


def test_an_xls_with_a_password_is_encrypted(tmp_path: Path) -> None:
    """The record that tells of a password stands behind the first one of the workbook."""
    data = xls(("a", "b"), ("c", "d"))
    begin = data.index(b"\x09\x08\x10\x00")
    locked = data[: begin + 20] + b"\x2f\x00\x06\x00" + bytes(6) + data[begin + 30 :]
    with pytest.raises(UnreadableDocument) as refused, open_document(written(tmp_path, locked)):
        pass
    assert refused.value.code == "encrypted"
