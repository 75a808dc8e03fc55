"""The corpus is what it says: balanced, damaged in every way in both halves, and always the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest

from bench.accuracy.compare import compare
from bench.accuracy.kinds import by_kind
from bench.accuracy.text import errors, plain
from bench.accuracy.truth import Fact
from bench.corpus.build import ADDED, HALVES, KINDS, Entry, half_of, members
from bench.corpus.degrade import CORPUS_RECIPES, PHOTOGRAPHS, RECIPES, degrade
from bench.corpus.specimens import N_REPORTS, specimen
from samples.generator.grid import Grid, Slot, paginate
from samples.generator.reports import facts
from samples.generator.typeset import FONT_FOLDERS, set_report

NUMBERS = range(1, N_REPORTS + 1)
needs_fonts = pytest.mark.skipif(
    not all(Path(folder).is_dir() for folder in FONT_FOLDERS), reason="needs Debian's CJK fonts"
)


def sums_that_fail(truth: list[Fact]) -> set[tuple[str, str, str]]:
    """Keys of the sums along a row that do not hold; blanks and dashes count as 0."""
    failed = set()
    for fact in truth:
        if fact.table == "proactive" or not fact.column.endswith("total"):
            continue
        prefix = fact.column.removesuffix("total")
        parts = [
            f
            for f in truth
            if (f.table, f.row) == (fact.table, fact.row)
            and f.column.startswith(prefix)
            and f.column != fact.column
        ]
        if sum(Decimal(f.value or 0) for f in parts) != Decimal(fact.value or 0):
            failed.add(fact.key)
    return failed


@pytest.mark.parametrize("number", NUMBERS)
def test_only_planted_sums_are_wrong(number: int) -> None:
    report = specimen(number)
    assert sums_that_fail(list(facts(report.sample))) == set(report.planted)


def test_halves_share_no_report_and_hold_every_kind_twice() -> None:
    found = {half: list(members(half)) for half in HALVES}
    assert {n for n, _ in found["dev"]} | {n for n, _ in found["held"]} == set(NUMBERS)
    assert not {n for n, _ in found["dev"]} & {n for n, _ in found["held"]}
    for half in HALVES:
        assert set(Counter(kind for _, kind in found[half])) == set(KINDS | ADDED)
        assert min(Counter(kind for _, kind in found[half]).values()) >= 2
        assert {half_of(f"report-{n:02d}") for n, _ in found[half]} == {half}


def test_kinds_that_were_added_leave_the_others_where_they_were() -> None:
    kinds = list(KINDS)
    for half in HALVES:
        old = [member for member in members(half) if member[1] in KINDS]
        assert [kind for _, kind in old] == [kinds[n % len(kinds)] for n in range(len(old))]
        assert old == list(members(half))[: len(old)]


def test_corpus_holds_what_reports_print() -> None:
    prints = [fact for n in NUMBERS for fact in facts(specimen(n).sample)]
    raws = {fact.raw for fact in prints}
    assert {"", "0", "/", "无", "不适用", "-"} <= raws
    assert any(raw.startswith("-") and raw[1:].isdigit() for raw in raws)
    assert any("," in raw for raw in raws)
    assert any(raw.endswith("万元") for raw in raws)
    assert any(fact.value.isdigit() and int(fact.value) >= 100_000 for fact in prints)
    assert any("." in fact.value for fact in prints)
    assert {(fact.table, fact.form) for fact in prints} == {
        (table, form) for table in ("proactive", "requests", "review") for form in ("2019", "2021")
    }
    assert sum("review" not in specimen(n).sample.facts for n in NUMBERS) >= 3


def test_a_report_is_the_same_each_time_and_unlike_the_others() -> None:
    assert specimen(5).sample.facts == specimen(5).sample.facts
    assert len({(specimen(n).sample.organ, specimen(n).sample.year) for n in NUMBERS}) == N_REPORTS


@needs_fonts
@pytest.mark.parametrize("number", [9, 29])
def test_set_report_prints_every_value(number: int) -> None:
    report = specimen(number).sample
    pdf = pdfium.PdfDocument(set_report(report.spec))
    text = plain("".join(page.get_textpage().get_text_range() for page in pdf))
    assert 3 <= len(pdf) <= 8
    assert {f.raw for f in facts(report) if plain(f.raw) not in text} == set()


@pytest.mark.parametrize("name", CORPUS_RECIPES | PHOTOGRAPHS)
def test_recipe_of_the_corpus_spoils_the_page_the_same_way_for_the_same_seed(name: str) -> None:
    recipe = (CORPUS_RECIPES | PHOTOGRAPHS)[name]
    page = np.full((400, 300, 3) if recipe.colour else (400, 300), 255, np.uint8)
    page[100:300:20, 40:260] = 0
    first, again = (next(degrade([page], recipe, 5)) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape != page.shape or not np.array_equal(first, page)


def test_pages_of_one_report_are_turned_each_on_its_own() -> None:
    page = np.full((400, 300), 255, np.uint8)
    shapes = {image.shape for image in degrade([page] * 8, CORPUS_RECIPES["turned"], 3)}
    assert shapes == {(400, 300), (300, 400)}


def test_every_kind_names_a_recipe_or_stays_digital() -> None:
    recipes = set(RECIPES | CORPUS_RECIPES | PHOTOGRAPHS)
    assert {recipe for recipe in (KINDS | ADDED).values() if recipe} <= recipes


def test_page_end_cuts_a_row_and_lets_a_merged_label_run_on() -> None:
    slots = (
        Slot(0, 0, 2, 1, ("a", "b", "c", "d"), "side"),
        Slot(0, 1, 1, 1, ("x",), "label"),
        Slot(1, 1, 1, 1, ("y", "z"), "label"),
        Slot(1, 2, 1, 1, ("7",), "value"),
    )
    grid = Grid((20.0, 20.0, 20.0), (20.0, 40.0), slots)
    first, second = paginate(grid, 45.0, 100.0, open_break=True, cut_rows=True, step=12.0)
    lines = [{slot.column: slot.lines for slot in part.slots if slot.lines} for part in (first, second)]
    assert [part.heights for part in (first, second)] == [(20.0, 20.0), (20.0,)]
    assert lines == [{0: ("a", "b", "c"), 1: ("y",), 2: ("7",)}, {0: ("d",), 1: ("z",)}]
    assert first.open_bottom
    assert second.open_top


def test_character_errors_count_order_and_lost_pages_but_not_white_space() -> None:
    assert errors(["一 二\n三", "四五"], {1: "一二三", 2: "四五"}) == (0, 5)
    assert errors(["一二", "三四"], {1: "二一"}) == (4, 4)
    assert errors(["（1）"], {1: "(1)", 2: "x"}) == (1, 3)


def test_kinds_count_planted_mistakes_found_and_sound_reports_accused() -> None:
    fact = Fact("2021", "review", "cases", "review.total", "read", "3", "3")
    key = fact.key
    row = dict(zip(("table", "row", "column"), key, strict=True))
    row |= {"state": "read", "raw": "3", "value": "3", "needs_review": "0", "flags": "source_anomaly"}
    planted = Entry(Path("a.fax.pdf"), "fax", (fact,), ("三",), (key,))
    sound = replace(planted, path=Path("b.fax.pdf"), planted=())
    rows = [row | {"source": "/r/a.fax.pdf"}, row | {"source": "/r/b.fax.pdf"}]
    scores = {e.path.name: compare(e.path.name, e.truth, [row]) for e in (planted, sound)}
    texts = [{"source": "/r/a.fax.pdf", "page": 1, "text": "三"}]
    proposals = {"a.fax.pdf": {key: "3"}, "b.fax.pdf": {key: "4"}}
    (line,) = by_kind([planted, sound], scores, rows, texts, {"a.fax.pdf": (1, 2.0)}, proposals)
    assert (line.planted, line.found, line.accused) == (1, 1, 1)
    assert (line.proposed, line.right) == (2, 1)
    assert (line.errors, line.characters, line.seconds, line.score.exact) == (1, 2, 2.0, 2)
