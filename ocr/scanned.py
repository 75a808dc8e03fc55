"""Reading a scanned page: upright, straight, flat, grid, cells, body."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engine.base import Engine
from ocr.engine.text_boxes import Quad
from ocr.image.borders import remove_dark_borders
from ocr.image.deskew import skew_of_rules, skew_of_text
from ocr.image.dewarp import dewarp, flatten_sheet
from ocr.image.orientation import sample_characters, turn_upright
from ocr.image.page_image import PageImage, rotate_small
from ocr.model import Box, Table, TextLine, Warp
from ocr.page_analysis import PageAnalysis
from ocr.step_observer import StepObserver, no_observer
from ocr.text.body_text import read_body
from ocr.text.body_text import rotate_text_boxes as moved
from ocr.text.cells import read_table
from ocr.text.gutter import find_page_gutter
from ocr.text.reading_order import in_reading_order

# A rotation smaller than this, in degrees, is not worth blurring the page.
_STRAIGHT = 0.03


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A scanned page set straight: its analysis, its printed lines, and how it got there."""

    analysis: PageAnalysis
    text_boxes: tuple[Quad, ...]
    turned: int
    skew: float


@dataclass(frozen=True, slots=True)
class ScanReading:
    """What was read from a scanned page; `gutter` as in `Page`."""

    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    turned: int
    skew: float
    warp: Warp | None = None
    gutter: Box | None = None


def read_scan(view: PageImage, number: int, engine: Engine, seen: StepObserver = no_observer) -> ScanReading:
    """Read page `number` from its picture alone; `view` shows it as stored, at the resolution of reading."""
    ready = prepare_scan(view, engine, seen)
    cleaned, grids = ready.analysis.cleaned, ready.analysis.grids
    tables = tuple(read_table(cleaned, grid, number, engine) for grid in grids)
    body = read_body(cleaned, ready.text_boxes, grids, engine)
    view = cleaned.view
    boxes = [*(line.box for line in body), *(table.box for table in tables)]
    places = {box: Box(*view.rectangle(box)) for box in boxes}
    gutter = find_page_gutter(tuple(places.values()), view.width, view.height)
    lines = in_reading_order(body, tables, places.__getitem__, gutter)
    fold = None if gutter is None else view.box(gutter, view.height / 2, gutter, view.height / 2)
    return ScanReading(lines, tables, ready.turned, ready.skew, view.warp, fold)


def prepare_scan(stored: PageImage, engine: Engine, seen: StepObserver = no_observer) -> PreparedScan:
    """Set a page upright, straight and flat, and analyse it; `seen` is shown every step."""
    seen("stored", stored.pixels)
    view = flatten_sheet(stored)
    seen("sheet", view.pixels)
    view = remove_dark_borders(view)
    seen("margins", view.pixels)
    analysis = PageAnalysis(view)
    marks = sample_characters(analysis.pale, analysis.ink, analysis.rulings.mask)
    view, turn, text_boxes = turn_upright(view, marks, engine)
    analysis = analysis.of(view)
    seen("upright", view.pixels)
    skew = skew_angle(analysis)
    if abs(skew) > _STRAIGHT:
        text_boxes = moved(text_boxes, skew, view.width, view.height)
        view = rotate_small(view, skew)
    seen("straight", view.pixels)
    view = dewarp(stored, view)
    seen("flat", view.pixels)
    if view.warp:
        text_boxes = engine.detect(view.pixels)
    analysis = analysis.of(view)
    seen("without-colour", analysis.pale.pixels)
    analysis.show(seen)
    return PreparedScan(analysis, tuple(text_boxes), turn, skew)


def skew_angle(analysis: PageAnalysis) -> float:
    """Return the clockwise angle, in degrees, that straightens a page.

    The text gives it coarsely, ruled lines, where there are any, finely.
    """
    view = analysis.view
    coarse = skew_of_text(view.grey)
    turned = rotate_small(view, coarse)
    # Rules are as straight in colour; only a page that lies straight was bleached already.
    straight = analysis.in_colour if turned is view else PageAnalysis(turned, keeps_colour=True)
    return coarse + skew_of_rules(straight.rulings.horizontal_mask, view.dpi)
