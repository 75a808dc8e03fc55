"""`guidang search`: hits for people and for programs."""

from __future__ import annotations

import csv
import io
import json


def test_search_marks_the_hit_and_keeps_talk_apart(guidang, home):
    shown = guidang("search", "复议")
    assert shown.code == 0
    assert "【复议】申请11件" in shown.out
    assert "清河县水务局" in shown.out
    assert shown.err == "1 of 1 pages\n"


def test_search_in_json_gives_snippet_and_marks(guidang, home):
    (hit,) = json.loads(guidang("search", "复议", "--format", "json").out)
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["复议"]
    assert (hit["page"], hit["year"], hit["source"]) == (1, 2023, "scans/a.pdf")


def test_search_in_csv_gives_a_row_a_page(guidang, home):
    rows = list(csv.DictReader(io.StringIO(guidang("search", "情况", "--format", "csv").out)))
    assert sorted(row["page"] for row in rows) == ["1", "2"]


def test_search_takes_all_filters(guidang, home):
    filters = ["--year", 2023, "--organ", "水务", "--form", 2021, "--flag", "unbalanced", "--row", "new"]
    assert json.loads(guidang("search", "复议", *filters, "--format", "json").out)
    filters[1] = 2022
    assert json.loads(guidang("search", "复议", *filters, "--format", "json").out) == []
