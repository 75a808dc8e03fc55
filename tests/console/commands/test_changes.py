"""`guidang changes`; more of it beside the changes on the web that it lists."""

from __future__ import annotations


def test_changes_of_sites_say_that_none_was_visited(guidang, home):
    shown = guidang("changes", "--since", "yesterday")
    assert (shown.code, shown.out) == (0, "")
    assert "no site was visited yet" in shown.err
