"""Styles of a workbook (XLSX) that change what is shown: formats, frames, print that is not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ocr.documents.zipped_xml import Element, child, children
from ocr.office.number_formats.shown_numbers import GENERAL, NumberFormat, builtin_format
from ocr.office.ooxml_package import is_on

# White: as it is, by the number of the palette, and the first colour of every usual theme.
_WHITE = {
    "rgb": frozenset({"FFFFFFFF", "00FFFFFF", "FFFFFF"}),
    "indexed": frozenset({"1", "9"}),
    "theme": frozenset({"0"}),
}
_NO_LINE = (None, "none")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell is shown; `doubted` if its print is struck out, or white on white."""

    format: NumberFormat = GENERAL
    framed: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of cells by number, and the numbers of those of conditions that may change what is shown."""

    cells: tuple[CellStyle, ...] = ()
    altering: frozenset[int] = frozenset()

    def of(self, number: str | None) -> CellStyle:
        """Return the style of a cell; of one that is not there nothing is sure."""
        at = int(number or 0)
        if 0 <= at < len(self.cells):
            return self.cells[at]
        return CellStyle() if number is None else CellStyle(NumberFormat(sure=False))


def styles_of(root: Element) -> Styles:
    """Read the part with the styles. Raises ValueError for what is no number."""
    formats = {
        int(one.get("numFmtId", -1)): one.get("formatCode", "")
        for one in children(child(root, "numFmts"), "numFmt")
    }
    fonts = [_is_doubtful(font) for font in children(child(root, "fonts"), "font")]
    fills = [_hides_white(fill) for fill in children(child(root, "fills"), "fill")]
    borders = [_is_frame(border) for border in children(child(root, "borders"), "border")]
    cells = []
    for one in children(child(root, "cellXfs"), "xf"):
        struck, white = _at(fonts, one.get("fontId"), (False, False))
        doubted = struck or (white and _at(fills, one.get("fillId"), True))
        framed = _at(borders, one.get("borderId"), False)
        cells.append(CellStyle(_format(formats, int(one.get("numFmtId", 0))), framed, doubted))
    altering = [n for n, one in enumerate(children(child(root, "dxfs"), "dxf")) if _alters(one)]
    return Styles(tuple(cells), frozenset(altering))


def _at(held: Sequence[_T], number: str | None, otherwise: _T) -> _T:
    at = int(number or 0)
    return held[at] if 0 <= at < len(held) else otherwise


def _format(own: Mapping[int, str], number: int) -> NumberFormat:
    return NumberFormat(own[number]) if number in own else builtin_format(number)


def _is_doubtful(font: Element) -> tuple[bool, bool]:
    """Tell whether print is struck out, and whether it is white."""
    struck = child(font, "strike")
    colour = child(font, "color")
    white = colour is not None and any(colour.get(name) in told for name, told in _WHITE.items())
    tinted = colour is not None and bool(float(colour.get("tint", 0)))
    return struck is not None and is_on(struck), white and not tinted


def _hides_white(fill: Element) -> bool:
    """Tell whether white print cannot be seen on a fill."""
    pattern = child(fill, "patternFill")
    if pattern is None or pattern.get("patternType") in _NO_LINE:
        return child(fill, "gradientFill") is None
    colour = child(pattern, "fgColor")
    return colour is not None and any(colour.get(name) in told for name, told in _WHITE.items())


def _is_frame(border: Element) -> bool:
    sides = (child(border, name) for name in ("left", "right", "start", "end"))
    return any(side is not None and side.get("style") not in _NO_LINE for side in sides)


def _alters(style: Element) -> bool:
    font = child(style, "font")
    return child(style, "numFmt") is not None or (font is not None and any(_is_doubtful(font)))
