"""Columns of vertical print are put right where the detector joined or parted them; frames are no tables."""

from __future__ import annotations

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.text_boxes import Quad, bounding_rectangle
from ocr.image.page_image import PageImage
from ocr.tables.grid import Grid, Span
from ocr.text.vertical.column_boxes import columns_of_print, is_vertical_print
from ocr.text.vertical.text_frames import without_text_frames


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def inked(*boxes: Quad) -> Pixels:
    ink = np.zeros((1000, 800), np.uint8)
    for box in boxes:
        left, top, right, bottom = (round(side) for side in bounding_rectangle(box))
        ink[top + 4 : bottom - 4, left + 4 : right - 4] = 255
    return ink


def test_a_column_that_runs_over_two_bands_is_parted() -> None:
    upper = [quad(700 - 60 * n, 100, 740 - 60 * n, 480) for n in range(5)]
    lower = [quad(700 - 60 * n, 540, 740 - 60 * n, 900) for n in range(5)]
    detected = [*upper[1:], *lower[1:], quad(700, 100, 740, 900)]
    found = columns_of_print(detected, inked(*upper, *lower))
    assert len(found) == 10
    assert sorted(round(bounding_rectangle(box)[1]) for box in found[-2:]) == [100, 540]


def test_a_lone_character_belongs_to_the_column_above_it() -> None:
    columns = [quad(700 - 60 * n, 100, 740 - 60 * n, 480) for n in range(4)]
    lone = quad(520, 490, 558, 530)
    assert bounding_rectangle(columns_of_print([*columns, lone], inked(*columns, lone))[3]) == (
        520,
        100,
        560,
        530,
    )


def test_lying_lines_are_no_vertical_print() -> None:
    assert not is_vertical_print([quad(100, 40 * n, 600, 40 * n + 30) for n in range(9)])


def grid(columns: int, rows: int) -> Grid:
    spans = tuple(Span(row, column, 1, 1) for row in range(rows) for column in range(columns))
    xs = tuple(100.0 + 60 * n for n in range(columns + 1))
    return Grid(xs, tuple(100.0 + 500 * n / rows for n in range(rows + 1)), spans)


def tables(grids: Grid, boxes: list[Quad]) -> int:
    ink = inked(*boxes)
    view = PageImage(np.repeat(255 - ink[:, :, np.newaxis], 3, axis=2), np.eye(3), 200.0)
    return len(without_text_frames([grids], boxes, ink, view))


def test_ruled_columns_of_text_are_no_table() -> None:
    columns = [quad(110 + 60 * n, 120, 150 + 60 * n, 560) for n in (0, 1, 3, 4)]
    assert tables(grid(5, 1), columns) == 0


def test_stacked_headings_over_numbers_are_a_table() -> None:
    headings = [quad(110 + 60 * n, 110, 150 + 60 * n, 320) for n in range(5)]
    numbers = [quad(115 + 60 * n, 400, 145 + 60 * n, 430) for n in range(5)]
    assert tables(grid(5, 2), headings + numbers) == 1
