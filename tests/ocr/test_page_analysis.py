"""One analysis for every route, and no part of a view made twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr import page_analysis, preprocessing
from ocr.document_opener import open_document
from ocr.engine.base import Engine, NullEngine
from ocr.image.page_image import PageImage
from ocr.model import Page, Route
from ocr.page_analysis import PageAnalysis
from ocr.preprocessing import prepare_scan
from ocr.reader import read_page
from ocr.rereading import read_again
from tests.support.paths import SAMPLES

PARTS = ("remove_colour", "binarise", "find_rulings", "find_grids", "add_borderless_tables", "clean_page")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each part was made."""
    calls: Counter[str] = Counter()

    def counted(name: str) -> None:
        function = getattr(page_analysis, name)

        def count(*arguments: object, **named: object) -> object:
            calls[name] += 1
            return function(*arguments, **named)

        monkeypatch.setattr(page_analysis, name, count)

    for name in PARTS:
        counted(name)
    return calls


def ruled(colour: tuple[int, int, int] = (0, 0, 0)) -> PageImage:
    """A straight page with a table of 5 × 3 cells, a dash in each."""
    pixels = np.full((2200, 1700, 3), 255, np.uint8)
    for y in range(400, 1401, 200):
        cv2.line(pixels, (200, y), (1400, y), colour, 3)
    for x in range(200, 1401, 400):
        cv2.line(pixels, (x, 400), (x, 1400), colour, 3)
    for x, y in ((x, y) for x in (400, 800, 1200) for y in range(500, 1400, 200)):
        cv2.rectangle(pixels, (x - 15, y - 3), (x + 15, y + 3), (0, 0, 0), cv2.FILLED)
    return PageImage(pixels, np.diag([0.36, 0.36, 1.0]), 200.0)


def first_page(name: str, engine: Engine) -> Page:
    with open_document(SAMPLES / name) as document:
        return read_page(document.sheet(1), engine)


def test_a_part_is_made_once_however_often_it_is_asked_for(made: Counter[str]) -> None:
    analysis = PageAnalysis(ruled())
    for _ in range(3):
        assert analysis.cleaned.ink is analysis.cleaned.ink
        assert len(analysis.grids) == 1
        assert analysis.rulings is analysis.rulings
    assert made == dict.fromkeys(PARTS, 1)


def test_what_nobody_asks_for_is_not_made(made: Counter[str]) -> None:
    assert PageAnalysis(ruled(), keeps_colour=True).ink.any()
    assert made == {"binarise": 1}


def test_a_page_without_colours_has_one_analysis_with_and_without_them() -> None:
    kept = PageAnalysis(ruled(), keeps_colour=True)
    assert kept.without_colour is kept


def test_tinted_rules_are_rules_with_and_without_colours() -> None:
    pale = PageAnalysis(ruled((255, 190, 190)))
    coloured = PageAnalysis(pale.view, keeps_colour=True)
    assert len(coloured.grids) == len(pale.grids) == 1
    assert np.array_equal(coloured.without_colour.ink, pale.ink)


@pytest.mark.parametrize("tint", [(0, 0, 0), (255, 190, 190), (200, 20, 30)])
def test_what_was_looked_at_serves_the_reading_where_colour_changes_nothing(
    tint: tuple[int, int, int],
) -> None:
    view = ruled(tint)
    looked, fresh = PageAnalysis(view, keeps_colour=True), PageAnalysis(view)
    reading = looked.for_reading(view)
    assert np.array_equal(reading.ink, fresh.ink)
    assert np.array_equal(reading.cleaned.clean, fresh.cleaned.clean)
    assert [grid.bounds for grid in reading.grids] == [grid.bounds for grid in fresh.grids]
    assert (reading.ink is looked.ink) == (tint == (0, 0, 0))


def test_a_straight_scan_is_analysed_once(made: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preprocessing, "skew_of_text", lambda _: 0.0)
    stored = ruled()
    ready = prepare_scan(stored, NullEngine())
    assert (ready.turned, ready.skew) == (0, pytest.approx(0.0, abs=0.01))
    assert ready.analysis.view is stored
    assert len(ready.analysis.grids) == 1
    assert ready.analysis.cleaned.ink.any()
    assert made == dict.fromkeys(PARTS, 1)


def test_scanned_and_digital_pages_and_second_readings_are_cleaned_by_the_one_analysis(
    made: Counter[str], engine: Engine
) -> None:
    digital = first_page("onepage.pdf", engine)
    assert digital.route is Route.DIGITAL
    # Colour is looked for by what is not told, once; rules on the page without its text.
    assert made == dict.fromkeys(PARTS, 1) | {"binarise": 2}

    made.clear()
    scan = first_page("onepage-image.jpg", NullEngine())
    assert scan.route is Route.SCANNED
    assert made["clean_page"] == made["find_grids"] == 1

    made.clear()
    cell = scan.tables[0].cells[0]
    again = read_again(Path(SAMPLES / "onepage-image.jpg"), [scan], [cell], NullEngine())
    assert set(again) == {cell.place}
    assert made == dict.fromkeys(("remove_colour", "binarise", "find_rulings", "clean_page"), 1)


def test_a_page_is_cleaned_around_known_cells_as_around_those_of_its_tables() -> None:
    found, known = PageAnalysis(ruled()), PageAnalysis(ruled())
    cells = [grid.rectangle(span) for grid in found.grids for span in grid.spans]
    around = known.cleaned_around(cells)
    assert found.ink.any()
    assert np.array_equal(around.ink, found.cleaned.ink)
    assert np.array_equal(around.clean, found.cleaned.clean)
