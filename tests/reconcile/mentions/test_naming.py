"""Organ and year wherever they stand; where mentions contradict or are none, empty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.model import Page, Route
from reconcile.model import DOUBTFUL_ORGAN, DOUBTFUL_YEAR, Mention, Named, Report
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import page, table
from tests.support.volume_pages import SENTENCE, bound, headed, report, sheet, title_of

WATER, EAST = "云溪县水利局", "云溪县东湖区民政局"
BARE = "2023年政府信息公开工作年度报告"
PERIOD = "所列数据的统计期限为2023年1月1日至2023年12月31日。"


def named(pages: list[Page]) -> tuple[str, int | None]:
    one = reconcile(pages)
    return one.organ, one.year


def mentions(one: Report, what: Named) -> list[tuple[str, str, int]]:
    return [(each.text, each.kind, each.page) for each in one.mentions if each.named is what]


@pytest.mark.parametrize(
    "lines",
    [
        (BARE, WATER, "2024年1月20日"),
        (WATER, "政府信息公开工作年度报告", "（2023年度）"),
        (WATER, "政府信息公开", "工作年度报告", "2023年度"),
        (WATER, BARE, "二〇二四年一月"),
        (f"{WATER}政府信息公开工作年度报告", "2023年度", "2024年1月"),
    ],
)
def test_a_cover_names_organ_and_year(lines: tuple[str, ...]) -> None:
    assert named(bound(sheet(*lines), report(""))) == (WATER, 2023)


@pytest.mark.parametrize("before", [(), (sheet(),), (sheet(), sheet())])
def test_blank_leaves_in_front_take_no_name_away(before: tuple[Page, ...]) -> None:
    assert named(bound(*before, sheet(WATER, BARE), report(""))) == (WATER, 2023)
    assert named(bound(*before, report(title_of(WATER)))) == (WATER, 2023)


@pytest.mark.parametrize(
    "sentence",
    [
        f"本报告由{WATER}按照《条例》的规定编制，{PERIOD}",
        f"根据《条例》，现公布{WATER}2023年政府信息公开工作年度报告。{PERIOD}",
        f"根据《条例》的要求，{WATER}编制本报告。{PERIOD}",
        f"按照有关规定，{WATER}编制并公布本年度报告。{PERIOD}",
    ],
)
def test_a_sentence_names_the_organ_and_the_period_the_year(sentence: str) -> None:
    assert named([page(1, "年度报告", sentence, "一、总体情况", SENTENCE)]) == (WATER, 2023)


def test_a_seal_names_the_organ_and_its_date_no_year() -> None:
    pages = bound(report("", 1, WATER, "2024年1月20日"))
    assert named(pages) == (WATER, None)
    assert mentions(reconcile(pages), Named.ORGAN) == [(WATER, "seal", 3)]


def test_a_running_head_names_organ_and_year() -> None:
    assert named(bound([headed(one, title_of(WATER)) for one in report("")])) == (WATER, 2023)


def test_a_bare_title_takes_the_organ_from_the_line_below() -> None:
    assert named([page(1, BARE, WATER, SENTENCE, SENTENCE)]) == (WATER, 2023)


def test_a_name_broken_over_two_lines_is_whole() -> None:
    lines = ("云溪县规划和自然", "资源局", BARE)
    assert named([page(1, *lines, SENTENCE)]) == ("云溪县规划和自然资源局", 2023)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("某县教育局2024年度部门决算",), ("某县教育局", 2024)),
        (("2024年度某县教育局部门决算公开",), ("某县教育局", 2024)),
        (("临泽市财政局", "2023年度部门决算"), ("临泽市财政局", 2023)),
        (("临泽市规划和自然", "资源局", "2023年度部门决算"), ("临泽市规划和自然资源局", 2023)),
        (("临泽市松岭区2025年区级部门预算", f"预算主管部门：{EAST}"), (EAST, 2025)),
        (("临泽市2025年市级单位预算", f"预算单位：{EAST}"), (EAST, 2025)),
        (("临泽市松岭区2025年区级部门预算",), ("", 2025)),
        (("2025年部门预算", f"编制单位：{EAST}"), (EAST, 2025)),
        (("2025年部门预算", "单位名称（公章）：云溪县人民政府办公室"), ("云溪县人民政府办公室", 2025)),
        (("江浦市民政局2024年部门预算公开说明",), ("江浦市民政局", 2024)),
        (("江浦市民政局部门预算（2024年）",), ("江浦市民政局", 2024)),
        (("江浦市民政局", "2024年部门预算", "2024年2月"), ("江浦市民政局", 2024)),
    ],
)
def test_budgets_and_final_accounts(lines: tuple[str, ...], expected: tuple[str, int]) -> None:
    """A place alone is no department; 第二部分 heads a part of a document and is no title."""
    part = sheet(f"第二部分{expected[0]}{expected[1]}年度部门决算表")
    assert named(bound(sheet(*lines), part, page(1, "一、主要职能", SENTENCE, SENTENCE))) == expected


STATEMENT = "科目编码|科目名称|合计|基本支出|项目支出\n213|农林水支出|9|7|2\n合计|<|9|7|2"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("2024年部门支出总体情况表", f"部门：{WATER}", "单位：万元"), (WATER, 2024)),
        (("支出决算表", "公开03表", f"编制单位：{WATER}", "2023年度", "金额单位：万元"), (WATER, 2023)),
        (("部门支出总表", f"部门名称：[301001]{WATER}", "预算年度：2024"), (WATER, 2024)),
        (("支出决算表", f"部门：{WATER}2023年度金额单位：万元"), (WATER, 2023)),
        (("部门支出总表", "部门名称：水务局（本级）", "单位：万元"), ("水务局", None)),
        (("部门支出总表", "单位：万元"), ("", None)),
        ((f"{WATER}2024年度预算公开", "部门支出总表"), (WATER, 2024)),
        ((f"{WATER}2024年部门预算及“三公”经费预算公开说明", "部门支出总表"), (WATER, 2024)),
        (("2024年部门预算公开", f"（{WATER}）", "部门支出总表"), (WATER, 2024)),
    ],
)
def test_tables_of_a_budget_name_organ_and_year(
    lines: tuple[str, ...], expected: tuple[str, int | None]
) -> None:
    assert named([page(1, *lines, table(STATEMENT, 1, 300))]) == expected


def test_a_notice_has_an_organ_and_no_year() -> None:
    title = "云溪县水利局关于印发2024年工作要点的通知"
    assert named([page(1, "云水发〔2024〕3号", title, SENTENCE, WATER, "2024年3月1日")]) == (WATER, None)


def test_mentions_that_contradict_leave_the_organ_empty() -> None:
    sentence = f"本报告由{EAST}按照《条例》的规定编制，{PERIOD}"
    pages = bound(page(1, sentence), report("", 1, WATER, "2024年1月20日"))
    assert named(pages) == ("", 2023)


def test_who_compiles_for_a_government_is_not_taken_for_it() -> None:
    sentence = f"本报告由云溪县人民政府办公室按照《条例》的规定编制，{PERIOD}"
    assert named([page(1, "年度报告", sentence)]) == ("", 2023)


@pytest.mark.parametrize("title", ["人民政府" + BARE, "街道办事处" + BARE])
def test_the_end_of_a_name_is_none(title: str) -> None:
    assert named([page(1, title, SENTENCE)]) == ("", 2023)


def test_a_cover_of_another_organ_or_year_is_told_and_the_title_stands() -> None:
    cover = sheet("2022年政府信息公开工作年度报告", EAST)
    one = reconcile(bound(report(title_of(WATER)), cover))
    assert (one.organ, one.year) == (WATER, 2023)
    heads = [headed(each, title_of(EAST, 2022)) for each in report(title_of(WATER))]
    told = {finding.kind for finding in reconcile(bound(heads)).findings}
    assert {DOUBTFUL_ORGAN, DOUBTFUL_YEAR} <= told


def test_every_mention_has_its_place_and_the_surest_comes_first() -> None:
    pages = bound(report(title_of(WATER), 1, WATER, "2024年1月20日"))
    one = reconcile(pages)
    assert mentions(one, Named.TITLE) == [(title_of(WATER), "title", 1)]
    assert mentions(one, Named.ORGAN) == [(WATER, "title", 1), (WATER, "seal", 3)]
    assert mentions(one, Named.YEAR) == [("2023", "title", 1)]
    confidences = [each.confidence for each in one.mentions]
    assert confidences == sorted(confidences, reverse=True)
    assert all(_is_on_its_page(each, pages) for each in one.mentions)


def _is_on_its_page(each: Mention, pages: list[Page]) -> bool:
    lines = pages[each.page - 1].lines
    return any(line.box.left <= each.box.left and each.box.contains(*line.box.centre) for line in lines)


@pytest.mark.parametrize(("route", "organ"), [(Route.SCANNED, WATER), (Route.DIGITAL, "云溪具水利局")])
def test_a_misread_title_is_spelt_as_two_other_places_do(route: Route, organ: str) -> None:
    """What is printed in a text layer was not misread."""
    sentence = f"本报告由{WATER}按照《条例》的规定编制，{PERIOD}"
    first = replace(page(1, title_of("云溪具水利局"), sentence), route=route)
    one = reconcile(bound(first, report("", 1, WATER, "2024年1月20日")))
    assert one.organ == organ
    assert DOUBTFUL_ORGAN in {finding.kind for finding in one.findings}


def test_a_misread_title_that_one_other_place_spells_otherwise_is_told() -> None:
    sentence = f"本报告由{WATER}按照《条例》的规定编制，{PERIOD}"
    one = reconcile([replace(page(1, title_of("云溪具水利局"), sentence), route=Route.SCANNED)])
    assert (one.organ, one.findings[0].kind) == ("云溪具水利局", DOUBTFUL_ORGAN)
