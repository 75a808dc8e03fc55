"""`guidang review`; more of it beside the queue and the verdicts."""

from __future__ import annotations

import json
from types import SimpleNamespace


def test_review_list_needs_no_terminal(guidang, home):
    assert "requests/granted/total" in guidang("review", "list").out
    assert guidang("review").code == 2


def test_who_is_the_one_on_the_command_line_else_the_one_of_the_settings(guidang, home, monkeypatch):
    monkeypatch.setattr("archive.reviewer.settings", lambda: SimpleNamespace(who="李四"))
    monkeypatch.setenv("GUIDANG_WHO", "nobody")  # what is in the environment is read by the settings alone
    value = ("scans/a.pdf", "requests/granted/total")
    assert guidang("review", "note", *value, "看过").code == 0
    assert guidang("review", "note", *value, "再看", "--who", "张三").code == 0
    told = json.loads(guidang("review", "history", "--format", "json").out)
    assert [one["who"] for one in told] == ["李四", "张三"]
