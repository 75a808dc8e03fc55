"""A table is named by the line right above it, or by a numbered one right below; not by what is only near."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.model import Box, Page, Route, Table, TextLine
from reconcile.model import Report
from reconcile.reconciliation import reconcile
from reconcile.table_captions import captions_of
from tests.support.reconcile_grids import table

LEFT, RIGHT, MIDDLE = 75.0, 517.0, 296.0
ROWS = "项目|金额\n甲|1\n乙|2"


def line(text: str, top: float, left: float | None = None, right: float | None = None) -> TextLine:
    """A line 12 points high, in the middle unless an end is given; a character is 12 wide."""
    width = 12.0 * len(text)
    if left is None:
        left = MIDDLE - width / 2 if right is None else right - width
    return TextLine(text, Box(left, top, left + width, top + 12), 1.0, "text")


def sheet(*items: TextLine | Table) -> Page:
    tables = tuple(item for item in items if isinstance(item, Table))
    lines = tuple(item for item in items if isinstance(item, TextLine))
    return Page(1, 595.0, 842.0, Route.DIGITAL, lines, tables, "text", 0.0)


def caption(*lines: TextLine, rows: str = ROWS) -> str:
    """The caption of a table whose top is at 300 points."""
    return captions_of(sheet(*lines, table(rows, top=300.0)))[0]


@pytest.mark.parametrize(
    "text", ["表1 收入情况", "附表：机构一览", "收入支出决算总表", "（二）非经常性损益项目和金额", "个人简历"]
)
def test_the_line_right_above_is_the_caption(text):
    assert caption(line("本单位情况如下。", 240, LEFT), line(text, 280)) == text


@pytest.mark.parametrize(
    "between",
    [
        line("单位：万元", 284, right=RIGHT),
        line("编制单位：清河县水务局", 284, LEFT),
        line("2024年12月31日", 284),
        line("□适用 ☑不适用", 284, LEFT),
        line("公司是否需追溯调整以前年度数据", 284, LEFT),
        line("第1页", 284, right=RIGHT),
    ],
)
def test_units_dates_and_boxes_may_stand_between(between):
    assert caption(line("收入情况", 264), between) == "收入情况"


def test_notes_at_both_ends_of_a_line_stand_between():
    ends = (line("三中附中初二", 284, LEFT), line("9月1日启用", 284, right=RIGHT))
    assert caption(line("班级课表", 266), *ends) == "班级课表"


def test_a_unit_behind_the_caption_is_none_of_it():
    assert caption(line("表2 支出情况  单位：万元", 280)) == "表2 支出情况"


def test_a_caption_goes_on_in_brackets():
    title = (line("预中标公示表", 262), line("（工程建设类2012年版）", 280))
    assert caption(*title) == "预中标公示表 （工程建设类2012年版）"


@pytest.mark.parametrize(
    "text",
    [
        "上述各项均已完成，详见下文。",
        "注：本表数据不含下属单位",
        "资料来源：内政部",
        "3",
        "——",
        "单位：万元",
    ],
)
def test_sentences_notes_and_numbers_name_nothing(text):
    assert caption(line(text, 280, LEFT)) == ""


def test_the_end_of_a_paragraph_names_nothing():
    paragraph = (
        line("按照有关规定纳入本部门决算编制范围的单位，共有预算单位三十六个和其他", 262, LEFT + 24),
        line("编制范围的单位包括", 280, LEFT),
    )
    assert caption(*paragraph) == ""
    assert caption(line("情况如下：", 262, LEFT), paragraph[1]) == "编制范围的单位包括"


def test_what_stands_far_above_or_above_another_table_names_nothing():
    assert caption(line("收入情况", 240)) == ""
    above = table(ROWS, top=200.0)
    assert captions_of(sheet(line("收入情况", 180), above, table(ROWS, top=262.0))) == ("收入情况", "")


def test_a_running_head_is_no_caption_but_a_title_in_the_margin_is():
    top = table(ROWS, top=60.0)
    assert captions_of(sheet(line("某公司2010年半年度报告", 36), top)) == ("",)
    assert captions_of(sheet(line("果园收成表", 36), top)) == ("果园收成表",)


def test_a_title_inside_the_frame_is_the_caption():
    assert caption(rows="机构情况统计表|<\n" + ROWS) == "机构情况统计表"
    assert caption(rows="一、基本情况|<\n" + ROWS) == ""


def test_captions_stand_below_where_the_page_numbers_its_tables_so():
    first, second = table(ROWS, top=100.0), table(ROWS, top=220.0)
    lines = (line("表1 收入", 166), line("表2 支出", 286))
    assert captions_of(sheet(*lines, first, second)) == ("表1 收入", "表2 支出")
    assert captions_of(sheet(line("表1 收入", 82), replace(lines[0], text="表2 支出"), first, second)) == (
        "表1 收入",
        "",
    )


def test_lines_of_a_turned_page_are_seen_as_they_are_read():
    page = sheet(line("收入情况", 280), table(ROWS, top=300.0))

    def turned(box: Box) -> Box:
        return box.turned(270, 595.0, 842.0)

    lines = tuple(replace(one, box=turned(one.box)) for one in page.lines)
    tables = tuple(replace(one, box=turned(one.box)) for one in page.tables)
    assert captions_of(replace(page, lines=lines, tables=tables, width=842.0, height=595.0, turned=90)) == (
        "收入情况",
    )


def test_a_table_over_pages_has_the_caption_of_its_first_part():
    pages = [
        sheet(line("收入情况", 700), table(ROWS, 1, 720.0, open_bottom=True)),
        replace(sheet(table(ROWS, 2, 70.0, open_top=True)), number=2),
    ]
    report: Report = reconcile(pages)
    assert [(one.pages, one.caption) for one in report.tables] == [((1, 2), "收入情况")]
