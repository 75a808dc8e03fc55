# ruff: noqa: E501 (markup is told from its parts in one line)
"""Reports as OFD: the characters and rules of a digital sample, told as programs of offices tell them.

`GLYPHS` is how converters write: a font cut down and without a map of characters, one text object a
character, glyphs by id. `LINES` is how word processors write: fonts only named, one text object a line,
places as distances with repetitions. In both the number of the page comes from a template.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pdfplumber
from fontTools import subset
from fontTools.ttLib import TTFont

from core.fonts import packaged_fonts

GLYPHS, LINES = "glyphs", "lines"
_MM = 25.4 / 72
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<ofd:{0} xmlns:ofd="http://www.ofdspec.org/2016"{2}>{1}</ofd:{0}>'
_WHEN = (2024, 1, 1, 0, 0, 0)


def set_ofd(source: Path, way: str, parts: Mapping[str, bytes] | None = None) -> bytes:
    """Return the OFD of a PDF; `parts` come beside its own or in their place."""
    with pdfplumber.open(source) as pdf:
        font, glyphs = _font({char["text"] for page in pdf.pages for char in page.chars})
        pages = [_page(page, glyphs if way == GLYPHS else None) for page in pdf.pages]
        size = f"0 0 {pdf.pages[0].width * _MM:.3f} {pdf.pages[0].height * _MM:.3f}"
    held = {"OFD.xml": _root(), "Doc_0/Document.xml": _document(size, len(pages)), **_resources(way)}
    held |= {f"Doc_0/Pages/Page_{n}/Content.xml": page for n, page in enumerate(pages)}
    held |= {"Doc_0/Tpls/Tpl_0/Content.xml": _template()}
    held |= {"Doc_0/Res/font_2.otf": font} if way == GLYPHS else {}
    return packed({**held, **(parts or {})})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip; the same parts give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(zipfile.ZipInfo(name, _WHEN), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def xml(name: str, inside: str, attributes: str = "") -> bytes:
    """Return a part of an OFD."""
    return _HEAD.format(name, inside, attributes).encode()


def _root() -> bytes:
    info = "<ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo>"
    body = f"<ofd:DocBody>{info}<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    return xml("OFD", body, ' Version="1.0" DocType="OFD"')


def _document(size: str, n_pages: int) -> bytes:
    common = (
        "<ofd:MaxUnitID>99999</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    )
    pages = "".join(
        f'<ofd:Page ID="{100 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(n_pages)
    )
    return xml("Document", f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages>")


def _resources(way: str) -> dict[str, bytes]:
    file = "<ofd:FontFile>font_2.otf</ofd:FontFile>" if way == GLYPHS else ""
    font = f'<ofd:Font ID="2" FontName="宋体" FamilyName="宋体">{file}</ofd:Font>'
    line = (
        '<ofd:DrawParam ID="3" LineWidth="0.25" Join="Miter"><ofd:StrokeColor Value="0 0 0"/></ofd:DrawParam>'
    )
    inside = f"<ofd:Fonts>{font}</ofd:Fonts><ofd:DrawParams>{line}</ofd:DrawParams>"
    return {"Doc_0/PublicRes.xml": xml("Res", inside, ' BaseLoc="Res"')}


def _template() -> bytes:
    text = (
        '<ofd:TextObject ID="11" Boundary="20 8 60 5" Font="2" Size="3">'
        '<ofd:TextCode X="0" Y="4" DeltaX="g 5 3">政府信息公开</ofd:TextCode></ofd:TextObject>'
    )
    layer = f'<ofd:Layer ID="10" Type="Background">{text}</ofd:Layer>'
    return xml("Page", f"<ofd:Content>{layer}</ofd:Content>")


def _font(texts: set[str]) -> tuple[bytes, Mapping[str, int]]:
    """Return our font with these characters only and no map of them, and the ids of their glyphs."""
    font = TTFont(packaged_fonts()[0])
    names = font.getBestCmap()
    cutter = subset.Subsetter(subset.Options(layout_features=[], notdef_outline=True, name_IDs=[]))
    cutter.populate(text="".join(sorted(texts)))
    cutter.subset(font)
    ids = {
        text: font.getGlyphID(names[ord(text)])
        for text in sorted(texts)
        if len(text) == 1 and ord(text) in names
    }
    for table in ("cmap", "GSUB", "GPOS", "GDEF", "vmtx", "vhea", "VORG", "BASE", "name"):
        if table in font:
            del font[table]
    font.recalcTimestamp = False
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue(), ids


def _page(page: Any, glyphs: Mapping[str, int] | None) -> bytes:
    texts = _by_glyph(page.chars, glyphs) if glyphs is not None else _by_line(page.chars)
    objects = [*_rules(page), *texts]
    numbered = "".join(one.format(id=f'ID="{1000 + n}"') for n, one in enumerate(objects))
    layer = f'<ofd:Layer ID="20" Type="Body">{numbered}</ofd:Layer>'
    return xml(
        "Page", f'<ofd:Template TemplateID="9" ZOrder="Background"/><ofd:Content>{layer}</ofd:Content>'
    )


def _rules(page: Any) -> Iterator[str]:
    for shade in page.rects:
        width, height = shade["width"] * _MM, shade["height"] * _MM
        yield (
            f'<ofd:PathObject {{id}} Boundary="{shade["x0"] * _MM:.3f} {shade["top"] * _MM:.3f} {width:.3f} {height:.3f}"'
            ' Stroke="false" Fill="true"><ofd:FillColor Value="240 240 240"/>'
            f"<ofd:AbbreviatedData>S 0 0 L {width:.3f} 0 L {width:.3f} {height:.3f} L 0 {height:.3f} C"
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )
    for line in page.lines:
        left, top = min(line["x0"], line["x1"]) * _MM, min(line["top"], line["bottom"]) * _MM
        width, height = abs(line["x1"] - line["x0"]) * _MM, abs(line["bottom"] - line["top"]) * _MM
        yield (
            f'<ofd:PathObject {{id}} Boundary="{left:.3f} {top:.3f} {width:.3f} {height:.3f}" DrawParam="3">'
            f"<ofd:AbbreviatedData>M 0 0 L {width:.3f} {height:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
        )


def _by_glyph(chars: Sequence[Any], glyphs: Mapping[str, int]) -> Iterator[str]:
    """A text object a character, at its place on the page by its boundary, in small steps by a matrix."""
    for char in chars:
        size, foot = char["size"] * _MM, char["size"] * _MM * 0.88
        told = glyphs.get(char["text"])
        transform = (
            f'<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>{told}</ofd:Glyphs></ofd:CGTransform>'
            if told is not None
            else ""
        )
        yield (
            f'<ofd:TextObject {{id}} Boundary="{char["x0"] * _MM:.3f} {_foot(char) * _MM - foot:.3f} {size:.3f} {size:.3f}"'
            f' CTM="0.1 0 0 0.1 0 0" Font="2" Size="{size * 10:.3f}">{transform}'
            f'<ofd:TextCode X="0" Y="{foot * 10:.3f}">{_text(char["text"])}</ofd:TextCode></ofd:TextObject>'
        )


def _by_line(chars: Sequence[Any]) -> Iterator[str]:
    """A text object for each run of one size on one foot."""
    for (foot, size), run in groupby(chars, lambda char: (round(_foot(char), 1), round(char["size"], 1))):
        for line in _unbroken([*run]):
            starts = [char["x0"] * _MM for char in line]
            steps = [f"{after - before:.3f}" for before, after in pairwise(starts)]
            yield (
                f'<ofd:TextObject {{id}} Boundary="{starts[0]:.3f} {(foot - size) * _MM:.3f}'
                f' {starts[-1] - starts[0] + size * _MM:.3f} {size * _MM * 1.3:.3f}" Font="2" Size="{size * _MM:.3f}">'
                f'<ofd:TextCode X="0" Y="{size * _MM:.3f}" DeltaX="{_repeated(steps)}">'
                f"{_text(''.join(char['text'] for char in line))}</ofd:TextCode></ofd:TextObject>"
            )


def _unbroken(chars: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Part where the next character does not stand close to the right, as between cells."""
    start = 0
    for n in range(1, len(chars) + 1):
        if n == len(chars) or not -1 < chars[n]["x0"] - chars[n - 1]["x1"] < chars[n]["size"]:
            yield chars[start:n]
            start = n


def _repeated(steps: Sequence[str]) -> str:
    runs = [(step, len([*run])) for step, run in groupby(steps)]
    return " ".join(f"g {count} {step}" if count > 2 else " ".join([step] * count) for step, count in runs)


def _foot(char: Any) -> float:
    """How far down a character stands; the matrix of the PDF counts from below."""
    return float(char["top"] + char["y1"] - char["matrix"][5])


def _text(text: str) -> str:
    return escape(text).replace("{", "{{").replace("}", "}}")
