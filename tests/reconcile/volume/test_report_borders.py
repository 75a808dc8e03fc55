"""Where reports of a volume begin: by titles, sections and tables that begin again, covers and the like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ocr.model import Page, Route
from reconcile.matching import identification
from reconcile.matching.printed_tables import TablePart
from reconcile.model import Flag, Report
from reconcile.reconciliation import reconcile, volume_of
from tests.support.reconcile_grids import PROACTIVE_2021, REVIEW, page, table
from tests.support.volume_pages import (
    SENTENCE,
    bound,
    headed,
    heads,
    numbered_at_foot,
    report,
    sheet,
    title_of,
)

EAST, WEST, WATER = "云溪县东湖区民政局", "云溪县西湖区民政局", "云溪县水利局"


def doubts(one: Report) -> list[str]:
    return [finding.message for finding in one.findings if finding.kind == Flag.DOUBTFUL_BORDER]


def scanned(pages: list[Page]) -> list[Page]:
    return [replace(one, route=Route.SCANNED) for one in pages]


def test_reports_one_behind_the_other_are_each_as_if_alone() -> None:
    own = [report(title_of(organ), seed) for seed, organ in enumerate((EAST, WEST, WATER), 2)]
    volume = volume_of(bound(*own))
    assert heads(volume) == [(EAST, 2023, (1, 2, 3)), (WEST, 2023, (4, 5, 6)), (WATER, 2023, (7, 8, 9))]
    for one, pages in zip(volume.reports, own, strict=True):
        alone = reconcile(pages)
        assert [(v.key, v.raw, v.flags) for v in one.values] == [
            (v.key, v.raw, v.flags) for v in alone.values
        ]
        assert [f.kind for f in one.findings] == [f.kind for f in alone.findings]
        assert one.confidence > 0.85


def test_a_table_is_laid_beside_the_forms_once_however_many_look_at_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = [report(title_of(organ), seed) for seed, organ in enumerate((EAST, WEST), 2)]
    looked = []
    monkeypatch.setattr(identification, "_clue", _counted(identification._clue, looked))
    volume = volume_of(bound(*own))
    assert len(volume.reports) == 2
    assert looked
    assert len(looked) == len(set(looked))


def _counted(clue: Callable[..., object], looked: list[object]) -> Callable[..., object]:
    """The function, which notes each table and name of a form table that it is asked for."""

    def noted(part: TablePart, name: str) -> object:
        looked.append((part.table, name))
        return clue(part, name)

    return noted


def test_a_single_report_is_as_it_was() -> None:
    pages = bound(report(title_of(WATER)))
    (one,) = volume_of(pages).reports
    assert one == reconcile(pages)


@pytest.mark.parametrize("second", [title_of(WATER, 2022), title_of(WATER), title_of(WATER) + "（更正后）"])
def test_reports_of_one_organ_are_told_apart_by_what_begins_again(second: str) -> None:
    """On another year, the same report twice, and one that is amended as a whole."""
    volume = volume_of(bound(report(title_of(WATER)), report(second, 3)))
    assert [one.pages for one in volume.reports] == [(1, 2, 3), (4, 5, 6)]
    assert [one.organ for one in volume.reports] == [WATER, WATER]
    assert all(not doubts(one) for one in volume.reports)


@pytest.mark.parametrize("title", ["", "口口2023年政麻信息公廾工作年度报告"])
def test_a_spoilt_title_leaves_the_organ_empty(title: str) -> None:
    volume = volume_of(scanned(bound(report(title_of(WATER)), report(title, 3))))
    assert heads(volume)[1][0] == ""
    assert [one.pages for one in volume.reports] == [(1, 2, 3), (4, 5, 6)]


def test_what_follows_without_title_and_first_section_is_doubted() -> None:
    """The first page of the second report is lost: nothing of it may be under the first organ unflagged."""
    volume = volume_of(bound(report(title_of(WATER)), report(title_of(EAST), 3)[1:]))
    first, *rest = volume.reports
    stolen = [value for value in first.values if value.page and value.page > 3]
    assert all(value.needs_review for value in stolen)
    assert all(one.organ == "" for one in rest)


def test_page_numbers_that_begin_again_speak_for_another_report() -> None:
    whole = [numbered_at_foot(one, f"第{n}页共3页") for n, one in enumerate(report(title_of(WATER)), 1)]
    rest = [numbered_at_foot(one, f"第{n}页共2页") for n, one in enumerate(report("", 2)[1:], 1)]
    volume = volume_of(bound(whole, rest))
    assert heads(volume) == [(WATER, 2023, (1, 2, 3)), ("", None, (4, 5))]


@pytest.mark.parametrize("lead", [(), (sheet(),), (sheet(), sheet())])
def test_covers_belong_to_the_report_that_follows(lead: tuple[Page, ...]) -> None:
    covers = [sheet(organ, "2023年政府信息公开工作年度报告", "2024年1月") for organ in (WATER, EAST)]
    pages = bound(*lead, covers[0], report("", 1), covers[1], sheet(), report("", 2))
    n = len(lead)
    assert heads(volume_of(pages)) == [
        (WATER, 2023, tuple(range(n + 1, n + 5))),
        (EAST, 2023, tuple(range(n + 5, n + 10))),
    ]


def test_separators_contents_and_blank_leaves_belong_to_none() -> None:
    contents = sheet("目录", f"{title_of(WATER)}……4", f"{title_of(EAST)}……9", top=100)
    pages = bound(
        sheet("云溪县", "2023年政府信息公开工作年度报告汇编"),
        contents,
        sheet(WATER),
        report(title_of(WATER), 1),
        sheet(),
        sheet(EAST),
        sheet(),
        report(title_of(EAST), 2),
        sheet(),
    )
    volume = volume_of(pages)
    assert heads(volume) == [(WATER, 2023, (4, 5, 6)), (EAST, 2023, (10, 11, 12))]
    assert volume.tables_outside == ()


def test_tables_of_no_report_stand_outside() -> None:
    lead = page(1, "编制说明", table("序号|单位|页码\n1|水利局|3\n2|民政局|6", 1, 100))
    volume = volume_of(bound(lead, report(title_of(WATER)), report(title_of(EAST), 2)))
    assert heads(volume) == [(WATER, 2023, (2, 3, 4)), (EAST, 2023, (5, 6, 7))]
    assert [one.pages for one in volume.tables_outside] == [(1,)]


def test_a_volume_bound_from_the_last_page_to_the_first() -> None:
    own = [report(title_of(organ), seed) for seed, organ in enumerate((WATER, EAST, WEST), 1)]
    volume = volume_of(bound(bound(*own)[::-1]))
    assert heads(volume) == [(WEST, 2023, (1, 2, 3)), (EAST, 2023, (4, 5, 6)), (WATER, 2023, (7, 8, 9))]


def test_a_single_report_bound_backwards_is_one() -> None:
    (one,) = volume_of(bound(report(title_of(WATER))[::-1])).reports
    assert (one.organ, one.year, one.pages) == (WATER, 2023, (1, 2, 3))


def test_running_heads_of_another_organ_part_reports_without_titles() -> None:
    own = [
        [headed(one, title_of(organ)) for one in report("", n)] for n, organ in enumerate((WATER, EAST), 1)
    ]
    volume = volume_of(bound(*own))
    assert heads(volume) == [(WATER, 2023, (1, 2, 3)), (EAST, 2023, (4, 5, 6))]


def test_a_running_head_does_not_begin_a_report_on_every_page() -> None:
    own = [headed(one, title_of(WATER)) for one in report(title_of(WATER))]
    (one,) = volume_of(bound(own)).reports
    assert (one.organ, one.pages, doubts(one)) == (WATER, (1, 2, 3), [])


def test_what_is_attached_goes_with_the_report_before_it() -> None:
    notice = page(1, "附件：工作通知", SENTENCE, SENTENCE, SENTENCE)
    volume = volume_of(bound(report(title_of(WATER)), notice, report(title_of(EAST), 2), notice))
    assert [one.pages for one in volume.reports] == [(1, 2, 3, 4), (5, 6, 7, 8)]


@pytest.mark.parametrize(
    "lines",
    [
        ("上一篇：", title_of(WATER, 2022)),
        ("下一篇", title_of(EAST)),
        (f"《{title_of(EAST)}》已在网站公布。",),
        ("相关链接", title_of(EAST), title_of(WEST)),
    ],
)
def test_links_and_sentences_that_name_a_report_begin_none(lines: tuple[str, ...]) -> None:
    pages = bound(report(title_of(WATER), 1, *lines), page(1, *lines, SENTENCE, SENTENCE, SENTENCE))
    (one,) = volume_of(pages).reports
    assert (one.organ, one.year) == (WATER, 2023)
    assert doubts(one) == []


def test_titles_in_a_menu_above_the_report_begin_none() -> None:
    menu = [title_of(WATER, year) for year in (2021, 2022)]
    pages = bound(page(1, *menu), report(title_of(WATER)))
    (one,) = volume_of(pages).reports
    assert one.pages == (1, 2, 3, 4)


def test_a_corrected_table_begins_no_report() -> None:
    again = page(1, "更正后", "二、主动公开政府信息情况", table(PROACTIVE_2021, 1, 150))
    (one,) = volume_of(bound(report(title_of(WATER)), again)).reports
    assert (one.pages, doubts(one)) == ((1, 2, 3, 4), [])


def test_contents_of_one_report_on_its_own_page_begin_no_other() -> None:
    sections = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
    pages = bound(sheet(title_of(WATER)), sheet("目录", *sections), report(title_of(WATER)))
    assert heads(volume_of(pages)) == [(WATER, 2023, (1, 2, 3, 4, 5))]


def test_running_heads_of_left_and_right_pages_are_of_one_report() -> None:
    texts = (WATER, "2023年政府信息公开工作年度报告")
    pages = [*report(title_of(WATER)), *report("", 1)[1:], *report("")[2:]]
    told = [headed(one, texts[n % 2]) for n, one in enumerate([*pages[:3], *[pages[2]] * 3])]
    (one,) = volume_of(bound(told)).reports
    assert (one.organ, one.year, doubts(one)) == (WATER, 2023, [])


def test_a_head_of_the_whole_volume_makes_no_border_doubtful() -> None:
    own = [report(title_of(organ), seed) for seed, organ in enumerate((WATER, EAST), 1)]
    volume = volume_of(bound([headed(one, "云溪县2023年政府信息公开工作年度报告") for one in bound(*own)]))
    assert heads(volume) == [(WATER, 2023, (1, 2, 3)), (EAST, 2023, (4, 5, 6))]
    assert [doubts(one) for one in volume.reports] == [[], []]


@pytest.mark.parametrize("text", ["第一部分 县直单位", "一、县直部门", "乡镇篇"])
def test_separators_of_groups_belong_to_none(text: str) -> None:
    own = [report(title_of(organ), seed) for seed, organ in enumerate((WATER, EAST), 1)]
    volume = volume_of(bound(sheet(text), own[0], sheet(text), own[1]))
    assert [one.pages for one in volume.reports] == [(2, 3, 4), (6, 7, 8)]


def test_a_preface_and_the_sheets_of_a_file_belong_to_none() -> None:
    preface = page(1, "编者按", SENTENCE, SENTENCE, SENTENCE, SENTENCE)
    listing = page(1, "卷内目录", table("序号|题名|页号\n1|水利局年报|1\n2|民政局年报|4", 1, 100))
    own = [report(title_of(organ), seed) for seed, organ in enumerate((WATER, EAST), 1)]
    volume = volume_of(bound(listing, preface, *own, page(1, "备考表", SENTENCE)))
    assert heads(volume) == [(WATER, 2023, (3, 4, 5)), (EAST, 2023, (6, 7, 8))]
    assert [one.pages for one in volume.tables_outside] == [(1,)]


def test_budgets_of_departments_are_told_apart() -> None:
    def budget(organ: str) -> list[Page]:
        first = page(1, "一、主要职能", SENTENCE, SENTENCE, SENTENCE)
        return [sheet(organ, "2025年部门预算"), sheet("目录", "一、主要职能", "二、预算表"), first]

    volume = volume_of(bound(budget(WATER), budget(EAST)))
    assert heads(volume) == [(WATER, 2025, (1, 2, 3)), (EAST, 2025, (4, 5, 6))]


def test_a_part_that_is_titled_like_the_whole_budget_begins_no_other() -> None:
    def text(*lines: str) -> Page:
        return page(1, *lines, SENTENCE, SENTENCE, SENTENCE)

    cover = sheet(f"{WATER}2025年部门预算")
    parts = [text("一、主要职能"), text("2025年部门预算情况说明"), text(f"{WATER}2025年部门预算公开报表")]
    (one,) = volume_of(bound(cover, *parts)).reports
    assert (one.organ, one.year, one.findings) == (
        WATER,
        2025,
        volume_of(bound(cover, parts[0])).reports[0].findings,
    )


def test_the_last_page_of_a_report_is_not_the_next_ones_for_what_follows_it() -> None:
    """The next has no title, so its sections are in sight from there."""
    first = report(title_of(WATER))
    ends = page(1, "六、其他需要报告的事项", SENTENCE)
    first[2] = page(3, "五、存在的主要问题及改进情况", SENTENCE)
    volume = volume_of(bound(first, ends, report("", 2)))
    assert [one.pages for one in volume.reports] == [(1, 2, 3, 4), (5, 6, 7)]


def test_a_table_cut_off_does_not_go_on_behind_leaves_without_it() -> None:
    """Of the first report all tables but a piece are lost, of the second its first page."""
    first = report(title_of(WATER))
    short = "\n".join(PROACTIVE_2021.split("\n")[:5])
    first[0] = page(1, title_of(WATER), "一、总体情况", SENTENCE, table(short, 1, 150))
    first[1] = page(2, SENTENCE, SENTENCE, SENTENCE)
    first = [numbered_at_foot(one, str(n)) for n, one in enumerate(first, 1)]
    tail = table("\n".join(PROACTIVE_2021.split("\n")[5:]), 1, 60)
    rest = [numbered_at_foot(page(1, tail), "2"), numbered_at_foot(report("", 2)[1], "3")]
    volume = volume_of(bound(first, rest))
    stolen = [v for v in volume.reports[0].values if v.page and v.page > 3 and not v.needs_review]
    assert stolen == []


def test_a_table_printed_again_puts_only_what_is_read_from_there_in_doubt() -> None:
    first = report(title_of(WATER))
    again = page(4, "二、主动公开政府信息情况", table(PROACTIVE_2021, 4, 150))
    (one,) = volume_of(bound(first[:1], again)).reports
    assert all(Flag.DOUBTFUL_BORDER not in value.flags for value in one.values)
    tail = page(5, table(REVIEW, 5, 100))
    (other,) = volume_of(bound(first[:1], again, tail)).reports
    flagged = {value.key.table for value in other.values if Flag.DOUBTFUL_BORDER in value.flags}
    assert flagged == {"review"}
