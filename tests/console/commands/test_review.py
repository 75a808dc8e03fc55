"""`guidang review`; more of it beside the queue and the verdicts."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from types import SimpleNamespace

from archive.archive import Archive
from core.media_types import PDF
from reconcile.model import Finding
from tests.support import handmade


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


def test_review_list_names_documents_to_look_at_as_a_whole(guidang, home):
    with Archive.open(home, write=True) as archive:
        digest = archive.documents.keep("notice.pdf", io.BytesIO(b"n"), PDF).document
        found = (Finding("no_report", "未见年度报告的标题"),)
        reading = replace(handmade.report(values=[]), tables=(), findings=found)
        archive.documents.record(
            digest, handmade.RUN, (handmade.page(1, "放假通知"),), handmade.alone(reading)
        )
    told = guidang("review", "list")
    assert f"look at {digest[:12]} as a whole: no_report, 未见年度报告的标题" in told.err
    assert "no_report" not in told.out
