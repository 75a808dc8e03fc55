"""Who may do what, in a real browser: a reader looks, a reviewer judges, a stranger logs in first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from archive.archive import Archive
from tests.support import handmade
from tests.web.conftest import serving
from web.access.people import People


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, people: People) -> Iterator[str]:
    home = tmp_path_factory.mktemp("peopled") / "archive"
    with Archive.open(home, create=True) as archive:
        handmade.archive_one(archive)
    with Archive.open(home) as archive, serving(archive, people) as address:
        yield address


def log_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def without_pictures(page: Page) -> Page:
    """The document was made by hand: there is no page to draw."""
    page.route("**/*.webp*", lambda route: route.fulfill(content_type="image/webp", body=b""))
    return page


def test_a_reader_looks_and_is_offered_no_judging(opened: Any, troubles: list[str]) -> None:
    page = without_pictures(opened("/review", "en-GB"))
    expect(page).to_have_url(re.compile(r"/login\?"))
    log_in(page, "wang", "reads")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("values are settled by reviewers")
    assert "403" in troubles.pop()  # the browser notes the refusal
    expect(page.get_by_role("link", name="Review")).to_have_count(0)
    page.goto(page.url.partition("/review")[0])
    page.locator("table.list a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("清河县水务局")
    expect(page.locator("#naming")).to_have_count(0)


def test_a_reviewer_judges_under_their_own_name(opened: Any) -> None:
    page = without_pictures(opened("/review", "en-GB"))
    log_in(page, "zhao", "judges")
    expect(page.locator("form.verdict")).to_be_visible()
    page.wait_for_load_state("load")  # with its scripts
    left = page.locator("#question [role=status]").inner_text()
    page.keyboard.press("s")
    expect(page.locator("#question [role=status]")).not_to_have_text(left)
    page.goto(page.url.partition("/review")[0] + "/api/v1/verdicts")
    assert '"who":"zhao"' in page.content()


def test_a_wrong_password_opens_nothing(opened: Any, troubles: list[str]) -> None:
    page = opened("/", "en-GB")
    log_in(page, "zhao", "guess")
    expect(page.get_by_role("alert")).to_have_text("name or password is wrong")
    assert "401" in troubles.pop()  # the browser notes the refusal
    page.goto(page.url.partition("/login")[0] + "/review")
    expect(page.locator("form.verdict")).to_have_count(0)
