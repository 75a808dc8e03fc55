"""`guidang reports`: the reports in a document, and people's last word on them, with the real reader."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pypdfium2
import pytest

import cli
from tests.support.paths import SAMPLES

PDFS = ("onepage.pdf", "fragment.pdf")


@pytest.fixture(scope="module")
def bound(tmp_path_factory):
    """Two sample reports in one PDF: page 1, and pages 2 to the last."""
    target = tmp_path_factory.mktemp("bound") / "bound.pdf"
    with pypdfium2.PdfDocument.new() as volume:
        for name in PDFS:
            with pypdfium2.PdfDocument(SAMPLES / name) as source:
                volume.import_pages(source)
        volume.save(target)
    return target


@pytest.fixture(scope="module")
def filled(bound, tmp_path_factory):
    home = tmp_path_factory.mktemp("filled") / "archive"
    assert cli.main(["ingest", str(bound), "--archive", str(home), "--quiet"]) == 0
    return home


@pytest.fixture
def home(filled, tmp_path, monkeypatch):
    """An archive of its own with the volume in it."""
    copy = tmp_path / "archive"
    shutil.copytree(filled, copy)
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(copy))
    monkeypatch.setenv("GUIDANG_WHO", "李")
    return copy


def listed(guidang, *arguments: object) -> list[dict[str, str]]:
    shown = guidang("reports", "list", *arguments, "--format", "csv")
    assert shown.code == 0
    return list(csv.DictReader(io.StringIO(shown.out)))


def test_a_volume_is_listed_report_by_report(guidang, home):
    first, second = listed(guidang)
    assert (first["organ"], first["year"], first["first_page"], first["last_page"]) == (
        "河源口县水利局",
        "2024",
        "1",
        "1",
    )
    assert (second["organ"], second["part"], second["first_page"]) == ("北岭区松山街道办事处", "2", "2")
    assert {first["flags"], second["flags"]} == {""}
    assert [one["part"] for one in listed(guidang, "--organ", "松山")] == ["2"]


def test_show_lists_the_reports_of_a_volume_and_shows_one_by_its_part(guidang, home):
    whole = guidang("show", "bound.pdf")
    assert "2 reports; `guidang show" in whole.out
    assert "河源口县水利局" in whole.out
    second = guidang("show", "bound.pdf:2")
    assert second.out.startswith("北岭区松山街道办事处")
    assert "2 of 2, page 2–" in second.out
    assert "河源口" not in second.out


def test_what_is_said_answers_stands_after_a_rerun_and_is_in_the_history(guidang, home):
    assert guidang("reports", "set", "bound.pdf:2", "--organ", "松山街道", "--note", "封面").code == 0
    assert guidang("rerun", "bound.pdf", "--quiet").code == 0
    assert [one["organ"] for one in listed(guidang)] == ["河源口县水利局", "松山街道"]
    facts = guidang("facts", "--organ", "松山街道", "--format", "json")
    assert {fact["part"] for fact in json.loads(facts.out)} == {2}
    (word,) = json.loads(guidang("reports", "history", "bound.pdf", "--format", "json").out)
    assert (word["field"], word["said"], word["seen"]) == ("organ", "松山街道", "北岭区松山街道办事处")
    assert (word["who"], word["note"], word["stands"]) == ("李", "封面", True)
    assert guidang("reports", "undo", "bound.pdf:2", "organ").code == 0
    assert [one["organ"] for one in listed(guidang)][1] == "北岭区松山街道办事处"


def test_reports_are_joined_and_split_by_hand_and_the_document_is_read_again(guidang, home):
    joined = guidang("reports", "join", "bound.pdf", "--quiet")
    assert (joined.code, len(listed(guidang))) == (0, 1)
    assert "borders_differ" in guidang("show", "bound.pdf").out
    split = guidang("reports", "split", "bound.pdf", "--at", 2, "--quiet")
    assert (split.code, split.out) == (0, "")
    assert [one["organ"] for one in listed(guidang)] == ["河源口县水利局", "北岭区松山街道办事处"]
    assert guidang("reports", "undo", "bound.pdf", "borders", "--quiet").code == 0
    assert len(listed(guidang)) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "bound.pdf", "--year", "2020"), "holds 2 reports: say which"),
        (("set", "bound.pdf:5", "--year", "2020"), "there is no report 5"),
        (("set", "bound.pdf:1"), "by --organ, --year or --title"),
        (("split", "bound.pdf", "--at", "99"), "there is no page 99"),
        (("split", "bound.pdf", "--at", "2"), "begin on page 2 already"),
        (("join", "bound.pdf:1"), "no report before report 1"),
        (("undo", "bound.pdf:1", "title"), "nobody said anything of title"),
        (
            ("undo", "bound.pdf:1", "name"),
            "no field 'name'; fields are organ, year",
        ),
        (("list", "nothing.pdf"), "no document 'nothing.pdf'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(guidang, home, arguments, said):
    before = listed(guidang)
    shown = guidang("reports", *arguments)
    assert (shown.code, shown.out) == (2, "")
    assert said in shown.err
    assert listed(guidang) == before


def test_a_preferred_reading_is_said_so(guidang, home):
    shown = guidang("reports", "prefer", "bound.pdf:1")
    assert (shown.code, shown.out) == (0, "")
    assert "chosen to count ✓" in shown.err


def test_verdicts_in_a_volume_need_the_part(guidang, home):
    shown = guidang("review", "accept", "bound.pdf", "requests/new/total")
    assert shown.code == 2
    assert "say which" in shown.err
    assert guidang("review", "accept", "bound.pdf:2", "requests/new/total").code == 0
    assert "requests/new/total" in guidang("review", "history", "bound.pdf").out


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """The first two pages of a sample report, each a picture of its own."""
    folder = tmp_path_factory.mktemp("scans")
    with pypdfium2.PdfDocument(SAMPLES / "fragment.pdf") as source:
        for number, page in enumerate([source[0], source[1]], 1):
            picture = page.render(scale=150 / 72).to_pil().convert("L")
            picture.save(folder / f"第{number}页.png", dpi=(150, 150))
    return folder


def test_single_pages_are_gathered_where_names_and_print_prove_it_and_stay_apart_once_taken_apart(
    guidang, scans, tmp_path, monkeypatch
):
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(tmp_path / "archive"))
    taken = guidang("ingest", scans)
    count = len(list(scans.iterdir()))
    assert f"gathered   1 reports of {count} single pages" in taken.err
    (whole,) = listed(guidang)
    assert (whole["organ"], whole["first_page"], whole["last_page"]) == (
        "北岭区松山街道办事处",
        "1",
        str(count),
    )
    assert f"part of   {whole['document'][:12]}" in guidang("show", "第1页.png").out
    assert f"{count}  set_aside" in guidang("status").out
    apart = guidang("reports", "undo", whole["document"], "members")
    assert f"its {count} documents answer by themselves" in apart.err
    assert len(listed(guidang)) == count
    assert "0 documents gathered" in guidang("reports", "gather", "--proved").err
    by_hand = guidang("reports", "gather", *(f"第{n}页.png" for n in range(1, count + 1)), "--quiet")
    assert by_hand.code == 0
    assert [one["document"] for one in listed(guidang)] == [whole["document"]]
    assert guidang("verify").code == 0


def test_what_cannot_be_read_together_answers_as_before(guidang, home, tmp_path):
    (tmp_path / "bad.pdf").write_bytes((SAMPLES / "broken" / "encrypted.pdf").read_bytes())
    assert guidang("ingest", tmp_path / "bad.pdf", "--quiet").code == 3
    before = listed(guidang)
    failed = guidang("reports", "gather", "bound.pdf", "bad.pdf", "--quiet")
    assert (failed.code, "they answer as before" in failed.err) == (3, True)
    assert listed(guidang) == before
    assert "file 2 in it" in guidang("failures").out


def test_documents_or_proved_and_not_both(guidang, home):
    assert guidang("reports", "gather").code == 2
    assert guidang("reports", "gather", "bound.pdf", "--proved").code == 2
    assert guidang("reports", "gather", "bound.pdf").code == 2
