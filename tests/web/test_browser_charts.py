"""Coverage, nights and charts in a real browser: anybody can use them, a choice follows another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from archive.archive import Archive
from tests.support import charted, county
from tests.web.conftest import serious, serving

OF_ORGAN = f"/charts?organ={charted.ORGAN}"
PAGES = (
    "/coverage", "/nights", "/nights/changes?round=2", OF_ORGAN, "/charts", "/charts/organs?year=2023",
    "/charts/quality", "/charts/confidence", "/?state=unread",
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("charted") / "archive"
    with Archive.open(home, create=True) as archive:
        charted.fill(archive)
    with Archive.open(home) as archive, serving(archive) as address:
        yield address


def without_pictures(page: Page) -> Page:
    """The documents of the county were made by hand: there is no page to draw."""
    page.route("**/*.webp*", lambda route: route.fulfill(content_type="image/webp", body=b""))
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages_of_numbers(opened: Any, served: str, scheme: Any) -> None:
    page = opened(color_scheme=scheme)
    for path in PAGES:
        page.goto(served + path)
        for one in page.locator("details").all():
            one.evaluate("one => one.open = true")
        assert serious(page) == [], path


def test_a_chart_is_a_picture_with_a_name_and_its_figures_below(opened: Any) -> None:
    page = without_pictures(opened(OF_ORGAN, "en-GB"))
    chart = page.get_by_role("img", name=charted.ORGAN)
    expect(chart).to_be_visible()
    expect(chart.locator("circle, polygon")).to_have_count(7)
    colour = "one => getComputedStyle(one).stroke"
    assert chart.locator(".series").first.evaluate(colour) != "none"
    page.get_by_text("The figures", exact=True).click()
    page.get_by_role("link", name="1,203").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{charted.ORGAN} 2014")


def test_the_rows_are_those_of_the_table_that_was_chosen(opened: Any) -> None:
    page = opened(OF_ORGAN, "en-GB")
    page.locator("#choice-table").select_option("review")
    expect(page.locator("#choice-row").locator("option")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Organ")).to_have_value(charted.ORGAN)
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#choice-table")).to_have_value("review")
    assert "table=review" in page.url


def test_a_cell_of_the_matrix_leads_to_its_report(opened: Any) -> None:
    page = without_pictures(opened("/coverage", "en-GB"))
    page.get_by_role("textbox", name="Organ").fill("教育")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=f"{county.EDUCATION} 2021: there").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{county.EDUCATION} 2021")
