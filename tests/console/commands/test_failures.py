"""`guidang failures` and `guidang retry`."""

from __future__ import annotations

import json


def test_failures_are_chosen_by_name_and_exported_only_into_a_zip(guidang, home, tmp_path):
    assert "bad.pdf" in guidang("failures", "bad.pdf").out
    shown = guidang("failures", "a.pdf")
    assert (shown.code, shown.out, shown.err) == (0, "", "0 documents failed\n")
    assert guidang("failures", "strange.pdf").code == 2
    for options in (["--with-originals"], ["--export", tmp_path / "r.zip", "--format", "csv"]):
        shown = guidang("failures", *options)
        assert (shown.code, len(shown.err.splitlines())) == (2, 1)
    assert guidang("failures", "a.pdf", "--export", tmp_path / "r.zip").code == 0
    assert list(tmp_path.glob("r.zip*")) == []


def test_text_of_a_document_cannot_steer_the_terminal(guidang, home):
    shown = guidang("failures")
    assert "not a PDF" in shown.out
    assert "\x1b[31m" not in shown.out


def test_retry_makes_failed_documents_pending(guidang, home):
    shown = guidang("retry", "bad.pdf")
    assert (shown.code, shown.out) == (0, "")
    assert shown.err.startswith("1 documents are pending again")
    assert json.loads(guidang("failures", "--format", "json").out) == []


def test_retry_tells_its_log_how_many_documents_wait_again(guidang, home, tmp_path):
    log = tmp_path / "log.json"
    assert guidang("retry", "--log", log).code == 0
    told = json.loads(log.read_text(encoding="utf-8"))
    assert (told["event"], told["pending_again"], told["chosen"]) == ("retry", 1, "all")
