"""Body text of a scanned page: the printed lines outside of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import Engine
from ocr.engine.text_boxes import (
    Quad,
    bounding_rectangle,
    box_size,
    crop_deskewed,
    crop_upright,
    with_paper,
)
from ocr.image.binarise import binarise
from ocr.model import TextLine
from ocr.tables.grid import Grid
from ocr.tables.rule_removal import CleanedPage
from ocr.text.line_extension import Rectangle, extend_line, find_missed_lines
from ocr.text.vertical.column_boxes import columns_of_print, is_vertical_print
from ocr.text.vertical.column_reading import read_column
from ocr.text.vertical.standing_line import column_of, with_coloured_marks
from ocr.text.vertical.text_frames import may_be_text_frame

# A quad taller than this many times its width is a vertical line.
_VERTICAL = 1.8
# And on a page of vertical print, where two characters are a line.
_SHORT = 1.3
# A standing line goes on by no more than a character, so many of its widths: what follows is another band.
_ONE_MORE = 1.3
# A band that lines are detected in has so much paper around them, in inches.
_PAPER_AROUND = 0.5
# Lone characters of a heading stand no farther from each other than so many of their widths.
_SPACED = 4.0
# Print that the detector did not show is taken if it reads as surely as this; and what
# it showed only part of, if the whole reads less surely by no more than this.
_SURE, _LESS = 0.9, 0.05


@dataclass(frozen=True, slots=True)
class ColouredPrint:
    """A page with its colours, as the marks of vertical print may be; and whether its print is vertical."""

    pixels: Pixels
    vertical: bool = False


def detect_body(pixels: Pixels, ink: Pixels, grids: Sequence[Grid], dpi: float, engine: Engine) -> list[Quad]:
    """Detect the printed lines of a straightened page where it has print outside of its tables.

    Most of a statutory form is tables, and there the grid says where print is: nothing is detected in bands
    (rows of pixels) that have print in tables only. A grid that may be a frame of standing lines, and a page
    without any, is looked at whole.

    Args:
        pixels: the page, RGB.
        ink: its ink without rules, shape (height, width).
        grids: its tables, in pixels.
        dpi: the resolution.
        engine: detects them.
    """
    height, width = ink.shape[:2]
    bands = [(0, height)]
    if grids and not any(map(may_be_text_frame, grids)):
        bands = _bands_with_print(ink, grids, dpi)
    lines = ((top, engine.detect(pixels[top:bottom], max(height, width))) for top, bottom in bands)
    return [text_box + np.array([0, top], np.float32) for top, found in lines for text_box in found]


def _bands_with_print(ink: Pixels, grids: Sequence[Grid], dpi: float) -> list[tuple[int, int]]:
    """Return the bands, from and to which row, that have print outside of tables, with paper around it."""
    rest = ink.copy()
    for grid in grids:
        left, top, right, bottom = (max(0, round(edge)) for edge in grid.bounds)
        rest[top : bottom + 1, left : right + 1] = 0
    margin = round(_PAPER_AROUND * dpi)
    rows = np.flatnonzero(rest.any(axis=1))
    if not rows.size:
        return []
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > 2 * margin) + 1)
    return [(max(0, int(part[0]) - margin), min(len(ink), int(part[-1]) + margin + 1)) for part in parts]


def read_body(
    cleaned: CleanedPage,
    text_boxes: Sequence[Quad],
    grids: Sequence[Grid],
    engine: Engine,
    coloured: Pixels | None = None,
) -> list[TextLine]:
    """Read the detected lines that stand outside of the tables, in no order.

    `coloured` shows the page with its colours.
    """
    outside = [text_box for text_box in text_boxes if not any(_is_in(grid, text_box) for grid in grids)]
    vertical = is_vertical_print(outside)
    if vertical:
        outside = columns_of_print(outside, cleaned.ink)
    shown = ColouredPrint(cleaned.view.pixels if coloured is None else coloured, vertical)
    known = [*(grid.bounds for grid in grids), *map(bounding_rectangle, outside)]
    lines = [read_line(cleaned, text_box, engine, known, shown) for text_box in outside]
    more = [
        _read_lying(cleaned, text_box, engine)
        for text_box in find_missed_lines(cleaned.ink, known, cleaned.view.dpi)
    ]
    lines += [line for line in more if line.confidence >= _SURE and not _is_read(line, lines)]
    return [_lying_in_a_row(line, lines) for line in lines if line.text]


def _lying_in_a_row(line: TextLine, lines: Sequence[TextLine]) -> TextLine:
    """Take a lone character of vertical print that has another beside it for one of a spaced heading."""
    if not line.vertical or len(line.text) > 1:
        return line
    reach = _SPACED * line.box.width
    middle = line.box.centre[1]
    beside = (
        len(other.text) == 1
        and other is not line
        and other.box.top < middle < other.box.bottom
        and abs(other.box.centre[0] - line.box.centre[0]) < reach
        for other in lines
    )
    return replace(line, vertical=False) if any(beside) else line


def _is_in(grid: Grid, text_box: Quad) -> bool:
    """Tell by the straightened page: the upright box of a slanted table holds more than the table."""
    left, top, right, bottom = bounding_rectangle(text_box)
    return grid.holds((left + right) / 2, (top + bottom) / 2)


def _is_read(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Tell whether a line that was read already has grown to hold this one."""
    return any(other.box.contains(*line.box.centre) for other in lines)


def read_line(
    cleaned: CleanedPage,
    text_box: Quad,
    engine: Engine,
    known: Sequence[Rectangle] = (),
    coloured: ColouredPrint | None = None,
) -> TextLine:
    """Read one printed line, lying or standing, as far as it goes without running into what is `known`."""
    width, height = box_size(text_box)
    others = [place for place in known if place != bounding_rectangle(text_box)]
    coloured = coloured or ColouredPrint(cleaned.view.pixels)
    shown, stands = coloured.pixels, height > (_SHORT if coloured.vertical else _VERTICAL) * width
    if stands and (line := _read_standing(cleaned, shown, text_box, engine, along=True)):
        sideways = [(top, left, bottom, right) for left, top, right, bottom in others]
        taller = extend_line(text_box[:, ::-1], sideways, cleaned.ink.T)
        near = taller is not None and box_size(taller)[0] - height <= _ONE_MORE * width
        longer = taller is not None and near and _read_standing(cleaned, shown, taller[:, ::-1], engine)
        return longer if longer and _goes_farther(longer, line) else line
    line = _read_lying(cleaned, text_box, engine)
    if coloured.vertical and len(line.text) == 1:
        return replace(line, vertical=True)
    wider = extend_line(text_box, others, cleaned.ink)
    further = _read_lying(cleaned, wider, engine) if wider is not None else line
    return further if _goes_farther(further, line) else line


def _read_standing(
    cleaned: CleanedPage, coloured: Pixels, text_box: Quad, engine: Engine, *, along: bool = False
) -> TextLine | None:
    """Read a standing line, cut out upright or `along` its slant; None if it has but one character."""
    # Not of `cleaned.ink`: the strokes of large type were taken for rules there.
    crop = crop_deskewed if along else crop_upright
    picture = with_coloured_marks(crop(cleaned.view.pixels, text_box), crop(coloured, text_box))
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    column = column_of(picture, binarise(grey, cleaned.view.dpi))
    if len(column.characters) < 2:
        return None
    found = read_column(column, engine)
    box = cleaned.view.box(*bounding_rectangle(text_box))
    return TextLine(found.text, box, found.confidence, engine.name, vertical=True)


def _read_lying(cleaned: CleanedPage, text_box: Quad, engine: Engine) -> TextLine:
    found = engine.recognise(with_paper(crop_upright(cleaned.view.pixels, text_box)))
    return TextLine(
        found.text, cleaned.view.box(*bounding_rectangle(text_box)), found.confidence, engine.name
    )


def _goes_farther(longer: TextLine, line: TextLine) -> bool:
    """Tell whether a wider crop shows more of the same line, as surely; its ends may have been cut."""
    same = line.text[1:-1] in longer.text and len(longer.text) > len(line.text)
    return same and longer.confidence >= max(_SURE, line.confidence - _LESS)
