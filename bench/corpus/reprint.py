"""Print some values of a digital report another way: with marks beside them, struck, in another type.

It understands what typst writes and the samples are made of: every value is a text object of its own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import ImageFont

from bench.accuracy.truth import Fact, read_truth

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
FACES = {
    "song": Path(str(files("pylopdf_fonts_zh_cn") / "NotoSerifSC-Regular.otf")),
    "hei": Path(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")),
    "sans": DEJAVU / "DejaVuSansCondensed.ttf",
    "serif": DEJAVU / "DejaVuSerif.ttf",
}
BAND = (217, 226, 243)
# A stroke through digits stands this high over the baseline and is so thick, in em.
_STROKE_AT, _STROKE = 0.27, 0.05


@dataclass(frozen=True, slots=True)
class Print:
    """Some print of a cell: its `size` in points, its `rise` over the baseline and the `gap` before it in em
    of the main type; `struck` has a line through it, `reach` em longer than the print at either end."""

    text: str
    size: float = 9.0
    rise: float = 0.0
    gap: float = 0.0
    struck: bool = False
    reach: float = 0.02
    stroke_at: float = _STROKE_AT
    stroke: float = _STROKE


def first_page(source: Path, target: Path, prints: Mapping[str, Sequence[Print]], face: str) -> None:
    """Write the first page of `source` with other `prints`, by `ROW/COLUMN`, for values of its first table.

    What stands below that table goes.
    """
    facts = values_of(source)
    document = pdfium.PdfDocument(source)
    while len(document) > 1:
        document.del_page(1)
    page = document[0]
    values = _value_objects(page, [fact.raw for fact in facts])
    places = {fact.key[1:]: value.get_bounds() for fact, value in zip(facts, values, strict=True)}
    lowest = min(place[1] for place in places.values())
    gone = [value for fact, value in zip(facts, values, strict=True) if "/".join(fact.key[1:]) in prints]
    gone += [each for each in _texts(page) if each.get_bounds()[3] < lowest - 4]
    for each in gone:
        page.remove_obj(each)
    for band in _bands(page):  # their colour is lost when pdfium writes the page
        raw.FPDFPageObj_SetFillColor(band.raw, *BAND, 255)
    font = _font(document, FACES[face])
    for name, pieces in prints.items():
        left, bottom, right, _ = places[tuple(name.split("/"))]  # type: ignore[index]
        _set(document, page, font, FACES[face], (left + right) / 2, bottom, pieces)
    page.gen_content()
    document.save(target)
    document.close()


def values_of(source: Path) -> list[Fact]:
    """What the first table of a sample prints."""
    facts = read_truth(source.with_suffix(".truth.csv"))
    return [fact for fact in facts if fact.table == facts[0].table]


def _texts(page: pdfium.PdfPage) -> list[pdfium.PdfObject]:
    return list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]))


def _bands(page: pdfium.PdfPage) -> list[pdfium.PdfObject]:
    """Return the shaded bands, which are higher than rules are thick."""
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH])
    places = ((each, each.get_bounds()) for each in paths)
    return [each for each, (left, bottom, right, top) in places if right - left > 9 and top - bottom > 9]


def _value_objects(page: pdfium.PdfPage, printed: Sequence[str]) -> list[pdfium.PdfObject]:
    """Return the text objects that print the values, in their order."""
    text_page = page.get_textpage()
    texts = _texts(page)
    said = [_said(each, text_page) for each in texts]
    numbers = [(text, each) for text, each in zip(said, texts, strict=True) if text in printed]
    for start in range(len(numbers) - len(printed) + 1):
        part = numbers[start : start + len(printed)]
        if [text for text, _ in part] == list(printed):
            return [each for _, each in part]
    raise ValueError("the values are not printed one by one")


def _said(each: pdfium.PdfObject, text_page: pdfium.PdfTextPage) -> str:
    size = raw.FPDFTextObj_GetText(each.raw, text_page.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFTextObj_GetText(each.raw, text_page.raw, buffer, size)
    return "".join(map(chr, buffer)).rstrip("\0").strip()


def _font(document: pdfium.PdfDocument, path: Path) -> raw.FPDF_FONT:
    data = path.read_bytes()
    block = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    return raw.FPDFText_LoadFont(document.raw, block, len(data), raw.FPDF_FONT_TRUETYPE, True)


def _set(
    document: pdfium.PdfDocument,
    page: pdfium.PdfPage,
    font: raw.FPDF_FONT,
    path: Path,
    middle: float,
    baseline: float,
    pieces: Sequence[Print],
) -> None:
    em = max(piece.size for piece in pieces)
    x = middle - sum(_advance(path, piece) + piece.gap * em for piece in pieces) / 2
    for piece in pieces:
        x += piece.gap * em
        _place(document, page, font, piece, x, baseline + piece.rise * em)
        if piece.struck:
            _strike(page, piece, x, x + _advance(path, piece), baseline)
        x += _advance(path, piece)


def _advance(path: Path, piece: Print) -> float:
    return ImageFont.truetype(str(path), 1000).getlength(piece.text) * piece.size / 1000


def _place(
    document: pdfium.PdfDocument,
    page: pdfium.PdfPage,
    font: raw.FPDF_FONT,
    piece: Print,
    x: float,
    baseline: float,
) -> None:
    made = raw.FPDFPageObj_CreateTextObj(document.raw, font, piece.size)
    words = (piece.text + "\0").encode("utf-16-le")
    raw.FPDFText_SetText(
        made, ctypes.cast(ctypes.create_string_buffer(words), ctypes.POINTER(ctypes.c_ushort))
    )
    raw.FPDFPageObj_Transform(made, 1, 0, 0, 1, x, baseline)
    raw.FPDFPage_InsertObject(page.raw, made)


def _strike(page: pdfium.PdfPage, piece: Print, left: float, right: float, baseline: float) -> None:
    reach, height = piece.reach * piece.size, piece.stroke * piece.size
    bar = raw.FPDFPageObj_CreateNewRect(
        left - reach, baseline + piece.stroke_at * piece.size, right - left + 2 * reach, height
    )
    raw.FPDFPath_SetDrawMode(bar, raw.FPDF_FILLMODE_ALTERNATE, False)
    raw.FPDFPageObj_SetFillColor(bar, 0, 0, 0, 255)
    raw.FPDFPage_InsertObject(page.raw, bar)
