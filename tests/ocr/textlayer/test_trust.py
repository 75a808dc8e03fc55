"""A text layer is believed only as far as it says what the page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.documents.base import Sheet
from ocr.engine.base import Engine, Recognised
from ocr.image.binarise import binarise
from ocr.image.marks.fills import flatten_fills
from ocr.image.page_image import render_page
from ocr.model import Route
from ocr.textlayer.trust import TextLayerTrust, judge_text_layer
from tests.support.paths import SAMPLES


def trusts(path: Path, engine: Engine) -> list[TextLayerTrust]:
    with open_document(path) as document:
        return [trust(document.sheet(number), engine) for number in range(1, len(document) + 1)]


def trust(sheet: Sheet, engine: Engine) -> TextLayerTrust:
    view = render_page(sheet, 200)
    bare = render_page(sheet, 200, text=False)
    flat_bare = flatten_fills(bare).view
    return judge_text_layer(sheet, view, binarise(view.grey, view.dpi), bare, flat_bare, engine)


def routes(path: Path, engine: Engine) -> set[Route]:
    return {found.route for found in trusts(path, engine)}


class Misreader:
    """Reads digits otherwise than they are printed."""

    def __init__(self, engine: Engine, misread: Callable[[str], str], sure: float) -> None:
        self.engine, self.misread, self.sure = engine, misread, sure
        self.name, self.detect = engine.name, engine.detect

    def recognise(self, line: Pixels) -> Recognised:
        read = self.engine.recognise(line)
        numeral = self.misread(read.numeral)
        sure = read.numeral_confidence if numeral == read.numeral else self.sure
        return replace(read, text=self.misread(read.text), numeral=numeral, numeral_confidence=sure)


@pytest.mark.parametrize("name", ["form2021", "stacked", "blank2019", "displaced"])
def test_a_sound_text_layer_is_believed_to_the_last_character(name: str, engine: Engine) -> None:
    for found in trusts(SAMPLES / f"{name}.pdf", engine):
        assert (found.route, found.doubted) == (Route.DIGITAL, ())
        assert found.sound


def test_a_clean_looking_but_wrong_text_layer_is_found_out(engine: Engine) -> None:
    assert routes(SAMPLES / "form2021-scrambled.pdf", engine) == {Route.GARBLED}


def test_a_page_without_a_text_layer_is_a_scan(engine: Engine) -> None:
    assert routes(SAMPLES / "form2021-scan.pdf", engine) == {Route.SCANNED}


def test_an_empty_page_is_blank(tmp_path: Path, engine: Engine) -> None:
    Image.new("L", (1654, 2339), 250).save(tmp_path / "empty.pdf", resolution=200)
    assert routes(tmp_path / "empty.pdf", engine) == {Route.BLANK}


def test_the_real_report_is_digital_throughout(hzq2023: Path, engine: Engine) -> None:
    assert routes(hzq2023, engine) == {Route.DIGITAL}


@pytest.mark.parametrize(("seen", "sure"), [("日", 0.0), ("8", 0.95)])
def test_a_digit_of_an_odd_shape_does_not_make_a_sound_font_doubted(
    seen: str, sure: float, engine: Engine
) -> None:
    reader = Misreader(engine, lambda text: text.replace("0", seen), sure)
    with open_document(SAMPLES / "form2021.pdf") as document:
        assert trust(document.sheet(3), reader).doubted == ()


def test_two_digits_that_read_otherwise_make_their_font_doubted(engine: Engine) -> None:
    reader = Misreader(engine, lambda text: text.translate(str.maketrans("01", "10")), 0.95)
    with open_document(SAMPLES / "form2021.pdf") as document:
        found = trust(document.sheet(3), reader)
    assert found.route is Route.GARBLED
    assert {"0", "1"} <= {char.text for char in found.doubted}
    assert not {"0", "1"} & {char.text for char in found.sound}


def test_no_layer_with_wrong_names_is_believed_where_it_lies(engine: Engine, tmp_path: Path) -> None:
    lying = pytest.importorskip("bench.cases.lying_layers", exc_type=ImportError)
    lying._cut_out(SAMPLES / "form2021.pdf", 2, None, tmp_path / "sound.pdf")
    sound = trusts(tmp_path / "sound.pdf", engine)[0]
    for kind in ("hanzi-pair", "hanzi-one-other", "hanzi-merged2", "line-exchanged", "painted-over"):
        lying.OF_PAGES[kind](tmp_path / "sound.pdf", tmp_path / "lying.pdf")
        found = trusts(tmp_path / "lying.pdf", engine)[0]
        printed = {(char.box, char.text) for char in sound.sound}
        assert found.doubted or not found.sound, kind
        assert {(char.box, char.text) for char in found.sound} <= printed, kind


def test_white_words_among_the_print_are_no_part_of_it(engine: Engine, tmp_path: Path) -> None:
    lying = pytest.importorskip("bench.cases.lying_layers", exc_type=ImportError)
    lying._cut_out(SAMPLES / "form2021.pdf", 2, None, tmp_path / "sound.pdf")
    lying.OF_PAGES["ghosts-white-hanzi"](tmp_path / "sound.pdf", tmp_path / "lying.pdf")
    (sound,), (found,) = trusts(tmp_path / "sound.pdf", engine), trusts(tmp_path / "lying.pdf", engine)
    assert (found.route, found.doubted) == (Route.DIGITAL, ())
    assert {char.box for char in found.sound} == {char.box for char in sound.sound}
    assert found.faint
