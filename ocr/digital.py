"""Reading a digital page: the text layer, and the grids that camelot finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ocr.documents.base import Char, Sheet
from ocr.engine.base import Engine
from ocr.model import Box, Table, TextLine
from ocr.page_analysis import PageAnalysis
from ocr.step_observer import StepObserver, no_observer
from ocr.tables.camelot_lattice import camelot_grids
from ocr.text.page_gutter import find_page_gutter
from ocr.text.reading_order import in_reading_order
from ocr.textlayer.body_lines import body_lines
from ocr.textlayer.layer_tables import Told, read_told_table
from ocr.textlayer.trust import TextLayerTrust
from ocr.textlayer.uncovered_ink import read_uncovered, reread_lines, uncovered_ink


def read_digital(
    path: Path,
    sheet: Sheet,
    analysis: PageAnalysis,
    trust: TextLayerTrust,
    engine: Engine,
    seen: StepObserver = no_observer,
) -> tuple[tuple[TextLine, ...], tuple[Table, ...], Box | None]:
    """Read a page whose text layer is sound, or parts of it.

    Args:
        path: the PDF, for camelot, which opens it by itself.
        sheet: the page.
        analysis: of the page as drawn, for what the layer does not tell: whether a cell has ink.
        trust: the characters that are believed, and those that only tell where there is print.
        engine: reads the cells and lines whose print the believed characters do not tell.
        seen: is shown every step.

    Returns:
        The lines, the tables, and the gutter as in `Page`.
    """
    view, grids = analysis.view, analysis.grids
    seen("stored", view.pixels)
    seen("characters", view.pixels, (view.rectangle(char.box) for char in (*trust.sound, *trust.doubted)))
    analysis.show(seen)
    cleaned, printed = analysis.cleaned, (*trust.sound, *trust.doubted)
    # Seals are print that the layer does not tell, and none that is to be read.
    told = Told(trust, uncovered_ink(analysis.without_colour.ink, view, analysis.tables.rulings, printed))
    found = camelot_grids(path, sheet) if analysis.tables.ruled else []
    tables = tuple(read_told_table(cleaned, grid, found, told, sheet.number, engine) for grid in grids)
    body = body_lines([char for char in told.chars if not _in_a_table(char, tables)])
    body = reread_lines(body, trust.doubted, told.loose, cleaned, engine)
    body += read_uncovered(told.loose, body, tables, cleaned, engine)
    boxes = [*(line.box for line in body), *(table.box for table in tables)]
    gutter = find_page_gutter(boxes, sheet.width, sheet.height)
    fold = None if gutter is None else Box(gutter, sheet.height / 2, gutter, sheet.height / 2)
    return in_reading_order(body, tables, gutter=gutter), tables, fold


def _in_a_table(char: Char, tables: Sequence[Table]) -> bool:
    return any(table.box.contains(*char.box.centre) for table in tables)
