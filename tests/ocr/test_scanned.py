"""Scanned pages read cell by cell like the digital page they were made from."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from bench.corpus.degrade import RECIPES, scan_pdf
from ocr.engine.base import Engine
from ocr.model import Cell, Page, Route
from ocr.reader import read_document
from tests.support.paths import SAMPLES

PAIRS = ["form2021", "form2019", "stacked", "mixed"]


def read(path: Path, engine: Engine) -> list[Page]:
    return list(read_document(path, engine))


def cells(pages: list[Page]) -> list[Cell]:
    return [cell for page in pages for table in page.tables for cell in table.cells]


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def places(cells: list[Cell]) -> list[tuple[int, ...]]:
    return [(cell.page, cell.row, cell.column, cell.row_span, cell.column_span) for cell in cells]


@pytest.fixture(scope="session", params=PAIRS)
def pair(request: pytest.FixtureRequest, engine: Engine) -> tuple[list[Page], list[Page]]:
    """A digital sample and its grey, skewed 200 dpi scan."""
    name = request.param
    return read(SAMPLES / f"{name}.pdf", engine), read(SAMPLES / f"{name}-scan.pdf", engine)


def test_a_scan_has_the_cells_of_its_digital_page(pair: tuple[list[Page], list[Page]]) -> None:
    digital, scan = map(cells, pair)
    assert places(scan) == places(digital)


def test_every_cell_of_a_scan_reads_as_printed(pair: tuple[list[Page], list[Page]]) -> None:
    digital, scan = map(cells, pair)
    differing = [
        (one.text, other.text)
        for one, other in zip(digital, scan, strict=True)
        if plain(one.text) != plain(other.text)
    ]
    assert differing == []


def test_boxes_of_a_skewed_scan_stand_where_the_digital_ones_do(
    pair: tuple[list[Page], list[Page]],
) -> None:
    """On the page as stored, so a skew of 1.2° may move the end of a line by 9 points."""
    digital, scan = map(cells, pair)
    for one, other in zip(digital, scan, strict=True):
        assert one.box.centre == pytest.approx(other.box.centre, abs=9.0)


def test_an_empty_cell_of_a_scan_has_no_ink(engine: Engine) -> None:
    values = [cell for cell in cells(read(SAMPLES / "blank2019-scan.pdf", engine)) if not cell.text]
    assert len(values) > 190
    assert not any(cell.inked for cell in values)


def test_body_text_of_a_scan_has_at_most_one_wrong_character_in_two_hundred(
    pair: tuple[list[Page], list[Page]],
) -> None:
    digital, scan = ("".join(plain(page.text) for page in pages) for pages in pair)
    assert Levenshtein.distance(digital, scan) <= len(digital) / 200


@pytest.mark.parametrize(("recipe", "turn"), [("turned90", 270), ("turned180", 180), ("turned270", 90)])
def test_a_turned_page_is_set_upright(recipe: str, turn: int, tmp_path: Path, engine: Engine) -> None:
    scan_pdf(SAMPLES / "onepage.pdf", tmp_path / "turned.pdf", RECIPES[recipe], seed=3)
    (page,) = read(tmp_path / "turned.pdf", engine)
    numbers = [cell.text for cell in cells([page]) if re.fullmatch(r"\d+", cell.text)]
    assert page.turned == turn
    assert len(numbers) == 175
    assert page.lines[0].text == "河源口县水利局"
    assert plain(page.lines[-1].text) == "-1-"


def test_the_page_of_a_picture_file_is_a_scan(engine: Engine) -> None:
    (page,) = read(SAMPLES / "onepage-image.jpg", engine)
    assert page.route is Route.SCANNED
    assert len(page.tables) == 1
