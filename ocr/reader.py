"""Reading a document, page by page: the one page to start from.

What a document tells of a page, as a web page does, is taken at its word. Any other
page is looked at before it is read. What its text layer says as the page shows it
is taken from the layer, be it all or a part; everything else from the picture.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ocr.digital import read_digital
from ocr.document_opener import open_document
from ocr.documents.base import Sheet
from ocr.documents.typeset import Typeset
from ocr.engine.base import Engine
from ocr.image.page_image import HIGHEST_DPI, reading_dpi, render_page
from ocr.image.usual_type import with_usual_type
from ocr.model import Page, Route, numbered
from ocr.page_analysis import PageAnalysis
from ocr.scanned import ScanReading, read_scan
from ocr.step_observer import StepObserver, no_observer
from ocr.tables.box_drawing import with_box_drawing
from ocr.textlayer.lines import ENGINE as TEXT_LAYER
from ocr.textlayer.trust import TextLayerTrust, judge_text_layer

# The resolution at which a page is looked at and digital rules are found.
LOOKING_DPI = 200.0


def _unheard(number: int) -> None:
    """Nobody asks how far the reading has come."""


def read_document(path: Path, engine: Engine, reached: Callable[[int], None] = _unheard) -> Iterator[Page]:
    """Yield the pages of a document in order; `reached` is told the number of each before it is read.

    Raises:
        UnreadableDocument: the file, or one of its pages, cannot be opened.
    """
    with open_document(path) as document:
        for number in range(1, len(document) + 1):
            reached(number)
            yield read_page(document.sheet(number), engine)


def read_page(sheet: Sheet, engine: Engine, seen: StepObserver = no_observer) -> Page:
    """Read one page by the route that it needs; `seen` is shown every image step."""
    started = time.perf_counter()
    if sheet.typeset is not None:
        return _told(sheet, sheet.typeset, started, seen)
    # The layer is compared with all that is drawn: print and rules in colour are as good as others there.
    looked, bare = _looked(sheet, LOOKING_DPI)
    trust = judge_text_layer(sheet, looked.flat, looked.ink, bare.view, bare.flat, engine)
    scan = _read(sheet, looked, trust, engine, seen)
    return Page(
        number=sheet.number,
        width=sheet.width,
        height=sheet.height,
        route=trust.route,
        lines=scan.lines,
        tables=numbered(scan.tables),
        engine=TEXT_LAYER if trust.route is Route.DIGITAL else engine.name,
        seconds=time.perf_counter() - started,
        turned=scan.turned,
        skew=scan.skew,
        warp=scan.warp,
        gutter=scan.gutter,
    )


def _read(
    sheet: Sheet, looked: PageAnalysis, trust: TextLayerTrust, engine: Engine, seen: StepObserver
) -> ScanReading:
    """Read what is believed of the layer from there, and what it does not tell from the picture."""
    if trust.route is Route.BLANK:
        return ScanReading((), (), 0, 0.0)
    if not trust.sound:
        dpi = reading_dpi(sheet)
        stored = looked.view if dpi == LOOKING_DPI else render_page(sheet, dpi)
        return read_scan(with_usual_type(stored, looked.ink), sheet.number, engine, seen, looked)
    if trust.pictured and sheet.picture_dpi:
        dpi = min(max(sheet.picture_dpi, LOOKING_DPI), HIGHEST_DPI)
        looked = _at(dpi, sheet, looked)
    read = read_digital(sheet, looked, trust, engine, seen)
    return ScanReading(read.lines, read.tables, read.turned, 0.0, gutter=read.gutter)


def _looked(sheet: Sheet, dpi: float) -> tuple[PageAnalysis, PageAnalysis]:
    """Analyse a page, and the same without its text, where its rules are looked for."""
    view = render_page(sheet, dpi)
    if not any(char.visible for char in sheet.chars):
        looked = PageAnalysis(view, keeps_colour=True)
        return looked, looked
    bare = PageAnalysis(render_page(sheet, dpi, text=False), keeps_colour=True)
    drawing = bare.of(with_box_drawing(bare.view, view, sheet.chars))
    return PageAnalysis(view, keeps_colour=True, drawing=drawing), bare


def _at(dpi: float, sheet: Sheet, looked: PageAnalysis) -> PageAnalysis:
    """Return the analysis of a page at a resolution; it was made already at the one that it was looked at."""
    return looked if dpi == LOOKING_DPI else _looked(sheet, dpi)[0]


def _told(sheet: Sheet, typeset: Typeset, started: float, seen: StepObserver) -> Page:
    """Take a page at the word of its document; `seen` is shown the page and its cells."""
    if seen is not no_observer:
        view = render_page(sheet, LOOKING_DPI)
        seen("laid-out", view.pixels)
        seen("grid", view.pixels, (view.rectangle(cell.box) for t in typeset.tables for cell in t.cells))
    return Page(
        number=sheet.number,
        width=sheet.width,
        height=sheet.height,
        route=Route.DIGITAL if typeset.lines else Route.BLANK,
        lines=typeset.lines,
        tables=typeset.tables,
        engine=typeset.engine,
        seconds=time.perf_counter() - started,
        left_out=typeset.left_out,
    )
