"""Body text of a scanned page: the printed lines outside of its tables."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.engine.base import Engine
from ocr.engine.text_boxes import Quad, crop, rectangle_of, rectified, size_of
from ocr.image.binarise import binarise
from ocr.model import TextLine
from ocr.tables.cleaned_page import CleanedPage
from ocr.tables.grid import Grid
from ocr.text.line_extension import Rectangle, grown, missed
from ocr.text.vertical_text import column_of, read_column

# A quad taller than this many times its width is a vertical line.
_VERTICAL = 1.8
# Print that the detector did not show is taken if it reads as surely as this; and what
# it showed only part of, if the whole reads less surely by no more than this.
_SURE, _LESS = 0.9, 0.05


def read_body(
    cleaned: CleanedPage, quads: Sequence[Quad], grids: Sequence[Grid], engine: Engine
) -> list[TextLine]:
    """Read the detected lines that stand outside of the tables, in no order."""
    tables = [(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]) for grid in grids]
    known = [*tables, *(rectangle_of(quad) for quad in quads)]
    outside = [quad for quad in quads if not any(_is_in(grid, quad) for grid in grids)]
    lines = [read_line(cleaned, quad, engine, known) for quad in outside]
    more = [_read_lying(cleaned, quad, engine) for quad in missed(cleaned.ink, known, cleaned.view.dpi)]
    lines += [line for line in more if line.confidence >= _SURE and not _is_read(line, lines)]
    return [line for line in lines if line.text]


def _is_in(grid: Grid, quad: Quad) -> bool:
    """Tell by the straightened page: the upright box of a slanted table holds more than the table."""
    left, top, right, bottom = rectangle_of(quad)
    across, down = (left + right) / 2, (top + bottom) / 2
    return grid.xs[0] <= across <= grid.xs[-1] and grid.ys[0] <= down <= grid.ys[-1]


def _is_read(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Tell whether a line that was read already has grown to hold this one."""
    return any(other.box.contains(*line.box.centre) for other in lines)


def read_line(cleaned: CleanedPage, quad: Quad, engine: Engine, known: Sequence[Rectangle] = ()) -> TextLine:
    """Read one printed line, lying or standing, as far as it goes without running into what is `known`."""
    width, height = size_of(quad)
    others = [place for place in known if place != rectangle_of(quad)]
    if height > _VERTICAL * width and (line := _read_standing(cleaned, quad, engine, along=True)):
        sideways = [(top, left, bottom, right) for left, top, right, bottom in others]
        taller = grown(quad[:, ::-1], sideways, cleaned.ink.T)
        longer = taller is not None and _read_standing(cleaned, taller[:, ::-1], engine)
        return longer if longer and _goes_farther(longer, line) else line
    line = _read_lying(cleaned, quad, engine)
    wider = grown(quad, others, cleaned.ink)
    further = _read_lying(cleaned, wider, engine) if wider is not None else line
    return further if _goes_farther(further, line) else line


def _read_standing(
    cleaned: CleanedPage, quad: Quad, engine: Engine, *, along: bool = False
) -> TextLine | None:
    """Read a standing line, cut out upright or `along` its slant; None if it has but one character."""
    # Not of `cleaned.ink`: the strokes of large type were taken for rules there.
    picture = rectified(cleaned.view.pixels, quad) if along else crop(cleaned.view.pixels, quad)
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    column = column_of(picture, binarise(grey, cleaned.view.dpi))
    if len(column.characters) < 2:
        return None
    found = read_column(column, engine)
    box = cleaned.view.box(*rectangle_of(quad))
    return TextLine(found.text, box, found.confidence, engine.name, vertical=True)


def _read_lying(cleaned: CleanedPage, quad: Quad, engine: Engine) -> TextLine:
    found = engine.recognise(crop(cleaned.view.pixels, quad))
    return TextLine(found.text, cleaned.view.box(*rectangle_of(quad)), found.confidence, engine.name)


def _goes_farther(longer: TextLine, line: TextLine) -> bool:
    """Tell whether a wider crop shows more of the same line, as surely; its ends may have been cut."""
    same = line.text[1:-1] in longer.text and len(longer.text) > len(line.text)
    return same and longer.confidence >= max(_SURE, line.confidence - _LESS)


def straightened(quads: Sequence[Quad], degrees: float, width: int, height: int) -> list[Quad]:
    """Move quads along with a page of that size that is rotated clockwise about its centre."""
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return [(quad @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32) for quad in quads]
