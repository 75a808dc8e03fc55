"""Tables told by their heading: those of budgets and final accounts, as several provinces print them."""

from __future__ import annotations

import re

import pytest

from ocr.model import Page
from reconcile.model import Flag, Report
from reconcile.reconciliation import reconcile
from tests.support.paths import ROOT
from tests.support.reconcile_grids import PROACTIVE_2021, page, table

ACCOUNTS, BUDGET = "云溪县水务局2023年度部门决算", "云溪县水务局2024年部门预算"

FUNCTIONS = """功能分类科目编码|<|<|科目名称|合计|基本支出|项目支出
类|款|项|^|^|^|^
208|||社会保障和就业支出|150.00|150.00|
208|05||行政事业单位养老支出|150.00|150.00|
208|05|05|基本养老保险缴费支出|150.00|150.00|
213|||农林水支出|850.00|550.00|300.00
213|03||水利|850.00|550.00|300.00
213|03|01|行政运行|550.00|550.00|
213|03|99|其他水利支出|300.00||300.00
合计|<|<|<|1,000.00|700.00|300.00"""

SUMMARY = """收入|<|<|支出|<|<
项目|行次|金额|项目|行次|金额
栏次||1|栏次||2
一、一般公共预算财政拨款收入|1|1,204.11|一、一般公共服务支出|32|1,100.00
二、政府性基金预算财政拨款收入|2|50.00|二、外交支出|33|
三、其他收入|8|2.01|三、卫生健康支出|40|156.12
本年收入合计|27|1,256.12|本年支出合计|57|1,256.12
年初结转和结余|29|12.00|年末结转和结余|59|12.00
总计|31|1,268.12|总计|61|1,268.12"""

APPROPRIATION = """收入|<|支出|<|<|<|<
项目|预算数|项目|合计|一般公共预算|政府性基金预算|国有资本经营预算
一、本年收入|900.50|一、本年支出|910.50|910.50||
（一）一般公共预算拨款|900.50|（一）农林水支出|700.00|700.00||
（二）政府性基金预算拨款||（二）卫生健康支出|100.00|100.00||
二、上年结转|10.00|（三）住房保障支出|110.50|110.50||
（一）一般公共预算拨款|10.00|||||
（二）政府性基金预算拨款||二、结转下年||||
收入总计|910.50|支出总计|910.50|910.50||"""

BASIC = """人员经费|<|<|公用经费|<|<|<|<|<
科目编码|科目名称|决算数|科目编码|科目名称|决算数|科目编码|科目名称|决算数
301|工资福利支出|800.00|302|商品和服务支出|190.00|307|债务利息及费用支出|0.00
30101|基本工资|300.00|30201|办公费|100.00|310|资本性支出|10.00
30102|津贴补贴|500.00|30202|印刷费|90.00|31002|办公设备购置|10.00
303|对个人和家庭的补助|20.00||||||
30302|退休费|20.00||||||
人员经费合计|<|820.00|公用经费合计|<|<|<|<|200.00"""

PUBLIC = """预算数|<|<|<|<|<|决算数|<|<|<|<|<
合计|因公出国（境）费|公务用车购置及运行维护费|<|<|公务接待费|合计|因公出国（境）费|公务用车购置及运行维护费|<|<|公务接待费
^|^|小计|公务用车购置费|公务用车运行维护费|^|^|^|小计|公务用车购置费|公务用车运行维护费|^
1|2|3|4|5|6|7|8|9|10|11|12
30.00|0.00|25.00|18.00|7.00|5.00|28.40|0.00|24.40|18.00|6.40|4.00"""

PUBLIC_IN_ROWS = """项目|2023年预算数|2024年预算数
合计|12.00|9.00
1.因公出国（境）费用|0.00|0.00
2.公务接待费|2.00|1.50
3.公务用车购置及运行费|10.00|7.50
其中：（1）公务用车运行维护费|10.00|7.50
（2）公务用车购置费||0.00"""


def read(*pages: Page) -> Report:
    return reconcile(pages)


def one(title: str, heading: str, text: str, *lines: str) -> Report:
    return read(page(1, title, heading, *lines, table(text, 1, 250)))


def values(report: Report, column: str = "") -> dict[str, str]:
    return {v.key.row: v.raw for v in report.values if not column or v.key.column == column}


def names(report: Report) -> list[str]:
    return [joined.key for joined in report.tables]


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("2024年部门支出预算总表", "budget_spending"),
        ("部门支出总体情况表", "budget_spending"),
        ("表5 一般公共预算支出情况表", "budget_general"),
        ("2024年部门一般公共预算支出功能分类预算表", "budget_general"),
        ("政府性基金预算支出表", "budget_fund"),
        ("国有资本经营预算支出预算表", "budget_state_capital"),
        ("一般公共预算财政拨款支出决算表", "accounts_general"),
        ("国有资本经营预算财政拨款支出决算表", "accounts_state_capital"),
        ("支出决算表（公开03表）", "accounts_spending"),
    ],
)
def test_tables_with_the_same_rows_and_headers_are_told_apart_by_their_heading(
    heading: str, key: str
) -> None:
    report = one("云溪县水务局", heading, FUNCTIONS)
    assert names(report) == [key]
    assert values(report, "total")["2130301"] == "550.00"
    assert not any(value.flags for value in report.values)


@pytest.mark.parametrize(
    "heading",
    [
        "2024年部门“三公”经费和机关运行经费预算表",
        "表8 一般公共预算“三公”经费支出情况表",
        "八、财政拨款“三公”经费支出预算表",
        "部门公开表8",
    ],
)
def test_a_heading_may_be_worded_as_elsewhere(heading: str) -> None:
    text = """合计|因公出国（境）费|公务用车购置及运行费|<|<|公务接待费
^|^|小计|公务用车购置费|公务用车运行费|^
9.00||7.50||7.50|1.50"""
    report = one(BUDGET, heading, text)
    assert names(report) == (["budget_three_public"] if "三公" in heading else [""])


def test_a_heading_over_other_headers_makes_no_table() -> None:
    assert names(one(BUDGET, "一般公共预算基本支出表", FUNCTIONS)) == [""]
    assert names(one(BUDGET, "收支预算总表", FUNCTIONS)) == [""]


def test_no_report_of_another_kind_is_taken_for_a_budget() -> None:
    report = one("云溪县水务局2023年政府信息公开工作年度报告", "二、主动公开政府信息情况", PROACTIVE_2021)
    assert names(report) == ["proactive"]
    assert names(one(BUDGET, "收支预算总表", PROACTIVE_2021)) == ["proactive"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("550.00|550.00|", "550.00|505.00|", {"B9", "B10"}),
        ("其他水利支出|300.00", "其他水利支出|380.00", {"B9", "B10"}),
        ("1,000.00|700.00|300.00", "1,100.00|700.00|300.00", {"B9", "B10"}),
        ("1,000.00|700.00|300.00", "1,000.01|700.00|300.00", set()),
    ],
)
def test_a_code_is_the_sum_of_those_that_go_on_from_it_but_for_rounding(
    old: str, new: str, found: set[str]
) -> None:
    report = one(BUDGET, "部门支出总表", FUNCTIONS.replace(old, new, 1))
    assert {finding.relation for finding in report.findings if finding.kind == Flag.UNBALANCED} == found


def test_rows_go_on_over_pages_with_and_without_the_header() -> None:
    lines = FUNCTIONS.split("\n")
    first, rest = "\n".join(lines[:5]), lines[5:]
    for tail in (rest, [*lines[:2], *rest]):
        report = read(
            page(1, BUDGET, "部门支出总表", table(first, 1, 250)), page(2, table("\n".join(tail), 2, 60))
        )
        assert names(report) == ["budget_spending"]
        assert len(report.values) == 24
        assert not any(value.flags for value in report.values)


def test_of_a_code_in_columns_a_lone_digit_and_the_class_above_may_be_left_out() -> None:
    text = (
        FUNCTIONS.replace("208|05|05", "208|05|5").replace("213|03||", "|03||").replace("213|03|99", "||99")
    )
    assert list(values(one(BUDGET, "部门支出总表", text)))[2:] == [
        "2080505",
        "213",
        "21303",
        "2130301",
        "2130399",
        "total",
    ]


def test_codes_that_are_listed_by_unit_give_no_values() -> None:
    lines = FUNCTIONS.split("\n")
    text = "\n".join([*lines[:-1], *lines[2:-1], lines[-1]])
    report = one(BUDGET, "部门支出总表", text)
    assert list(values(report)) == ["total"]
    assert not any(value.flags for value in report.values)


def test_numbers_of_lines_and_of_columns_are_no_values() -> None:
    report = one(ACCOUNTS, "收入支出决算总表", SUMMARY)
    found = values(report)
    assert found["income.general"] == "1,204.11"
    assert found["spending.foreign_affairs"] == ""
    assert found["spending.health"] == "156.12"
    assert report.findings == ()


def test_what_is_part_of_another_row_is_added_up_once() -> None:
    text = """本年收入|<|本年支出|<
项目|预算数|项目|预算数
一、财政拨款收入|900|一、农林水支出|850
1. 一般公共预算资金|900|二、卫生健康支出|60
2. 政府性基金|||
二、其他收入|10||
收入总计|910|支出总计|910"""
    report = one(BUDGET, "2024年部门财务收支预算总表", text, "单位：元")
    assert report.findings == ()
    wrong = one(BUDGET, "2024年部门财务收支预算总表", text.replace("资金|900", "资金|800"))
    assert {finding.relation for finding in wrong.findings} == {"B6"}


def test_a_row_that_is_printed_twice_belongs_to_what_is_above_it() -> None:
    report = one(BUDGET, "财政拨款收支总体情况表", APPROPRIATION)
    found = values(report)
    assert (found["income.general"], found["income.carried_in.general"]) == ("900.50", "10.00")
    assert report.findings == ()


def test_a_table_in_several_columns_of_codes_is_read_whole() -> None:
    report = one(ACCOUNTS, "一般公共预算财政拨款基本支出决算表", BASIC)
    found = values(report)
    assert (found["30302"], found["30202"], found["31002"]) == ("20.00", "90.00", "10.00")
    assert (found["staff"], found["public"]) == ("820.00", "200.00")
    assert report.findings == ()
    wrong = one(ACCOUNTS, "一般公共预算财政拨款基本支出决算表", BASIC.replace("|200.00", "|202.00"))
    assert [finding.relation for finding in wrong.findings] == ["A21"]


def test_headers_count_in_whichever_order_they_are_set() -> None:
    by_kind = one(ACCOUNTS, "财政拨款“三公”经费支出决算表", PUBLIC)
    found = {value.key.column: value.raw for value in by_kind.values}
    assert (found["budget.cars.purchase"], found["final.cars.running"]) == ("18.00", "6.40")
    assert by_kind.findings == ()
    shift = PUBLIC.replace("28.40", "28.04")
    assert [f.relation for f in one(ACCOUNTS, "“三公”经费支出决算表", shift).findings] == ["A22"]


def test_columns_may_be_printed_as_rows_and_the_last_year_counts() -> None:
    report = one(BUDGET, "一般公共预算“三公”经费支出表", PUBLIC_IN_ROWS)
    found = {value.key.column: value.raw for value in report.values}
    assert (found["total"], found["cars.running"], found["cars.purchase"]) == ("9.00", "7.50", "0.00")
    cell = next(value.cells[0] for value in report.values if value.key.column == "reception")
    assert (cell.row, cell.column) == (3, 2)
    assert report.findings == ()


def test_columns_of_another_year_and_of_changes_are_left_out() -> None:
    text = """功能分类科目|<|2023年执行数|2024年预算数|<|<|2024年预算数比2023年执行数|<
科目编码|科目名称|^|小计|基本支出|项目支出|增减额|增减%
213|农林水支出|900.00|1000.00|800.00|200.00|100.00|11.1
合计|<|900.00|1000.00|800.00|200.00|100.00|11.1"""
    report = one(BUDGET, "一般公共预算支出表", text)
    assert [value.raw for value in report.values] == ["1000.00", "800.00", "200.00"] * 2
    assert report.findings == ()


def test_a_table_without_amounts_is_known_and_blank_is_blank() -> None:
    text = "\n".join(FUNCTIONS.split("\n")[:2]) + "\n||||||\n||||||\n合计|<|<|<|||"
    report = one(BUDGET, "政府性基金预算支出表", text)
    assert names(report) == ["budget_fund"]
    assert [(value.key.row, value.state) for value in report.values] == [("total", "blank")] * 3


def test_a_total_beside_the_lowest_header_is_that_of_the_row_below() -> None:
    text = """项目|<|年初结转和结余|本年收入|本年支出|<|<|年末结转和结余
科目编码|科目名称|^|^|^|^|^|^
合计|<|||合计|基本支出|项目支出|
|||||||"""
    report = one(ACCOUNTS, "政府性基金预算财政拨款收入支出决算表", text)
    assert {value.state for value in report.values} == {"blank"}
    assert len(report.values) == 6


def test_tables_of_a_document_are_laid_beside_each_other() -> None:
    general = FUNCTIONS.replace("1,000.00|700.00|300.00", "1,010.00|700.00|310.00").replace(
        "300.00", "310.00"
    )
    general = general.replace("850.00", "860.00")
    basic = """科目编码|科目名称|合计|人员经费|公用经费
301|工资福利支出|600.00|600.00|
302|商品和服务支出|90.00||90.00
合计|<|690.00|600.00|90.00"""
    first = page(1, BUDGET, "一般公共预算支出表", table(general, 1, 250))
    report = read(first, page(2, "一般公共预算基本支出表", table(basic, 2, 250)))
    assert [finding.relation for finding in report.findings] == ["B33"]


def test_tables_in_other_units_are_not_laid_beside_each_other() -> None:
    basic = """科目编码|科目名称|合计|人员经费|公用经费
301|工资福利支出|6,900,000|6,900,000|
合计|<|6,900,000|6,900,000|"""
    first = page(1, BUDGET, "一般公共预算支出表", table(FUNCTIONS, 1, 250))
    assert read(first, page(2, "一般公共预算基本支出表", table(basic, 2, 250))).findings == ()


def test_a_column_that_the_form_lacks_keeps_the_report_from_being_accused() -> None:
    printed = zip(FUNCTIONS.split("\n"), ["经费拨款", "^", *"0000000", "5.00"], strict=True)
    text = "\n".join(f"{line}|{extra}" for line, extra in printed)
    report = one(BUDGET, "部门支出总表", text.replace("1,000.00|700", "1,005.00|700"))
    assert {finding.kind for finding in report.findings} == {Flag.UNBALANCED, "extra_column"}


def test_a_heading_in_the_contents_announces_its_table() -> None:
    contents = page(1, BUDGET, "1. 2024年部门收入预算总表 ……… 5", "2. 2024年部门支出预算总表 ……… 6")
    report = read(contents, page(2, "2024年部门支出预算总表", table(FUNCTIONS, 2, 250)))
    assert [finding.message for finding in report.findings] == ["有“收入预算总表”一节，但未读出其表格"]


@pytest.fixture
def funds(tmp_path, monkeypatch) -> None:
    """The second example of docs/forms.md, in a folder of forms."""
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "forms.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "funds.yaml").write_text(examples[1], encoding="utf-8")
    monkeypatch.setenv("GUIDANG_FORMS", str(tmp_path))


def test_a_stranger_can_write_a_form_with_open_rows(funds: None) -> None:
    text = """科目编码|科目名称|合计|本级|下级
213|农林水支出|30.00|20.00|10.00
21303|水利|30.00|20.00|10.00
合计|<|30.00|20.00|10.00"""
    report = one("云溪县水务局", "表6 2024年专项资金支出情况表", text)
    assert {(value.form, value.key.table) for value in report.values} == {("funds", "funds")}
    assert report.findings == ()
    wrong = one("云溪县水务局", "专项资金支出明细表", text.replace("21303|水利|30.00", "21303|水利|31.00"))
    assert {finding.relation for finding in wrong.findings} == {"F1", "F2"}
