"""The nights of the crawler as a page: the counts of `guidang crawl`, and the lists behind them."""

from __future__ import annotations

import re

import pytest

from archive.archive import Archive
from ingest.crawl.reporting.alarms import visits
from ingest.crawl.reporting.night_report import night_report_of
from tests.support import charted, visited
from tests.web.conftest import Asks
from tests.web.test_pages import Tags


@pytest.fixture
def crawled(archive: Archive) -> Archive:
    with Archive.open(archive.location, write=True) as writer:
        charted.fill(writer)
    return archive


def test_an_archive_without_a_crawl_says_so_in_a_line(browser: Asks) -> None:
    page = browser().get("/nights").text
    assert "No site was visited yet" in page
    assert "<table" not in page


def test_counts_are_those_of_the_command_and_lead_to_lists_as_long(browser: Asks, crawled: Archive) -> None:
    asks = browser()
    page = asks.get("/nights").text
    assert "cut (06:00)" in page
    (site,) = night_report_of(crawled.crawl, 2).sites
    told = [visits(site.night), site.changes["replaced"], site.errors]
    links = re.findall(r'<td><a href="(/nights/[^"]*)">(\d+)</a></td>', page)
    assert [int(count) for _, count in links] == told == [2, 1, 1]
    for address, count in links:
        rows = asks.get(address.replace("&amp;", "&")).text.partition("<tbody>")[2].count("<tr>")
        assert rows == int(count), address


def test_alarms_are_told_with_what_is_known_of_them(browser: Asks, crawled: Archive) -> None:
    page = browser().get("/nights").text
    assert "1 critical, 1 acknowledged" in page
    assert "start page gone" in page
    assert "acknowledged until 2030-12-31 · 李: 旧系统" in page
    assert "no alarms" in browser().get("/nights?round=1").text


def test_a_site_has_its_alarms_and_its_rounds_before(browser: Asks, crawled: Archive) -> None:
    page = browser().get("/nights", params={"site": visited.SITE}).text
    assert "start page gone" in page
    assert "Rounds before" in page
    other = browser().get("/nights", params={"site": "nobody"}).text
    assert "start page gone" not in other


def test_secrets_in_addresses_stay_hidden_and_addresses_are_no_links(browser: Asks, crawled: Archive) -> None:
    page = browser().get("/nights/visits", params={"round": 2, "site": visited.SITE, "outcome": "error"}).text
    assert "/b.pdf" in page
    assert "secret" not in page
    links = [str(one["href"]) for tag, one in Tags(page).found if tag == "a"]
    assert all(link.startswith(("/", "#")) for link in links)


@pytest.mark.parametrize(
    "path",
    ["/nights?round=9", "/nights/changes?round=1&kind=x", "/nights/visits?round=1&site=a&outcome=x",
     "/nights/visits?round=9&site=a"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(browser: Asks, crawled: Archive, path: str) -> None:
    assert browser().get(path).status_code == 404
