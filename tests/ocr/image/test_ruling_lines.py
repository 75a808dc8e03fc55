"""Rules too faint for ink, and tables open at a side, are no broken rules."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.image.page_image import PageImage, render_page
from ocr.image.ruling_lines import find_rulings
from ocr.page_analysis import PageAnalysis
from tests.support.typeset_pages import HEI, SONG, lying, needs_fonts, write_page

DPI = 200.0


def shot(level: int, right: bool = True) -> PageImage:
    """A page of 20 × 4 low cells full of print as a screen at 96 dpi shows it, its rules of a grey level."""
    page = np.full((480, 576), 255, np.uint8)
    for y in range(50, 451, 20):
        page[y, 48:528] = level
    for x in range(48, 529 if right else 409, 120):
        page[50:451, x] = level
    for y in range(50, 450, 20):
        for x in range(48, 528, 120):
            cv2.putText(page, "480916", (x + 20, y + 15), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    large = cv2.resize(page, None, fx=DPI / 96, fy=DPI / 96, interpolation=cv2.INTER_CUBIC)
    pixels: Pixels = np.repeat(np.asarray(large, np.uint8)[:, :, None], 3, axis=2)
    return PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)


@pytest.mark.parametrize("level", [0, 160, 204, 221])
def test_rules_are_found_however_faint(level: int) -> None:
    analysis = PageAnalysis(shot(level))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 4, 80)
    assert analysis.rulings.fragments is None


@pytest.mark.parametrize("level", [0, 204])
def test_a_table_open_at_a_side_has_no_broken_rules(level: int) -> None:
    analysis = PageAnalysis(shot(level, right=False))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 4, 80)
    assert analysis.rulings.fragments is None


def lined(level: int, lines: int) -> PageImage:
    """A table of 6 × 4 cells and rules of a grey level one pixel wide; in each so many lines of print, close
    to the rule on the left."""
    page, height = np.full((480, 900), 255, np.uint8), 12 + 13 * lines
    for y in range(50, 51 + 6 * height, height):
        page[y, 60:861] = level
    for x in range(60, 861, 200):
        page[50 : 51 + 6 * height, x] = level
    for row, y in enumerate(range(50, 50 + 6 * height, height)):
        for x in range(60, 860, 200):
            for line in range(lines):
                text, foot = "EHEBEHBEHEBEHB"[row + line :], (x + 4, y + 17 + 13 * line)
                cv2.putText(page, text, foot, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 0, 1, cv2.LINE_AA)
    return PageImage(np.repeat(page[:, :, None], 3, axis=2), np.diag([0.36, 0.36, 1.0]), DPI)


@pytest.mark.parametrize("lines", [1, 2])
@pytest.mark.parametrize("level", [0, 204, 225])
def test_faint_rules_close_to_print_run_on_where_they_cross(level: int, lines: int) -> None:
    analysis = PageAnalysis(lined(level, lines))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (6, 4, 24)
    assert analysis.rulings.fragments is None


def test_faint_lines_that_meet_no_rule_tell_of_no_broken_ones() -> None:
    page = lined(0, 2).pixels.copy()
    page[88, 300:420] = 255  # one rule ends in the air, so faint ones are looked for
    for row in range(14):
        page[300 + 12 * row, 60 + 23 * row : 260 + 37 * row] = 230
    analysis = PageAnalysis(PageImage(page, np.diag([0.36, 0.36, 1.0]), DPI))
    assert analysis.rulings.fragments is None


@pytest.mark.parametrize("long", [110, 150, 200])
def test_rules_that_are_ink_in_part_are_whole_where_they_are_faint(long: int) -> None:
    page = shot(221).pixels.copy()
    for row in range(20):
        y = round((50 + 20 * row) * DPI / 96)
        for left in range(120 + 11 * row, 1090 - long, long + 45):
            page[y - 1 : y + 2, left : left + long] = np.minimum(page[y - 1 : y + 2, left : left + long], 170)
    analysis = PageAnalysis(PageImage(page, np.diag([0.36, 0.36, 1.0]), DPI))
    (grid,) = analysis.grids
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 4, 80)
    assert analysis.rulings.fragments is None


@pytest.mark.parametrize("faint", [True, False])
def test_rules_that_are_ink_in_dots_are_dotted_only_where_no_faint_line_is_between(faint: bool) -> None:
    grey, ink = np.full((700, 900), 250, np.uint8), np.zeros((700, 900), np.uint8)
    for y in range(50, 651, 60):
        ink[y : y + 2, 60:841:8] = ink[y : y + 2, 61:841:8] = ink[y : y + 2, 62:841:8] = 255
        grey[y : y + 2, 60:841] = 225 if faint else 250
    for x in range(60, 841, 130):
        ink[50:652, x : x + 2] = 255
    grey[ink > 0] = 180
    assert (find_rulings(ink, DPI, grey).fragments is None) == faint


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_rule_beside_a_cell_as_high_as_the_page_runs_along_the_others(seed: int) -> None:
    rng, ink = np.random.default_rng(seed), np.zeros((1500, 1200), np.uint8)
    for y in range(140, 1360, 60):
        ink[y : y + 3, 400:1101] = 255
    for x in (100, *range(400, 1101, 100)):
        ink[100:1401, x : x + 3] = 255
    for _ in range(700):
        y, x = rng.integers(90, 1400), rng.integers(90, 1100)
        down, across = ((14, 3), (3, 14))[int(rng.integers(2))]
        ink[y : y + down, x : x + across] = 0
    ink[:, 96:108][rng.random((1500, 12)) < 0.02] = 0
    for top in range(110, 1400, 46):
        ink[top : top + 8, 98:106] = 0
    rulings = find_rulings(ink, DPI)
    assert rulings.fragments is not None
    assert any(abs(line.at - 101) < 3 and line.length > 1200 for line in rulings.vertical)


def test_hairlines_of_noise_part_no_cell_where_coarser_lines_are_enough() -> None:
    """On a JPEG scan they had parted rows: 28 of 198 values unread. They meet rules, and mend none."""
    page = lined(0, 2).pixels.copy()
    page[88, 300:420] = 255  # one rule ends in the air, so faint ones are looked for
    for row in range(5):
        page[69 + 38 * row, 461:660] = 242
    analysis = PageAnalysis(PageImage(page, np.diag([0.36, 0.36, 1.0]), DPI))
    (grid,) = analysis.grids
    assert grid.n_rows == 6


LINE = "#place(top + left, dx: 72pt, dy: 130pt, line(length: 450pt, stroke: 2pt + red))\n"
SEAL = "#place(top + left, dx: 380pt, dy: 600pt, circle(radius: 50pt, stroke: 3pt + red))\n"
BORDER = "#place(top + left, dx: 42pt, dy: 42pt, rect(width: 511pt, height: 757pt, stroke: 1.5pt))\n"


@needs_fonts
@pytest.mark.parametrize("drawn", [LINE, SEAL, LINE + SEAL, BORDER + SEAL], ids=len)
def test_lines_that_stand_alone_make_no_table_of_large_type(tmp_path: Path, drawn: str) -> None:
    """Rules were taken for broken ones, and strokes of the year on a cover for what was left of them."""
    sizes = enumerate((22, 26, 30))
    years = [lying("2022年", 200, 180 + 60 * n, size, SONG) for n, size in sizes]
    title = [
        lying("2019年政府信息公开工作年度报告", 80, 400 + 60 * n, 26, face)
        for n, face in enumerate((SONG, HEI))
    ]
    with open_document(write_page(tmp_path / "cover.pdf", [drawn, *years, *title])) as document:
        analysis = PageAnalysis(render_page(document.sheet(1), DPI), keeps_colour=True)
    assert not analysis.grids
    assert analysis.rulings.fragments is None
