"""`guidang across`; more of it beside the comparisons."""

from __future__ import annotations

import json


def test_across_finds_nothing_to_compare_in_one_report(guidang, home):
    shown = guidang("across", "--format", "json")
    assert (shown.code, json.loads(shown.out)) == (0, [])
    assert shown.err.startswith("0 comparisons")
