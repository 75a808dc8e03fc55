"""What people say of borders and years holds; where the pages tell otherwise, that is said."""

from __future__ import annotations

from reconcile.model import BORDERS_DIFFER, Said
from reconcile.reconciliation import volume_of
from tests.support.volume_pages import bound, heads, report, sheet, title_of

EAST, WATER = "云溪县东湖区民政局", "云溪县水利局"


def volume_pages():
    return bound(sheet(), report(title_of(WATER)), report(title_of(EAST), 2))


def test_borders_are_where_people_say() -> None:
    volume = volume_of(volume_pages(), Said(first_pages=(2, 5)))
    assert heads(volume) == [(WATER, 2023, (2, 3, 4)), (EAST, 2023, (5, 6, 7))]
    assert [one.confidence for one in volume.reports] == [1.0, 1.0]
    assert BORDERS_DIFFER not in {finding.kind for one in volume.reports for finding in one.findings}


def test_pages_that_tell_otherwise_are_named_in_the_first_report() -> None:
    volume = volume_of(volume_pages(), Said(first_pages=(2,)))
    (one,) = volume.reports
    assert one.pages == (2, 3, 4, 5, 6, 7)
    assert [(f.kind, f.message) for f in one.findings][:1] == [
        (BORDERS_DIFFER, "人工指定各报告始于第 2 页，而据页面所示始于第 2、5 页")
    ]
    assert "doubtful_border" not in {finding.kind for finding in one.findings}


def test_pages_that_do_not_exist_begin_nothing() -> None:
    volume = volume_of(volume_pages(), Said(first_pages=(2, 5, 99)))
    assert [one.pages for one in volume.reports] == [(2, 3, 4), (5, 6, 7)]


def test_a_report_is_laid_out_by_the_year_that_people_say() -> None:
    volume = volume_of(volume_pages(), Said(years=((6, 2020),)))
    assert [one.year for one in volume.reports] == [2023, 2020]
    assert "doubtful_year" not in {finding.kind for one in volume.reports for finding in one.findings}
