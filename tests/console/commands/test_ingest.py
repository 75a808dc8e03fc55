"""`guidang ingest`: what it says of a batch, and how it ends."""

from __future__ import annotations

from archive.archive import Archive


def test_ingest_makes_the_archive_and_sums_up_on_stderr(guidang, tmp_path, scan, batch):
    shown = guidang("ingest", scan, "--archive", tmp_path / "new")
    assert (shown.code, shown.out) == (0, "")
    assert "1 new, 0 kept before" in shown.err
    assert "archived" in shown.err
    assert "报告.pdf" in shown.err
    with Archive.open(tmp_path / "new") as archive:
        assert len(archive.documents.pending()) == 1


def test_quiet_ingest_says_nothing(guidang, home, scan, batch):
    shown = guidang("ingest", scan, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")


def test_ingest_with_failed_documents_ends_with_3(guidang, home, scan, batch):
    batch.failed = 1
    shown = guidang("ingest", scan, "--quiet")
    assert (shown.code, shown.err) == (3, "guidang: 1 documents failed; `guidang failures` says why\n")


def test_ingest_without_paths_goes_on_with_what_is_pending(guidang, home, batch):
    assert guidang("ingest", "--quiet").code == 0
    assert batch.paths == []


def test_interrupted_ingest_says_how_to_go_on(guidang, home, scan, batch):
    batch.raises = KeyboardInterrupt()
    shown = guidang("ingest", scan)
    assert shown.code == 130
    assert "same command again" in shown.err
    with Archive.open(home, write=True):
        pass  # the lock is free
