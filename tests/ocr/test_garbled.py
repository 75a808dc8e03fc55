"""Pages whose text layer is wrong in whole or in part read as they print: from the picture where need be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rapidfuzz.fuzz import ratio

from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.model import Page, Route
from ocr.reader import read_page
from tests.support.paths import SAMPLES

garble = pytest.importorskip(
    "bench.corpus.garble", reason="pikepdf makes the garbled files", exc_type=ImportError
)

FROM_LAYER = "text-layer"
Read = Callable[[str, int], Page]


@pytest.fixture(scope="module")
def read(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Reads a page of the sample in one of its garbled kinds, "" for the sound one; each once."""
    folder = tmp_path_factory.mktemp("garbled")
    pages: dict[tuple[str, int], Page] = {}

    def of(kind: str, number: int) -> Page:
        if (kind, number) not in pages:
            pages[kind, number] = page_of(kind, number, folder / f"{kind}.pdf", engine)
        return pages[kind, number]

    return of


def page_of(kind: str, number: int, path: Path, engine: Engine) -> Page:
    source = SAMPLES / "form2021.pdf"
    if kind and not path.exists():
        garble.KINDS[kind](source, path)
    file = path if kind else source
    with open_document(file) as document:
        return read_page(document.sheet(number), engine)


def values(page: Page) -> dict[tuple[int, int], str]:
    cells = [cell for table in page.tables for cell in table.cells]
    return {(cell.row, cell.column): cell.text for cell in cells if cell.text.isdecimal()}


def plain(page: Page) -> str:
    return "".join("".join(line.text.split()) for line in page.lines)


def engines(page: Page, belongs: Callable[[str], bool]) -> set[bool]:
    """Whether the cells whose text belongs come from the layer."""
    cells = [cell for table in page.tables for cell in table.cells if cell.text and belongs(cell.text)]
    return {cell.engine.startswith(FROM_LAYER) for cell in cells}


@pytest.mark.parametrize("kind", list(garble.KINDS))
def test_the_page_reads_as_it_prints(kind: str, read: Read) -> None:
    sound, page = read("", 3), read(kind, 3)
    assert len(values(sound)) >= 15
    assert values(page) == values(sound)
    assert ratio(plain(page), plain(sound)) > 98


@pytest.mark.parametrize("kind", ["a-digits", "a-pair01", "e-digits"])
def test_only_what_a_wrong_font_sets_is_read_from_the_picture(kind: str, read: Read) -> None:
    page = read(kind, 3)
    assert page.route is Route.GARBLED
    assert engines(page, str.isdecimal) == {False}
    assert engines(page, lambda text: not any(c.isdecimal() for c in text)) == {True}


def test_digits_of_a_sound_font_stay_beside_garbled_hanzi(read: Read) -> None:
    page = read("e-hanzi", 3)
    assert page.route is Route.GARBLED
    assert engines(page, str.isdecimal) == {True}
    assert engines(page, lambda text: any(garble.is_hanzi(c) for c in text)) == {False}


def test_only_the_headings_of_a_garbled_font_are_read_from_the_picture(read: Read) -> None:
    page = read("e-heading", 3)
    seen = [line.text for line in page.lines if not line.engine.startswith(FROM_LAYER)]
    assert page.route is Route.GARBLED
    assert 0 < len(seen) < 5
    assert all(text[0] in "一二三四五六" for text in seen)


def test_the_order_of_the_file_does_not_matter(read: Read) -> None:
    page = read("b-shuffled", 3)
    assert page.route is Route.DIGITAL
    assert plain(page) == plain(read("", 3))


@pytest.mark.parametrize("kind", ["d-fffd", "d-absent", "d-nul", "d-private", "d-cid"])
def test_a_glyph_without_a_character_is_read_from_the_picture(kind: str, read: Read) -> None:
    page = read(kind, 3)
    assert page.route is Route.GARBLED
    assert not any(sign in page.text for sign in ("\ufffd", "\0", "\ue123", "cid"))


@pytest.mark.parametrize("kind", ["f-hidden", "f-below", "f-above"])
def test_text_of_an_old_ocr_is_left_aside(kind: str, read: Read) -> None:
    page = read(kind, 3)
    assert page.route is Route.SCANNED
    assert not any(line.engine.startswith(FROM_LAYER) for line in page.lines)


@pytest.mark.parametrize("kind", ["g-pasted", "g-layer"])
def test_a_pasted_table_is_read_from_its_picture_and_the_text_round_it_from_the_layer(
    kind: str, read: Read
) -> None:
    page = read(kind, 3)
    within = {line.engine.startswith(FROM_LAYER) for line in page.lines if in_a_table(page, line.box.centre)}
    around = [line for line in page.lines if not in_a_table(page, line.box.centre)]
    assert within == {False}
    assert len(around) >= 5
    assert all(line.engine.startswith(FROM_LAYER) for line in around)


def in_a_table(page: Page, point: tuple[float, float]) -> bool:
    return any(table.box.contains(*point) for table in page.tables)


def test_headings_drawn_as_curves_are_read(read: Read) -> None:
    sound, page = read("", 3), read("h-heading", 3)
    seen = {line.text for line in page.lines if not line.engine.startswith(FROM_LAYER)}
    assert seen
    assert seen <= {line.text for line in sound.lines}


def test_two_glyphs_that_go_by_one_digit_are_told_apart(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    garble.remapped(lambda known: {"1": "0"})(SAMPLES / "form2021.pdf", path)
    with open_document(path) as document:
        page = read_page(document.sheet(3), engine)
    assert [*values(page).values()] == values_of_sound(engine)


def test_digits_in_white_are_not_printed_but_kept_beside(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "white.pdf"
    garble.whitened(garble.of_digits)(SAMPLES / "form2021.pdf", path)
    with open_document(path) as document:
        page = read_page(document.sheet(3), engine)
    empty = [cell for table in page.tables for cell in table.cells if not cell.inked]
    assert values(page) == {}
    assert [cell.others[0].text for cell in empty if cell.others] == values_of_sound(engine)


def values_of_sound(engine: Engine) -> list[str]:
    with open_document(SAMPLES / "form2021.pdf") as document:
        return [*values(read_page(document.sheet(3), engine)).values()]
