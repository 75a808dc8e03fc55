"""Where the words of a line stand: its text laid over the ink inside its box.

A stored line has one box, and a cell of a table is one line, however many rows
of print it holds and however wide it is. A searcher wants to see the words
marked where they are printed; so the rows are looked for in the picture, and
the text is cut over them by their widths.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.documents.base import POINTS_PER_INCH, Sheet
from ocr.documents.typeset import PlacedText
from ocr.image.colour_removal import remove_colour
from ocr.image.dewarp import dewarp_stored
from ocr.image.page_image import PageImage, reading_dpi, render_page, rotate_quarters, rotate_small
from ocr.model import Page, TextLine
from ocr.page_analysis import PageAnalysis
from ocr.text.ink import Band, lines_of, print_of, type_size

# The rules of a cell lie on its edges; so much of it, in inches, is not looked at.
_EDGE = 0.02
# The ink of hanzi fills so much of their em, that of figures and Latin letters less.
_WIDE_INK, _NARROW_INK = 0.92, 0.72


@dataclass(frozen=True, slots=True)
class _Crop:
    """The print inside the box of a line; `left` and `top` tell where its pixels begin in the view."""

    line: TextLine
    view: PageImage
    left: int
    top: int
    ink: Pixels
    whole: Band


def place_page_text(sheet: Sheet, page: Page) -> list[PlacedText]:
    """Place the lines of a page that was read from this sheet, in reading order."""
    if sheet.typeset is not None:
        return list(sheet.typeset.rows)
    if not page.lines:
        return []
    stored = render_page(sheet, reading_dpi(sheet))
    pale = remove_colour(dewarp_stored(stored, page.warp) if page.warp else stored).view
    turns = {reading_turn(line, page) for line in page.lines}
    views = {turn: PageAnalysis(_upright(pale, page, turn), keeps_colour=True) for turn in turns}
    crops = [_crop(views[reading_turn(line, page)], line) for line in page.lines]
    em = type_size([crop.ink for crop in crops], stored.dpi)
    return [piece for crop in crops for piece in _placed(crop, em, reading_turn(crop.line, page))]


def _upright(view: PageImage, page: Page, turn: int) -> PageImage:
    """Set the lines with this turn upright; those of a page laid flat by its warp nearly are."""
    if page.warp:
        return rotate_quarters(view, (turn - page.turned) % 360)
    return rotate_small(rotate_quarters(view, turn), page.skew)


def reading_turn(line: TextLine, page: Page) -> int:
    """Return the clockwise turn in degrees after which a line reads from left to right."""
    return (page.turned + (270 if line.vertical else 0)) % 360


def split_over_rows(text: str, widths: Sequence[float]) -> list[str]:
    """Cut a text over rows of print, a part for each, by how wide they are; none is lost.

    A hanzi is taken for twice as wide as a figure or a Latin letter.
    """
    if len(widths) == len(text):  # a character on each row: some are narrow, as 、 is
        return list(text)
    ends = list(accumulate((_ems(char) for char in text), initial=0.0))
    total = ends[-1] / max(sum(widths), 1e-9)
    wanted = [share * total for share in accumulate(widths)]
    cuts = [min(range(len(ends)), key=lambda place: abs(ends[place] - end)) for end in wanted[:-1]]
    cuts = [0, *cuts, len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _ems(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def _crop(analysis: PageAnalysis, line: TextLine) -> _Crop:
    view, ink, rules = analysis.view, analysis.ink, analysis.long_pieces
    left, top, right, bottom = view.rectangle(line.box)
    edge = _EDGE * view.dpi
    across, down = min(edge, (right - left) / 8), min(edge, (bottom - top) / 8)
    x, y = max(0, round(left + across)), max(0, round(top + down))
    inside = (slice(y, max(y, round(bottom - down))), slice(x, max(x, round(right - across))))
    whole = Band(0, 0, round(right - left), round(bottom - top))
    return _Crop(line, view, x, y, print_of(_without_rules(ink[inside], rules[inside]), view.dpi), whole)


def _without_rules(ink: Pixels, rules: Pixels) -> Pixels:
    """Drop the rules that come in from outside, as they do on a bent page; 一 stands clear of the edges."""
    if not rules.any():
        return np.ascontiguousarray(ink)
    _, labels = cv2.connectedComponents(np.ascontiguousarray(rules))
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    from_outside = np.isin(labels, edges[edges > 0])
    return np.where(from_outside, np.uint8(0), ink)


def _placed(crop: _Crop, em: float, turn: int) -> list[PlacedText]:
    rows = _rows(crop, em)
    parts = split_over_rows(crop.line.text, [row.width for row in rows])
    return [
        _piece(crop, part.strip(), row, turn) for part, row in zip(parts, rows, strict=True) if part.strip()
    ]


def _rows(crop: _Crop, em: float) -> list[Band]:
    """Find the rows of print, or where they would be in a box that shows none."""
    rows = lines_of(crop.ink, em)
    if rows and len(rows) <= len(crop.line.text):
        return rows
    height = min(em, crop.whole.height)
    width = min(em * sum(map(_ems, crop.line.text)), crop.whole.width)
    left, top = (crop.whole.width - width) / 2, (crop.whole.height - height) / 2
    return [Band(round(left), round(top), round(left + width) + 1, round(top + height) + 1)]


def _piece(crop: _Crop, text: str, row: Band, turn: int) -> PlacedText:
    is_wide = any(_ems(char) == 1.0 for char in text)
    em = row.height / (_WIDE_INK if is_wide else _NARROW_INK)
    # Hanzi reach below the line that figures stand on.
    foot = crop.top + row.bottom - (0.1 * em if is_wide else 0.0)
    ends = np.array([[crop.left + row.left, foot], [crop.left + row.right, foot]], dtype=np.float64)
    (x0, y0), (x1, y1) = crop.view.points(ends).tolist()
    return PlacedText(text, (x0, y0), (x1, y1), em * POINTS_PER_INCH / crop.view.dpi, turn)
