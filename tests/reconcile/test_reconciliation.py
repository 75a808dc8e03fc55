"""A report as a whole: title, absent sections, unknown tables, and what must always hold."""

from dataclasses import replace

import pytest

from ocr.model import Box, Page
from reconcile.forms.registry import expected_keys, labels_of
from reconcile.model import Flag, State
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import (
    HEADER,
    PROACTIVE_2019,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    ROWS,
    balanced,
    page,
    request_lines,
    table,
)

SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0]]
BODY = "本年度报告所列数据的统计期限为2022年1月1日至2022年12月31日。"

# As printed before 2019; some labels are near to those of the forms.
BEFORE_2019 = """统计指标|单位|统计数
一、主动公开情况|——|
（一）主动公开政府信息数|条|120
其中：主动公开规范性文件数|条|3
二、回应解读情况|——|
（一）回应公众关注热点或重大舆情数|次|4
三、依申请公开情况|——|
（一）收到申请数|件|5
1.当面申请数|件|1
2.传真申请数|件|0
（二）申请办结数|件|5
1.按时办结数|件|5
（三）申请答复数|件|5
1.属于已主动公开范围数|件|2
2.同意公开答复数|件|1
3.同意部分公开答复数|件|1
4.不同意公开答复数|件|1
其中：涉及国家秘密|件|0
涉及商业秘密|件|0
四、行政复议数量|件|0
（一）维持具体行政行为数|件|0
（二）被依法纠错数|件|0
五、行政诉讼数量|件|0"""


def whole_report() -> list[Page]:
    values = balanced("2021", SEED)
    cut = 12
    head = "\n".join([HEADER, *request_lines(ROWS["2021"][:cut], values)])
    tail = "\n".join(request_lines(ROWS["2021"][cut:], values))
    return [
        page(1, "洪山区人民政府", "2022年政府信息公开工作年度报告", BODY, table(BEFORE_2019, 1, 300)),
        page(2, "二、主动公开政府信息情况", table(PROACTIVE_2021, 2), table(head, 2, 400, REQUEST_WIDTHS)),
        page(3, table(tail, 3, 100, REQUEST_WIDTHS), table(REVIEW, 3, 600)),
    ]


@pytest.mark.parametrize(
    ("lines", "organ", "year"),
    [
        (["宝山红旗街道办事处 2020 年政府信息公开工作 年度 报 告"], "宝山红旗街道办事处", 2020),
        (["洪山区人民政府", "2023 年政府信息公开工作年度报告"], "洪山区人民政府", 2023),
        (["附件2", "洪山区人民政府", "2023年政府信息公开", "工作年度报告"], "洪山区人民政府", 2023),
        (["某县教育局二〇二三年政府信息公开年度报告"], "某县教育局", 2023),
        (["2021年度洪山区人民政府信息公开工作报告"], "洪山区人民政府", 2021),
        (["洪山区政府信息公开工作年度报告（2022年）"], "洪山区", 2022),
        (["附件", "2023年政府信息公开工作年度报告"], "", 2023),
        (["2024年1月15日", "某县林业局政府信息公开工作年度报告"], "某县林业局", None),
        (["2024年1月15日", "某县林业局政府信息公开工作年度报告", BODY], "某县林业局", 2022),
        (["二〇二四年一月", "某县林业局政府信息公开工作年度报告"], "某县林业局", None),
        (["2024年第3号", "某县林业局政府信息公开工作年度报告"], "某县林业局", None),
        (["2024年", "某县林业局政府信息公开工作年度报告"], "某县林业局", 2024),
        (["工作总结", BODY], "", 2022),
        (["工作总结", "去年报告"], "", None),
    ],
)
def test_organ_and_year_are_read_off_the_title_or_left_empty(
    lines: list[str], organ: str, year: int | None
) -> None:
    report = reconcile([page(1, *lines)])
    assert (report.organ, report.year) == (organ, year)


def test_two_periods_leave_the_year_open() -> None:
    other = BODY.replace("2022", "2021")
    assert reconcile([page(1, BODY, other)]).year is None


def test_titles_of_two_years_on_one_page_make_the_year_doubtful() -> None:
    titles = [f"某县林业局{year}年政府信息公开工作年度报告" for year in (2022, 2023)]
    report = reconcile([page(1, *titles, table(PROACTIVE_2021, 1, 200))])
    assert [f.message for f in report.findings if f.kind == "doubtful_year"] == [
        "题名为 2022 年，同页另有 2023 年的题名；年度依题名"
    ]
    assert not [f for f in reconcile([page(1, titles[0], titles[0])]).findings if f.kind == "doubtful_year"]


def test_report_without_pages_is_empty() -> None:
    report = reconcile([])
    assert (report.title, report.organ, report.year) == ("", "", None)
    assert (report.tables, report.values, report.findings) == ((), (), ())


def test_section_that_is_not_printed_gives_a_finding_and_no_values() -> None:
    report = reconcile([page(1, table(PROACTIVE_2021)), page(2, "五、存在的主要问题及改进情况")])
    assert {value.key.table for value in report.values} == {"proactive"}
    assert [f.message for f in report.findings if f.kind == "absent"] == [
        "报告未设“收到和处理政府信息公开申请情况”表",
        "报告未设“政府信息公开行政复议、行政诉讼情况”表",
    ]


def test_section_whose_table_was_not_read_gives_missing_values() -> None:
    pages = [page(1, table(PROACTIVE_2019)), page(2, "四、政府信息公开行政", "复议、行政诉讼情况")]
    values = [value for value in reconcile(pages).values if value.key.table == "review"]
    assert [value.key for value in values] == list(expected_keys("2019", "review"))
    assert {(v.state, v.flags, v.cells, v.needs_review) for v in values} == {
        (State.MISSING, (Flag.MISSING,), (), True)
    }


def test_sentence_that_lists_the_sections_is_no_heading() -> None:
    sentence = "本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、其他情况等。"
    report = reconcile([page(1, sentence, table(PROACTIVE_2019, 1, 200))])
    assert {value.key.table for value in report.values} == {"proactive"}


def test_statistics_of_before_2019_are_no_form() -> None:
    report = reconcile([page(1, "某县2016年政府信息公开工作年度报告"), page(2, table(BEFORE_2019, 2))])
    assert [(t.form, t.key, t.flags) for t in report.tables] == [("", "", (Flag.UNKNOWN_FORM,))]
    assert report.values == ()
    assert report.findings == ()


def test_table_that_only_shares_a_few_labels_is_no_form() -> None:
    text = "事项|件数\n行政许可|5\n行政处罚|3\n道路工程|8"
    report = reconcile([page(1, table(text))])
    assert report.tables[0].key == ""
    assert report.values == ()


def test_unknown_table_over_a_page_break_is_joined() -> None:
    lines = BEFORE_2019.split("\n")
    parts = [table("\n".join(lines[:9])), table("\n".join(lines[9:]), 2)]
    (joined,) = reconcile([page(n, part) for n, part in enumerate(parts, 1)]).tables
    assert (joined.pages, joined.n_rows, joined.n_columns) == ((1, 2), len(lines), 3)
    assert {cell.row for cell in joined.cells} == set(range(len(lines)))


def test_unknown_tables_with_text_between_stay_apart() -> None:
    lines = BEFORE_2019.split("\n")
    first, second = table("\n".join(lines[:9])), table("\n".join(lines[9:]), 2, 200)
    assert len(reconcile([page(1, first), page(2, "另一张表", second)]).tables) == 2
    assert len(reconcile([page(1, first, "又一段文字"), page(2, second)]).tables) == 2


def test_slanted_scan_is_laid_out_like_a_straight_one() -> None:
    straight = whole_report()
    slanted = [_slanted(one, 0.02) for one in straight]
    values = [(v.key, v.raw, v.flags) for v in reconcile(straight).values]
    assert [(v.key, v.raw, v.flags) for v in reconcile(slanted).values] == values


def _slanted(one: Page, slope: float) -> Page:
    def move(box: Box) -> Box:
        shift = slope * box.centre[1]
        return Box(box.left + shift, box.top, box.right + shift, box.bottom)

    tables = tuple(
        replace(t, box=move(t.box), cells=tuple(replace(c, box=move(c.box)) for c in t.cells))
        for t in one.tables
    )
    return replace(one, tables=tables)


def test_labels_for_people() -> None:
    assert labels_of("2019", "requests", "refused.2", "business") == (
        "（三）不予公开 2.其他法律行政法规禁止公开",
        "商业企业",
    )
    assert labels_of("2021", "review", "cases", "direct.total")[1] == "行政诉讼 · 未经复议直接起诉 · 总计"
    assert labels_of("2021", "proactive", "fees", "amount") == (
        "行政事业性收费",
        "本年收费金额（单位：万元）",
    )
    with pytest.raises(KeyError):
        labels_of("2021", "proactive", "procurement", "amount")


@pytest.mark.parametrize(("form", "counts"), [("2019", (22, 161, 15)), ("2021", (10, 175, 15))])
def test_forms_have_as_many_values_as_the_statute(form: str, counts: tuple[int, ...]) -> None:
    found = [expected_keys(form, name) for name in ("proactive", "requests", "review")]
    assert tuple(len(set(keys)) for keys in found) == counts == tuple(map(len, found))
