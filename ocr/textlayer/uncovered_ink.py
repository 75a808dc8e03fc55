"""Print that the text layer of a page does not tell: found as ink outside of all its characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.engine.base import Engine
from ocr.image.components import components_of
from ocr.image.page_image import PageImage
from ocr.image.ruling_lines import Rulings
from ocr.model import Box, Table, TextLine
from ocr.tables.rule_removal import CleanedPage
from ocr.text.body_text import read_line
from ocr.text.cell_crops import CellCrop
from ocr.text.ink import print_of

# How far the grey edge of a glyph reaches beyond its box, in inches.
_EDGE = 0.012
# Loose ink this close to the ends of a line, in em, belongs to it: a character left out.
_BESIDE = 1.0
# White round a line that is read, as a share of its height (ocr/text/cells.py).
_MARGIN = 0.13
# Loose print has at least one piece this high, in inches; shorter ones are dots and rules.
_LOWEST = 0.045
# A rule longer than this, in inches, is no stroke of a character; so many pixels are wiped.
_LONG, _THICK = 0.6, 7
# A stroke no higher than this, in inches, is flat.
_FLAT = 0.02
# A piece that takes this share of the width and height of its cell is drawn through it.
_SPAN = 0.7

# Left, top, width and height in pixels.
Piece = tuple[int, int, int, int]


def uncovered_ink(ink: Pixels, view: PageImage, rulings: Rulings, chars: Iterable[Char]) -> Pixels:
    """Return the ink of a page outside of all boxes of characters, without rules.

    Short rules stay: they may be strokes of large print.

    Args:
        ink: all of it, shape (height, width), but for seals.
        view: the page, unturned.
        rulings: its rules.
        chars: its characters.
    """
    ink = ink.copy()
    for rule in (rule for rule in rulings.horizontal if rule.length > _LONG * view.dpi):
        cv2.line(ink, _point(rule.start, rule.at), _point(rule.end, rule.at), 0, _THICK)
    for rule in (rule for rule in rulings.vertical if rule.length > _LONG * view.dpi):
        cv2.line(ink, _point(rule.at, rule.start), _point(rule.at, rule.end), 0, _THICK)
    for char in chars:
        ink[view.pixels_of(char.box, _EDGE * view.dpi)] = 0
    return ink


def _point(x: float, y: float) -> tuple[int, int]:
    return round(x), round(y)


def covers_all_print(cut: CellCrop, loose: Pixels, chars: Sequence[Char], view: PageImage) -> bool:
    """Tell whether the characters of a cell are all of its print, underlines and diagonals left aside."""
    beside = cut.ink & loose[cut.top : cut.bottom, cut.left : cut.right]
    kept = print_of(np.ascontiguousarray(beside), view.dpi)
    places = [view.pixels_of(char.box) for char in chars]
    return all(
        _spans(piece, cut) or any(_underlines(piece, cut, place, view.dpi) for place in places)
        for piece in _pieces(kept, 0.0)
    )


def _spans(piece: Piece, cut: CellCrop) -> bool:
    """Tell a line through a whole cell, as one that parts its two headings."""
    _, _, width, height = piece
    return width > _SPAN * (cut.right - cut.left) and height > _SPAN * (cut.bottom - cut.top)


def _underlines(piece: Piece, cut: CellCrop, place: tuple[slice, slice], dpi: float) -> bool:
    """Tell a flat stroke close below a character, which takes rows and columns of the page."""
    left, top, width, height = piece
    rows, columns = place
    across = columns.start < cut.left + left + width and cut.left + left < columns.stop
    below = cut.top + top - rows.stop
    return across and height <= _FLAT * dpi and -2 <= below < (rows.stop - rows.start) / 2


def reread_lines(
    lines: Sequence[TextLine], doubted: Sequence[Char], loose: Pixels, cleaned: CleanedPage, engine: Engine
) -> list[TextLine]:
    """Read from the picture those lines that hold doubted characters or loose ink; its ink is loose no more.

    `loose` is changed: what is read is taken off.
    """
    return [_mended(line, doubted, loose, cleaned, engine) for line in lines]


def _mended(
    line: TextLine, doubted: Sequence[Char], loose: Pixels, cleaned: CleanedPage, engine: Engine
) -> TextLine:
    box = _with_loose(line.box, loose, cleaned)
    if box is None and not any(line.box.contains(*char.box.centre) for char in doubted):
        return line
    box = box or line.box
    loose[cleaned.view.pixels_of(box)] = 0
    margin = max(2.0, _MARGIN * min(box.width, box.height) * cleaned.view.dpi / 72)
    rows, columns = cleaned.view.pixels_of(box, margin)
    left, top, right, bottom = columns.start, rows.start, columns.stop, rows.stop
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    return read_line(cleaned, corners, engine)


def _with_loose(box: Box, loose: Pixels, cleaned: CleanedPage) -> Box | None:
    """Widen the box of a line by the print in it and beside it that no character tells; None without any."""
    em = min(box.width, box.height)
    around = replace(box, left=box.left - _BESIDE * em, right=box.right + _BESIDE * em)
    rows, columns = cleaned.view.pixels_of(around)
    pieces = _pieces(loose[rows, columns], _LOWEST * cleaned.view.dpi)
    wider = box
    for left, top, width, height in pieces:
        x, y = columns.start + left, rows.start + top
        wider = wider.union(cleaned.view.box(x, y, x + width, y + height))
    # What is found may have more beside it.
    return (_with_loose(wider, loose, cleaned) if wider != box else box) if pieces else None


def read_uncovered(
    loose: Pixels, lines: Sequence[TextLine], tables: Sequence[Table], cleaned: CleanedPage, engine: Engine
) -> list[TextLine]:
    """Read the print outside of lines and tables, as a scan is read.

    All else of the page is shown to the engine: long strokes are missing from the loose ink.
    """
    rest, alone = loose.copy(), cleaned.view.pixels.copy()
    for box in (*(line.box for line in lines), *(table.box for table in tables)):
        place = cleaned.view.pixels_of(box, _EDGE * cleaned.view.dpi)
        rest[place], alone[place] = 0, 255
    if not _pieces(rest, _LOWEST * cleaned.view.dpi):
        return []
    shown = replace(cleaned, view=replace(cleaned.view, pixels=alone), clean=alone, ink=rest)
    found = [read_line(shown, text_box, engine) for text_box in engine.detect(alone)]
    return [line for line in found if line.text]


def _pieces(ink: Pixels, lowest: float) -> list[Piece]:
    """Return the pieces of ink that are so many pixels high."""
    return [
        (int(left), int(top), int(width), int(height))
        for left, top, width, height, _ in components_of(np.ascontiguousarray(ink)).stats[1:]
        if height >= lowest
    ]
