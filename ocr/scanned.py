"""Reading a scanned page: upright, straight, flat, grid, cells, body."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.documents.base import Sheet
from ocr.engine.base import Engine
from ocr.image.borders import without_margins
from ocr.image.colour_removal import without_colour
from ocr.image.deskew import skew_of
from ocr.image.dewarp import flat_sheet, straightened
from ocr.image.gutter import gutter_of
from ocr.image.orientation import upright
from ocr.image.page_image import View, rotated, view_of
from ocr.image.ruling_lines import binarise, find_rulings
from ocr.image.text_boxes import Quad
from ocr.model import Box, Table, TextLine, Warp
from ocr.step_observer import Observer, unseen
from ocr.tables.borderless.detection import with_unruled
from ocr.tables.cleaned_page import Plate, plate_of
from ocr.tables.grid import Grid, find_grids
from ocr.text.body_text import read_body
from ocr.text.body_text import straightened as moved
from ocr.text.cells import read_table
from ocr.text.reading_order import in_reading_order

# A page is read at the resolution of its picture, within these bounds in dpi:
# below, small print needs enlarging; above, a page costs more than it should.
_LOWEST_DPI, HIGHEST_DPI = 200.0, 300.0
# A rotation smaller than this, in degrees, is not worth blurring the page.
_STRAIGHT = 0.03


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scanned page made ready for cutting, and how it got there."""

    plate: Plate
    grids: tuple[Grid, ...]
    quads: tuple[Quad, ...]
    turned: int
    skew: float


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was read from a scanned page; `gutter` as in `Page`."""

    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    turned: int
    skew: float
    warp: Warp | None = None
    gutter: Box | None = None


def read_scan(sheet: Sheet, engine: Engine, seen: Observer = unseen) -> Scanned:
    """Read a page from its picture alone."""
    ready = prepare(view_of(sheet, reading_dpi(sheet)), engine, seen)
    tables = tuple(read_table(ready.plate, grid, sheet.number, engine) for grid in ready.grids)
    body = read_body(ready.plate, ready.quads, ready.grids, engine)
    view = ready.plate.view
    boxes = [*(line.box for line in body), *(table.box for table in tables)]
    places = {box: Box(*view.rectangle(box)) for box in boxes}
    gutter = gutter_of(tuple(places.values()), view.width, view.height)
    lines = in_reading_order(body, tables, places.__getitem__, gutter)
    fold = None if gutter is None else view.box(gutter, view.height / 2, gutter, view.height / 2)
    return Scanned(lines, tables, ready.turned, ready.skew, view.warp, fold)


def reading_dpi(sheet: Sheet) -> float:
    """Return the resolution a page is read at."""
    return min(max(sheet.native_dpi or _LOWEST_DPI, _LOWEST_DPI), HIGHEST_DPI)


def prepare(view: View, engine: Engine, seen: Observer = unseen) -> Prepared:
    """Set a page upright, straight and flat, and find its tables; `seen` is shown every step."""
    stored = view
    seen("stored", view.pixels)
    view = flat_sheet(view)
    seen("sheet", view.pixels)
    view = without_margins(view)
    seen("margins", view.pixels)
    view, turn, quads = upright(view, engine)
    seen("upright", view.pixels)
    skew = skew_of(view)
    if abs(skew) > _STRAIGHT:
        quads = moved(quads, skew, view.width, view.height)
        view = rotated(view, skew)
    seen("straight", view.pixels)
    view = straightened(stored, view)
    seen("flat", view.pixels)
    if view.warp:
        quads = engine.detect(view.pixels)
    pale = without_colour(view)
    seen("without-colour", pale.pixels)
    ink = binarise(pale.grey, pale.dpi)
    seen("ink", ink)
    rulings = find_rulings(ink, pale.dpi)
    seen("rulings", rulings.mask)
    found = with_unruled(find_grids(rulings, pale.dpi), ink, rulings, pale.dpi)
    seen("grid", pale.pixels, (grid.rectangle(span) for grid in found.grids for span in grid.spans))
    plate = plate_of(pale, ink, found.rulings, found.grids)
    seen("clean", plate.clean)
    return Prepared(plate, found.grids, tuple(quads), turn, skew)
