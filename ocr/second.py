"""Reading doubtful cells a second time, another way than the first.

What came from the text layer is read from the picture; what was read from the
picture is read again at another scale, cut out anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ocr.cells import NOT_BARE, Plate, plate_of, read_lines
from ocr.colour import without_colour
from ocr.document import open_document
from ocr.engine import Engine
from ocr.grid import find_grids
from ocr.ink import is_bare, lines_of, print_of, type_size
from ocr.model import Box, Cell, Page, Reading, Route
from ocr.rectify import photographed
from ocr.rulings import binarise, find_rulings
from ocr.scan import reading_dpi
from ocr.view import View, rotated, turned, view_of

# The second scale as a multiple of the first, and the highest in dpi.
_OTHER_SCALE = 1.4
_HIGHEST_DPI = 320.0

Place = tuple[int, Box]


def read_again(
    path: Path, pages: Sequence[Page], cells: Sequence[Cell], engine: Engine
) -> Mapping[Place, Reading]:
    """Read cells again; the result is keyed by page number and box of the cell.

    Raises:
        UnreadableDocument: the file cannot be opened any more.
    """
    wanted: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        wanted[cell.page].append(cell)
    known = {page.number: page for page in pages}
    readings: dict[Place, Reading] = {}
    with open_document(path) as document:
        for number, doubtful in wanted.items():
            sheet = document.sheet(number)
            plate = _plate(view_of(sheet, _other_dpi(reading_dpi(sheet))), known[number])
            for cell in doubtful:
                readings[number, cell.box] = _read(plate, known[number], cell, engine)
    return readings


def _other_dpi(dpi: float) -> float:
    return dpi * _OTHER_SCALE if dpi * _OTHER_SCALE <= _HIGHEST_DPI else dpi / _OTHER_SCALE


def _plate(view: View, page: Page) -> Plate:
    if page.warp:
        view = photographed(view, page.warp)
    elif page.route is not Route.DIGITAL:
        view = rotated(turned(view, page.turned), page.skew)
    pale = without_colour(view)
    ink = binarise(pale.grey, pale.dpi)
    rulings = find_rulings(ink, pale.dpi)
    return plate_of(pale, ink, rulings, find_grids(rulings, pale.dpi))


def _read(plate: Plate, page: Page, cell: Cell, engine: Engine) -> Reading:
    left, top, right, bottom = _rectangle(plate.view, cell.box)
    ink = print_of(np.ascontiguousarray(plate.ink[top:bottom, left:right]), plate.view.dpi)
    clean = plate.clean[top:bottom, left:right]
    em = type_size([ink], plate.view.dpi)
    # Whether two lines are one number is the first reading's word: here no other cell tells.
    one_row = " " not in cell.text
    reading, _ = read_lines(clean, ink, lines_of(ink, em), em, engine, by_shape=False, one_row=one_row)
    if not reading.text and not is_bare(plate.raw[top:bottom, left:right], em, plate.view.dpi):
        reading = Reading("", NOT_BARE, "ink")
    return Reading(reading.text, reading.confidence, f"second/{engine.name}")


def _rectangle(view: View, box: Box) -> tuple[int, int, int, int]:
    """Find the cell whose upright box on the page as stored this is, in pixels of the view."""
    left, top, right, bottom = (round(edge) for edge in view.rectangle(box))
    return max(0, left), max(0, top), right, bottom
