"""`guidang review`; more of it beside the queue and the verdicts."""

from __future__ import annotations


def test_review_list_needs_no_terminal(guidang, home):
    assert "requests/granted/total" in guidang("review", "list").out
    assert guidang("review").code == 2
