"""Body text of a scanned page: the printed lines outside of its tables."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.cells import Plate, read_lines
from ocr.engine import Engine
from ocr.grid import Grid
from ocr.ink import lines_of
from ocr.model import TextLine
from ocr.quads import Quad, crop, rectangle_of, size_of

# A quad taller than this many times its width is a vertical line.
_VERTICAL = 1.8


def read_body(plate: Plate, quads: Sequence[Quad], grids: Sequence[Grid], engine: Engine) -> list[TextLine]:
    """Read the detected lines that stand outside of the tables, in no order."""
    outside = [quad for quad in quads if not any(_is_in(grid, quad) for grid in grids)]
    lines = [read_line(plate, quad, engine) for quad in outside]
    return [line for line in lines if line.text]


def _is_in(grid: Grid, quad: Quad) -> bool:
    """Tell by the straightened page: the upright box of a slanted table holds more than the table."""
    left, top, right, bottom = rectangle_of(quad)
    across, down = (left + right) / 2, (top + bottom) / 2
    return grid.xs[0] <= across <= grid.xs[-1] and grid.ys[0] <= down <= grid.ys[-1]


def read_line(plate: Plate, quad: Quad, engine: Engine) -> TextLine:
    """Read one printed line, lying or standing."""
    box = plate.view.box(*rectangle_of(quad))
    width, height = size_of(quad)
    if height > _VERTICAL * width:
        ink = np.ascontiguousarray(crop(plate.ink, quad))
        reading, _ = read_lines(crop(plate.clean, quad), ink, lines_of(ink, width), width, engine)
        return TextLine(reading.text, box, reading.confidence, engine.name, vertical=True)
    found = engine.recognise(crop(plate.clean, quad))
    return TextLine(found.text, box, found.confidence, engine.name)


def straightened(quads: Sequence[Quad], degrees: float, width: int, height: int) -> list[Quad]:
    """Move quads along with a page of that size that is rotated clockwise about its centre."""
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return [(quad @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32) for quad in quads]
