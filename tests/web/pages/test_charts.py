"""The pages of numbers: what they show, what they mark, and that nothing is shown where there is nothing."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from archive.archive import Archive
from tests.support import charted, county, handmade
from tests.support.places import Place
from tests.web.conftest import HOST, LOCAL, Asks
from tests.web.test_pages import Tags
from web.access.guard import Guard
from web.application import application

OF_ORGAN = f"/charts?organ={charted.ORGAN}"
CHARTS = (OF_ORGAN, "/charts/organs?year=2023", "/charts/quality", "/charts/confidence")


@pytest.fixture
def filled(archive: Archive) -> Archive:
    with Archive.open(archive.location, write=True) as writer:
        charted.fill(writer)
    return archive


def texts(page: str, look: str) -> list[str]:
    return re.findall(rf'<text class="{look} \w+"[^>]*>([^<]*)', page)


def test_a_gap_breaks_the_line_and_has_a_sign_of_its_own(browser: Asks, filled: Archive) -> None:
    page = browser().get(OF_ORGAN).text
    assert texts(page, "gap") == ["空", "/", "未识", "无报告"]
    assert texts(page, "doubt") == ["-3?"]
    assert texts(page, "label")[:2] == ["1,203", "960"]
    assert page.count('class="series"') == 2
    assert page.count('class="point doubt"') == 1
    assert "7 of 11 years have a number." in page


def test_the_figures_lead_to_the_value_in_its_report(browser: Asks, filled: Archive) -> None:
    asks = browser()
    figures = asks.get(OF_ORGAN).text.partition("<details")[2]
    links = [str(one["href"]) for tag, one in Tags(figures).found if tag == "a"]
    assert len(links) == 10
    assert all(asks.get(link).status_code == 200 for link in links)
    assert "value=requests" in links[0]


def test_without_an_organ_one_can_be_chosen(browser: Asks, filled: Archive) -> None:
    page = browser().get("/charts?organ=水").text
    assert "Choose an organ:" in page
    assert f">{county.WATER}</a>" in page
    assert "No organ has this in its name." in browser().get("/charts?organ=没有").text
    assert f"<h3>{county.WATER}" in browser().get(f"/charts?organ={county.OLD_WATER}").text  # its other name


@pytest.mark.parametrize("asked", ["table=nobody&row=x&column=y", "table=review", "row=carried_in"])
def test_what_no_form_has_becomes_what_it_has(browser: Asks, filled: Archive, asked: str) -> None:
    for path in ("/charts?organ=" + charted.ORGAN, "/charts/organs?year=2023"):
        assert browser().get(f"{path}&{asked}").status_code == 200


def test_organs_are_compared_with_the_largest_first(browser: Asks, filled: Archive) -> None:
    page = browser().get("/charts/organs?year=2023").text
    shown = re.findall(r'<rect class="bar sound"[^>]*><title>([^<]*)', page)
    assert shown[0] == "清河县第3中学: 42"
    assert [int(one.split(": ")[1]) for one in shown] == sorted(
        (int(one.split(": ")[1]) for one in shown), reverse=True
    )
    assert "1 organs" in browser().get("/charts/organs?year=2023&organ=教育").text.replace("1–1 of ", "")
    assert "nothing to show" in browser().get("/charts/organs?year=1999").text


def test_quality_is_told_by_source_and_by_month(browser: Asks, filled: Archive) -> None:
    page = browser().get("/charts/quality").text
    assert "flagged 33.33 %" in page
    assert "corrected 0.20 %" in page
    of_site = browser().get("/charts/quality?source=www.qinghe.gov.cn").text
    assert of_site.count("flagged 33.33 %") == 4  # a bar and its title, by source and by month
    assert "Nothing came from there." in browser().get("/charts/quality?source=x").text


def test_confidence_is_held_against_what_people_said(browser: Asks, filled: Archive) -> None:
    page = browser().get("/charts/confidence").text
    assert texts(page, "label") == ["0.50–0.70", "0.70–0.80", "0.95–0.98"]
    assert "0.0 % · 0 / 1" in page
    assert page.count('class="mark"') == 3


@pytest.mark.parametrize("path", CHARTS)
def test_a_chart_can_be_read_without_being_seen(browser: Asks, filled: Archive, path: str) -> None:
    page = browser().get(path).text
    tags = Tags(page).found
    charts = [one for tag, one in tags if tag == "svg"]
    ids = [one["id"] for _, one in tags if "id" in one]
    assert charts
    assert len(ids) == len(set(ids))
    for one in charts:
        assert one["role"] == "img"
        assert set(str(one["aria-labelledby"]).split()) <= set(ids)
    assert page.count("<details") >= len(charts)
    assert "style=" not in page
    assert "<style" not in page


@pytest.mark.parametrize("path", ["/charts", "/charts/organs", "/charts/quality", "/charts/confidence"])
def test_an_archive_with_nothing_in_it_says_so(path: str, place: Place) -> None:
    with place.open() as empty:
        app = application(empty, lambda path, wanted: b"", Guard(frozenset({"localhost"}), LOCAL))
        page = TestClient(app, HOST, headers={"Accept-Language": "en"}).get(path).text
    assert "<svg" not in page
    assert "nothing to show" in page


def test_a_row_without_numbers_is_a_table_and_no_picture(browser: Asks, archive: Archive) -> None:
    page = browser().get("/charts?organ=清河县水务局&row=carried_in").text
    assert "nothing can be drawn" in page
    assert "<svg" not in page
    assert f">{handmade.VALUES[3].raw}</a>" in page


def test_what_is_shown_is_text(browser: Asks, archive: Archive) -> None:
    bad = '"><img src=x onerror=alert(1)>'
    with Archive.open(archive.location, write=True) as writer:
        handmade.archive_one(writer, f"{bad}/a.pdf", reading=handmade.report(bad), content=b"bad")
    asks = browser()
    shown = (
        ("/charts", {"organ": bad}), ("/charts/organs", {"organ": bad}), ("/charts/quality", {}),
        ("/charts/quality", {"source": bad}), ("/coverage", {"organ": bad}), ("/coverage", {}),
    )  # fmt: skip
    for path, more in shown:
        answer = asks.get(path, params=more)
        assert answer.status_code == 200
        assert not [tag for tag, one in Tags(answer.text).found if tag == "img" or "onerror" in one], path
