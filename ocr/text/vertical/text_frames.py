"""Columns of vertical print with rules between them: a frame of text, no table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ocr.arrays import Pixels
from ocr.engine.text_boxes import Quad, bounding_rectangle
from ocr.image.page_image import PageImage
from ocr.tables.grid import Grid
from ocr.text.ink import print_of

# A standing line is so many times as high as wide; those of a text are longer, in the
# median: the stacked headings of the forms have four characters, lines of verse five.
_STANDING, _LONG = 1.8, 4.5
# So many lines stand in a frame of text, and all but this share of the cells with print
# hold one: the fold of a leaf has a sign of its own.
_FEWEST, _OTHERS = 3, 0.2


def without_text_frames(
    grids: Sequence[Grid], text_boxes: Sequence[Quad], ink: Pixels, view: PageImage
) -> tuple[Grid, ...]:
    """Return the grids that are tables.

    Args:
        grids: in pixels.
        text_boxes: the printed lines of the page.
        ink: of the page without its rules, shape (height, width).
        view: the page.
    """
    return tuple(grid for grid in grids if not _is_text_frame(grid, text_boxes, ink, view.dpi))


def may_be_text_frame(grid: Grid) -> bool:
    """Tell by the shape of its cells whether a grid may hold standing lines: most stand, three at least."""
    cells = [grid.rectangle(span) for span in grid.spans]
    standing = sum(bottom - top > _STANDING * (right - left) for left, top, right, bottom in cells)
    return standing >= _FEWEST and 2 * standing >= len(cells)


def _is_text_frame(grid: Grid, text_boxes: Sequence[Quad], ink: Pixels, dpi: float) -> bool:
    """Tell whether what is printed in a grid are standing lines."""
    boxes = [bounding_rectangle(text_box) for text_box in text_boxes]
    inside = [box for box in boxes if grid.holds(*_middle(box))]
    standing = [box for box in inside if box[3] - box[1] > _STANDING * (box[2] - box[0])]
    if len(standing) < _FEWEST or 2 * len(standing) < len(inside):
        return False
    if median((box[3] - box[1]) / (box[2] - box[0]) for box in standing) < _LONG:
        return False
    cells = [grid.rectangle(span) for span in grid.spans]
    plain = [cell for cell in cells if not any(_within(_middle(box), cell) for box in standing)]
    others = sum(_has_print(ink, cell, dpi) for cell in plain)
    return others <= _OTHERS * (len(cells) - len(plain) + others)


def _middle(box: tuple[float, float, float, float]) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _within(point: tuple[float, float], frame: tuple[float, float, float, float]) -> bool:
    return frame[0] <= point[0] <= frame[2] and frame[1] <= point[1] <= frame[3]


def _has_print(ink: Pixels, cell: tuple[float, float, float, float], dpi: float) -> bool:
    left, top, right, bottom = (round(edge) for edge in cell)
    edge = max(2, round(0.02 * dpi))
    inner = ink[top + edge : bottom - edge, left + edge : right - edge]
    return bool(inner.size) and bool(print_of(inner.copy(), dpi).any())
