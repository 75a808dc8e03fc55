"""What of the text layer of a page can be believed.

A layer may be absent, hidden behind a scan, full of replacement characters, or,
worst, a clean-looking text that is not what the page shows. Character by
character it is believed only where its ink is its own (the page drawn without
text shows none there) and its font prints what the layer says (ocr/textlayer/font_check.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.documents.base import Char, Sheet
from ocr.engine.base import Engine
from ocr.image.binarise import binarise
from ocr.image.colour_removal import remove_colour
from ocr.image.components import components_of
from ocr.image.page_image import PageImage
from ocr.model import Route
from ocr.text.ink import print_of
from ocr.textlayer.drawn_through import drawn_through
from ocr.textlayer.font_check import trusted_characters
from ocr.textlayer.lines import visible_characters

# Ink on less than this share of the page, specks taken out, is none.
_BLANK_SHARE = 2e-5
# A font with a larger share of characters that are none says nothing at all.
_BAD_SHARE = 0.5
# If this share of a character's ink stays when the page is drawn without its text, the
# ink is that of a picture or a drawing. A rule that touches a character leaves less.
_FOREIGN_SHARE = 0.25
# With less than this share of the print of a page, its text is no more than a stamp or a
# page number on it.
_STAMP_SHARE = 0.05
# The same on a page covered by a picture, which is a scan if it shows the more of the print.
_SCAN_SHARE = 0.5
# Print is between these heights, in inches; a hanzi is about three pieces of ink.
_PRINT_HEIGHT = (0.04, 0.5)
_PIECES = 3
# Two characters stand in one place if they share this much of the smaller one; neighbours in
# print touch at the most: of 47 real pages one had pairs above 0.15, clipped lines set twice above 0.4.
_SHARED = 0.25
# Characters compared with all others at a time, so that the table of a long page stays small.
_AT_ONCE = 256
# White print is seen on what is darker than this, of 255.
_PAPER = 250.0
# What some programs write where a glyph has no character.
_GLYPH_NUMBER = re.compile(r"\(cid:\d+\)")


@dataclass(frozen=True, slots=True)
class TextLayerTrust:
    """How a page is to be read, and the characters that its layer prints.

    Those of `sound` say what the page shows, those of `doubted` only where
    something is printed. Without any sound ones the whole page is to be read
    from its picture. `faint` are drawn and yet leave no ink, as white on white;
    `foreign` stand where the ink is that of a drawing, as of a rule that they touch.
    Something is drawn or printed through those of `spoilt`, of whichever of these they are.
    `pictured` tells that there is print which is no text.
    """

    route: Route
    sound: tuple[Char, ...] = ()
    doubted: tuple[Char, ...] = ()
    faint: tuple[Char, ...] = ()
    foreign: tuple[Char, ...] = ()
    spoilt: tuple[Char, ...] = ()
    pictured: bool = False


def judge_text_layer(
    sheet: Sheet, view: PageImage, ink: Pixels, bare: PageImage, flat_bare: PageImage, engine: Engine
) -> TextLayerTrust:
    """Decide how a page has to be read.

    Args:
        sheet: the page.
        view: shows it as stored, unturned.
        ink: that of the view.
        bare: the page without its text.
        flat_bare: the same without filled areas.
        engine: reads characters whose font is in doubt.
    """
    drawn, covered = visible_characters(sheet.chars), sheet.native_dpi is not None
    if covered and not drawn:  # a scan without a layer: what is under its text need not be looked at
        return TextLayerTrust(Route.BLANK if _is_blank(ink, view.dpi) else Route.SCANNED)
    beneath = binarise(remove_colour(flat_bare).view.grey, bare.dpi)
    shown = [char for char in drawn if _is_own(char, ink, beneath, view) and not _is_white(char, bare)]
    if not shown and _is_blank(ink, view.dpi):
        return TextLayerTrust(Route.BLANK)
    pieces = _pieces_of_print(beneath, view.dpi) / _PIECES
    if len(shown) < (_SCAN_SHARE if covered else _STAMP_SHARE) * (len(shown) + pieces):
        return TextLayerTrust(Route.SCANNED)
    sound = trusted_characters([*_readable(sheet.chars, shown)], view, engine)
    doubted = tuple(char for char in shown if char not in sound)
    if len(sound) < _STAMP_SHARE * len(shown):
        return TextLayerTrust(Route.GARBLED)
    believable = tuple(char for char in shown if char in sound)
    route = Route.GARBLED if doubted else Route.SCANNED if covered else Route.DIGITAL
    faint = tuple(c for c in drawn if not ink[view.pixels_of(c.box)].any() or _is_white(c, bare))
    seen = {*shown, *faint}
    foreign = tuple(char for char in drawn if char not in seen)
    printed = [char for char in drawn if not _is_white(char, bare)]
    spoilt = tuple(drawn_through(printed, _crossed(printed), bare))
    return TextLayerTrust(route, believable, doubted, faint, foreign, spoilt, pieces > 1)


def _is_blank(ink: Pixels, dpi: float) -> bool:
    return float((print_of(ink, dpi) > 0).mean()) < _BLANK_SHARE


def _is_white(char: Char, bare: PageImage) -> bool:
    """Tell white print on white paper, which may stand among other print and on rules."""
    if not char.white:
        return False
    under = bare.pixels[bare.pixels_of(char.box)]
    return not under.size or float(np.median(under)) > _PAPER


def _is_own(char: Char, ink: Pixels, beneath: Pixels, view: PageImage) -> bool:
    """Tell whether a character leaves ink where it stands, and not a picture or drawing over or under it."""
    place = view.pixels_of(char.box)
    inked = int(np.count_nonzero(ink[place]))
    return inked > 0 and bool(np.count_nonzero(beneath[place]) < _FOREIGN_SHARE * inked)


def _pieces_of_print(ink: Pixels, dpi: float) -> int:
    """Count the pieces of ink that may be print: neither specks nor rules nor frames."""
    stats = components_of(ink).stats
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    low, high = (limit * dpi for limit in _PRINT_HEIGHT)
    return int(np.count_nonzero((height >= low) & (height <= high) & (width <= high)))


def _readable(chars: Sequence[Char], shown: Sequence[Char]) -> Iterator[Char]:
    """Yield the characters that are some; of a font that has mostly others, none."""
    numbers = _glyph_numbers(chars)
    bad = {char for char in shown if not char.mapped or _is_bad(char.text) or char in numbers}
    crossed = _crossed(shown)
    total, spoilt = Counter(char.font for char in shown), Counter(char.font for char in bad)
    for char in shown:
        if char not in bad and char not in crossed and spoilt[char.font] <= _BAD_SHARE * total[char.font]:
            yield char


def _crossed(chars: Sequence[Char]) -> set[Char]:
    """Return the characters that stand where another one does: at most one of the two is seen.

    The letters of a ligature share one box, and both are seen.
    """
    boxes = np.array([(c.box.left, c.box.top, c.box.right, c.box.bottom) for c in chars]).reshape(-1, 4)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    found: set[Char] = set()
    for start in range(0, len(chars), _AT_ONCE):
        some = boxes[start : start + _AT_ONCE, None]
        high, low = np.minimum(some[..., 2:], boxes[:, 2:]), np.maximum(some[..., :2], boxes[:, :2])
        shared = np.maximum(high - low, 0).prod(axis=2)
        least = np.minimum(areas[start : start + _AT_ONCE, None], areas)
        pairs = np.argwhere((shared > _SHARED * least) & (some != boxes).any(axis=2))
        found |= {chars[start + one] for one, _ in pairs}
    return found


def _glyph_numbers(chars: Sequence[Char]) -> set[Char]:
    found = _GLYPH_NUMBER.finditer("".join(char.text for char in chars))
    return set(chain.from_iterable(chars[match.start() : match.end()] for match in found))


def _is_bad(text: str) -> bool:
    """Tell replacement, private-use, unassigned and control characters."""
    return text == "\ufffd" or unicodedata.category(text) in {"Co", "Cn", "Cc", "Cs"}
