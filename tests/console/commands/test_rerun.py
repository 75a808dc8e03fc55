"""`guidang rerun`."""

from __future__ import annotations


def test_rerun_of_what_cannot_be_read_ends_with_3_and_keeps_the_reading(guidang, home):
    before = guidang("facts", "--format", "csv").out
    shown = guidang("rerun", "a.pdf", "--format", "csv", "--quiet")
    assert (shown.code, len(shown.out.splitlines())) == (3, 1)
    assert "1 documents failed; their older readings stand" in shown.err
    assert guidang("facts", "--format", "csv").out == before
