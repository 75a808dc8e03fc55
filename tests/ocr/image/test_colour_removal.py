"""A seal goes, what is printed under it stays, and a coloured number is no blank."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.corpus.steps import seal
from ocr.image import colour_removal
from ocr.image.colour_removal import PalePage, remove_colour
from ocr.image.orientation import sample_characters
from ocr.image.page_image import PageImage
from ocr.page_analysis import PageAnalysis

DPI = 200.0


def page(*numbers: tuple[str, tuple[int, int], tuple[int, int, int]]) -> PageImage:
    """A white page of 5 by 5 inches with numbers: text, place and colour."""
    pixels = np.full((1000, 1000, 3), 255, np.uint8)
    for text, place, colour in numbers:
        cv2.putText(pixels, text, place, cv2.FONT_HERSHEY_DUPLEX, 1.0, colour, 2, cv2.LINE_AA)
    return PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)


def darkest(view: PageImage, place: tuple[int, int]) -> int:
    x, y = place
    return int(view.grey[y - 30 : y + 8, x - 4 : x + 60].min())


@pytest.mark.parametrize("colour", [(200, 20, 30), (20, 40, 200), (0, 130, 60)])
def test_a_coloured_number_stays_dark(colour: tuple[int, int, int]) -> None:
    coloured, black = (120, 200), (120, 300)
    pale = remove_colour(
        page(*(("8306", (120, 200 + 60 * n), colour) for n in range(5)), ("15", black, (0, 0, 0)))
    ).view
    assert darkest(pale, coloured) < 100
    assert darkest(pale, black) < 60


@pytest.mark.parametrize("seed", range(4))
def test_a_seal_leaves_only_the_print_below_it(seed: int) -> None:
    plain = page(*((str(10 + n), (60 + 90 * (n % 10), 120 + 100 * (n // 10)), (0, 0, 0)) for n in range(90)))
    stamped = PageImage(seal(0.3)(plain.pixels, np.random.default_rng(seed)), plain.to_page, DPI)
    pale = remove_colour(stamped).view
    assert (stamped.grey < 140).sum() > (plain.grey < 140).sum() + 5000
    assert ((pale.grey < 140) != (plain.grey < 140)).sum() < 0.01 * (plain.grey < 140).sum()


def test_a_red_title_of_an_official_letter_stays() -> None:
    pixels = np.full((1000, 1000, 3), 255, np.uint8)
    cv2.putText(pixels, "GOVERNMENT", (100, 200), cv2.FONT_HERSHEY_DUPLEX, 4.0, (210, 10, 20), 9, cv2.LINE_AA)
    pale = remove_colour(PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)).view
    assert (pale.grey < 100).sum() > 0.8 * (pixels[:, :, 1] < 100).sum()


def test_a_straight_stroke_goes_and_where_it_lay_is_told() -> None:
    view = page(("8306", (120, 200), (0, 0, 0)))
    cv2.line(view.pixels, (110, 190), (215, 190), (200, 40, 45), 3, cv2.LINE_AA)
    pale = remove_colour(view)
    assert pale.strokes is not None
    assert pale.strokes[190, 112:212].all()
    assert not pale.strokes[:180].any()
    assert pale.view.grey[190, 112] > 200


def test_what_stands_inside_a_seal_is_no_stroke() -> None:
    pixels = seal(0.3, 0.9)(np.full((1000, 1000, 3), 255, np.uint8), np.random.default_rng(1))
    assert remove_colour(PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)).strokes is None


@pytest.mark.parametrize("colour", [(112, 173, 71), (200, 30, 40), (68, 114, 196), (191, 144, 0)])
def test_rules_in_colour_stay_and_print_between_them_too(colour: tuple[int, int, int]) -> None:
    view = page(
        *(
            ("48", (70 + 220 * x, 140 + 60 * y), (0, 0, 0) if x else colour)
            for x in range(4)
            for y in range(12)
        )
    )
    for y in range(100, 821, 60):
        cv2.line(view.pixels, (50, y), (930, y), colour, 2)
    for x in range(50, 931, 220):
        cv2.line(view.pixels, (x, 100), (x, 820), colour, 2)
    stamped = PageImage(seal(0.25)(view.pixels, np.random.default_rng(3)), view.to_page, DPI)
    # Through its own colour a seal draws lines of its own.
    for shown in (view, stamped)[: 2 if colour[1] > max(colour[2], 130) else 1]:
        (grid,) = PageAnalysis(shown).grids
        assert (grid.n_rows, grid.n_columns, len(grid.spans)) == (12, 4, 48)
    ink = PageAnalysis(view).cleaned.ink
    cells = [
        ink[106 + 60 * y : 154 + 60 * y, 56 + 220 * x : 264 + 220 * x] for x in range(4) for y in range(12)
    ]
    shares = [float((cell > 0).mean()) for cell in cells]
    assert min(shares) > 0.6 * max(shares)


def test_a_grey_page_comes_back_as_it_is() -> None:
    view = page(("27", (120, 200), (40, 40, 40)))
    assert remove_colour(view) == PalePage(view)


def test_marks_that_tell_which_way_up_carry_no_seal() -> None:
    pixels = np.full((1000, 1000, 3), 255, np.uint8)
    for x, y in ((60 + 60 * (n % 15), 60 + 60 * (n // 15)) for n in range(225)):
        cv2.rectangle(pixels, (x, y), (x + 28, y + 28), (0, 0, 0), 3)  # as large as a hanzi
    stamped = seal(0.6, 0.95)(pixels, np.random.default_rng(0))
    analysis = PageAnalysis(PageImage(stamped, np.diag([0.36, 0.36, 1.0]), DPI))
    marks = sample_characters(analysis.pale, analysis.ink, analysis.rulings.mask)
    assert marks
    assert not any((np.ptp(mark.astype(int), axis=2) > 60).any() for mark in marks)


def test_specks_of_colour_beside_black_print_are_no_strokes() -> None:
    """A photograph in blue light has some on every character: 69 of 200 values were flagged for them."""
    pixels = np.full((400, 400, 3), 235, np.uint8)
    for left in range(40, 360, 60):
        pixels[190:210, left : left + 3] = 30
        pixels[200:204, left : left + 4] = (40, 60, 130)
    assert remove_colour(PageImage(pixels, np.diag([0.36, 0.36, 1.0]), DPI)).strokes is None


def test_bands_of_rows_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (300, 200, 3), np.uint8)
    view = PageImage(cv2.blur(noise, (3, 3)), np.diag([0.36, 0.36, 1.0]), DPI)
    whole = remove_colour(view).view.pixels
    assert not np.array_equal(whole, view.pixels)
    monkeypatch.setattr(colour_removal, "_BAND", 7)
    assert np.array_equal(remove_colour(view).view.pixels, whole)
