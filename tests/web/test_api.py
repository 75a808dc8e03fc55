"""The interface for programs: the same records as the exports."""

from __future__ import annotations

from archive.archive import Archive
from tests.web.conftest import Asks

TOTAL = "requests/new/total"


def test_documents_facts_and_search_answer_as_the_archive_does(browser: Asks, archive: Archive) -> None:
    asks = browser()
    listed = asks.get("/api/v1/documents?organ=水务").json()
    assert (listed["total"], listed["documents"][0]["year"]) == (1, 2023)
    document = listed["documents"][0]["document"]
    facts = asks.get(f"/api/v1/facts?document={document}").json()
    told = list(archive.values.facts())
    assert facts["total"] == len(told) == len(facts["facts"])
    assert [one["raw"] for one in facts["facts"]] == [one.raw for one in told]
    assert asks.get("/api/v1/facts?limit=1&offset=2").json()["facts"] == facts["facts"][2:3]
    assert asks.get("/api/v1/search?q=复议").json()["hits"][0]["document"] == document
    assert asks.get(f"/api/v1/documents/{document}").json()["pages"][0]["lines"][0] == "一、总体情况"


def test_a_program_with_a_token_judges(browser: Asks, archive: Archive) -> None:
    asks = browser(token="secret")
    document = archive.documents.find("scans/a.pdf")
    said = {"document": document, "key": TOTAL, "kind": "correct", "printed": "1203"}
    headers = {"Authorization": "Bearer secret"}
    assert asks.post("/api/v1/verdicts", json=said).status_code == 403
    answer = asks.post("/api/v1/verdicts", json=said, headers=headers)
    assert (answer.status_code, answer.json()["value"]) == (201, "1203")
    assert asks.get("/api/v1/verdicts").json()["verdicts"] == [answer.json()]
    wrong = said | {"printed": "many"}
    assert asks.post("/api/v1/verdicts", json=wrong, headers=headers).status_code == 400
    assert asks.post("/api/v1/verdicts", json=said | {"document": "x"}, headers=headers).status_code == 422


def test_it_is_described(browser: Asks) -> None:
    paths = browser().get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/documents", "/api/v1/facts", "/api/v1/search", "/api/v1/verdicts"} <= set(paths)
    assert all(path.startswith("/api/v1/") for path in paths)
