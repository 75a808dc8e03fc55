"""Whether the text layer of a page can be believed.

A layer may be absent, hidden behind a scan, full of replacement characters, or,
worst, a clean-looking text that is not what the page shows. Only a look at the
page tells the last: of every font a few runs, and of every digit in it at least
one, are read from the page image and compared.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz.fuzz import ratio

from ocr.document import Char, Sheet
from ocr.engine import Engine
from ocr.ink import print_of
from ocr.layer import box_of, printed, runs_of
from ocr.model import Box, Route
from ocr.rulings import binarise
from ocr.view import View

# More bad characters than this share and the layer is garbled.
_BAD_SHARE = 0.02
# Long runs read per font. Each costs about 40 ms.
_WITNESSES = 3
_LONGEST_WITNESS = 24
# A run agrees with its picture at this similarity or better (0 to 100). Measured
# on hzq2023 and the digital samples: sound runs ≥ 92, shuffled ones ≤ 40.
_AGREES = 75.0
# Ink on less than this share of the page, specks taken out, is none.
_BLANK_SHARE = 2e-5


def route_of(sheet: Sheet, view: View, engine: Engine) -> Route:
    """Decide how a page has to be read; `view` shows it as stored, unturned."""
    if _share_of_ink(view) < _BLANK_SHARE:
        return Route.BLANK
    chars = printed(sheet.chars)
    if not chars or sheet.native_dpi is not None:
        return Route.SCANNED
    if _share_of_bad(sheet.chars) > _BAD_SHARE:
        return Route.GARBLED
    return Route.DIGITAL if all(_believed(view, runs, engine) for runs in _by_font(chars)) else Route.GARBLED


def _share_of_ink(view: View) -> float:
    ink = print_of(binarise(view.grey, view.dpi), view.dpi)
    return float((ink > 0).mean())


def _share_of_bad(chars: Sequence[Char]) -> float:
    bad = sum(1 for char in chars if char.visible and (not char.mapped or _is_bad(char.text)))
    return bad / len(chars)


def _is_bad(text: str) -> bool:
    """Tell replacement, private-use, unassigned and control characters."""
    return text == "\ufffd" or (unicodedata.category(text) in {"Co", "Cn", "Cc", "Cs"} and not text.isspace())


def _by_font(chars: Sequence[Char]) -> Iterator[list[list[Char]]]:
    """Yield the horizontal runs of each font of a page."""
    fonts: dict[int, list[list[Char]]] = defaultdict(list)
    for run in runs_of(chars):
        for font, part in groupby(run, key=lambda char: char.font):
            fonts[font].append(list(part))
    yield from fonts.values()


def _believed(view: View, runs: list[list[Char]], engine: Engine) -> bool:
    """Tell whether the layer says of one font what the page shows."""
    longest = sorted(runs, key=len, reverse=True)[:_WITNESSES]
    verdicts = [_agrees(view, run[:_LONGEST_WITNESS], engine) for run in longest if len(run) > 1]
    if verdicts and sum(verdicts) * 2 < len(verdicts):
        return False
    return all(_digit_agrees(view, digit, runs, engine) for digit in "0123456789")


def _agrees(view: View, run: Sequence[Char], engine: Engine) -> bool:
    seen = _plain(engine.recognise(_crop(view, box_of(run))).text)
    return ratio(seen, _plain("".join(char.text for char in run))) >= _AGREES


def _digit_agrees(view: View, digit: str, runs: list[list[Char]], engine: Engine) -> bool:
    """Compare up to three appearances of a digit, in the shortest runs that have it; one may be misread."""
    showing = sorted((run for run in runs if any(char.text == digit for char in run)), key=len)[:3]
    if not showing:
        return True
    return any(_shows(view, next(char for char in run if char.text == digit), engine) for run in showing)


def _shows(view: View, char: Char, engine: Engine) -> bool:
    return engine.recognise(_crop(view, char.box)).numeral == char.text


def _crop(view: View, box: Box):  # type: ignore[no-untyped-def]
    margin = max(2.0, 0.13 * box.height * view.dpi / 72)
    left, top = view.pixel(box.left, box.top)
    right, bottom = view.pixel(box.right, box.bottom)
    return view.pixels[
        max(0, round(top - margin)) : round(bottom + margin),
        max(0, round(left - margin)) : round(right + margin),
    ]


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
