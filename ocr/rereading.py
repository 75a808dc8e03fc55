"""Reading doubtful cells a second time, another way than the first.

What came from the text layer is read from the picture; what was read from the
picture is read again at another scale, cut out anew, and by a second engine too
where there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.image.dewarp import dewarp_stored
from ocr.image.page_image import PageImage, reading_dpi, render_page, rotate_quarters, rotate_small
from ocr.model import Box, Cell, CellPlace, Page, Reading
from ocr.page_analysis import PageAnalysis
from ocr.tables.rule_removal import CleanedPage
from ocr.text.cell_noise import is_bare, remove_noise
from ocr.text.cells import NOT_BARE, SPOILT, mask_other_print, read_lines
from ocr.text.ink import lines_of, print_of, type_size
from ocr.text.wrapped_numbers import NUMBER

# The second scale as a multiple of the first, and the highest in dpi.
_OTHER_SCALE = 1.4
_HIGHEST_DPI = 320.0


def read_again(
    path: Path, pages: Sequence[Page], cells: Sequence[Cell], engine: Engine, other: Engine | None = None
) -> Mapping[CellPlace, Reading]:
    """Read cells again; the result is keyed by the place of the cell.

    Where the `other` engine reads another number, its reading is the second.

    Raises:
        UnreadableDocument: the file cannot be opened any more.
    """
    wanted: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        wanted[cell.page].append(cell)
    known = {page.number: page for page in pages}
    readings: dict[CellPlace, Reading] = {}
    with open_document(path) as document:
        for number, doubtful in wanted.items():
            sheet = document.sheet(number)
            if sheet.typeset is not None:
                readings |= sheet.typeset.again(doubtful)
                continue
            stored, page = render_page(sheet, _other_dpi(reading_dpi(sheet))), known[number]
            turns = {page.tables[cell.table].turned for cell in doubtful}
            views = {turn: _cleaned(stored, page, turn) for turn in turns}
            for cell in doubtful:
                cleaned, em = views[page.tables[cell.table].turned]
                readings[cell.place] = _read(cleaned, em, cell, engine, other)
    return readings


def _other_dpi(dpi: float) -> float:
    return dpi * _OTHER_SCALE if dpi * _OTHER_SCALE <= _HIGHEST_DPI else dpi / _OTHER_SCALE


def _cleaned(view: PageImage, page: Page, turn: int) -> tuple[CleanedPage, float]:
    """Make a page ready for cutting again, its tables of one turn upright, and tell the em of its tables."""
    if page.warp:
        view = dewarp_stored(view, page.warp)
    else:
        view = rotate_small(rotate_quarters(view, page.turned), page.skew)
    view = rotate_quarters(view, turn)
    known = [
        _rectangle(view, cell.box) for table in page.tables if table.turned == turn for cell in table.cells
    ]
    cleaned = PageAnalysis(view).cleaned_around(known)
    return cleaned, type_size([_print(cleaned, rectangle) for rectangle in known], view.dpi)


def _read(cleaned: CleanedPage, em: float, cell: Cell, engine: Engine, other: Engine | None) -> Reading:
    left, top, right, bottom = rectangle = _rectangle(cleaned.view, cell.box)
    ink = _print(cleaned, rectangle)
    clean = cleaned.clean[top:bottom, left:right]
    if cleaned.dirty:
        ink = remove_noise(ink, em, cleaned.view.dpi)
        clean = mask_other_print(ink, clean)
    most = SPOILT if cleaned.is_spoilt(np.s_[top:bottom, left:right], ink) else 1.0
    lines = lines_of(ink, em)
    if not lines:
        bare = is_bare(cleaned.raw[top:bottom, left:right], em, cleaned.view.dpi)
        return Reading("", min(most, 1.0 if bare else NOT_BARE), "second/ink")
    # Whether two lines are one number is the first reading's word: here no other cell tells.
    one_row = " " not in cell.text
    readings = [
        Reading(read.text, min(most, read.confidence), f"second/{each.name}")
        for each in (engine, other)
        if each
        for read, _ in [read_lines(clean, ink, lines, em, each, by_shape=False, one_row=one_row)]
    ]
    return next((read for read in readings[1:] if _contradicts(read, readings[0])), readings[0])


def _print(cleaned: CleanedPage, rectangle: tuple[int, int, int, int]) -> Pixels:
    left, top, right, bottom = rectangle
    return print_of(np.ascontiguousarray(cleaned.ink[top:bottom, left:right]), cleaned.view.dpi)


def _contradicts(read: Reading, first: Reading) -> bool:
    """Tell whether a number was read that is not the first's.

    The second engine cannot read dashes, and a speck behind a number is none of its digits.
    """
    return NUMBER.fullmatch(read.text.removeprefix("-")) is not None and read.text != first.text


def _rectangle(view: PageImage, box: Box) -> tuple[int, int, int, int]:
    """Find the cell whose upright box on the page as stored this is, in pixels of the view."""
    left, top, right, bottom = (round(edge) for edge in view.rectangle(box))
    return max(0, left), max(0, top), right, bottom
