"""The fonts of an OFD as fonts of a PDF: the glyphs that are used, each with the text that it stands for.

Fonts in OFDs are cut down to a few glyphs, by each program in its own way: without names, without a map
of characters, as TrueType, OpenType or bare CFF. So outlines are drawn into a new font, one after the
other, and the text of each comes from the page, which names it beside the glyph.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Pdf

from core.fonts import packaged_fonts

# What fontTools raises for a font that is damaged or of no known kind.
BAD_FONT = (
    *(TTLibError, KeyError, ValueError, IndexError, AttributeError, TypeError, AssertionError),
    *(OSError, EOFError, RecursionError, NotImplementedError, OverflowError),
)
# Units of an em in the fonts that are made; how far a curve may be from the one drawn.
_EM, _CLOSE = 1000, 1.0
_LETTER_HEIGHT, _DEPTH = 880, -120


@dataclass(frozen=True, slots=True)
class OutlineFont:
    """Outlines that draw themselves with a pen, by name; the names by glyph id and by character."""

    outlines: Mapping[str, Any]
    order: Sequence[str]
    characters: Mapping[int, str]
    em: float

    def name_of(self, char: str, glyph: int | None) -> str | None:
        """Return the name of the glyph of an id, without one that of a character; None if there is none."""
        if glyph is not None:
            return self.order[glyph] if 0 <= glyph < len(self.order) else None
        return self.characters.get(ord(char)) if len(char) == 1 else None


def outline_font(data: bytes) -> OutlineFont | None:
    """Open a font that is embedded; None for one that cannot be read."""
    try:
        return (
            _bare_cff(data) if data[:1] == b"\x01" and data[1:4] != b"\0\0\0" else _opened(io.BytesIO(data))
        )
    except BAD_FONT:
        return None


@cache
def our_font() -> OutlineFont:
    """The font for text whose own is not embedded. Raises IndexError where its package is not installed."""
    return _opened(io.BytesIO(packaged_fonts()[0].read_bytes()))


def _opened(stream: io.BytesIO) -> OutlineFont:
    font = TTFont(stream, fontNumber=0, lazy=True)
    return OutlineFont(font.getGlyphSet(), font.getGlyphOrder(), _characters(font), font["head"].unitsPerEm)


def _characters(font: TTFont) -> Mapping[int, str]:
    if "cmap" not in font:
        return {}
    best = font.getBestCmap()
    if best is None:
        tables = [table.cmap for table in font["cmap"].tables if table.isSymbol()]
        # Fonts of symbols have theirs in a private area.
        best = {code & 0xFF: name for table in tables for code, name in table.items()}
    return dict(best)


def _bare_cff(data: bytes) -> OutlineFont:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None, isCFF2=False)
    top = fonts.topDictIndex[0]
    em = 1 / top.FontMatrix[0] if getattr(top, "FontMatrix", [0])[0] else _EM
    return OutlineFont(_CharStrings(top.CharStrings), list(top.charset), {}, em)


@dataclass(frozen=True, slots=True)
class _CharStrings(Mapping[str, Any]):
    strings: Any

    def __getitem__(self, name: str) -> T2CharString:
        return self.strings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.strings.keys())

    def __len__(self) -> int:
        return len(self.strings)


@dataclass(slots=True)
class PdfFont:
    """A font as it grows: each glyph, with the text that it stands for, has a code of its own."""

    name: str
    source: OutlineFont
    codes: dict[tuple[str, str], int] = field(default_factory=dict)
    drawn: list[Any] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    def code(self, name: str, text: str) -> int:
        """Return the code of a glyph that stands for a text."""
        if (name, text) not in self.codes:
            glyph, width = _drawn(self.source, name)
            self.codes[name, text] = len(self.codes) + 1
            self.drawn.append(glyph)
            self.widths.append(width)
        return self.codes[name, text]

    def width(self, code: int) -> float:
        """Return how far a glyph advances, in em."""
        return self.widths[code - 1] / _EM

    def to_pdf(self, pdf: Pdf) -> pikepdf.Object:
        """Return the font with all glyphs that were asked for."""
        program = pdf.make_stream(_program(self.drawn, self.widths))
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{self.name}"),
            Flags=4,
            FontBBox=Array([0, _DEPTH, _EM, _LETTER_HEIGHT]),
            ItalicAngle=0,
            Ascent=_LETTER_HEIGHT,
            Descent=_DEPTH,
            CapHeight=_LETTER_HEIGHT,
            StemV=80,
            FontFile2=program,
        )
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{self.name}"),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_EM,
            W=Array([1, Array(self.widths)]),
            CIDToGIDMap=Name.Identity,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{self.name}"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(inner)]),
                ToUnicode=pdf.make_stream(_texts(self.codes)),
            )
        )


def _drawn(source: OutlineFont, name: str) -> tuple[Any, int]:
    """Draw a glyph; one that is damaged is empty."""
    pen = TTGlyphPen(None)
    scale = _EM / source.em
    outline = None
    try:
        outline = source.outlines[name]
        # Outlines of CFF run the other way round.
        outline.draw(TransformPen(Cu2QuPen(pen, _CLOSE), (scale, 0, 0, scale, 0, 0)))
        glyph = pen.glyph()
    except BAD_FONT:
        glyph = TTGlyphPen(None).glyph()
    width = getattr(outline, "width", None)
    return glyph, round((source.em if width is None else width) * scale)


def _program(drawn: Sequence[Any], widths: Sequence[int]) -> bytes:
    """Return a TrueType font whose glyph ids are the codes."""
    names = [".notdef", *(f"g{n}" for n in range(1, len(drawn) + 1))]
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict(zip(names, [TTGlyphPen(None).glyph(), *drawn], strict=True)))
    builder.setupHorizontalMetrics(
        {
            name: (width, getattr(glyph, "xMin", 0))
            for name, width, glyph in zip(names, [_EM, *widths], [None, *drawn], strict=True)
        }
    )
    builder.setupHorizontalHeader(ascent=_LETTER_HEIGHT, descent=_DEPTH)
    builder.setupPost(keepGlyphNames=False)
    # No time of making: the same document gives the same PDF.
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def _texts(codes: Mapping[tuple[str, str], int]) -> bytes:
    """Return the map from codes to texts (ToUnicode)."""
    lines = [
        f"<{code:04X}> <{text.encode('utf-16-be', 'replace').hex()}>"
        for (_, text), code in codes.items()
        if text
    ]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    maps = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{maps}\nendcmap end end"
    ).encode("ascii")
