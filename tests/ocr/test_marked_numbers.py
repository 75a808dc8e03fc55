"""A digital page on which numbers carry notes and strokes, read from end to end."""

from __future__ import annotations

from pathlib import Path

from bench.corpus.reprint import Print, first_page
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.reader import read_page
from tests.support.paths import SAMPLES


def test_notes_are_told_from_numbers_and_struck_numbers_are_unread(tmp_path: Path, engine: Engine) -> None:
    prints = {
        "licensing/decisions": [Print("37"), Print("2", 5.4, rise=0.38)],
        "penalties/decisions": [Print("12", struck=True), Print("15")],
        "coercion/decisions": [Print("1851")],
    }
    report = tmp_path / "report.pdf"
    first_page(SAMPLES / "form2021.pdf", report, prints, "song")
    with open_document(report) as document:
        page = read_page(document.path, document.sheet(1), engine)
    (table,) = page.tables
    cells = {cell.text: cell for cell in table.cells}
    assert {"37²", "1851", "747"} <= cells.keys()
    assert not {"372", "1215", "15"} & cells.keys()
    (struck,) = (cell for cell in table.cells if cell.inked and not cell.text)
    assert "1215" in [other.text for other in struck.others]
