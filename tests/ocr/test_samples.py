"""The samples print what their truth says, and the benchmark counts as it promises."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.compare import compare
from bench.accuracy.run import Report, score
from bench.accuracy.truth import Fact, read_truth, truth_of_digital_report, truth_path
from bench.corpus.degrade import RECIPES, degrade, render, scan_pdf
from samples.generator.reports import PASSWORD, PLANTED, SAMPLES, facts
from samples.generator.typeset import FONT_FOLDERS, set_report
from samples.generator.values import balanced_requests
from samples.generator.webpages import WEBPAGES
from tests.support.paths import SAMPLES as FOLDER

TRUTHS = sorted(FOLDER.glob("*.truth.csv"))
ENDINGS = ("pdf", "jpg", "html", "mhtml", "ofd", "xlsx", "xls", "docx")
REPORTS = sorted(path for end in ENDINGS for path in FOLDER.glob(f"*.{end}"))
SIZES = {
    ("proactive", "2021"): 10,
    ("proactive", "2019"): 22,
    ("requests", "2021"): 175,
    ("requests", "2019"): 161,
    ("review", "2021"): 15,
    ("review", "2019"): 15,
    ("budget_summary", "budget"): 26,  # of 45, as printed: a department leaves out what it has not
}
needs_fonts = pytest.mark.skipif(
    not all(Path(folder).is_dir() for folder in FONT_FOLDERS), reason="needs Debian's CJK fonts"
)


def failed_relations(truth: list[Fact]) -> set[str]:
    """R1 to R4 written out once more, apart from the generator; blanks count as 0."""
    number = {fact.key: Decimal(fact.value or 0) for fact in truth}
    requests = {key[1:]: n for key, n in number.items() if key[0] == "requests"}
    rows = list(dict.fromkeys(row for row, _ in requests))
    columns = list(dict.fromkeys(column for _, column in requests))
    outer = {"new", "carried_in", "total", "carried_out"}
    failed = {f"R1 {r}" for r in rows if sum(requests[r, c] for c in columns[:-1]) != requests[r, "total"]}
    for c in columns:
        if sum(requests[r, c] for r in rows if r not in outer) != requests["total", c]:
            failed.add(f"R2 {c}")
        came, went = (
            requests["new", c] + requests["carried_in", c],
            requests["total", c] + requests["carried_out", c],
        )
        if came != went:
            failed.add(f"R3 {c}")
    for phase in ("review", "direct", "after_review"):
        cases = [n for (table, _, c), n in number.items() if table == "review" and c.startswith(f"{phase}.")]
        if cases and sum(cases[:-1]) != cases[-1]:
            failed.add(f"R4 {phase}")
    return failed


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.name)
def test_every_report_has_its_truth_and_its_line_in_the_readme(report: Path) -> None:
    assert truth_path(report).exists()
    assert f"`{report.name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((FOLDER / "broken").iterdir()), ids=lambda path: path.name)
def test_broken_files_are_in_the_readme_and_do_not_open(path: Path) -> None:
    assert f"`broken/{path.name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(path)


def test_encrypted_file_opens_with_its_password() -> None:
    assert len(pdfium.PdfDocument(FOLDER / "broken" / "encrypted.pdf", password=PASSWORD)) == 1


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name)
def test_truth_has_every_key_of_its_forms_once(path: Path) -> None:
    truth = read_truth(path)
    assert max(Counter(fact.key for fact in truth).values(), default=1) == 1
    counts = Counter((fact.table, fact.form) for fact in truth)
    assert counts == {kind: SIZES[kind] for kind in counts}


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name)
def test_truth_is_balanced_unless_a_mistake_is_planted(path: Path) -> None:
    truth = read_truth(path)
    planted = {"R1 partly_granted", "R2 total", "R4 review"} if path.name.startswith("mixed") else set()
    assert (failed_relations(truth) if any(f.table == "requests" for f in truth) else set()) == planted


def test_planted_mistakes_are_the_ones_documented() -> None:
    truth = {fact.key: fact.raw for fact in read_truth(FOLDER / "mixed.truth.csv")}
    assert {truth[key] for key in PLANTED["mixed"].values()} == {"0"}


@pytest.mark.parametrize("make", SAMPLES, ids=lambda make: make.__name__)
def test_committed_truth_is_what_the_generator_sets(make) -> None:  # type: ignore[no-untyped-def]
    sample = make()
    assert list(facts(sample)) == read_truth(FOLDER / f"{sample.name}.truth.csv")


@pytest.mark.parametrize(("make", "set_page"), WEBPAGES, ids=lambda make: make.__name__)
def test_committed_web_pages_are_what_the_generator_sets(make, set_page) -> None:  # type: ignore[no-untyped-def]
    sample = make()
    assert (FOLDER / f"{sample.name}.html").read_bytes() == set_page(sample)
    assert list(facts(sample)) == read_truth(FOLDER / f"{sample.name}.truth.csv")


@pytest.mark.parametrize("name", ["form2021", "form2019", "stacked", "displaced"])
def test_digital_sample_prints_its_truth_row_by_row(name: str) -> None:
    read = truth_of_digital_report(FOLDER / f"{name}.pdf")
    truth = read_truth(FOLDER / f"{name}.truth.csv")
    assert [(f.key, f.raw, f.value) for f in read] == [(f.key, f.raw, f.value) for f in truth]


def test_blank_form_has_only_blanks() -> None:
    assert {(f.state, f.raw, f.value) for f in read_truth(FOLDER / "blank2019.truth.csv")} == {
        ("blank", "", "")
    }


def test_unknown_form_has_no_values() -> None:
    assert read_truth(FOLDER / "oldform.truth.csv") == []


def test_open_break_has_no_rule_at_the_page_end() -> None:
    with pdfplumber.open(FOLDER / "openbreak.pdf") as pdf:
        page, after = pdf.pages[1], pdf.pages[2]
        rules = [line for line in page.lines if abs(line["top"] - line["bottom"]) < 1]
        verticals = [line for line in page.lines if abs(line["x0"] - line["x1"]) < 1]
        first_rule = min(line["top"] for line in after.lines if abs(line["top"] - line["bottom"]) < 1)
        assert max(line["bottom"] for line in verticals) > max(line["bottom"] for line in rules) + 5
        assert min(line["top"] for line in after.lines) < first_rule - 5


def test_stacked_headers_are_interleaved_in_the_text_layer() -> None:
    text = pdfium.PdfDocument(FOLDER / "stacked.pdf")[2].get_textpage().get_text_range()
    letters = "".join(text.split())
    assert "结结其尚总结结其尚总结结其尚总果果他未计" in letters
    assert "结果维持" not in letters


def test_scrambled_text_layer_looks_the_same_and_reads_otherwise() -> None:
    sound, scrambled = FOLDER / "form2021.pdf", FOLDER / "form2021-scrambled.pdf"
    for before, after in zip(render(sound, 72), render(scrambled, 72), strict=True):
        assert np.array_equal(before, after)
    text = pdfium.PdfDocument(scrambled)[1].get_textpage().get_text_range()
    assert "申请" in pdfium.PdfDocument(sound)[1].get_textpage().get_text_range()
    assert "申请" not in text
    assert "\ufffd" not in text


@pytest.mark.parametrize("name", ["form2021", "form2019", "blank2019", "stacked", "mixed"])
def test_scan_keeps_the_page_size_and_has_no_text(name: str) -> None:
    original, scan = (
        pdfium.PdfDocument(FOLDER / f"{name}.pdf"),
        pdfium.PdfDocument(FOLDER / f"{name}-scan.pdf"),
    )
    assert len(original) == len(scan)
    for before, after in zip(original, scan, strict=True):
        assert np.allclose(before.get_size(), after.get_size(), atol=0.5)
        assert after.get_textpage().count_chars() == 0


@needs_fonts
def test_setting_a_report_twice_gives_the_same_bytes() -> None:
    assert set_report(SAMPLES[0]().spec) == set_report(SAMPLES[0]().spec)


@given(st.integers(0, 2**32), st.sampled_from(["2019", "2021"]), st.floats(1, 300), st.floats(0, 1))
def test_generated_tables_are_balanced(seed: int, form: str, mean: float, fill: float) -> None:
    numbers = balanced_requests(np.random.default_rng(seed), form, mean, fill)
    truth = [Fact(form, "requests", r, c, "read", str(n), str(n)) for (r, c), n in numbers.items()]
    assert failed_relations(truth) == set()
    assert min(numbers.values()) >= 0


@pytest.mark.parametrize("name", RECIPES)
def test_recipe_spoils_the_page_the_same_way_for_the_same_seed(name: str) -> None:
    page = np.full((400, 300), 255, np.uint8)
    page[100:300:20, 40:260] = 0
    page[100:300, 40:260:30] = 0
    first, again = (next(degrade([page], RECIPES[name], 5)) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape[:2] == ((300, 400) if name in {"turned90", "turned270"} else (400, 300))
    assert first.shape != page.shape or not np.array_equal(first, page)


@pytest.mark.parametrize("name", ["grey200", "seal", "fax", "turned90"])
def test_scan_is_written_with_one_image_a_page(name: str, tmp_path: Path) -> None:
    scan_pdf(FOLDER / "onepage.pdf", tmp_path / "scan.pdf", name, 1)
    width, height = pdfium.PdfDocument(FOLDER / "onepage.pdf")[0].get_size()
    page = pdfium.PdfDocument(tmp_path / "scan.pdf")[0]
    expected = (height, width) if name == "turned90" else (width, height)
    assert np.allclose(page.get_size(), expected, atol=0.5)
    assert len(list(page.get_objects())) == 1


FACT = Fact("2021", "review", "cases", "review.total", "read", "1,204", "1204")
BLANK = Fact("2021", "review", "cases", "review.total", "blank", "", "")


def exported(**changes: str) -> dict[str, str]:
    row = {"source": "x/a.pdf", "table": "review", "row": "cases", "column": "review.total"}
    row |= {"state": "read", "raw": "1,204", "value": "1204", "flags": "", "needs_review": "0"}
    return row | changes


@pytest.mark.parametrize(
    ("truth", "rows", "exact", "silent", "made_up", "flagged", "missing"),
    [
        (FACT, [exported()], 1, 0, 0, 0, 0),
        (FACT, [exported(raw="１，２０ ４")], 1, 0, 0, 0, 0),
        (FACT, [exported(needs_review="1")], 1, 0, 0, 1, 0),
        (FACT, [exported(value="1264")], 0, 1, 0, 0, 0),
        (FACT, [exported(raw="1264")], 0, 1, 0, 0, 0),
        (FACT, [exported(value="1264", needs_review="1")], 0, 0, 0, 0, 0),
        (FACT, [exported(state="blank", raw="", value="")], 0, 1, 0, 0, 0),
        (FACT, [], 0, 0, 0, 0, 1),
        (FACT, [exported(), exported(value="7")], 0, 1, 0, 0, 0),
        (BLANK, [exported(state="blank", raw="", value="")], 1, 0, 0, 0, 0),
        (BLANK, [exported(needs_review="1")], 0, 0, 1, 0, 0),
        (BLANK, [exported(state="dash", raw="/", value="")], 0, 1, 0, 0, 0),
    ],
)
def test_comparison_counts_each_kind_of_miss(  # type: ignore[no-untyped-def]
    truth, rows, exact, silent, made_up, flagged, missing
) -> None:
    result = compare("a.pdf", [truth], rows)
    counts = (result.exact, result.silent, result.made_up, result.flagged, result.missing)
    assert counts == (exact, silent, made_up, flagged, missing)


def test_value_under_a_key_that_is_not_printed_is_made_up() -> None:
    result = compare("a.pdf", [], [exported()])
    assert (result.made_up, result.silent, result.cells, result.sound) == (1, 1, 0, False)


def test_rows_are_scored_with_the_file_they_came_from() -> None:
    reports = [Report(Path("/r/a.pdf"), (FACT,)), Report(Path("/r/b.pdf"), (FACT,))]
    scores = score(reports, [exported(), exported(source="x/b.pdf", value="3")])
    assert [(s.document, s.exact, s.silent) for s in scores] == [("a.pdf", 1, 0), ("b.pdf", 0, 1)]
