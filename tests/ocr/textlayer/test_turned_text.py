"""Text that is turned on its page is read in its own direction and told where it stands."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from bench.accuracy.truth import read_truth
from bench.cases.turned_text import SAMPLES, _turn_tables
from ocr.documents.base import Char
from ocr.documents.pdf import open_pdf
from ocr.engine.base import Engine
from ocr.model import Box
from ocr.reader import read_page
from ocr.textlayer.lines import text_of
from ocr.textlayer.turned_text import Frame
from tests.ocr.textlayer.test_lines import line


def turned(chars: list[Char], degrees: int) -> list[Char]:
    """Draw characters turned against the clock, on a page of 200 by 300 points."""
    frame = Frame(200, 300, (360 - degrees) % 360)
    return [frame.char(char) for char in chars]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_number_is_read_in_its_own_direction(degrees: int) -> None:
    assert text_of(turned(line("1239", 20, 40, 5), degrees)) == "1239"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_box_of_a_frame_is_told_where_it_stands(degrees: int) -> None:
    frame, box = Frame(200, 300, degrees), Box(10, 20, 50, 90)
    assert frame.stored(frame.box(box)) == box
    assert frame.size == ((300, 200) if degrees != 180 else (200, 300))


def test_a_table_on_its_side_is_read_beside_upright_text(tmp_path: Path, engine: Engine) -> None:
    target = tmp_path / "turned.pdf"
    with pikepdf.open(SAMPLES / "onepage.pdf") as pdf:
        _turn_tables(pdf, pdf.pages[0], 90)
        pdf.save(target)
    with open_pdf(target) as document:
        page = read_page(document.sheet(1), engine)
    assert (page.turned, [table.turned for table in page.tables]) == (0, [90])
    (table,) = page.tables
    numbers = [cell.text for cell in table.cells if cell.text.isdecimal()]
    truth = read_truth(SAMPLES / "onepage.truth.csv")
    assert numbers == [fact.raw for fact in truth if fact.table == "requests" and fact.raw.isdecimal()]
    assert page.lines[0].text == "河源口县水利局"
    assert all(table.box.contains(*cell.box.centre) for cell in table.cells)
