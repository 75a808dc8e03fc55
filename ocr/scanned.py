"""Reading a scanned page: upright, straight, flat, grid, cells, body."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engine.base import Engine
from ocr.image.page_image import PageImage
from ocr.model import Box, Table, TextLine, Warp
from ocr.page_analysis import PageAnalysis
from ocr.preprocessing import prepare_scan
from ocr.step_observer import StepObserver, no_observer
from ocr.text.body_text import detect_body, read_body
from ocr.text.cells import read_table
from ocr.text.page_gutter import find_page_gutter
from ocr.text.reading_order import in_reading_order
from ocr.text.vertical.text_frames import without_text_frames


@dataclass(frozen=True, slots=True)
class ScanReading:
    """What was read from a scanned page; `gutter` as in `Page`."""

    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    turned: int
    skew: float
    warp: Warp | None = None
    gutter: Box | None = None


def read_scan(
    view: PageImage,
    number: int,
    engine: Engine,
    seen: StepObserver = no_observer,
    looked: PageAnalysis | None = None,
) -> ScanReading:
    """Read page `number` from its picture alone; `view` shows it as stored, at the resolution of reading."""
    ready = prepare_scan(view, engine, seen, looked)
    cleaned, pixels = ready.analysis.cleaned, ready.analysis.view.pixels
    text_boxes = detect_body(pixels, cleaned.ink, ready.analysis.grids, cleaned.view.dpi, engine)
    grids = without_text_frames(ready.analysis.grids, text_boxes, cleaned.ink, cleaned.view)
    tables = tuple(read_table(cleaned, grid, number, engine) for grid in grids)
    body = read_body(cleaned, text_boxes, grids, engine, pixels)
    view = cleaned.view
    boxes = [*(line.box for line in body), *(table.box for table in tables)]
    places = {box: Box(*view.rectangle(box)) for box in boxes}
    gutter = find_page_gutter(tuple(places.values()), view.width, view.height)
    lines = in_reading_order(body, tables, places.__getitem__, gutter)
    fold = None if gutter is None else view.box(gutter, view.height / 2, gutter, view.height / 2)
    return ScanReading(lines, tables, ready.turned, ready.skew, view.warp, fold)
