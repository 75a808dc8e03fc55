"""`guidang serve`."""

from __future__ import annotations

import getpass
import json

import pytest
import uvicorn
from starlette.testclient import TestClient

from web.access.people import hashed, read_people


@pytest.fixture
def answers(monkeypatch):
    """What the page answers while the command serves it, in the place of a server that never ends."""
    seen = []

    def run(application, **options):
        browser = TestClient(application, "http://127.0.0.1", follow_redirects=False)
        seen.append((options["host"], options["port"], browser.get("/").status_code))

    monkeypatch.setattr(uvicorn, "run", run)
    return seen


def test_serve_shows_the_archive_at_this_machine(guidang, home, answers):
    shown = guidang("serve", "--port", 0, "--who", "李")
    assert (shown.code, shown.out) == (0, "")
    assert str(home) in shown.err
    assert answers == [("127.0.0.1", 0, 200)]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "archive.example"])
def test_serve_for_others_needs_people(guidang, home, answers, host):
    shown = guidang("serve", "--host", host)
    assert shown.code == 2
    assert "--people" in shown.err
    assert answers == []


def test_serve_with_people_asks_everybody_to_log_in(guidang, home, answers, tmp_path):
    people = tmp_path / "people.toml"
    people.write_text(f'[li]\npassword = "{hashed("x")}"\n')
    assert guidang("serve", "--host", "0.0.0.0", "--name", "127.0.0.1", "--people", people).code == 0
    assert answers == [("0.0.0.0", 8470, 303)]


def test_serve_lets_a_program_in_by_its_token_and_nobody_else(guidang, home, monkeypatch, tmp_path):
    token, log, seen = tmp_path / "token", tmp_path / "access.log", []
    token.write_text("a" * 32 + "\n")

    def run(application, **_):
        program = TestClient(application, "http://192.0.2.1", follow_redirects=False)
        known = {"Authorization": "Bearer " + "a" * 32}
        asked = [("/api/v1/documents", known), ("/api/v1/documents", {}), ("/?organ=x", {})]
        seen.extend(program.get(path, headers=headers).status_code for path, headers in asked)

    monkeypatch.setattr(uvicorn, "run", run)
    shown = guidang("serve", "--host", "192.0.2.1", "--token", token, "--log", log, "--who", "李")
    assert (shown.code, seen) == (0, [200, 401, 303])
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(one["who"], one["path"], one["status"]) for one in told] == [
        ("李", "/api/v1/documents", 200),
        ("", "/api/v1/documents", 401),
        ("", "/", 303),
    ]


def test_serve_wants_no_token_that_could_be_guessed(guidang, home, answers, tmp_path):
    token = tmp_path / "token"
    token.write_text("secret")
    assert guidang("serve", "--token", token).code == 2
    assert answers == []


def test_serve_makes_the_hash_of_a_password(guidang, monkeypatch, tmp_path):
    monkeypatch.setattr(getpass, "getpass", lambda _: "secret")
    shown = guidang("serve", "--hash-password")
    people = tmp_path / "people.toml"
    people.write_text(f'[li]\npassword = "{shown.out.strip()}"\n')
    assert read_people(people).let_in("li", "secret")


def test_serve_of_no_archive_says_so(guidang, tmp_path, answers):
    assert guidang("serve", "--archive", tmp_path / "none").code == 5
    assert answers == []
