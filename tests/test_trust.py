"""A text layer is believed only if it says what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SAMPLES
from PIL import Image

from ocr.document import open_document
from ocr.engine import Engine
from ocr.model import Route
from ocr.trust import route_of
from ocr.view import view_of


def routes(path: Path, engine: Engine) -> list[Route]:
    with open_document(path) as document:
        sheets = [document.sheet(number) for number in range(1, len(document) + 1)]
        return [route_of(sheet, view_of(sheet, 200), engine) for sheet in sheets]


@pytest.mark.parametrize("name", ["form2021", "stacked", "blank2019", "displaced"])
def test_a_sound_text_layer_is_believed(name: str, engine: Engine) -> None:
    assert set(routes(SAMPLES / f"{name}.pdf", engine)) == {Route.DIGITAL}


def test_a_clean_looking_but_wrong_text_layer_is_found_out(engine: Engine) -> None:
    assert set(routes(SAMPLES / "form2021-scrambled.pdf", engine)) == {Route.GARBLED}


def test_a_page_without_a_text_layer_is_a_scan(engine: Engine) -> None:
    assert set(routes(SAMPLES / "form2021-scan.pdf", engine)) == {Route.SCANNED}


def test_an_empty_page_is_blank(tmp_path: Path, engine: Engine) -> None:
    Image.new("L", (1654, 2339), 250).save(tmp_path / "empty.pdf", resolution=200)
    assert routes(tmp_path / "empty.pdf", engine) == [Route.BLANK]


def test_the_real_report_is_digital_throughout(hzq2023: Path, engine: Engine) -> None:
    assert set(routes(hzq2023, engine)) == {Route.DIGITAL}
