"""Tables of a part of the year, or of another body, are not taken for those of the year and the organ."""

from collections.abc import Iterator

import pytest

from ocr.model import Page
from reconcile.model import Flag, Report
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import PROACTIVE_2021, REVIEW, page, table

TITLE = "洪山区人民政府2023年政府信息公开工作年度报告"
HEADING = "二、主动公开政府信息情况"
OTHER = PROACTIVE_2021.replace("550", "275").replace("195", "95")


def pages(*prints: tuple[str, str], title: str = TITLE) -> Iterator[Page]:
    for n, (caption, text) in enumerate(prints, 1):
        above = (title, HEADING) if n == 1 else ()
        yield page(n, *above, *filter(None, (caption,)), table(text, n, top=160))


def licensing(report: Report) -> tuple[str, tuple[Flag, ...]]:
    return next((v.value, v.flags) for v in report.values if v.key.row == "licensing")


PARTS = [
    "2023年上半年",
    "（1—6月）",
    "2023年第一季度",
    "统计时间：2023年1月1日至6月30日",
    "表一：2023年上半年数据",
]
BODIES = [
    "（一）青山镇",
    "附表1 青山镇人民政府",
    "下属单位：区卫生监督所",
    "青禾镇卫生院",
    "各乡镇情况",
    "青山镇2023年数据",
]


@pytest.mark.parametrize("caption", PARTS + BODIES)
def test_table_of_a_part_of_the_year_or_another_body_alone_is_doubted(caption: str) -> None:
    assert licensing(reconcile(list(pages((caption, OTHER))))) == ("275", (Flag.WEAK_MATCH,))


@pytest.mark.parametrize("caption", PARTS)
def test_table_of_the_year_beside_that_of_its_half_is_taken(caption: str) -> None:
    report = reconcile(list(pages((caption, OTHER), ("2023年全年", PROACTIVE_2021))))
    assert licensing(report) == ("550", ())


@pytest.mark.parametrize("caption", BODIES)
def test_table_of_the_organ_beside_that_of_another_body_is_taken(caption: str) -> None:
    for own in ("洪山区政府", "武汉市洪山区人民政府数据"):
        report = reconcile(list(pages((caption, OTHER), (own, PROACTIVE_2021))))
        assert licensing(report) == ("550", ())


def test_caption_in_the_first_row_says_it_as_well() -> None:
    report = reconcile(list(pages(("", f"2023年上半年|<|<|<\n{OTHER}"))))
    assert licensing(report) == ("275", (Flag.WEAK_MATCH,))


@pytest.mark.parametrize(
    "title", ["洪山区2023年上半年政府信息公开工作报告", "洪山区2023年1—6月政府信息公开情况"]
)
def test_title_of_half_a_year_doubts_all(title: str) -> None:
    assert licensing(reconcile(list(pages(("", OTHER), title=title)))) == ("275", (Flag.WEAK_MATCH,))


@pytest.mark.parametrize(
    "line",
    [
        "2023年1—12月数据",
        "2023年全年",
        "我局2023年数据",
        "武汉市洪山区人民政府",
        "（单位：件）",
        "上半年检查一次",
    ],
)
def test_lines_about_the_year_and_the_organ_doubt_nothing(line: str) -> None:
    assert licensing(reconcile(list(pages((line, PROACTIVE_2021))))) == ("550", ())


def test_what_one_section_is_about_says_nothing_of_the_next() -> None:
    first = page(1, TITLE, "一、总体情况", "上半年情况", "青山镇")
    second = page(2, HEADING, table(PROACTIVE_2021, 2))
    assert licensing(reconcile([first, second])) == ("550", ())


def test_all_sections_below_another_body_behind_the_own_tables_are_its_own() -> None:
    first = page(1, TITLE, HEADING, table(PROACTIVE_2021, 1, top=160))
    second = page(2, "附件：青山镇人民政府", HEADING, table(OTHER, 2, top=160))
    third = page(3, "四、政府信息公开行政复议、行政诉讼情况", table(REVIEW, 3, top=160))
    report = reconcile([first, second, third])
    assert licensing(report) == ("550", ())
    assert {v.flags for v in report.values if v.key.table == "review"} == {(Flag.WEAK_MATCH,)}
