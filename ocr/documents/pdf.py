"""PDFs, opened with pdfium: the only place that touches it while a document is read.

pdfium is not thread-safe: one process, one document at a time.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import document_limits, within
from ocr.arrays import Pixels
from ocr.documents.base import POINTS_PER_INCH, Char, Document, PdfPage, Sheet
from ocr.documents.flattening import as_shown
from ocr.documents.pdf_streams import ODD
from ocr.documents.preflight import PdfOutline, preflight
from ocr.documents.substitute_fonts import substitute_hanzi
from ocr.documents.watermarks import hide_watermarks
from ocr.model import Box

# Forms in forms in which text is looked for: fields and signatures are drawn by several.
_DEEPEST = 8
# Text less than so many degrees from a quarter turn is turned by that; other text is slanted.
_SLANT = 10.0
# Tones above this are white.
_WHITE = 250


@contextmanager
def open_pdf(path: Path) -> Iterator[Document]:
    """Open a PDF as viewers show it, with what is in its form fields.

    Raises:
        UnreadableDocument: it is damaged, encrypted, without pages or beyond a limit, or its pages are a
            stand-in for what is elsewhere in the file.
    """
    substitute_hanzi()
    with TemporaryDirectory(prefix="guidang-pdf-") as folder:
        outline = preflight(path)
        shown = _as_shown(path, outline, Path(folder))
        document = _open_pdf(shown, outline)
        try:
            yield _PdfDocument(shown, document)
        finally:
            document.close()


def _as_shown(path: Path, outline: PdfOutline | None, folder: Path) -> Path:
    """Return the file that is read: a copy with more in its pages is looked at as the original was."""
    try:
        shown = as_shown(path, outline.beside if outline else None, folder)
    except (pikepdf.PdfError, pdfium.PdfiumError, *ODD) as error:
        if outline is None:
            return path  # why it cannot be opened is told there
        reason = "the PDF is damaged: what it shows beside the contents of its pages cannot be drawn"
        raise UnreadableDocument(Failure.DAMAGED, reason) from error
    if shown != path:
        preflight(shown)
    return shown


def _open_pdf(path: Path, outline: PdfOutline | None) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
        n_pages = len(document)
    except pdfium.PdfiumError as error:
        # pdfium may repeat the code of an earlier file: only a file that says so is encrypted.
        locked = error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
        if locked and b"/Encrypt" in path.read_bytes():
            reason = "the PDF is encrypted and opens only with a password"
            raise UnreadableDocument(Failure.ENCRYPTED, reason) from error
        reason = "the PDF cannot be opened: it is damaged, cut short or has no pages"
        raise UnreadableDocument(Failure.DAMAGED, reason) from error
    if n_pages == 0:
        document.close()
        raise UnreadableDocument(Failure.NO_PAGES, "the PDF has no pages")
    try:
        within(n_pages, "pages", "the PDF has more than {} pages")
        _look_for_lost_pages(n_pages, outline)
    except UnreadableDocument:
        document.close()
        raise
    return document


def _look_for_lost_pages(n_pages: int, outline: PdfOutline | None) -> None:
    """Refuse a PDF that says that it has fewer pages than are in it: pdfium believes it and shows no more."""
    if outline is not None and outline.n_pages > n_pages:
        told = f"it tells of {n_pages} pages, but {outline.n_pages} are in it"
        reason = f"the PDF is damaged: {told}; have it saved anew"
        raise UnreadableDocument(Failure.DAMAGED, reason)


@dataclass(frozen=True)
class _PdfDocument:
    path: Path
    pdf: pdfium.PdfDocument

    def __len__(self) -> int:
        return len(self.pdf)

    def sheet(self, number: int) -> Sheet:
        try:
            page = self.pdf[number - 1]
        except pdfium.PdfiumError as error:
            reason = f"page {number} is damaged and cannot be opened"
            raise UnreadableDocument(Failure.DAMAGED, reason, stage=f"page {number}") from error
        for side in page.get_size():
            within(side, "page_points", f"page {number} is more than {{}} points long", f"page {number}")
        return _PdfSheet(PdfPage(self.path, number), page)

    def as_pdf(self) -> BinaryIO:
        return self.path.open("rb")


class _PdfSheet:
    typeset = None

    def __init__(self, pdf_page: PdfPage, page: pdfium.PdfPage) -> None:
        self.pdf_page, self.number = pdf_page, pdf_page.number
        self.page = page
        if pdfium_c.FPDFPage_CountObjects(page) <= document_limits().page_objects:
            hide_watermarks(page)
        self.width, self.height = page.get_size()

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        if not text:
            with self._textless():
                return self.render(dpi)
        scale = min(
            dpi / POINTS_PER_INCH, (document_limits().page_pixels / max(self.width * self.height, 1.0)) ** 0.5
        )
        bitmap = self.page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, maybe_alpha=False)
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
        return np.ascontiguousarray(pixels[:, :, :3])

    @contextmanager
    def _textless(self) -> Iterator[None]:
        texts = [*self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=_DEEPEST)]
        texts = [found for found in texts if _is_drawn(found)]
        for found in texts:
            pdfium_c.FPDFPageObj_SetIsActive(found, False)
        try:
            yield
        finally:
            for found in texts:
                pdfium_c.FPDFPageObj_SetIsActive(found, True)

    @cached_property
    def native_dpi(self) -> float | None:
        pictures = [*self._pictures()]
        # A scanner may store one page as many strips.
        if min(sum(share for share, _ in pictures), 1.0) < 0.5:
            return None
        return max(pictures)[1]

    @cached_property
    def picture_dpi(self) -> float | None:
        return max(self._pictures(), default=(0.0, None))[1]

    def _pictures(self) -> Iterator[tuple[float, float]]:
        """Yield the share of the page that each picture covers, and its resolution."""
        area = max(self.width * self.height, 1.0)
        for found in self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            if not _is_drawn(found):
                continue
            left, bottom, right, top = found.get_bounds()
            # The bounds of a picture cut off by the page edge count only as far as the page goes.
            width, height = abs(right - left), abs(top - bottom)
            columns, rows = found.get_px_size()
            if width > 0 and height > 0:
                dpi = POINTS_PER_INCH * (columns * rows / (width * height)) ** 0.5
                yield min(width * height / area, 1.0), dpi

    @cached_property
    def chars(self) -> tuple[Char, ...]:
        stage = f"page {self.number}"
        count = pdfium_c.FPDFPage_CountObjects(self.page)
        within(count, "page_objects", f"{stage} is drawn by more than {{}} objects", stage)
        text = self.page.get_textpage()
        try:
            within(text.count_chars(), "page_objects", f"{stage} has more than {{}} characters", stage)
            return tuple(_chars(text, _UserSpace.of(self.page)))
        finally:
            text.close()


def _is_drawn(found: pdfium.PdfObject) -> bool:
    active = ctypes.c_int()
    pdfium_c.FPDFPageObj_GetIsActive(found, ctypes.byref(active))
    return bool(active.value)


@dataclass(frozen=True, slots=True)
class _UserSpace:
    """Turns pdfium's user space (origin bottom left, before /Rotate) into page points."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> _UserSpace:
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation())

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        ax, ay = self._point(left, top)
        bx, by = self._point(right, bottom)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def upright_turn(self, angle: float) -> int:
        """Return the turn that sets upright what is drawn turned clockwise by an angle in radians.

        0 for what is slanted, and where pdfium cannot tell the angle (-1).
        """
        turned = math.degrees(angle) + self.rotation if angle >= 0 else 0.0
        quarters = round(turned / 90)
        return -90 * quarters % 360 if abs(turned - 90 * quarters) <= _SLANT else 0

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def _chars(text: pdfium.PdfTextPage, space: _UserSpace) -> Iterator[Char]:
    corner = [ctypes.c_double() for _ in range(4)]
    loose = pdfium_c.FS_RECTF()
    for index in range(text.count_chars()):
        if pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        pdfium_c.FPDFText_GetCharBox(text, index, *map(ctypes.byref, corner))
        pdfium_c.FPDFText_GetLooseCharBox(text, index, ctypes.byref(loose))
        left, right, bottom, top = (value.value for value in corner)
        box = space.box(left, bottom, right, top)
        typeset = space.box(loose.left, loose.bottom, loose.right, loose.top)
        carrier = pdfium_c.FPDFText_GetTextObject(text, index)
        yield Char(
            text=_character(pdfium_c.FPDFText_GetUnicode(text, index)),
            box=box,
            # pdfium sets the box of vertical fonts beside the character
            loose=typeset if typeset.contains(*box.centre) else box,
            font=_font_address(carrier),
            visible=_is_visible(carrier),
            mapped=pdfium_c.FPDFText_HasUnicodeMapError(text, index) != 1,
            turned=space.upright_turn(pdfium_c.FPDFText_GetCharAngle(text, index)),
            white=_is_white(text, index),
        )


def _character(code: int) -> str:
    """Return the character that a map of a font gives, which may be any number."""
    return chr(code) if code <= sys.maxunicode else "\ufffd"


def _is_white(text: pdfium.PdfTextPage, index: int) -> bool:
    tones = [ctypes.c_uint() for _ in range(4)]
    known = pdfium_c.FPDFText_GetFillColor(text, index, *map(ctypes.byref, tones))
    return bool(known) and min(tone.value for tone in tones[:3]) > _WHITE


def _font_address(carrier: ctypes.c_void_p) -> int:
    font = pdfium_c.FPDFTextObj_GetFont(carrier) if carrier else None
    return ctypes.addressof(font.contents) if font else 0


def _is_visible(carrier: ctypes.c_void_p) -> bool:
    """Tell whether the text is drawn: render modes 3 and 7 leave no ink on the page."""
    if not carrier:
        return True
    hidden = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
    return pdfium_c.FPDFTextObj_GetTextRenderMode(carrier) not in hidden
