"""Coverage as a page: every cell has a sign of its own and leads to what it tells of."""

from __future__ import annotations

from archive.archive import Archive
from archive.organs.organ_list_file import parse
from tests.support import county
from tests.web.conftest import Asks
from tests.web.test_pages import Tags


def cells(page: str) -> dict[str, tuple[str, str]]:
    """The look and the address of each cell, by what it is called."""
    return {
        str(one["aria-label"]): (str(one["class"]), str(one["href"]))
        for tag, one in Tags(page).found
        if tag == "a" and str(one.get("class", "")).startswith("cell ")
    }


def fill(archive: Archive) -> None:
    with Archive.open(archive.location, write=True) as writer:
        county.fill(writer)
        writer.organs.load(parse(county.LIST))


def test_each_state_looks_different_and_leads_to_its_reports(browser: Asks, archive: Archive) -> None:
    fill(archive)
    asks = browser()
    found = cells(asks.get("/coverage").text)
    looks = {look for look, _ in found.values()}
    states = ("present", "review", "replaced", "unreadable", "pending", "missing", "not_expected")
    assert looks == {f"cell {state}" for state in states}
    assert f"{county.WATER} 2024: there, with values to look at 1" in found
    for look, address in found.values():
        assert asks.get(address).status_code == 200, address
        assert address.startswith("/?organ=" if look in ("cell replaced", "cell missing") else "/documents/")


def test_organs_are_found_by_a_part_of_a_name(browser: Asks, archive: Archive) -> None:
    fill(archive)
    page = browser().get("/coverage?organ=教育").text
    assert "1–1 of 1 organs" in page
    assert county.EDUCATION in page
    assert county.HEALTH not in page
    assert "no organs" in browser().get("/coverage?organ=没有").text
    assert "no organs" in browser().get("/coverage?at=9").text


def test_reports_without_a_place_are_counted_and_listed(browser: Asks, archive: Archive) -> None:
    fill(archive)
    assert "reports without organ or year:</a>" not in browser().get("/coverage").text
    assert "reports without organ or year: 1" in browser().get("/coverage").text
    assert "1–1 of 1 reports" in browser().get("/?state=unplaced").text


def test_the_counts_of_the_library_lead_to_their_lists(browser: Asks, archive: Archive) -> None:
    fill(archive)
    asks = browser()
    page = asks.get("/").text
    for state in ("unread", "pending", "judged"):
        assert f'href="/?state={state}"' in page
        assert asks.get(f"/?state={state}").status_code == 200
    assert "not a PDF" in asks.get("/?state=unread").text
    assert "清河县人民政府2023年报告.pdf" in asks.get("/?state=pending").text
    assert asks.get("/?state=nobody").text.count("<tr>") == page.count("<tr>")
    assert "1–1 of 1 reports" in asks.get("/?state=doubt&organ=水务&year=2024").text
    told = asks.get("/api/v1/documents?state=doubt").json()
    assert {one["year"] for one in told["documents"]} == {2023, 2024}
