"""`guidang worker`."""

from __future__ import annotations

from tests.support.paths import ROOT


def test_worker_reads_what_was_left_to_it_and_status_tells(guidang, server, tmp_path, monkeypatch):
    monkeypatch.setenv("GUIDANG_ENGINE", "null")
    address = server.new_database()
    assert guidang("init", "--archive", address, "--objects", tmp_path / "objects").code == 0
    report = ROOT / "samples" / "onepage.pdf"
    assert guidang("ingest", report, "--defer", "--quiet", "--archive", address).code == 0
    shown = guidang("status", "--archive", address)
    assert "1  waiting (ingest)" in shown.out
    assert guidang("worker", "--once", "--workers", 1, "--archive", address).code == 0
    shown = guidang("status", "--archive", address)
    assert "0 documents in the queue" in shown.out
    assert "within the last hour: 1 archived" in shown.out


def test_worker_of_an_archive_in_a_folder_is_refused(guidang, home):
    shown = guidang("worker", "--archive", home)
    assert shown.code == 2
    assert "has no workers" in shown.err
