"""A table printed twice: both prints are named, and which holds is told; two reports are not two prints."""

import pytest

from ocr.model import Page, Table
from reconcile.model import Flag, Report, Volume
from reconcile.reconciliation import reconcile, volume_of
from tests.support.reconcile_grids import PROACTIVE_2021, REVIEW, page, table

TITLE = "洪山区人民政府2023年政府信息公开工作年度报告"
HEADING = "二、主动公开政府信息情况"
OTHER = PROACTIVE_2021.replace("550", "560").replace("7730.28", "7731.28")


def prints(above: str, between: str, second: str = OTHER, heading: str = HEADING) -> list[Page]:
    """Table two twice, on pages 1 and 2, each below a heading; and table four."""
    return [
        page(1, TITLE, above, HEADING, table(PROACTIVE_2021, 1, 150)),
        page(2, between, heading, table(second, 2, 150), table(REVIEW, 2, 600)),
    ]


def read(report: Report) -> tuple[str, str, bool, bool]:
    """The two values that differ, and whether each asks for review."""
    found = {value.key.row: value for value in report.values if value.key.table == "proactive"}
    licences, fees = found["licensing"], found["fees"]
    return licences.raw, fees.raw, licences.needs_review, fees.needs_review


def told(report: Report) -> list[str]:
    return [f"{f.kind} {f.message}" for f in report.findings if "印有" in f.message]


SECOND = ("560", "7731.28", False, False)
FIRST = ("550", "7730.28", False, False)
DOUBTED = ("550", "7730.28", True, True)


@pytest.mark.parametrize(
    ("above", "between", "expected"),
    [
        ("原表", "更正后", SECOND),
        ("", "更正后", SECOND),
        ("（更正前）", "（更正后）", SECOND),
        ("修订前：", "修订后：", SECOND),
        ("原件", "", DOUBTED),
        ("", "原表三作废，现更正如下：", SECOND),
        ("", "以此表为准", SECOND),
        ("以下表为准", "原数据", FIRST),
        ("更正后的表格", "更正前的表格", FIRST),
        ("本年数据", "上年数据", FIRST),
        ("2022年数据", "2023年数据", SECOND),
        ("", "附：2022年主动公开情况", FIRST),
        ("", "", DOUBTED),
        ("更正后", "更正后", DOUBTED),
        ("以下先列原表，后列更正后的表，以更正后的为准。", "", DOUBTED),
        ("", "对更正后的信息及时发布。", DOUBTED),
    ],
)
def test_print_in_force_is_taken_where_the_document_says_which(
    above: str, between: str, expected: tuple[str, str, bool, bool]
) -> None:
    report = reconcile(prints(above, between))
    assert read(report) == expected
    (said,) = told(report)
    assert "（第 1 页、第 2 页），2 个值所印不一" in said
    assert said.startswith("disagreement" if expected is DOUBTED else "second_print")


def test_heading_of_a_section_says_it_for_that_section_alone() -> None:
    report = reconcile(prints("", "", heading=HEADING + "（更正后）"))
    assert read(report) == SECOND
    withdrawn = [
        page(1, TITLE, HEADING + "（作废）", table(PROACTIVE_2021, 1, 150)),
        page(2, HEADING, table(OTHER, 2, 150)),
    ]
    assert read(reconcile(withdrawn)) == SECOND


def test_withdrawn_print_is_kept_beside_the_value() -> None:
    report = reconcile(prints("原表", "更正后"))
    value = next(v for v in report.values if v.key.row == "licensing")
    assert (value.page, [(other.text, other.method) for other in value.others]) == (2, [("550", "repeated")])


def test_same_values_again_are_told_without_doubt() -> None:
    report = reconcile(prints("", "", PROACTIVE_2021))
    assert read(report) == FIRST
    assert told(report) == [
        "second_print “主动公开政府信息情况”表印有 2 次（第 1 页、第 2 页），10 个值所印一致"
    ]


def test_table_of_another_year_alone_is_doubted() -> None:
    report = reconcile([page(1, TITLE, "2022年主动公开情况表", table(PROACTIVE_2021, 1, 150))])
    doubted = {value.flags for value in report.values if value.key.table == "proactive"}
    assert doubted == {(Flag.WEAK_MATCH,)}


def two(first: str, second: str, *tables: Table) -> list[Page]:
    return [
        page(1, first, table(PROACTIVE_2021, 1, 100)),
        page(2, "六、其他需要报告的事项"),
        page(3, second, *(tables or (table(OTHER, 3, 100),))),
    ]


def heads(volume: Volume) -> list[tuple[str, int | None, tuple[int, ...]]]:
    return [(report.organ, report.year, report.pages) for report in volume.reports]


@pytest.mark.parametrize(
    ("second", "organ", "year"),
    [
        ("洪山区水务局2023年政府信息公开工作年度报告", "洪山区水务局", 2023),
        (TITLE.replace("2023", "2022"), "洪山区人民政府", 2022),
    ],
)
def test_second_report_is_one_by_itself_and_not_a_second_print(second: str, organ: str, year: int) -> None:
    volume = volume_of(two(TITLE, second))
    assert heads(volume) == [("洪山区人民政府", 2023, (1, 2)), (organ, year, (3,))]
    first, other = volume.reports
    assert (read(first), read(other)) == (FIRST, SECOND)
    assert [[table.key for table in report.tables] for report in volume.reports] == [["proactive"]] * 2
    assert [told(report) for report in volume.reports] == [[], []]


@pytest.mark.parametrize(
    ("second", "organ"),
    [
        (TITLE, "洪山区人民政府"),
        (TITLE[7:], ""),
        ("人民政府2023年政府信息公开年度报告", ""),
    ],
)
def test_same_title_over_tables_that_begin_again_is_a_second_report(second: str, organ: str) -> None:
    """Which is doubtful; where it may be another organ's, its values are flagged."""
    volume = volume_of(two(TITLE, second))
    assert heads(volume) == [("洪山区人民政府", 2023, (1, 2)), (organ, 2023, (3,))]
    first, other = volume.reports
    assert read(first) == FIRST
    assert next(finding.kind for finding in other.findings) == Flag.DOUBTFUL_BORDER
    flagged = {Flag.DOUBTFUL_BORDER in value.flags for value in other.values if value.cells}
    assert flagged == {organ != "洪山区人民政府"}


def test_same_title_over_a_table_that_is_said_to_be_corrected_begins_no_other_report() -> None:
    (report,) = volume_of(two(TITLE, TITLE + "（更正后）")).reports
    assert "second_print" in told(report)[0] or "disagreement" in told(report)[0]


@pytest.mark.parametrize(("second", "flagged"), [(TITLE, False), (TITLE[7:], True)])
def test_same_title_over_nothing_that_begins_again_is_no_other_report(second: str, flagged: bool) -> None:
    """What stands below a title without an organ may be another's all the same."""
    (report,) = volume_of(two(TITLE, second, table(REVIEW, 3, 100))).reports
    assert read(report) == FIRST
    review = {Flag.DOUBTFUL_BORDER in value.flags for value in report.values if value.page == 3}
    assert review == {flagged}


def test_title_without_tables_of_a_form_begins_no_report() -> None:
    other = table("品名|数量\n桌|3\n椅|12", 3, 100)
    pages = two(TITLE, "洪山区水务局2023年政府信息公开工作年度报告", other)
    (report,) = volume_of(pages).reports
    assert report == reconcile(pages)
    assert read(report) == FIRST
    assert report.values == reconcile(pages[:2]).values


def test_period_of_another_year_than_the_title_is_told() -> None:
    body = "本年度报告所列数据的统计期限为2022年1月1日至2022年12月31日。"
    report = reconcile([page(1, TITLE, body, table(PROACTIVE_2021, 1, 150))])
    assert report.year == 2023
    assert [f.message for f in report.findings if f.kind == "doubtful_year"] == [
        "题名为 2023 年，所列数据的统计期限却是 2022 年；年度依题名"
    ]
