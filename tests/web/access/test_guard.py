"""Who comes in, and what nobody else can make a browser do."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import HOST, LOCAL, Asks
from web.access.people import People
from web.access.sessions import Attempts, Sessions

PAGES = ("/", "/search?q=公开", "/review", "/api/v1/documents", "/static/guidang.js", "/nowhere")


def token_of(browser: TestClient) -> str:
    return re.findall(r'X-Guidang-Token": "([^"]+)"', browser.get("/").text)[0]


def log_in(browser: TestClient, name: str, password: str, then: str = "/") -> int:
    answer = browser.post("/login", data={"name": name, "password": password, "next": then})
    assert answer.headers.get("location", "/") in (then, "/")
    return answer.status_code


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_binds_the_browser(browser: Asks, page: str) -> None:
    headers = browser().get(page).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_name_of_somebody_elses_that_leads_here_is_not_served(browser: Asks) -> None:
    assert browser().get("/", headers={"Host": "evil.example"}).status_code == 421


def test_at_this_machine_nobody_logs_in_and_what_changes_something_needs_the_token(browser: Asks) -> None:
    asks = browser()
    token = token_of(asks)
    assert asks.post("/review/later").status_code == 403
    assert asks.post("/review/later", headers={"X-Guidang-Token": "x" * 43}).status_code == 403
    assert asks.post("/review/later", headers={"X-Guidang-Token": token}).status_code == 200
    elsewhere = {"X-Guidang-Token": token, "Origin": "http://evil.example"}
    assert asks.post("/review/later", headers=elsewhere).status_code == 403
    ours = {"X-Guidang-Token": token, "Origin": HOST}
    assert asks.post("/review/later", headers=ours).status_code == 200


def test_with_people_a_stranger_is_sent_to_log_in_and_a_program_is_told(
    browser: Asks, people: People
) -> None:
    asks = browser(people)
    answer = asks.get("/search?q=复议&year=2023")
    assert (answer.status_code, answer.headers["location"][:12]) == (303, "/login?next=")
    assert asks.get("/api/v1/facts").status_code == 401
    assert asks.post("/review/verdict").status_code == 401
    assert asks.get("/documents/" + "a" * 64 + "/original").status_code == 303


def test_roles_reader_looks_and_reviewer_judges(browser: Asks, people: People) -> None:
    reader, reviewer = browser(people), browser(people)
    assert log_in(reader, "wang", "reads") == log_in(reviewer, "zhao", "judges") == 303
    for asks, status in ((reader, 403), (reviewer, 200)):
        assert asks.get("/").status_code == 200
        headers = {"X-Guidang-Token": token_of(asks)}
        assert asks.post("/review/later", headers=headers).status_code == status
    assert reader.post("/logout", headers={"X-Guidang-Token": token_of(reader)}).status_code == 204
    assert reader.get("/").status_code == 303


def test_logging_in_fails_alike_for_a_wrong_name_and_password_and_has_to_wait(
    browser: Asks, people: People
) -> None:
    asks = browser(people)
    statuses = [log_in(asks, *who) for who in [("wang", "no"), ("nobody", "reads")] * 3]
    assert statuses == [401] * 5 + [429]
    assert log_in(asks, "wang", "reads") == 429


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\n"])
def test_nobody_is_led_elsewhere_after_logging_in(browser: Asks, people: People, then: str) -> None:
    answer = browser(people).post("/login", data={"name": "wang", "password": "reads", "next": then})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_program_with_the_token_is_let_in_and_with_another_is_not(browser: Asks, people: People) -> None:
    asks = browser(people, token="secret")
    assert asks.get("/api/v1/documents", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert asks.get("/api/v1/documents", headers={"Authorization": "Bearer secre"}).status_code == 401


def test_too_much_is_not_taken(browser: Asks) -> None:
    asks = browser()
    headers = {"X-Guidang-Token": token_of(asks)}
    assert asks.post("/review/verdict", content=b"x" * 70_000, headers=headers).status_code == 413


def test_sessions_run_out_and_attempts_are_forgotten() -> None:
    now = [0.0]
    sessions, attempts = Sessions(lambda: now[0]), Attempts(lambda: now[0])
    session = sessions.begin(LOCAL)
    assert sessions.of(session.key) == session
    assert [attempts.may("here") for _ in range(6)] == [True] * 5 + [False]
    assert attempts.may("there")
    now[0] = 90_000.0
    assert sessions.of(session.key) is None
    assert attempts.may("here")
