"""Hanzi of a PDF that names a font and does not hold it, drawn with the font that comes with pip.

Many offices save reports without their 宋体. On a machine that has no font with hanzi pdfium leaves such
print out, the page looks empty, and nobody is told; where there are some it takes one or another. With
our own a page looks the same on every machine.
"""

from __future__ import annotations

import ctypes
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from core.fonts import packaged_fonts

_CHARSETS_WITH_HANZI = frozenset(
    {
        pdfium_c.FXFONT_SHIFTJIS_CHARSET,
        pdfium_c.FXFONT_HANGEUL_CHARSET,
        pdfium_c.FXFONT_GB2312_CHARSET,
        pdfium_c.FXFONT_CHINESEBIG5_CHARSET,
    }
)
# Our handle; those of the machine's fonts are addresses.
_OURS = 1
_WHOLE_FILE = 0


@cache
def substitute_hanzi() -> None:
    """Have pdfium take our font, in this process and from now on; without the package all stays as it was."""
    if fonts := packaged_fonts():
        _OwnHanzi(fonts[0]).setup()


class _OwnHanzi(pdfium.PdfSysfontBase):  # type: ignore[misc]
    """The machine's fonts, but for charsets with hanzi; the methods' names are pdfium's."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    @cached_property
    def data(self) -> bytes:
        """Read when a first document needs it: it has 8 MB."""
        return self.path.read_bytes()

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, *more: Any) -> int | None:  # noqa: N802
        if charset in _CHARSETS_WITH_HANZI:
            return _OURS
        return super().MapFont(_, weight, italic, charset, *more)  # type: ignore[no-any-return]

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _OURS:
            return super().GetFontData(_, font, table, buffer, size)  # type: ignore[no-any-return]
        return _given(self.data, buffer, size) if table == _WHOLE_FILE else 0

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _OURS:
            return super().GetFaceName(_, font, buffer, size)  # type: ignore[no-any-return]
        return _given(self.path.stem.encode() + b"\0", buffer, size)

    def GetFontCharset(self, _: Any, font: int) -> int:  # noqa: N802
        if font != _OURS:
            return super().GetFontCharset(_, font)  # type: ignore[no-any-return]
        return int(pdfium_c.FXFONT_GB2312_CHARSET)

    def DeleteFont(self, _: Any, font: int) -> None:  # noqa: N802
        if font != _OURS:
            super().DeleteFont(_, font)


def _given(data: bytes, buffer: Any, size: int) -> int:
    """Copy data if there is room for all of it; pdfium asks for its length first."""
    if buffer and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)
