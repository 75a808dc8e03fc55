"""A PDF as viewers show it: fields and annotations drawn into its pages, hidden layers out, units as points.

Text layer, picture, grids and searchable PDFs are all made from this one copy, so that none of them misses
a value that stands in a form field, and none has one that no viewer shows. Most PDFs need no copy.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pikepdf import Array, Dictionary, Name, Object

from core.limits import document_limits
from ocr.documents.optional_content import HiddenLayers, hidden_layers, take_out

# Annotations that show nothing of their own on a page.
_UNDRAWN = (Name.Link, Name.Popup)
# Bits of the flags of an annotation (PDF 32000-1, table 165).
_INVISIBLE, _HIDDEN, _NO_VIEW = 1, 2, 32
_BOXES = (Name.MediaBox, Name.CropBox, Name.BleedBox, Name.TrimBox, Name.ArtBox)
# Drawn so small only for the appearances that pdfium makes while it draws.
_TINY = 0.02


@dataclass(frozen=True, slots=True)
class BesidePages:
    """What of the look of a document is not in the contents of its pages."""

    annotations: bool = False
    layers: bool = False
    units: bool = False


def beside_pages(pdf: pikepdf.Pdf, pages: Sequence[Object]) -> BesidePages:
    """Look for annotations that are drawn, layers that are off, and pages with units of their own."""
    return BesidePages(
        annotations=any(_is_drawn(note) for page in pages for note in _annotations(page)),
        layers=Name.OCProperties in pdf.Root and bool(hidden_layers(pdf)),
        units=any(_unit(page) != 1 for page in pages),
    )


def as_shown(path: Path, beside: BesidePages | None, folder: Path) -> Path:
    """Return a copy in `folder` whose pages are as viewers show them, or the file itself if it is so.

    Where `beside` is None, qpdf could not tell: pdfium looks for annotations then.

    Raises:
        pikepdf.PdfError, pdfium.PdfiumError: no such copy can be made of it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # qpdf has its own mind of forms
        return _as_shown(path, beside, folder)


def _as_shown(path: Path, beside: BesidePages | None, folder: Path) -> Path:
    if beside is None:
        return _flattened(path, folder / "flattened.pdf")
    if beside.layers or beside.annotations:
        path = _without_hidden(path, folder / "without-hidden.pdf")
    if beside.annotations:
        path = _flattened(path, folder / "flattened.pdf")
    return _in_points(path, folder / "in-points.pdf") if beside.units else path


def _flattened(path: Path, target: Path) -> Path:
    """Draw the annotations of all pages into them; a field without an appearance gets one from pdfium.

    Returns:
        `target`, or `path` if nothing was drawn.
    """
    with pdfium.PdfDocument(path) as document:
        document.init_forms()
        if not sum(_flatten(document, index) for index in range(len(document))):
            return path
        document.save(target, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    return target


def _flatten(document: pdfium.PdfDocument, index: int) -> bool:
    with suppress(pdfium.PdfiumError):  # what is wrong with a page is told when it is read
        page = document[index]
        try:
            too_large = not max(page.get_size()) <= document_limits().page_points
            if too_large or pdfium_c.FPDFPage_GetAnnotCount(page) == 0:
                return False
            if not all(_appearances(page)):
                page.render(scale=_TINY)
            done = pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
            return bool(done == pdfium_c.FLATTEN_SUCCESS)
        finally:
            page.close()
    return False


def _appearances(page: pdfium.PdfPage) -> Iterator[bool]:
    """Tell of each annotation whether it has an appearance."""
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        note = pdfium_c.FPDFPage_GetAnnot(page, index)
        yield pdfium_c.FPDFAnnot_GetAP(note, pdfium_c.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
        pdfium_c.FPDFPage_CloseAnnot(note)


def _without_hidden(path: Path, target: Path) -> Path:
    with pikepdf.open(path) as pdf:
        layers = hidden_layers(pdf)
        for page in pdf.pages:
            if Name.Annots in page:
                page.Annots = Array([note for note in _annotations(page.obj) if _is_shown(note, layers)])
                for note in page.Annots:
                    _make_plain(note)
        if layers:
            take_out(pdf, layers)
        if isinstance(form := pdf.Root.get(Name.AcroForm), Dictionary) and Name.XFA in form:
            del form.XFA  # the same values again, for programs that would not show the fields
        pdf.save(target)
    return target


def _annotations(page: Object) -> list[Object]:
    notes = page.get(Name.Annots)
    return [note for note in notes if isinstance(note, Dictionary)] if isinstance(notes, Array) else []


def _is_drawn(note: Object) -> bool:
    return note.get(Name.Subtype) not in _UNDRAWN


def _is_shown(note: Object, layers: HiddenLayers) -> bool:
    return not int(note.get(Name.F, 0)) & (_HIDDEN | _NO_VIEW) and not layers.hide(note.get(Name.OC))


def _make_plain(note: Object) -> None:
    """Say of an annotation what viewers take for said: pdfium draws it otherwise."""
    if Name.F in note:
        note.F = int(note.F) & ~_INVISIBLE  # it is for kinds that no viewer knows
    looks = note.get(Name.AP, Dictionary()).get(Name.N)
    if isinstance(looks, Dictionary) and Name.AS not in note:
        chosen = note.get(Name.V, note.get(Name.Parent, Dictionary()).get(Name.V))
        is_one = isinstance(chosen, Name) and chosen in looks
        note.AS = chosen if is_one else Name.Off


def _in_points(path: Path, target: Path) -> Path:
    """Set every page at its own size: `/UserUnit` says how many points a unit of it has."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            if (unit := _unit(page.obj)) != 1:
                _scale(page, unit)
        pdf.save(target)
    return target


def _scale(page: pikepdf.Page, unit: float) -> None:
    page.mediabox = page.mediabox  # it may be that of a node above
    page.cropbox = page.cropbox
    for box in _BOXES:
        if box in page:
            page[box] = Array([float(side) * unit for side in page[box]])
    page.contents_add(f"q {unit:f} 0 0 {unit:f} 0 0 cm\n".encode(), prepend=True)
    page.contents_add(b"\nQ")
    del page[Name.UserUnit]


def _unit(page: Object) -> float:
    try:
        unit = float(page.get(Name.UserUnit, 1))
    except (TypeError, ValueError):
        return 1.0
    return unit if unit > 0 else 1.0
