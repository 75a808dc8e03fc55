"""A digital page on which numbers carry notes and strokes, read from end to end."""

from __future__ import annotations

from pathlib import Path

from bench.corpus.reprint import Print, first_page
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.reader import read_page
from tests.support.paths import SAMPLES
from tests.support.typeset_pages import lying, needs_fonts, ruled, write_page


def test_notes_are_told_from_numbers_and_struck_numbers_are_unread(tmp_path: Path, engine: Engine) -> None:
    prints = {
        "licensing/decisions": [Print("37"), Print("2", 5.4, rise=0.38)],
        "penalties/decisions": [Print("12", struck=True), Print("15")],
        "coercion/decisions": [Print("1851")],
    }
    report = tmp_path / "report.pdf"
    first_page(SAMPLES / "form2021.pdf", report, prints, "song")
    with open_document(report) as document:
        page = read_page(document.sheet(1), engine)
    (table,) = page.tables
    cells = {cell.text: cell for cell in table.cells}
    assert {"37²", "1851", "747"} <= cells.keys()
    assert not {"372", "1215", "15"} & cells.keys()
    (struck,) = (cell for cell in table.cells if cell.inked and not cell.text)
    assert "1215" in [other.text for other in struck.others]


@needs_fonts
def test_a_number_that_goes_on_over_lines_has_no_stroke(tmp_path: Path, engine: Engine) -> None:
    """The bar of a 4 that stands alone on its line was taken for a stroke through 2664."""
    numbers = ["2664", "1548", "1044", "1260", "3114"]
    wrapped = [mark for n, text in enumerate(numbers) for mark in _wrapped(text, 84 + 24 * n, 196)]
    cells = ruled([["件", *("" for _ in numbers)]], 60, 190, 24, 36)
    path = write_page(tmp_path / "narrow.pdf", [cells, *wrapped])
    with open_document(path) as document:
        page = read_page(document.sheet(1), engine)
    (table,) = page.tables
    assert [cell.text for cell in table.cells][1:] == numbers


def _wrapped(number: str, left: float, top: float) -> tuple[str, str]:
    """A number in a cell 24 pt wide that has room for three digits."""
    face = "Libertinus Serif"
    return lying(number[:3], left + 4, top, 10.5, face), lying(number[3:], left + 9, top + 13, 10.5, face)
