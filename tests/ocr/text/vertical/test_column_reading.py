"""Standing lines are read both ways, their marks told by place and shape."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import NOTHING, Recognised
from ocr.engine.text_boxes import Quad
from ocr.text.vertical.column_reading import read_column
from ocr.text.vertical.standing_line import VerticalLine, column_of, with_coloured_marks

EM = 40


class Reader:
    """Reads the squares set together first, the turned line then."""

    name = "reader"

    def __init__(self, across: str, turned: str, surer: str) -> None:
        self.texts = [(across, 0.9), (turned, 0.95 if surer == "turned" else 0.8)]

    def detect(self, page: Pixels, longest: int = 0) -> list[Quad]:
        return []

    def recognise(self, line: Pixels) -> Recognised:
        text, confidence = self.texts.pop(0) if self.texts else ("", 0.0)
        return Recognised(text, confidence, confidence, "", 0.0) if text else NOTHING


def standing(*marks: str) -> VerticalLine:
    """Draw a line of squares, rings (o), dots above one another (:), dashes (|) and brackets (┐ └)."""
    page = np.full((50 * len(marks) + 20, 60), 255, np.uint8)
    for place, mark in enumerate(marks):
        top, left = 10 + 50 * place, 10
        if mark == "#":
            cv2.rectangle(page, (left, top), (left + EM - 1, top + EM - 1), 0, 3)
            cv2.line(page, (left, top + 20), (left + EM - 1, top + 20), 0, 3)
        elif mark == "o":
            cv2.circle(page, (left + 30, top + 10), 6, 0, 2)
        elif mark == ":":
            cv2.circle(page, (left + 20, top + 10), 3, 0, -1)
            cv2.circle(page, (left + 20, top + 24), 3, 0, -1)
        elif mark == "|":
            page[top : top + EM, left + 19 : left + 22] = 0
        elif mark == "┐":
            page[top + 22 : top + 25, left + 4 : left + 32] = 0
            page[top + 22 : top + 38, left + 29 : left + 32] = 0
        elif mark == "└":
            page[top + 15 : top + 18, left + 4 : left + 32] = 0
            page[top + 2 : top + 18, left + 4 : left + 7] = 0
    return column_of(np.repeat(page[:, :, np.newaxis], 3, axis=2), 255 - page)


def test_the_surer_reading_tells_characters_and_marks_stay() -> None:
    line = standing("#", "#", "o", "#")
    read = read_column(line, Reader("赏赐O百", "賞賜百", surer="turned"))
    assert read.text == "賞賜。百"
    assert read_column(line, Reader("赏赐O百", "賞賜百", surer="across")).text == "赏赐。百"


def test_readings_that_differ_are_no_surer_than_the_less_sure() -> None:
    line = standing("#", "#")
    assert read_column(line, Reader("天子", "天子", surer="turned")).confidence == 0.95
    assert read_column(line, Reader("天予", "天子", surer="turned")).confidence == 0.9


def test_signs_are_told_by_their_shape() -> None:
    line = standing(*"##|#┐##└##:##")
    assert (
        read_column(line, Reader("一二三四五六七.八九", "一二三四五六七八九", surer="across")).text
        == "一二—三「四五」六七：八九"
    )


def test_print_set_solid_is_cut_between_its_characters() -> None:
    line = standing(*"####o####:##")
    assert len(line.characters) == 12


def test_small_red_marks_are_kept_and_a_seal_is_not() -> None:
    coloured = np.full((300, 60, 3), 255, np.uint8)
    coloured[100:112, 20:30] = (200, 20, 20)
    coloured[200:260, 0:60] = (200, 20, 20)
    shown = with_coloured_marks(np.full_like(coloured, 255), coloured)
    assert shown[105, 25].max() < 60
    assert shown[230].min() == 255
