"""`guidang export`: records, bags and PDFs."""

from __future__ import annotations

import csv
import json

import pytest
from openpyxl import load_workbook

from archive.archive import Archive
from tests.support import handmade


@pytest.mark.parametrize("kind", ["facts", "tables", "text", "corrections"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_writes_a_file_or_stdout(guidang, home, tmp_path, kind, form):
    for _ in range(4):
        guidang("review", "accept", "a.pdf", "requests/new/total")
    target = tmp_path / "out"
    shown = guidang("export", kind, "--format", form, "--output", target)
    assert (shown.code, shown.out) == (0, "")
    assert target.read_text(encoding="utf-8") == guidang("export", kind, "--format", form).out
    assert len(target.read_text(encoding="utf-8").splitlines()) > 3


def test_export_bag_writes_a_bag_and_says_what_is_in_it(guidang, home, tmp_path):
    done = guidang("export", "bag", "--output", tmp_path / "bag", "--organization", "档案馆")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1].startswith("2 documents, ")
    assert "Source-Organization: 档案馆\n" in (tmp_path / "bag" / "bag-info.txt").read_text(encoding="utf-8")


def test_export_bag_takes_the_documents_named_or_of_a_year(guidang, home, tmp_path):
    assert guidang("export", "bag", "bad.pdf", "--output", tmp_path / "one").code == 0
    assert guidang("export", "bag", "--year", 2023, "--output", tmp_path / "year").code == 0
    for bag, source in (("one", "scans/bad.pdf"), ("year", "scans/a.pdf")):
        listed = list(csv.DictReader((tmp_path / bag / "data" / "documents.csv").open(encoding="utf-8")))
        assert [one["source"] for one in listed] == [source]


def test_export_bag_of_a_damaged_archive_names_the_original(guidang, home, tmp_path):
    with Archive.open(home) as archive:
        damaged = archive.documents.path(archive.documents.find("a.pdf"))
    damaged.chmod(0o600)
    damaged.write_bytes(b"other")
    done = guidang("export", "bag", "--output", tmp_path / "bag")
    assert done.code == 4
    assert damaged.name in done.err
    assert not (tmp_path / "bag").exists()


@pytest.mark.parametrize("kind", ["bag", "pdf"])
def test_export_of_files_needs_a_place_for_them(guidang, home, kind):
    done = guidang("export", kind)
    assert (done.code, done.out) == (2, "")
    assert "--output" in done.err


def test_export_tables_takes_the_documents_named(guidang, home, tmp_path):
    for name in ("b.pdf", "c.pdf"):
        with Archive.open(home, write=True) as archive:
            handmade.archive_one(archive, name)
    told = json.loads(guidang("export", "tables", "a.pdf", "c.pdf").out)
    assert [one["source"] for one in told] == ["scans/a.pdf"] * 2 + ["c.pdf"] * 2
    shown = guidang("export", "tables", "b.pdf", "--output", tmp_path / "tables.xlsx")
    assert (shown.code, shown.out) == (0, "")
    assert load_workbook(tmp_path / "tables.xlsx").sheetnames == ["tables", "1 requests", "2"]
    assert guidang("export", "tables", "no.pdf").code == 2


def test_export_takes_no_option_that_it_would_not_heed(guidang, home, tmp_path):
    assert guidang("export", "facts", "a.pdf").code == 2
    assert guidang("export", "text", "--year", 2023).code == 2
    assert guidang("export", "bag", "--format", "csv", "--output", tmp_path / "bag").code == 2
    assert not (tmp_path / "bag").exists()


def test_export_pdf_says_which_documents_it_could_not_write(guidang, home, tmp_path):
    done = guidang("export", "pdf", "bad.pdf", "--output", tmp_path / "bad.pdf")
    assert (done.code, done.out) == (3, "")
    assert "failed, not read" in done.err
    assert list(tmp_path.glob("*.pdf*")) == []
