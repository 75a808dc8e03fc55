"""A font for Chinese labels in pictures: one on this machine, or one from a package."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ft2font import FT2Font

from core.fonts import packaged_fonts

REMEDY = "install a Chinese font, like Debian's fonts-noto-cjk or `pip install pylopdf-fonts-zh-cn`"
# Families that are made for simplified Chinese, the plainest first; after them any that has the characters.
PREFERRED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
)
USUAL_WEIGHTS = (400, "normal", "regular", "book")


def family_for(text: str) -> str | None:
    """The name, for matplotlib, of a font family that has every character of a text; None if none has."""
    usual = [font for font in fontManager.ttflist if font.weight in USUAL_WEIGHTS and font.style == "normal"]
    for font in sorted(usual, key=_rank):
        if _has(font.fname, text):
            return font.name
    return next(_packaged(text), None)


def _rank(font: FontEntry) -> tuple[int, str]:
    return (PREFERRED.index(font.name) if font.name in PREFERRED else len(PREFERRED), font.name)


def _has(file: str, text: str) -> bool:
    try:
        font = FT2Font(file)
    except (OSError, RuntimeError):  # listed by the system, but no longer there or not to be read
        return False
    return all(font.get_char_index(ord(character)) for character in set(text) if not character.isspace())


def _packaged(text: str) -> Iterator[str]:
    """The families of the package of fonts, if it is installed."""
    for file in packaged_fonts():
        if _has(str(file), text):
            fontManager.addfont(file)
            yield FontProperties(fname=file).get_name()
