"""`guidang coverage`; more of it beside the lists of organs."""

from __future__ import annotations


def test_coverage_shows_what_is_there_and_what_cannot_be_placed(guidang, home):
    shown = guidang("coverage")
    assert shown.code == 0
    assert "清河县水务局" in shown.out
    assert "scans/bad.pdf" in shown.out
    assert shown.err == "1 of 1 there; 1 more not expected or not placed\n"
