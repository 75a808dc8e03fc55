"""Photographed pages come out flat, with every place known; scans of an office are left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import atan2, degrees
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.corpus.degrade import (
    RECIPES,
    Image,
    Recipe,
    blur,
    curl,
    noise,
    perspective,
    scan_pdf,
    uneven_light,
)
from ocr.document_opener import open_document
from ocr.documents.typeset import PlacedText
from ocr.engine.base import Engine
from ocr.image.binarise import binarise
from ocr.image.dewarp import correct_illumination, dewarp, flatten_sheet, measure_distortion
from ocr.image.page_image import PageImage, render_flat, render_page, rotate_quarters, rotate_small
from ocr.image.paper_edges import clear_desk, find_sheet
from ocr.image.ruling_lines import find_rulings
from ocr.image.warp import make_warp, to_flat_page, to_stored_page
from ocr.model import Box, Cell, Page
from ocr.output.text_placement import place_page_text
from ocr.page_analysis import PageAnalysis
from ocr.preprocessing import skew_angle
from ocr.reader import read_document
from ocr.rereading import read_again
from ocr.tables.grid import find_grids
from tests.support.paths import SAMPLES

DPI = 200.0


def bent_view(lift: float, slant: float) -> PageImage:
    """A view of 300 × 400 points at 144 dpi of a page bent by `lift` and slanted by `slant` points."""
    x, y = np.meshgrid(np.linspace(0, 300, 31), np.linspace(0, 400, 41))
    nodes = np.stack(
        [x + slant * (x - 150) * y / 60000, y + lift * np.sin(x / 300 * np.pi) + slant * x / 300], axis=2
    )
    warp = make_warp(300, 400, nodes)
    return PageImage(np.full((800, 600, 3), 255, np.uint8), np.diag([0.5, 0.5, 1.0]), 144.0, warp)


def page_of_rules() -> Image:
    """A page of 8 × 11 inches at 200 dpi with a table of 20 rows and 6 columns."""
    page = np.full((2200, 1600, 3), 255, np.uint8)
    for y in np.linspace(300, 1900, 21):
        cv2.line(page, (200, round(y)), (1400, round(y)), (0, 0, 0), 2)
    for x in np.linspace(200, 1400, 7):
        cv2.line(page, (round(x), 300), (round(x), 1900), (0, 0, 0), 2)
    return page


def photographed_by(steps: Sequence[object], seed: int) -> PageImage:
    rng = np.random.default_rng(seed)
    page = page_of_rules()
    for step in steps:
        page = step(page, rng)  # type: ignore[operator]
    return PageImage(page, np.diag([72 / DPI, 72 / DPI, 1.0]), DPI)


def laid(view: PageImage) -> PageImage:
    sheet = flatten_sheet(view, find_sheet(view))
    return dewarp(view, rotate_small(sheet, skew_angle(PageAnalysis(sheet))))


@settings(deadline=None)
@given(st.floats(-12, 12), st.floats(-15, 15), st.floats(20, 280), st.floats(30, 370))
def test_a_point_of_a_bent_page_goes_to_the_flat_sheet_and_back(
    lift: float, slant: float, x: float, y: float
) -> None:
    warp = bent_view(lift, slant).warp
    assert warp is not None
    there = to_flat_page(warp, np.array([[x, y]]))
    assert to_stored_page(warp, there)[0] == pytest.approx((x, y), abs=1e-6)


@given(
    st.floats(-12, 12),
    st.floats(-15, 15),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(-3, 3),
    st.booleans(),
)
def test_a_rectangle_is_found_by_its_box(
    lift: float, slant: float, degrees: int, skew: float, bent: bool
) -> None:
    view = bent_view(lift, slant)
    view = rotate_small(rotate_quarters(view if bent else replace(view, warp=None), degrees), skew)
    there = (230.0, 290.0, 350.0, 330.0)
    assert view.rectangle(view.box(*there)) == pytest.approx(there, abs=0.3)


def test_a_page_laid_flat_shows_what_stands_where_the_warp_says() -> None:
    view = bent_view(10, 12)
    assert view.warp is not None
    page = np.full((800, 600, 3), 255, np.uint8)
    cv2.circle(page, (403, 251), 4, (0, 0, 0), -1)
    whole = PageImage(page, np.diag([0.5, 0.5, 1.0]), 144.0)
    for dpi in (144.0, 220.0):
        shown = render_flat(whole, view.warp, dpi)
        rows, columns = np.nonzero(shown.grey < 128)
        spot = Box(*(float(v) for v in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)))
        found = shown.box(spot.left, spot.top, spot.right, spot.bottom).centre
        assert found == pytest.approx((201.75, 125.75), abs=0.4)


@pytest.mark.parametrize("name", ["form2021-scan", "blank2019-scan", "onepage-scan300", "stacked-scan"])
def test_a_scan_of_an_office_is_left_as_it_is(name: str) -> None:
    with open_document(SAMPLES / f"{name}.pdf") as document:
        view = render_page(document.sheet(1), DPI)
    straight = rotate_small(view, skew_angle(PageAnalysis(view)))
    assert flatten_sheet(view, find_sheet(view)) is view
    assert dewarp(view, straight) is straight


@pytest.mark.parametrize("recipe", ["dark", "seal", "fax", "jpeg150", "soft"])
def test_a_damaged_scan_is_left_as_it_is(recipe: str, tmp_path: Path) -> None:
    scan_pdf(SAMPLES / "form2019.pdf", tmp_path / "scan.pdf", RECIPES[recipe], seed=2)
    with open_document(tmp_path / "scan.pdf") as document:
        for number in range(1, len(document) + 1):
            view = render_page(document.sheet(number), DPI)
            straight = rotate_small(view, skew_angle(PageAnalysis(view)))
            assert flatten_sheet(view, find_sheet(view)) is view
            assert dewarp(view, straight) is straight


BENT = st.floats(0.002, 0.02), st.floats(0.005, 0.08), st.integers(0, 1000)


@settings(max_examples=2, deadline=None)
@given(*BENT)
def test_rules_come_out_straight_however_the_page_was_bent(depth: float, slant: float, seed: int) -> None:
    look_at_rules(depth, slant, seed)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(*BENT)
def test_rules_come_out_straight_of_many_bent_pages(depth: float, slant: float, seed: int) -> None:
    look_at_rules(depth, slant, seed)


def look_at_rules(depth: float, slant: float, seed: int) -> None:
    steps = (curl(depth), perspective(slant), uneven_light(0.4), blur(0.9), noise(5.0))
    view = laid(photographed_by(steps, seed))
    # What is bent by less than 0.006 inches, measured more coarsely, is left as it is.
    assert measure_distortion(view, view.dpi).extent < 0.007
    (grid,) = find_grids(find_rulings(binarise(view.grey, view.dpi), view.dpi), view.dpi)
    assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (20, 6, 120)


@pytest.mark.parametrize(("lift", "fall"), [(60.0, 0.08), (60.0, 0.15)])
def test_pages_that_bend_towards_a_spine_between_them_come_out_straight(lift: float, fall: float) -> None:
    left = page_of_rules()[:, :1460]
    spread = np.hstack([left, left[:, ::-1]])
    x, y = np.meshgrid(np.arange(2920, dtype=np.float32), np.arange(2200, dtype=np.float32))
    sunk = lift * np.exp(-np.abs(x / 1460 - 1) / fall) * (1 - y / 1500)
    bent = cv2.remap(spread, x, y + sunk.astype(np.float32), cv2.INTER_LINEAR)
    view = PageImage(np.asarray(bent, np.uint8), np.diag([72 / DPI, 72 / DPI, 1.0]), DPI)
    flat = dewarp(view, view)
    grids = find_grids(find_rulings(binarise(flat.grey, flat.dpi), flat.dpi), flat.dpi)
    assert [(grid.n_rows, grid.n_columns, len(grid.spans)) for grid in grids] == [(20, 6, 120)] * 2


def test_corners_of_a_slanted_sheet_are_found() -> None:
    corners = np.array([[90, 60], [1480, 130], [1390, 2100], [180, 2050]], np.float32)
    square = np.array([[0, 0], [1600, 0], [1600, 2200], [0, 2200]], np.float32)
    picture = cv2.warpPerspective(
        page_of_rules(), cv2.getPerspectiveTransform(square, corners), (1600, 2200), borderValue=(60, 50, 40)
    )
    found = find_sheet(PageImage(np.asarray(picture, np.uint8), np.eye(3), DPI))
    assert found is not None
    # The sheet is looked for in a picture of 512 rows: one of them is 4.3 of these pixels.
    assert np.abs(found.corners - corners).max() < 4.3


def on_a_desk(corners: np.ndarray, desk: tuple[int, int, int]) -> PageImage:
    """The page of rules with its corners there, on a desk of that colour, half of it all in shadow."""
    square = np.array([[0, 0], [1600, 0], [1600, 2200], [0, 2200]], np.float32)
    matrix = cv2.getPerspectiveTransform(square, corners.astype(np.float32))
    picture = cv2.warpPerspective(page_of_rules(), matrix, (1600, 2200), borderValue=desk)
    picture[1100:] = (picture[1100:] * 0.45).astype(np.uint8)
    return PageImage(np.asarray(picture, np.uint8), np.diag([72 / DPI, 72 / DPI, 1.0]), DPI)


def test_a_sheet_half_in_shadow_is_told_from_its_desk_by_colour() -> None:
    corners = np.array([[190, 160], [1480, 130], [1390, 2000], [180, 2050]])
    found = find_sheet(on_a_desk(corners, (150, 105, 70)))
    assert found is not None
    assert not found.is_cut
    assert np.abs(found.corners - corners).max() < 10


def test_the_desk_around_a_sheet_that_is_cut_off_is_cleared_and_print_on_it_stays() -> None:
    view = on_a_desk(np.array([[-60, 160], [1480, 130], [1390, 2000], [-80, 2050]]), (150, 105, 70))
    sheet = find_sheet(view)
    assert sheet is not None
    assert sheet.is_cut
    assert flatten_sheet(view, sheet) is view
    cleared = clear_desk(view, sheet).pixels
    assert np.ptp(cleared[40:100, 200:1400].astype(int), axis=2).max() < 12
    assert (cleared[300:1900, 100:1300] == view.pixels[300:1900, 100:1300]).all()


def test_the_bright_half_of_a_page_is_no_sheet() -> None:
    view = on_a_desk(np.array([[190, 160], [1480, 130], [1390, 2000], [180, 2050]]), (60, 60, 60))
    for x in range(300, 1200, 30):
        cv2.putText(view.pixels, "8", (x, 1500), cv2.FONT_HERSHEY_DUPLEX, 0.8, (5, 5, 5), 2, cv2.LINE_AA)
    assert find_sheet(view) is None


def test_the_edge_of_a_shadow_is_no_print_but_a_finger_is_no_paper() -> None:
    page = page_of_rules()
    page[1040:, :800] = (page[1040:, :800] * 0.5).astype(np.uint8)
    cv2.line(page, (-100, 150), (150, 150), (206, 158, 132), 160)
    even = correct_illumination(page, DPI)
    assert even[1050:1090, 220:390].min() > 225
    assert even[140:160, 20:100].min(axis=2).mean() < 200


def test_a_page_that_fills_its_picture_has_no_corners_to_find() -> None:
    assert find_sheet(PageImage(page_of_rules(), np.eye(3), DPI)) is None


def test_light_comes_out_even() -> None:
    shaded = uneven_light(0.5)(page_of_rules(), np.random.default_rng(1))
    white = [float((page.max(axis=2) > 230).mean()) for page in (shaded, correct_illumination(shaded, DPI))]
    assert white[0] < 0.5
    assert white[1] > 0.95


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> tuple[Path, list[Page]]:
    steps = (curl(0.012), perspective(0.05), uneven_light(0.4), blur(0.9), noise(5.0))
    path = tmp_path_factory.mktemp("photograph") / "onepage.pdf"
    scan_pdf(SAMPLES / "onepage.pdf", path, Recipe(220, steps, quality=70, colour=True), seed=5)
    return path, list(read_document(path, engine))


def numbers(pages: Sequence[Page]) -> list[Cell]:
    cells = [cell for page in pages for table in page.tables for cell in table.cells]
    return [cell for cell in cells if re.fullmatch(r"\d+", cell.text)]


def test_a_photographed_table_reads_as_the_digital_one(
    photograph: tuple[Path, list[Page]], engine: Engine
) -> None:
    digital = numbers(list(read_document(SAMPLES / "onepage.pdf", engine)))
    found = numbers(photograph[1])
    assert photograph[1][0].warp is not None
    assert [(cell.row, cell.column, cell.text) for cell in found] == [
        (cell.row, cell.column, cell.text) for cell in digital
    ]


def test_the_second_reading_of_a_photograph_finds_the_same_cells(
    photograph: tuple[Path, list[Page]], engine: Engine
) -> None:
    path, pages = photograph
    some = numbers(pages)[::4]
    readings = read_again(path, pages, some, engine)
    assert [readings[cell.place].text for cell in some] == [cell.text for cell in some]


def test_the_box_of_a_photographed_number_shows_that_number(
    photograph: tuple[Path, list[Page]], engine: Engine
) -> None:
    path, pages = photograph
    with open_document(path) as document:
        view = render_page(document.sheet(1), DPI)
    for cell in numbers(pages)[::10]:
        left, top = view.pixel(cell.box.left, cell.box.top)
        right, bottom = view.pixel(cell.box.right, cell.box.bottom)
        inner = view.pixels[round(top) + 8 : round(bottom) - 8, round(left) + 8 : round(right) - 8]
        assert engine.recognise(np.ascontiguousarray(inner)).numeral == cell.text


def test_words_of_a_photograph_are_placed_along_its_bent_lines(photograph: tuple[Path, list[Page]]) -> None:
    path, (page, *_) = photograph
    with open_document(path) as document:
        bent, straight = (
            slopes_of(place_page_text(document.sheet(1), one)) for one in (page, replace(page, warp=None))
        )
    assert max(straight) - min(straight) < 0.01
    assert max(bent) - min(bent) > 1.0


def slopes_of(pieces: Sequence[PlacedText]) -> list[float]:
    """The slopes of the longer rows of print, in degrees."""
    ends = [(one.start, one.end) for one in pieces if len(one.text) > 9]
    return [degrees(atan2(y1 - y0, x1 - x0)) for (x0, y0), (x1, y1) in ends]
