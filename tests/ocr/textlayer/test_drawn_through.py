"""Digits of a text layer with a stroke or a slash through them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from ocr.document_opener import open_document
from ocr.documents.base import Char
from ocr.engine.base import Engine
from ocr.image.page_image import PageImage, render_page
from ocr.model import Box
from ocr.reader import read_document
from ocr.textlayer.drawn_through import drawn_through
from tests.support.paths import SAMPLES

REPORT = SAMPLES / "onepage.pdf"
ORANGE, PINK, GREY, BLACK = "1 .6 0", "1 .6 .8", ".6 .6 .6", "0 0 0"


def number_on(path: Path, text: str) -> Box:
    """Where a number of two digits stands, in points from the top left."""
    with open_document(path) as document:
        chars = document.sheet(1).chars
    pairs = pairwise(chars)
    one, other = next(pair for pair in pairs if pair[0].text + pair[1].text == text)
    return one.box.union(other.box)


def drawn_over(target: Path, content: str) -> Path:
    with pikepdf.open(REPORT) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ\n{content}".encode())
        pdf.save(target)
    return target


def text_at(path: Path, place: Box, engine: Engine) -> str:
    (page,) = read_document(path, engine)
    cells = (cell for table in page.tables for cell in table.cells)
    return next(cell.text for cell in cells if cell.box.contains(*place.centre))


@pytest.mark.parametrize("colour", [ORANGE, PINK, GREY, BLACK])
@pytest.mark.parametrize("slant", [0.0, 2.0])
def test_a_number_with_a_stroke_of_any_colour_through_it_is_left_unread(
    colour: str, slant: float, tmp_path: Path, engine: Engine
) -> None:
    place = number_on(REPORT, "71")
    middle = 841.89 - place.centre[1]
    ends = f"{place.left - 1} {middle - slant} m {place.right + 1} {middle + slant} l"
    struck = drawn_over(tmp_path / "struck.pdf", f"q {colour} RG .8 w {ends} S Q")
    assert not any(map(str.isdecimal, text_at(struck, place, engine)))


@pytest.mark.parametrize(
    "content",
    [
        "q 1 .6 0 RG .8 w {left} {under} m {right} {under} l S Q",  # underlined
        "q 1 .6 0 RG .8 w {middle} {top} m {middle} {under} l S Q",  # a rule beside or between
    ],
)
def test_a_line_that_is_not_through_all_of_a_number_strikes_nothing(content: str, tmp_path: Path) -> None:
    place = number_on(REPORT, "71")
    under, top = 841.89 - place.bottom - 0.8, 841.89 - place.top + 3
    drawn = content.format(left=place.left, right=place.right, under=under, top=top, middle=place.centre[0])
    path = drawn_over(tmp_path / "lined.pdf", drawn)
    with open_document(path) as document:
        sheet = document.sheet(1)
        assert not [*drawn_through(sheet.chars, (), render_page(sheet, 200, text=False))]


def test_a_slash_over_a_number_is_no_part_of_it_and_a_band_of_colour_no_stroke() -> None:
    pixels = np.full((200, 200, 3), 255, np.uint8)
    pixels[80:, :] = (217, 226, 243)
    view = PageImage(pixels, np.eye(3), 72.0)
    digit, slash = (
        Char(text, box, box, font=0, visible=True, mapped=True)
        for text, box in (("3", Box(50, 90, 56, 100)), ("/", Box(53, 90, 58, 100)))
    )
    on_edge = Char("7", Box(50, 75, 56, 85), Box(50, 75, 56, 85), font=0, visible=True, mapped=True)
    assert [*drawn_through([digit, slash, on_edge], [digit, slash], view)] == [slash]


def test_white_digits_that_nobody_sees_spoil_no_number_though_a_rule_runs_through_them(
    tmp_path: Path, engine: Engine
) -> None:
    place, ghost = number_on(REPORT, "71"), tmp_path / "ghost.pdf"
    with pikepdf.open(REPORT) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources.Font["/Ghost"] = pdf.make_indirect(font)
        lower = [841.89 - place.bottom - step for step in (3, 5, 7, 9)]
        lines = "".join(f" 1 0 0 1 {place.left} {y} Tm (38) Tj" for y in lower)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ q 1 1 1 rg BT /Ghost 9 Tf{lines} ET Q".encode())
        pdf.save(ghost)
    assert text_at(ghost, place, engine) == "71"
