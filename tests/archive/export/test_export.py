"""Exports have the public fields, and harm nobody who opens them in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.export.columns.base import ExportLayout
from archive.export.columns.fact_columns import FACTS
from archive.export.columns.page_columns import TABLES, TEXT
from archive.export.csv_json import neutralised, write_csv, write_json
from archive.values.facts import FactFilter
from core.errors import UsageError
from core.streams import data_stream
from reconcile.model import State
from tests.support import handmade

FACT_FIELDS = [
    "document",
    "source",
    "organ",
    "year",
    "form",
    "table",
    "row",
    "column",
    "state",
    "raw",
    "value",
    "confidence",
    "flags",
    "needs_review",
    "page",
    "left",
    "top",
    "right",
    "bottom",
    "part",
]
CELL_FIELDS = [
    "row",
    "column",
    "row_span",
    "column_span",
    "text",
    "confidence",
    "page",
    "left",
    "top",
    "right",
    "bottom",
]


@pytest.fixture(scope="module")
def archive(module_place):
    with module_place.open() as opened:
        handmade.archive_one(opened)
        zipped = [handmade.value("new", "total", "251000.50元")]
        unnamed = handmade.report("", None, [replace(zipped[0], value="251000.50", form="")])
        handmade.archive_one(opened, "b.zip!内/b.pdf", handmade.pages_saying("=cmd", "-"), unnamed)
        yield opened


def as_csv(records, layout: ExportLayout) -> list[dict[str, str]]:
    stream = io.StringIO()
    write_csv(records, layout, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def as_json(records, layout: ExportLayout) -> list[dict]:
    stream = io.StringIO()
    write_json(records, layout, stream)
    return json.loads(stream.getvalue())


def test_facts_have_the_public_columns_in_order(archive):
    rows = as_csv(archive.values.facts(), FACTS)
    assert list(rows[0]) == FACT_FIELDS
    assert rows[0] | {"document": ""} == {
        "document": "",
        "source": "scans/a.pdf",
        "organ": "清河县水务局",
        "year": "2023",
        "form": "2021",
        "table": "requests",
        "row": "new",
        "column": "natural_person",
        "state": "read",
        "raw": "1,203",
        "value": "1203",
        "confidence": "0.9123",
        "flags": "",
        "needs_review": "0",
        "page": "2",
        "left": "150.0",
        "top": "220.0",
        "right": "200.0",
        "bottom": "240.0",
        "part": "1",
    }


def test_facts_keep_the_order_of_intake_and_of_the_form(archive):
    keys = [(row["source"], row["row"], row["column"]) for row in as_csv(archive.values.facts(), FACTS)]
    first = [("scans/a.pdf", value.key.row, value.key.column) for value in handmade.VALUES]
    assert keys == [*first, ("b.zip!内/b.pdf", "new", "total")]


def test_blank_dash_unread_and_missing_have_no_value(archive):
    for row in as_csv(archive.values.facts(), FACTS):
        assert (row["value"] != "") == (row["state"] == State.READ)


def test_missing_value_has_no_place(archive):
    (missing,) = [row for row in as_json(archive.values.facts(), FACTS) if row["state"] == "missing"]
    assert [missing[field] for field in ("page", "left", "top", "right", "bottom")] == [None] * 5
    (printed,) = [row for row in as_csv(archive.values.facts(), FACTS) if row["state"] == "missing"]
    assert printed["page"] == printed["left"] == ""


def test_value_read_from_several_cells_is_one_fact_with_the_first_place(tmp_path):
    cells = (handmade.cell(1, 1, "3", page=2), handmade.cell(5, 1, "3", page=4))
    reading = handmade.report(values=[handmade.value("new", "total", cells=cells)])
    with Archive.open(tmp_path / "a", create=True) as archive:
        handmade.archive_one(archive, reading=reading)
        archive.documents.keep("copy.pdf", io.BytesIO(b"scans/a.pdf"), "application/pdf")
        assert [(fact.page, fact.top, fact.source) for fact in archive.values.facts()] == [
            (2, 220.0, "scans/a.pdf")
        ]


def test_flags_are_joined_and_settled_ones_need_no_review(archive):
    flagged = {
        row["flags"]: row["needs_review"] for row in as_csv(archive.values.facts(), FACTS) if row["flags"]
    }
    assert flagged == {"low_confidence;unbalanced": "1", "unread": "1", "missing": "1", "source_anomaly": "0"}


def test_unit_and_decimals_stay_as_printed(archive):
    last = as_csv(archive.values.facts(), FACTS)[-1]
    assert (last["raw"], last["value"], last["form"], last["year"], last["organ"]) == (
        "251000.50元",
        "251000.50",
        "",
        "",
        "",
    )


def test_facts_in_json_have_the_same_fields(archive):
    assert [list(row) for row in as_json(archive.values.facts(), FACTS)] == [FACT_FIELDS] * (
        len(handmade.VALUES) + 1
    )


def test_tables_have_the_public_fields(archive):
    known, unknown, *_ = as_json(archive.export.tables(), TABLES)
    named = ["document", "source", "form", "table", "pages", "n_rows", "n_columns", "cells", "part"]
    assert list(known) == [*named, "caption", "confidence", "flags"]
    assert (known["caption"], known["confidence"], known["flags"]) == ("", 1.0, "")
    assert unknown["flags"] == "unknown_form"
    assert (known["form"], known["table"], known["pages"]) == ("2021", "requests", [2, 3])
    assert (unknown["form"], unknown["table"], unknown["n_rows"], unknown["n_columns"]) == ("", None, 1, 2)
    assert list(unknown["cells"][0]) == CELL_FIELDS
    assert unknown["cells"][1]["text"] == "@x"
    assert unknown["cells"][1]["right"] == 200.0
    assert unknown["cells"][1]["confidence"] == 0.9123


def test_text_has_the_public_fields(archive):
    pages = as_json(archive.export.pages(), TEXT)
    assert list(pages[0]) == ["document", "source", "page", "route", "text", "lines", "part"]
    assert (pages[0]["page"], pages[0]["route"]) == (1, "digital")
    assert pages[0]["text"].splitlines() == [line["text"] for line in pages[0]["lines"]]
    assert pages[0]["lines"][0] == {
        "text": "一、总体情况",
        "confidence": 0.9877,
        "vertical": False,
        "left": 72.0,
        "top": 72.0,
        "right": 523.12,
        "bottom": 84.0,
        "flags": "",
    }


def test_tables_and_text_in_csv_are_a_row_a_cell_and_a_row_a_line(archive):
    cells = as_csv(archive.export.tables(), TABLES)
    assert [(row["number"], row["table"], row["text"]) for row in cells[:4]] == [
        ("1", "requests", "自然人"),
        ("1", "requests", "1,203"),
        ("2", "", "合计"),
        ("2", "", "'@x"),
    ]
    lines = as_csv(archive.export.pages(), TEXT)
    assert [(row["page"], row["number"], row["text"]) for row in lines[-2:]] == [
        ("1", "1", "'=cmd"),
        ("2", "1", "-"),
    ]


def test_json_leaves_texts_as_they_are(archive):
    assert [page["text"] for page in as_json(archive.export.pages(), TEXT)][-2:] == ["=cmd", "-"]


def test_empty_archive_exports_a_header_and_an_empty_array():
    assert as_json([], FACTS) == []
    stream = io.StringIO()
    write_csv([], FACTS, stream)
    assert stream.getvalue().rstrip("\n").split(",") == FACT_FIELDS


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "@SUM(A1)", "\tx", "\r=1", "-1+cmd|' /C calc'!A0", "-x", "＝1", "－a"]
)
def test_formula_is_neutralised(text):
    assert neutralised(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "-3", "-1,203.5", "-", "--", "—", "－", "－3", "/", "0", "12%", "-12%", "无", "a=b"]
)
def test_plain_cell_is_left_alone(text):
    assert neutralised(text) == text


@given(st.text(st.sampled_from("=+-@\t\r\n|'－＝1a. ")))
def test_no_cell_starts_a_formula(text):
    shown = neutralised(text)
    assert shown.removeprefix("'") == text.removeprefix("'")
    assert re.match(r"[=+@\t\r\n＝]|[-－]+[^-－\d]|[-－]\d+[^\d.%]", shown) is None


@pytest.mark.parametrize(
    ("where", "raws"),
    [
        (["value>100"], ["1,203", "251000.50元"]),
        (["value >= 1203", "value<2000"], ["1,203"]),
        (["value=-3"], ["-3"]),
        (["value == 0"], ["0"]),
        (["value＞１００", "year=2023"], ["1,203"]),
        (["value!=0", "page=2", "confidence<0.5"], []),
        (["needs_review=1", "value<0"], ["-3"]),
    ],
)
def test_conditions_choose_facts(archive, where, raws):
    assert [fact.raw for fact in archive.values.facts(FactFilter(where=tuple(where)))] == raws


@pytest.mark.parametrize(
    "where", ["", "value", "value>", "value>1;drop table value", "raw=1", "value>1 or 1=1", "1=1"]
)
def test_bad_condition_is_refused_before_anything_is_written(archive, where):
    with pytest.raises(UsageError, match="cannot use"):
        archive.values.facts(FactFilter(where=(where,)))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (FactFilter(table="review"), 1),
        (FactFilter(row="new"), 3),
        (FactFilter(row="new", column="total", year=2023), 1),
        (FactFilter(organ="水务"), 7),
        (FactFilter(organ="_"), 0),
        (FactFilter(row="nowhere"), 0),
    ],
)
def test_filters_choose_facts(archive, wanted, count):
    assert len(list(archive.values.facts(wanted))) == count


def test_file_appears_only_when_it_is_complete(tmp_path):
    target = tmp_path / "facts.csv"
    with data_stream(target) as stream:
        stream.write("总计\n")
        stream.flush()
        assert not target.exists()
    assert target.read_bytes() == "总计\n".encode()


def test_interrupted_export_leaves_no_file(tmp_path):
    def interrupted():
        yield from ()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), data_stream(tmp_path / "facts.csv") as stream:
        write_csv(interrupted(), FACTS, stream)
    assert list(tmp_path.iterdir()) == []


def test_file_that_cannot_be_written_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot write"), data_stream(tmp_path / "no" / "facts.csv"):
        pass
