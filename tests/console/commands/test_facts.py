"""`guidang facts`: values listed, added up, laid side by side, drawn."""

from __future__ import annotations

import json

from archive.archive import Archive
from tests.support import handmade


def test_facts_in_csv_are_the_export(guidang, home):
    listed = guidang("facts", "--format", "csv").out
    assert listed == guidang("export", "facts").out
    assert len(listed.splitlines()) == 1 + len(handmade.VALUES)


def test_facts_table_and_conditions(guidang, home):
    shown = guidang("facts", "--table", "requests", "--where", "value>100", "--where", "year=2023")
    assert "1,203" in shown.out
    assert "-3" not in shown.out


def test_long_table_of_facts_says_that_it_is_cut(guidang, home, monkeypatch):
    monkeypatch.setattr("console.delivery.LONGEST_TABLE", 2)
    shown = guidang("facts")
    assert "only the first 2 are shown" in shown.err
    assert "carried_in" not in shown.out


def test_facts_by_organ_are_added_up_and_count_their_inputs(guidang, home):
    (line,) = json.loads(
        guidang("facts", "--row", "carried_in", "--by", "organ", "--over", "column", "--format", "json").out
    )
    assert (line["organ"], line["sum"], line["blank"], line["dash"]) == ("清河县水务局", "", 1, 1)
    shown = guidang("facts", "--row", "new", "--column", "natural_person", "--by", "organ,year")
    assert (shown.code, shown.err) == (0, "")
    assert "1,203" in shown.out


def test_facts_across_years_show_changes_and_take_conditions_on_them(guidang, home):
    with Archive.open(home, write=True) as archive:
        more = handmade.report(year=2024, values=[handmade.value("new", "natural_person", "1,300")])
        handmade.archive_one(archive, "b.pdf", reading=more)
    row = ["facts", "--row", "new", "--across", "year"]
    assert "+97 (+8.1 %)" in guidang(*row, "--change").out
    assert "+97 (+8.1 %)" in guidang(*row, "--where", "change>90", "--where", "sum<1300.5").out
    assert json.loads(guidang(*row, "--where", "change>97", "--format", "json").out) == []


def test_facts_of_two_reports_on_one_year_are_told_of(guidang, home):
    with Archive.open(home, write=True) as archive:
        handmade.archive_one(archive, "again.pdf")
    shown = guidang("facts", "--row", "new", "--across", "year")
    assert "1,203 (2 reports)" in shown.out
    assert "--by document" in shown.err


def test_facts_plot_prints_the_path_of_the_picture(guidang, home, tmp_path):
    shown = guidang("facts", "--row", "new", "--plot", tmp_path / "out.png")
    assert (shown.code, shown.out) == (0, f"{tmp_path / 'out.png'}\n")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
