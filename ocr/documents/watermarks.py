"""Watermarks of a PDF page: slanted or pale print, curves and pictures that lie across its text.

They are taken out before the page is drawn and its text asked for, so that what is printed is read as if
they were not there. What lies across nothing is print like any other, however pale or slanted; what hides
text that it lies over stays.
"""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# Forms are looked into so deep.
_DEEPEST = 8
# Text farther than this from a quarter turn, in degrees, is slanted.
_SLANTED = 10.0
# From this luminance on, laid on white paper, a colour is pale: print is below 110, a watermark of
# silver, or of grey or red at a third of its strength, above 190. From the next on it is white.
_PALE, _WHITE = 140.0, 250.0
# From this difference of its channels on it is a colour and no grey.
_COLOURED = 60.0
# So many times the size of most text is large.
_LARGE = 1.8
# A picture is pale if all of its pixels that are not white are, but so many hundredths. Counted are they
# alone: a signature, or digits typed over a page, are few on a picture that is as large as the page.
_FEW = 0.5
# If more than this share of a picture covers with white what is under it, it paints over print.
_PAINTED = 1e-4
# A pixel of a picture that covers less than this of what is under it is clear.
_CLEAR = 0.5
# A picture or drawing lies across text if it meets so many pieces of it.
_PIECES = 2
# Two pieces meet if they share this much of the smaller one.
_SHARED = 0.2
# Of a watermark this share lies across text; tiles may fall between lines.
_ACROSS = 0.1
# An outline of fewer segments than this is a rule or a frame.
_SEGMENTS = 8

Matrix = tuple[float, float, float, float, float, float]
Rectangles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_HIDDEN = {pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A piece of text, a path or a picture, the n-th that is drawn; `within` brings its form to the page."""

    raw: Any
    kind: int
    order: int
    within: Matrix

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top on the page."""
        found = [ctypes.c_float() for _ in range(4)]
        pdfium_c.FPDFPageObj_GetBounds(self.raw, *map(ctypes.byref, found))
        left, bottom, right, top = (value.value for value in found)
        a, b, c, d, e, f = self.within
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def style(self) -> _Style:
        """How it is set."""
        a, b, c, d, _, _ = _times(_matrix(self.raw), self.within)
        size = ctypes.c_float(1.0)
        if self.kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            pdfium_c.FPDFTextObj_GetFontSize(self.raw, ctypes.byref(size))
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        pdfium_c.FPDFPageObj_GetFillColor(self.raw, *map(ctypes.byref, (red, green, blue, alpha)))
        tones = (255 - alpha.value / 255 * (255 - tone.value) for tone in (red, green, blue))
        turn = math.degrees(math.atan2(b, a)) % 90
        return _Style(
            self.kind,
            round(min(turn, 90 - turn)),
            round(size.value * math.hypot(c, d), 1),
            (round(next(tones)), round(next(tones)), round(next(tones))),
        )


@dataclass(frozen=True, slots=True)
class _Style:
    """How pieces are set: degrees from the nearest quarter turn, size in points, RGB as laid on white."""

    kind: int
    slant: int
    size: float
    colour: tuple[int, int, int]

    @property
    def is_pale(self) -> bool:
        return _PALE <= _luminance(self.colour) <= _WHITE

    def is_apart(self, size: float) -> bool:
        """Tell text that may be a watermark, where most is of a size."""
        coloured = max(self.colour) - min(self.colour) >= _COLOURED
        slanted = self.slant > _SLANTED and (coloured or self.size >= _LARGE * size)
        return self.is_pale or slanted


def hide_watermarks(page: pdfium.PdfPage) -> None:
    """Have a page drawn, and its text told, without its watermarks."""
    drawn = [*_drawn(page.raw, _ONE, 0, count())]
    groups: dict[_Style, list[_Drawn]] = defaultdict(list)
    for piece in drawn:
        if piece.kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            groups[piece.style].append(piece)
    if not groups:
        return
    size = median(style.size for style, pieces in groups.items() for _ in pieces)
    apart = {style: pieces for style, pieces in groups.items() if style.is_apart(size)}
    plain = [piece for style, pieces in groups.items() if style not in apart for piece in pieces]
    pictures = [*_pale_drawings(drawn)]
    if not plain or not (apart or pictures):
        return
    boxes, last = np.array([piece.box for piece in plain]), [piece.order for piece in plain]
    marks = [pieces for pieces in apart.values() if _lies_across(pieces, boxes)]
    marks += [group for group in pictures if _is_mark(group, boxes, last, page)]
    for piece in (piece for group in marks for piece in group):
        pdfium_c.FPDFPageObj_SetIsActive(piece.raw, False)


def _drawn(holder: Any, within: Matrix, depth: int, order: Iterator[int]) -> Iterator[_Drawn]:
    """Yield what is drawn on a page or in a form, but for rules, frames and text that is not shown."""
    if depth:
        n_pieces, get = pdfium_c.FPDFFormObj_CountObjects(holder), pdfium_c.FPDFFormObj_GetObject
    else:
        n_pieces, get = pdfium_c.FPDFPage_CountObjects(holder), pdfium_c.FPDFPage_GetObject
    for index in range(n_pieces):
        raw = get(holder, index)
        kind = pdfium_c.FPDFPageObj_GetType(raw)
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _drawn(raw, _times(_matrix(raw), within), depth + 1, order)
        elif kind == pdfium_c.FPDF_PAGEOBJ_TEXT and pdfium_c.FPDFTextObj_GetTextRenderMode(raw) in _HIDDEN:
            continue
        elif kind != pdfium_c.FPDF_PAGEOBJ_PATH or pdfium_c.FPDFPath_CountSegments(raw) > _SEGMENTS:
            yield _Drawn(raw, kind, next(order), within)


def _pale_drawings(drawn: Iterable[_Drawn]) -> Iterator[list[_Drawn]]:
    """Yield pictures, each by itself, and curves that are filled with one pale colour together."""
    paths: dict[tuple[int, int, int], list[_Drawn]] = defaultdict(list)
    for piece in drawn:
        if piece.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            yield [piece]
        elif (
            piece.kind == pdfium_c.FPDF_PAGEOBJ_PATH and (style := piece.style).is_pale and _is_curved(piece)
        ):
            paths[style.colour].append(piece)
    yield from paths.values()


def _is_curved(piece: _Drawn) -> bool:
    """Tell a filled outline that is no box and no grid of them."""
    kinds = (
        pdfium_c.FPDFPathSegment_GetType(pdfium_c.FPDFPath_GetPathSegment(piece.raw, index))
        for index in range(pdfium_c.FPDFPath_CountSegments(piece.raw))
    )
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(piece.raw, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(fill.value) and not stroke.value and pdfium_c.FPDF_SEGMENT_BEZIERTO in kinds


def _is_mark(group: Sequence[_Drawn], boxes: Rectangles, orders: Sequence[int], page: pdfium.PdfPage) -> bool:
    """Tell pale drawings that lie under text, or let it shine through."""
    met = np.any([_meets(piece.box, boxes) for piece in group], axis=0)
    if np.count_nonzero(met) < _PIECES:
        return False
    last = max(piece.order for piece in group)
    below = last < min(order for order, meets in zip(orders, met, strict=True) if meets)
    if group[0].kind == pdfium_c.FPDF_PAGEOBJ_PATH:
        return below or all(_shines_through(piece) for piece in group)
    return _is_pale_picture(group[0], page, below=below)


def _shines_through(piece: _Drawn) -> bool:
    alpha = ctypes.c_uint(255)
    others = [ctypes.c_uint() for _ in range(3)]
    pdfium_c.FPDFPageObj_GetFillColor(piece.raw, *map(ctypes.byref, others), ctypes.byref(alpha))
    return alpha.value < 255


def _is_pale_picture(piece: _Drawn, page: pdfium.PdfPage, *, below: bool) -> bool:
    """Tell a picture that is pale on white paper; if it lies over text, most of it must be clear."""
    pixels = pdfium.PdfImage(piece.raw, page=page, pdf=page.pdf).get_bitmap(render=True).to_numpy()
    pixels = pixels.reshape(*pixels.shape[:2], -1).astype(np.float32)
    shown = pixels[..., 3] / 255 if pixels.shape[2] == 4 else np.ones(pixels.shape[:2], np.float32)
    # Blue, green, red; one that is grey has but one tone.
    weights = np.array([0.114, 0.587, 0.299] if pixels.shape[2] > 1 else [1.0], np.float32)
    on_white = 255 - shown * (255 - pixels[..., : len(weights)] @ weights)
    seen = on_white[on_white < _WHITE]
    pale = not seen.size or bool(np.percentile(seen, _FEW) >= _PALE)
    painted = float(np.mean((on_white >= _WHITE) & (shown >= _CLEAR)))
    return pale and (below or (float(np.median(shown)) < _CLEAR and painted <= _PAINTED))


def _lies_across(pieces: Sequence[_Drawn], boxes: Rectangles) -> bool:
    across = sum(bool(_meets(piece.box, boxes).any()) for piece in pieces)
    return across >= max(1.0, _ACROSS * len(pieces))


def _meets(box: Sequence[float], boxes: Rectangles) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell which of some boxes (n, 4) share a good part with one."""
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    shared = np.maximum(high - low, 0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    smaller = np.minimum(areas, (box[2] - box[0]) * (box[3] - box[1]))
    return np.asarray(shared > _SHARED * np.maximum(smaller, 1e-6))


def _matrix(raw: Any) -> Matrix:
    found = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(raw, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _luminance(colour: Sequence[float]) -> float:
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue
