"""Vertical print and columns of text come out in reading order, and no page is turned wrongly for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from bench.accuracy.text import plain
from bench.corpus.degrade import RECIPES, scan_pdf
from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.engine.base import NOTHING, Engine, Recognised
from ocr.engine.text_boxes import Quad
from ocr.image.page_image import PageImage
from ocr.model import Box, Page, Table, TextLine
from ocr.reader import read_document
from ocr.tables.rule_removal import CleanedPage
from ocr.text.body_text import read_body
from ocr.text.reading_order import in_reading_order
from ocr.text.text_columns import zone_of
from ocr.textlayer.vertical_lines import standing_lines
from tests.support.typeset_pages import (
    HEI,
    KAI,
    PARAGRAPHS,
    lying,
    needs_fonts,
    ruled,
    standing,
    standing_text,
    write_page,
)

# Of the characters of a scanned page: one mark in a hundred is sometimes lost.
MOST_ERRORS = 0.01


def line(
    text: str, left: float, top: float, right: float, bottom: float, *, vertical: bool = False
) -> TextLine:
    return TextLine(text, Box(left, top, right, bottom), 1.0, "hand", vertical)


def order(lines: list[TextLine], tables: list[Table] | None = None, gutter: float | None = None) -> str:
    return "".join(one.text for one in in_reading_order(lines, tables or [], gutter=gutter))


def columns(texts: str, right: float, top: float, bottom: float) -> list[TextLine]:
    """Standing lines a letter each, from the right."""
    return [
        line(text, right - 20 * place - 12, top, right - 20 * place, bottom, vertical=True)
        for place, text in enumerate(texts)
    ]


def text_column(texts: str, left: float, right: float, top: float = 100) -> list[TextLine]:
    """Lying lines a letter each, the last one short."""
    full = [line(text, left, top + 18 * n, right, top + 18 * n + 12) for n, text in enumerate(texts[:-1])]
    last = top + 18 * len(full)
    return [*full, line(texts[-1], left, last, left + 40, last + 12)]


def test_standing_lines_are_read_from_right_to_left() -> None:
    assert order(columns("abc", 500, 100, 700)[::-1]) == "abc"


def test_the_upper_tier_of_standing_lines_is_read_first() -> None:
    tiers = columns("defg", 500, 420, 700) + columns("abc", 500, 100, 390)
    assert order(tiers) == "abcdefg"


def test_a_piece_of_a_standing_line_does_not_part_the_page_into_tiers() -> None:
    pieces = [line("b", 488, 600, 500, 700, vertical=True), *columns("a", 500, 100, 550)]
    assert order(pieces + columns("cde", 480, 100, 700)) == "abcde"


def test_a_heading_stands_before_the_standing_lines_under_it() -> None:
    assert order([*columns("bc", 500, 100, 700), line("a", 200, 50, 400, 70)]) == "abc"


def test_a_standing_note_beside_lines_does_not_mix_with_them() -> None:
    lines = [
        line(text, 80 + jitter, top, 400, top + 12)
        for text, top, jitter in zip("abc", (100, 130, 160), (2, 0, 1), strict=True)
    ]
    assert order([*lines, line("z", 420, 95, 434, 180, vertical=True)]) == "abcz"


def test_columns_of_text_are_read_one_after_the_other() -> None:
    lines = text_column("abcde", 60, 290) + text_column("fghij", 310, 540, top=103)
    assert order(sorted(lines, key=lambda one: one.box.top)) == "abcdefghij"


def test_three_columns_between_lines_that_run_across() -> None:
    lines = [
        part
        for n, texts in enumerate(("bcdef", "ghijk", "lmnop"))
        for part in text_column(texts, 60 + 170 * n, 210 + 170 * n)
    ]
    lines += [line("a", 60, 70, 550, 84), line("q", 200, 220, 400, 232)]
    assert order(lines) == "abcdefghijklmnopq"


def test_a_signature_below_columns_is_read_last() -> None:
    lines = text_column("abcde", 60, 290) + text_column("fghi", 310, 540)
    assert order([*lines, line("z", 60, 260, 200, 272)]) == "abcdefghiz"


def test_labels_beside_values_are_no_columns() -> None:
    rows = [(80.0, 300.0, "ace g"), (420.0, 450.0, "bdf h")]
    lines = [
        line(text, left, 100 + 20 * n, right, 112 + 20 * n)
        for left, right, texts in rows
        for n, text in enumerate(texts.replace(" ", ""))
    ]
    assert zone_of([one.box for one in lines]) is None
    assert order(lines) == "abcdefgh"


def test_the_date_at_the_right_makes_no_column() -> None:
    lines = [line(text, 60, 100 + 20 * n, 540, 112 + 20 * n) for n, text in enumerate("abcd")]
    lines += [line("e", 380, 190, 540, 202), line("f", 400, 210, 520, 222)]
    assert order(lines) == "abcdef"


def char(text: str, x: float, y: float, size: float = 10.0) -> Char:
    # As pdfium gives it: the box of the type is higher than the em.
    return Char(text, Box(x, y, x + size, y + size), Box(x, y - 2, x + size, y + size + 2.5), 1, True, True)


def test_characters_set_downwards_are_standing_lines() -> None:
    chars = [char("字", 100 - 16 * column, 50 + 10.5 * row) for column in range(3) for row in range(6)]
    lines, rest = standing_lines(chars)
    assert sorted(map(len, lines)) == [6, 6, 6]
    assert rest == []


@pytest.mark.parametrize("leading", [12.0, 15.0, 20.0])
def test_characters_of_lying_lines_are_none(leading: float) -> None:
    chars = [char("字", 50 + 10 * column, 50 + leading * row) for row in range(6) for column in range(8)]
    assert standing_lines(chars) == ([], chars)


def test_figures_below_one_another_are_no_standing_line() -> None:
    chars = [char("0", 100 + 60 * column, 50 + 14 * row) for row in range(8) for column in range(4)]
    assert standing_lines(chars)[0] == []


def pages_of(path: Path, engine: Engine) -> list[Page]:
    return list(read_document(path, engine))


def error_rate(truth: str, page: Page) -> float:
    return Levenshtein.distance(plain(truth), plain(page.text)) / len(plain(truth))


@pytest.fixture(scope="module")
def vertical_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A heading, standing text in two faces, a page number; the page and what it says."""
    path = tmp_path_factory.mktemp("vertical") / "page.pdf"
    marks = [
        lying("某某市信息公开工作简报", 180, 60, 20, HEI),
        standing_text(PARAGRAPHS[:2], 500, 120, 40),
        standing_text(PARAGRAPHS[2:], 330, 120, 40, face=KAI),
        lying("- 3 -", 280, 790, 10.5),
    ]
    return write_page(path, marks), "某某市信息公开工作简报" + "".join(PARAGRAPHS) + "-3-"


@needs_fonts
def test_a_digital_page_of_vertical_print(vertical_page: tuple[Path, str], engine: Engine) -> None:
    path, truth = vertical_page
    (page,) = pages_of(path, engine)
    assert plain(page.text) == plain(truth)
    assert [one.vertical for one in page.lines] == [False, *[True] * (len(page.lines) - 2), False]


@needs_fonts
@pytest.mark.parametrize(("recipe", "turned"), [("grey200", 0), ("turned90", 270), ("turned270", 90)])
def test_a_scanned_page_of_vertical_print(
    vertical_page: tuple[Path, str], tmp_path: Path, engine: Engine, recipe: str, turned: int
) -> None:
    path, truth = vertical_page
    scan_pdf(path, tmp_path / "scan.pdf", RECIPES[recipe], 3)
    (page,) = pages_of(tmp_path / "scan.pdf", engine)
    assert page.turned == turned
    assert sum(one.vertical for one in page.lines) == len(page.lines) - 2
    assert error_rate(truth, page) <= MOST_ERRORS


@needs_fonts
def test_a_standing_note_beside_a_table(tmp_path: Path, engine: Engine) -> None:
    rows = [["项目", "自然人", "总计"], ["新收申请", "3", "5"], ["予以公开", "2", "4"]]
    note = "此表一式两份由填报单位存档"
    marks = [
        ruled(rows, 72, 120, 110, 60),
        standing(note, 420, 125, 12),
        lying("以上各项均已核对。", 72, 330),
    ]
    path = write_page(tmp_path / "page.pdf", marks)
    scan_pdf(path, tmp_path / "scan.pdf", RECIPES["grey200"], 5)
    truth = "".join(map("".join, rows)) + note + "以上各项均已核对。"
    for name in ("page.pdf", "scan.pdf"):
        (page,) = pages_of(tmp_path / name, engine)
        assert plain(page.text) == truth
        assert [one.text for one in page.lines if one.vertical] == [note]


class Scripted:
    """An engine that gives one reading after the other."""

    name = "scripted"

    def __init__(self, *readings: Recognised) -> None:
        self.readings = list(readings)

    def detect(self, page: Pixels, longest: int = 0) -> list[Quad]:
        return [LINE]

    def recognise(self, line: Pixels) -> Recognised:
        return self.readings.pop(0) if self.readings else NOTHING


LINE = np.array([[40, 40], [200, 40], [200, 70], [40, 70]], np.float32)


def reading(text: str, confidence: float, weakest: float) -> Recognised:
    return Recognised(text, confidence, weakest, "", 0.0)


def body_of(ink: Pixels, *readings: Recognised) -> list[str]:
    pixels = np.repeat(255 - ink[:, :, np.newaxis], 3, axis=2)
    cleaned = CleanedPage(PageImage(pixels, np.eye(3), 200.0), ink, ink, pixels)
    return [one.text for one in read_body(cleaned, [LINE], [], Scripted(*readings))]


def inked(*places: tuple[int, int, int, int]) -> Pixels:
    ink = np.zeros((400, 400), np.uint8)
    for left, top, right, bottom in places:
        ink[top:bottom, left:right] = 255
    return ink


def test_a_mark_beyond_the_end_of_a_line_is_read_with_it() -> None:
    ink = inked((45, 45, 195, 65), (210, 54, 222, 57))
    assert body_of(ink, reading("- 3", 0.99, 0.9), reading("- 3 -", 0.98, 0.9)) == ["- 3 -"]


def test_ink_that_does_not_read_surely_is_left_alone() -> None:
    ink = inked((45, 45, 195, 65), (210, 54, 222, 57))
    assert body_of(ink, reading("- 3", 0.99, 0.9), reading("- 3 口", 0.8, 0.3)) == ["- 3"]


def test_a_line_that_was_not_detected_is_read_if_it_is_sure() -> None:
    ink = inked((45, 45, 195, 65), (150, 200, 190, 220))
    assert body_of(ink, reading("正文", 0.99, 0.9), reading("- 4 -", 0.97, 0.9)) == ["正文", "- 4 -"]
    assert body_of(ink, reading("正文", 0.99, 0.9), reading("口", 0.6, 0.6)) == ["正文"]
