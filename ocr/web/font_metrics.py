"""The type that web pages are laid out in: widths of characters, and lines broken where they are full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from PIL import ImageFont

from core.errors import GuidangError
from core.fonts import PACKAGE, packaged_fonts

# Widths are measured at this size, in pixels.
_EM = 1000
# Latin words and numbers stay whole, hanzi may be parted anywhere; no line begins with a closing mark.
_WORDS = re.compile(r"(?:[!-~]+|.)[，。、；：！？）》】”’]*", re.DOTALL)


@cache
def face(pixels: float) -> ImageFont.FreeTypeFont:
    """Return the font at a size in pixels.

    Raises:
        GuidangError: the package with the font is not installed.
    """
    for file in packaged_fonts():
        return ImageFont.truetype(file, pixels, layout_engine=ImageFont.Layout.BASIC)
    raise GuidangError(f"no font to lay web pages out with: run `pip install {PACKAGE.replace('_', '-')}`")


@lru_cache(maxsize=1 << 16)
def advance(char: str) -> float:
    """Return how far a character moves on, in em."""
    return face(_EM).getlength(char) / _EM


def width_of(text: str) -> float:
    """Return the width of a line in em."""
    return sum(map(advance, text))


def widest_word(text: str) -> float:
    """Return the width, in em, of the widest piece that is not parted."""
    return max(map(width_of, _WORDS.findall(text)), default=0.0)


def wrapped(text: str, room: float) -> Iterator[str]:
    """Break a text into lines of at most `room` em; a word that has no room on any is parted."""
    line, used = "", 0.0
    for word in _WORDS.findall(text):
        for piece in (word,) if width_of(word) <= room else word:
            width = width_of(piece)
            if line and used + width > room and not piece.isspace():
                yield line.rstrip()
                line, used = "", 0.0
            line, used = line + piece, used + width
    if line.strip():
        yield line.rstrip()
