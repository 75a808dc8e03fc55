"""Crops of lines as a recogniser gets them."""

from __future__ import annotations

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.text_boxes import cell_with_paper, with_paper


def _line(height: int, width: int) -> Pixels:
    line = np.full((height, width, 3), 250, np.uint8)
    line[height // 4 : -height // 4, 20:-20] = 0
    return line


def test_running_text_gets_paper_in_the_tone_of_its_edges() -> None:
    line = _line(30, 600)
    taller = with_paper(line)
    assert taller.shape == (38, 600, 3)
    assert (taller[4:-4] == line).all()
    assert (taller[:4] == 250).all()


def test_a_short_line_gets_none() -> None:
    line = _line(30, 300)
    assert with_paper(line) is line


def test_a_cell_gets_paper_where_it_is_long_and_not_in_small_type() -> None:
    small, single = _line(40, 400), _line(60, 60)
    assert len(cell_with_paper(_line(60, 400))) == 78
    assert cell_with_paper(small) is small
    assert cell_with_paper(single) is single
