"""`guidang status`: the archive in numbers."""

from __future__ import annotations

import csv
import io
import json


def test_status_counts_and_failures_explain(guidang, home):
    shown = guidang("status")
    assert shown.code == 0
    assert "2 documents from 2 sources" in shown.out
    (failure,) = json.loads(guidang("failures", "--format", "json").out)
    assert (failure["source"], failure["code"]) == ("scans/bad.pdf", "not_pdf")


def test_status_for_programs_holds_every_number_of_the_text(guidang, home):
    told = json.loads(guidang("status", "--format", "json").out)
    counted = {"pending": 0, "archived": 1, "failed": 1, "quarantined": 0, "set_aside": 0}
    assert (told["documents"], told["sources"], told["crawls"]) == (counted, 2, None)
    assert told["size"]["originals_bytes"] == sum(
        one.stat().st_size for one in (home / "objects").rglob("*") if one.is_file()
    )
    rows = {
        one["name"]: one["value"]
        for one in csv.DictReader(io.StringIO(guidang("status", "--format", "csv").out))
    }
    assert (rows["documents.failed"], rows["needs_review"]) == ("1", str(told["needs_review"]))
    text = guidang("status").out
    assert all(f"{count:,}  {name}" in text for name, count in (told["values"] | told["flags"]).items())
