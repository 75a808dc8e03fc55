"""A running head over a whole volume names none of its reports, whether they name themselves or not."""

from __future__ import annotations

from reconcile.reconciliation import volume_of
from tests.support.volume_pages import bound, headed, report, title_of

WATER, EDUCATION = "云溪县水利局", "云溪县教育局"
HEAD = "云溪县人民政府2023年政府信息公开工作年度报告"


def test_a_report_without_a_title_does_not_take_the_head_of_the_volume() -> None:
    """Its values had stood under the county, unflagged."""
    pages = bound(report(title_of(WATER)), report("", 2), report(title_of(EDUCATION), 3))
    volume = volume_of([headed(page, HEAD) for page in pages])
    assert [one.organ for one in volume.reports] == [WATER, "", EDUCATION]


def test_a_head_over_one_report_names_it() -> None:
    pages = [headed(page, HEAD) for page in bound(report("", 2))]
    assert [one.organ for one in volume_of(pages).reports] == ["云溪县人民政府"]
