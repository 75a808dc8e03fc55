"""Values of a printed report taken out of its page, so that they can be put back another way; no kind."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pikepdf import Array, Dictionary, Name

from bench.accuracy.truth import Fact, read_truth

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
REPORT = SAMPLES / "onepage.pdf"
# Larger type, in points, is that of titles.
_LARGEST = 12.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A number as it was printed, its box in user space, and the size of its type."""

    text: str
    box: Box
    size: float

    def room(self, across: float = 6.0, down: float = 2.0) -> Box:
        """Return the box with so many points more on each side."""
        left, bottom, right, top = self.box
        return left - across, bottom - down, right + across, top + down


def truth() -> tuple[Fact, ...]:
    """What the report prints."""
    return tuple(read_truth(REPORT.with_suffix(".truth.csv")))


def lifted(wanted: Callable[[int], bool]) -> tuple[pikepdf.Pdf, list[Lifted]]:
    """Return the report without those numbers that are wanted, by their count on the page, and these."""
    document = pdfium.PdfDocument(REPORT)
    page = document[0]
    texts = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())
    numbers = [one for one in texts if _is_number(one)]
    taken = [one for index, one in enumerate(numbers) if wanted(index)]
    found = [Lifted(one.extract().strip(), one.get_bounds(), one.get_font_size()) for one in taken]
    for one in taken:
        page.remove_obj(one)
    page.gen_content()
    stream = io.BytesIO()
    document.save(stream)
    return pikepdf.open(stream), found


def _is_number(one: pdfium.PdfTextObj) -> bool:
    return bool(re.fullmatch(r"\d+", one.extract().strip())) and one.get_font_size() <= _LARGEST


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The type that every viewer has."""
    made = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    return pdf.make_indirect(made)


def appearance(pdf: pikepdf.Pdf, box: Box, text: str, size: float = 8.0) -> pikepdf.Object:
    """Draw a text into a form as large as a box."""
    left, bottom, right, top = box
    drawn = f"/Tx BMC q BT /F {size} Tf 2 {(top - bottom - 0.7 * size) / 2:.2f} Td ({text}) Tj ET Q EMC"
    form = pdf.make_stream(drawn.encode())
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, right - left, top - bottom])
    form.Resources = Dictionary(Font=Dictionary(F=font(pdf)))
    return form


def add_annotations(pdf: pikepdf.Pdf, *notes: pikepdf.Object) -> list[pikepdf.Object]:
    """Put annotations on the first page; return them as they are in the file."""
    held = [pdf.make_indirect(note) for note in notes]
    page = pdf.pages[0]
    page.Annots = Array([*page.get(Name.Annots, []), *held])
    return held
