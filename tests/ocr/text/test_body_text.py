"""Where printed lines are looked for: outside of tables, and no farther."""

from __future__ import annotations

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import NOTHING, Recognised
from ocr.engine.text_boxes import Quad
from ocr.page_analysis import PageAnalysis
from ocr.text.body_text import detect_body
from tests.support.drawn_pages import HEIGHT, WIDTH, Row, drawn, values


class _Watched:
    """Finds a line along the whole top of what it is shown, and remembers the size of that."""

    name = "watched"

    def __init__(self) -> None:
        self.shown: list[tuple[int, int, int]] = []

    def detect(self, page: Pixels, longest: int = 0) -> list[Quad]:
        self.shown.append((*page.shape[:2], longest))
        return [np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.float32)]

    def recognise(self, line: Pixels) -> Recognised:
        return NOTHING


def _looked_at(below: list[Row], columns: int = 4) -> tuple[list[tuple[int, int, int]], list[Quad]]:
    """Draw a table, with other rows below it; return what was shown to the detector, and what it found."""
    edges = [100 + 300 * n for n in range(columns + 1)]
    rows = [(230 + 60 * n, row) for n, row in enumerate(values(4, columns))]
    page = PageAnalysis(drawn([*rows, *below], [edge + 20 for edge in edges], range(190, 431, 60), edges))
    engine = _Watched()
    found = detect_body(page.view.pixels, page.cleaned.ink, page.grids, page.view.dpi, engine)
    return engine.shown, found


def test_a_page_of_nothing_but_tables_is_not_looked_at() -> None:
    assert _looked_at([]) == ([], [])


def test_print_beside_tables_is_looked_for_where_it_is_at_its_own_size() -> None:
    ((height, width, longest),), (line,) = _looked_at([(700, ["Page 3"])])
    assert height < HEIGHT / 3
    assert (width, longest) == (WIDTH, max(WIDTH, HEIGHT))
    assert 500 < line[0, 1] < 700


def test_print_above_and_below_is_looked_for_in_two_bands() -> None:
    shown, _ = _looked_at([(60, ["Title"]), (900, ["Page 3"])])
    assert len(shown) == 2


def test_a_page_without_tables_is_looked_at_whole() -> None:
    page = PageAnalysis(drawn([(60, ["Title"]), (900, ["Page 3"])], [100]))
    engine = _Watched()
    detect_body(page.view.pixels, page.cleaned.ink, (), page.view.dpi, engine)
    assert engine.shown == [(HEIGHT, WIDTH, max(HEIGHT, WIDTH))]
