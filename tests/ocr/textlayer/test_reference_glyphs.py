"""A glyph fits its own name better than another's."""

from __future__ import annotations

from ocr.document_opener import open_document
from ocr.image.page_image import render_page
from ocr.textlayer.font_check import _UNLIKE
from ocr.textlayer.glyphs import normalised_shape
from ocr.textlayer.reference_glyphs import fits
from tests.support.paths import SAMPLES


def test_hanzi_fit_their_names_and_no_others() -> None:
    with open_document(SAMPLES / "form2021.pdf") as document:
        sheet = document.sheet(3)
        view = render_page(sheet, 200)
        chars = {char.text: char for char in sheet.chars if "\u4e00" < char.text <= "\u9fff"}
    pool = sorted(chars)
    shapes = [normalised_shape(view, chars[text]) for text in pool]
    right, wrong = fits(shapes, pool, pool), fits(shapes, pool[1:] + pool[:1], pool)
    assert sum(fit >= _UNLIKE for fit in right) >= 0.95 * len(pool)
    assert sum(fit < _UNLIKE for fit in wrong) >= 0.95 * len(pool)


def test_nothing_is_told_of_no_glyphs() -> None:
    assert fits([], [], []) == []
