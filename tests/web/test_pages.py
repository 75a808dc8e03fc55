"""What the pages show, and that nothing that is shown can be more than text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.values.records import VerdictInput
from tests.support import handmade
from tests.web.access.test_guard import token_of
from tests.web.conftest import Asks

TOTAL = "requests/new/total"
INJECTIONS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title><svg onload=alert(1)>",
    "\u202e<b>&lt;i&gt;\x85",
)


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def fields_of(page: str) -> dict[str, Any]:
    """What the form of a verdict sends."""
    form = page.partition('class="verdict"')[2].partition("</form>")[0]
    return {str(one.get("name")): one.get("value") or "" for tag, one in Tags(form).found if tag == "input"}


def say(asks: TestClient, kind: str, **more: str) -> Any:
    fields = fields_of(asks.get("/review").text) | {"kind": kind} | more
    return asks.post("/review/verdict", data=fields, headers={"X-Guidang-Token": token_of(asks)})


def test_library_counts_and_names_the_reports(browser: Asks) -> None:
    page = browser().get("/").text
    assert "清河县水务局" in page
    assert re.search(r"<b>3</b>\s*values to look at", page)
    assert "1–1 of 1 reports" in page
    assert "no reports" in browser().get("/?year=1999").text
    assert "清河县水务局" in browser().get("/?organ=水务&year=2023&form=2021").text


def test_pages_are_chinese_for_those_who_read_it(browser: Asks) -> None:
    page = browser(accepts="zh-CN,zh;q=0.9,en;q=0.8").get("/").text
    assert '<html lang="zh-CN">' in page
    assert "馆藏" in page
    assert "Library" not in page


def test_a_search_marks_what_was_found(browser: Asks) -> None:
    page = browser().get("/search?q=复议").text
    assert "<mark>复议</mark>" in page or re.search(r"<mark>复议\s*</mark>", page)
    assert "1 pages" in page
    assert 'role="alert"' in browser().get("/search?q=%2C").text  # nothing to search for


def test_a_report_shows_its_values_in_the_form_and_over_the_page(browser: Asks, archive: Archive) -> None:
    document = archive.documents.find("scans/a.pdf")
    page = browser().get(f"/documents/{document}/1?value={TOTAL}").text
    tags = Tags(page).found
    boxes = {one["data-key"]: one for tag, one in tags if tag == "rect" and "data-key" in one}
    cells = {one["data-key"]: one for tag, one in tags if tag == "td" and "data-key" in one}
    assert boxes[TOTAL]["data-value"] == "-3"
    assert boxes[TOTAL]["data-state"] == "read"
    assert boxes[TOTAL]["class"] == "box doubt"
    assert (boxes[TOTAL]["x"], boxes[TOTAL]["y"]) == ("150.0", "220.0")
    assert set(boxes) < set(cells)
    assert "三、收到和处理政府信息公开申请情况" in page
    assert browser().get(f"/documents/{document}?page=9").status_code == 404


def test_a_value_has_a_card_with_its_readings_and_what_people_said(browser: Asks, archive: Archive) -> None:
    document = archive.documents.find("scans/a.pdf")
    with Archive.open(archive.location, write=True) as writer:
        writer.review.judge(ReportName(document), TOTAL, VerdictInput(VerdictKind.NOTE, "王", "看不清"))
    card = browser().get(f"/documents/{document}/1/values/{TOTAL}").text
    assert "王" in card
    assert "看不清" in card
    assert "low_confidence" in card
    assert browser().get(f"/documents/{document}/1/values/requests/new/nobody").status_code == 404


def test_a_verdict_is_kept_with_who_said_it_and_can_be_taken_back(browser: Asks, archive: Archive) -> None:
    asks = browser()
    answer = say(asks, "correct", printed="12", note="原件")
    assert answer.status_code == 200
    (verdict,) = archive.review.verdicts()
    assert (verdict.who, verdict.kind, verdict.value, verdict.note) == ("李", "correct", "12", "原件")
    asks.post("/review/undo", headers={"X-Guidang-Token": token_of(asks)})
    assert archive.status.counts().verdicts == 0
    assert fields_of(asks.get("/review").text)["key"] == verdict.key


def test_a_page_gone_stale_overwrites_no_newer_verdict(browser: Asks, archive: Archive) -> None:
    asks = browser()
    stale = fields_of(asks.get("/review").text)
    with Archive.open(archive.location, write=True) as writer:
        said = VerdictInput(VerdictKind.ACCEPT, "王")
        writer.review.judge(ReportName(stale["document"]), stale["key"], said)
    headers = {"X-Guidang-Token": token_of(asks)}
    answer = asks.post("/review/verdict", data=stale | {"kind": "correct", "printed": "9"}, headers=headers)
    assert answer.status_code == 409
    assert "judged by somebody meanwhile" in answer.text
    assert [one.who for one in archive.review.verdicts()] == ["王"]


@pytest.mark.parametrize("typed", ["abc", "1 2", ""])
def test_what_is_no_value_is_refused_with_a_reason(browser: Asks, archive: Archive, typed: str) -> None:
    answer = say(browser(), "correct", printed=typed)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert archive.status.counts().verdicts == 0


def test_relations_are_counted_again_with_what_is_typed(browser: Asks, archive: Archive) -> None:
    document = archive.documents.find("scans/a.pdf")
    asked = f"/review/relations?document={document}&part=1&key={TOTAL}&printed="
    assert "relation sound" in browser().get(asked + "1203").text
    assert "relation fails" in browser().get(asked + "1204").text
    assert browser().get(asked + "12x").status_code == 200  # half typed


def test_pictures_are_kept_by_their_tag(browser: Asks, archive: Archive) -> None:
    document = archive.documents.find("scans/a.pdf")
    asks = browser()
    first = asks.get(f"/documents/{document}/pages/1.webp?width=700")
    assert first.headers["content-type"] == "image/webp"
    assert "width=960" in first.text
    tag = {"If-None-Match": first.headers["etag"]}
    assert asks.get(f"/documents/{document}/pages/1.webp?width=900", headers=tag).status_code == 304
    assert asks.get(f"/documents/{document}/pages/2.webp?width=900", headers=tag).status_code == 200


@pytest.mark.parametrize("name", ["..%2f..%2fetc", "scans", "a.pdf", "%00", "0" * 64, "g" * 64])
def test_an_address_reaches_no_file(browser: Asks, name: str) -> None:
    for page in (f"/documents/{name}", f"/documents/{name}/original", f"/documents/{name}/pages/1.webp"):
        assert browser().get(page).status_code in (404, 307), page
    assert browser().get(f"/static/{name}").status_code == 404


def test_an_original_is_saved_and_never_shown(browser: Asks, archive: Archive) -> None:
    document = archive.documents.find("scans/a.pdf")
    answer = browser().get(f"/documents/{document}/original")
    assert answer.content == b"scans/a.pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("bad", INJECTIONS)
def test_text_of_documents_names_and_people_is_text_and_nothing_else(
    browser: Asks, place: Any, bad: str
) -> None:
    with place.open(create=False, write=True) as writer:
        report = replace(
            handmade.report(organ=bad),
            title=bad,
            findings=(replace(handmade.report().findings[0], message=bad),),
        )
        pages = (*handmade.PAGES, handmade.page(4, f"复议{bad}复议"))
        document = handmade.archive_one(writer, f"in/{bad}", pages, report, b"another")
        said = VerdictInput(VerdictKind.NOTE, bad, bad)
        writer.review.judge(ReportName(document), TOTAL, said)
    asks = browser()
    plain = {tag for page in ("/", "/review", "/search?q=复议") for tag, _ in Tags(asks.get(page).text).found}
    shown = (
        f"/?organ={bad}", "/search?q=复议", f"/search?q={bad}", f"/documents/{document}/1?page=4",
        f"/documents/{document}/1/values/{TOTAL}", f"/review?document={document}", f"/review?organ={bad}",
    )  # fmt: skip
    for address in shown:
        answer = asks.get(address)
        tags = Tags(answer.text).found
        assert answer.status_code in (200, 400), address
        assert not [tag for tag, one in tags if any(str(name).startswith("on") for name in one)], address
        own = {"svg", "g", "rect", "image", "title", "details", "summary", "pre", "article", "dl", "dt", "dd"}
        assert {tag for tag, _ in tags} - plain <= own | {
            "h2",
            "h3",
            "img",
            "ul",
            "ol",
            "b",
            "mark",
            "div",
            "section",
        }
        scripts = [one for tag, one in tags if tag == "script"]
        assert all(str(one["src"]).startswith("/static/") for one in scripts)
        links = [str(one.get("href")) for tag, one in tags if tag == "a"]
        assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links), links
