"""Rules that are set as characters: box drawing, as text files and mainframes print tables with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ocr.documents.base import Char
from ocr.image.page_image import PageImage

_FIRST, _LAST = "\u2500", "\u257f"


def with_box_drawing(bare: PageImage, view: PageImage, chars: Iterable[Char]) -> PageImage:
    """Return a page without its text, but with the characters that are rules.

    Args:
        bare: the page drawn without its text.
        view: the page, at the same resolution.
        chars: its text layer.
    """
    rules = [char for char in chars if _FIRST <= char.text <= _LAST]
    if not rules:
        return bare
    pixels = bare.pixels.copy()
    for place in (view.pixels_of(char.box) for char in rules):
        pixels[place] = view.pixels[place]
    return replace(bare, pixels=pixels)
