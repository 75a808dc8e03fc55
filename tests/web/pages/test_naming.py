"""Organ, year and title put right on the page of a report."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from archive.archive import Archive
from archive.records import ReportName
from archive.reports.records import ReportNaming
from tests.web.access.test_guard import token_of
from tests.web.conftest import Asks
from web.access.people import People

SHOWN = {"organ": "清河县水务局", "year": "2023", "title": "清河县水务局政府信息公开工作年度报告"}


def address(archive: Archive) -> str:
    return f"/documents/{archive.documents.find('scans/a.pdf')}/1"


def put_right(asks: TestClient, archive: Archive, path: str = "/naming", **fields: str) -> Any:
    was = {f"was_{field}": shown for field, shown in SHOWN.items()}
    headers = {"X-Guidang-Token": token_of(asks)}
    return asks.post(address(archive) + path, data=SHOWN | was | fields, headers=headers)


def named(archive: Archive) -> tuple[str, int | None, str]:
    (report,) = archive.reports.listed()
    return report.organ, report.year, report.title


def test_what_is_changed_answers_at_once_with_who_said_it(browser: Asks, archive: Archive) -> None:
    asks = browser()
    answer = put_right(asks, archive, organ="清河县水利局", note="公章")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, address(archive))
    assert named(archive) == ("清河县水利局", 2023, SHOWN["title"])
    (said,) = archive.reports.history()
    assert (said.field, said.said, said.who, said.note) == ("organ", "清河县水利局", "李", "公章")
    assert "<h1>清河县水利局 2023</h1>" in asks.get(address(archive)).text


def test_it_is_taken_back(browser: Asks, archive: Archive) -> None:
    asks = browser()
    put_right(asks, archive, year="2022")
    assert named(archive)[1] == 2022
    assert put_right(asks, archive, "/naming/undo", field="year").status_code == 204
    assert named(archive)[1] == 2023
    again = put_right(asks, archive, "/naming/undo", field="year")
    assert again.status_code == 409
    assert "nobody said anything of year" in again.text


@pytest.mark.parametrize(
    ("fields", "why"),
    [({}, "nothing is changed"), ({"year": "19"}, "is no year"), ({"year": "二"}, "is no year")],
)
def test_what_says_nothing_is_refused(
    browser: Asks, archive: Archive, fields: dict[str, str], why: str
) -> None:
    answer = put_right(browser(), archive, **fields)
    assert answer.status_code == 409
    assert why in answer.text
    assert list(archive.reports.history()) == []


def test_a_page_gone_stale_changes_nothing(browser: Asks, archive: Archive) -> None:
    asks = browser()
    asks.get("/")
    with Archive.open(archive.location, write=True) as writer:
        report = ReportName(writer.documents.find("scans/a.pdf"))
        writer.reports.name(report, ReportNaming(organ="清河县水利局"), "王")
    answer = put_right(asks, archive, organ="清河县农业局")
    assert answer.status_code == 409
    assert "load the page again" in answer.text
    assert named(archive)[0] == "清河县水利局"


def test_a_reader_sees_no_form_and_may_not_send_one(browser: Asks, archive: Archive, people: People) -> None:
    asks = browser(people)
    asks.post("/login", data={"name": "wang", "password": "reads", "next": "/"})
    assert 'id="naming"' not in asks.get(address(archive)).text
    assert put_right(asks, archive, organ="x").status_code == 403
    assert named(archive)[0] == SHOWN["organ"]
