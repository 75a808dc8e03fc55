"""Tables that were not read: missing where they should be there, absent only where that is certain."""

from dataclasses import replace

import pytest

from ocr.model import Page, Route
from reconcile.model import Flag, Report, State
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import PROACTIVE_2021, REVIEW, page, table

TITLE = "洪山区人民政府2023年政府信息公开工作年度报告"
HEADINGS = (
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)


def counted(report: Report) -> dict[str, int]:
    """How many values of each form are missing; no other may be there."""
    assert {(v.state, v.flags, v.needs_review) for v in report.values} <= {
        (State.MISSING, (Flag.MISSING,), True)
    }
    forms = [value.form for value in report.values]
    return {form: forms.count(form) for form in dict.fromkeys(forms)}


def scanned(*pages: Page) -> list[Page]:
    return [replace(one, route=Route.SCANNED) for one in pages]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((TITLE, *HEADINGS), {"2021": 200}),
        ((TITLE,), {"2021": 200}),
        ((TITLE.replace("2023", "2020"),), {"2019": 198}),
        ((TITLE.replace("2023", "2021"), HEADINGS[1]), {"2021": 200}),
        ((HEADINGS[2],), {"2021": 200}),
        (("洪山区人民政府", "政府信息公开工作年度报告", "（2019年度）"), {"2019": 198}),
        (("洪山区水务局政府信息公开工作年度报告",), {"2021": 200}),
        ((TITLE.replace("2023", "2018"), HEADINGS[0]), {}),
        (("某局2024年部门预算",), {"budget": 7}),
    ],
)
def test_report_of_which_no_table_was_read_has_all_its_values_missing(
    lines: tuple[str, ...], expected: dict[str, int]
) -> None:
    report = reconcile([page(1, *lines)])
    assert counted(report) == expected
    assert {finding.kind for finding in report.findings} == ({Flag.MISSING} if expected else set())


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("国庆节放假通知", "10月1日至7日放假。"),
        ("首页", "政府信息公开年报", "联系我们"),
        ("关于做好2023年政府信息公开工作年度报告编制工作的通知",),
    ],
)
def test_document_without_title_and_table_of_a_form_says_so(lines: tuple[str, ...]) -> None:
    report = reconcile([page(1, *lines, table("品名|数量\n桌|3\n椅|12", 1, 300))])
    assert [finding.kind for finding in report.findings] == [Flag.NO_REPORT]
    assert report.values == ()


def test_heading_that_was_taken_for_a_cell_announces_its_table() -> None:
    grid = PROACTIVE_2021 + f"\n{HEADINGS[2]} 行政复议|<|<|<\n1|2|3|4"
    report = reconcile(scanned(page(1, TITLE, table(grid), "五、存在的主要问题及改进情况")))
    kinds = {finding.message[-8:]: finding.kind for finding in report.findings if "表" in finding.message}
    assert sum(value.key.table == "review" for value in report.values) == 15
    assert not any(finding.kind == "absent" and "复议" in finding.message for finding in report.findings), (
        kinds
    )


def test_labels_of_a_lost_table_say_that_it_is_printed() -> None:
    rest = table("结果维持|尚未审结\n1|2", 1, 500)
    report = reconcile([page(1, TITLE, table(PROACTIVE_2021), rest, "五、存在的主要问题及改进情况")])
    assert {value.key.table for value in report.values} == {"proactive", "review"}
    assert [finding.kind for finding in report.findings] == ["absent", Flag.MISSING]


@pytest.mark.parametrize(
    ("pages", "absent"),
    [
        ((page(1, TITLE, table(PROACTIVE_2021)), page(2, "五、存在的主要问题及改进情况")), 2),
        ((page(1, TITLE, table(PROACTIVE_2021)), page(2, table(REVIEW, 2))), 1),
        ((page(1, TITLE, table(PROACTIVE_2021)),), 0),
        ((page(1, table(REVIEW)), page(2, "五、存在的主要问题及改进情况")), 0),
    ],
)
def test_table_is_absent_from_a_scan_only_where_what_is_around_it_was_read(
    pages: tuple[Page, ...], absent: int
) -> None:
    report = reconcile(scanned(*pages))
    kinds = [finding.kind for finding in report.findings if finding.kind in ("absent", Flag.MISSING)]
    n_read = len({table.key for table in report.tables if table.key})
    assert kinds.count("absent") == absent
    assert kinds.count(Flag.MISSING) == 3 - n_read - absent


def test_title_is_found_behind_the_first_page() -> None:
    pages = [page(1, "六、其他需要报告的事项"), page(2, "洪山区水务局", TITLE[7:])]
    report = reconcile(pages)
    assert (report.organ, report.year) == ("洪山区水务局", 2023)


def test_sentence_on_a_later_page_is_no_title() -> None:
    assert reconcile([page(1, "目录"), page(2, "编制2023年政府信息公开工作年度报告")]).title == ""


@pytest.mark.parametrize("edition", ["（修订版）", "（更正）", "【更正后】", "(修改稿)"])
def test_edition_behind_the_title_is_no_hindrance(edition: str) -> None:
    report = reconcile([page(1, TITLE + edition)])
    assert (report.organ, report.year) == ("洪山区人民政府", 2023)
