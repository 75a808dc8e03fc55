"""Numbers that the ink of their table does not bear out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ocr.arrays import Pixels
from ocr.image.page_image import PageImage
from ocr.model import DOUBTED, Box, Cell
from ocr.tables.grid import Span
from ocr.tables.rule_removal import CleanedPage
from ocr.text.cell_crops import CellCrop
from ocr.text.digits.shapes import doubt_numbers
from ocr.text.ink import print_of
from tests.support.printed_numbers import FACES, print_number

EM, DPI = 26.0, 200.0
PRINTED = (*"001", "12", "31", "21", "44", "41", "14", "37", "73", "17", "26", "62", "25", "0", "1431", "74")


def doubted(read: Mapping[int, str], dirt: Mapping[int, Pixels] | None = None) -> dict[int, str]:
    """The texts, by place, that are doubted in a column of PRINTED cells where some were read otherwise.

    `dirt` is ink of a cell that was taken for none of its print.
    """
    pictures = [print_number(text, FACES[0]) for text in PRINTED]
    height, width = pictures[0].shape[:2]
    page = np.vstack(pictures)
    ink = np.where(page.min(axis=2) < 140, np.uint8(255), np.uint8(0))
    cuts = [
        CellCrop(Span(place, 0, 1, 1), 0, top, width, top + height, print_of(ink[top : top + height], DPI))
        for place, top in enumerate(range(0, len(page), height))
    ]
    for place, marks in (dirt or {}).items():
        ink[place * height : (place + 1) * height] |= marks
    cleaned = CleanedPage(PageImage(page, np.diag([0.36, 0.36, 1.0]), DPI), ink, ink, page)
    texts = [read.get(place, text) for place, text in enumerate(PRINTED)]
    box = Box(0, 0, 1, 1)
    cells = [Cell(place, 0, 1, 1, text, box, 0.999, 1, "", inked=True) for place, text in enumerate(texts)]
    after = doubt_numbers(cells, cuts, cleaned, EM)
    assert [cell.text for cell in after] == texts
    return {place: cell.text for place, cell in enumerate(after) if cell.confidence == DOUBTED}


def test_what_was_read_as_printed_is_believed() -> None:
    assert doubted({}) == {}


def test_a_digit_that_looks_like_another_kind_is_doubted() -> None:
    assert doubted({16: "1131"}) == {16: "1131"}
    assert doubted({3: "72"}) == {3: "72"}


def test_print_wider_than_the_digits_read_is_doubted() -> None:
    assert doubted({17: "4", 3: "2"}) == {17: "4", 3: "2"}
    assert doubted({16: "131"}) == {16: "131"}


def test_ink_as_high_as_a_digit_that_was_taken_for_dirt_is_doubted() -> None:
    marks = np.zeros((56, 160), np.uint8)
    marks[22:40, 100:104] = 255
    assert doubted({}, {17: marks}) == {17: "74"}
    marks[28:40] = 0
    assert doubted({}, {17: marks}) == {}
