"""A PDF as viewers show it: one copy for its picture, its text and whatever else is made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Object, String

from bench.cases.lifting import appearance, font
from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.document_opener import open_document
from ocr.documents.base import PdfPage

BOX = (50, 80, 150, 110)
BODY = b"BT /F 14 Tf 20 170 Td (body) Tj ET"


def _pdf(path: Path, *notes: Object | Callable[[pikepdf.Pdf], Object], needs: bool | None = None) -> Path:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    page.Resources = Dictionary(Font=Dictionary(F=font(pdf)))
    page.Contents = pdf.make_stream(BODY)
    held = [pdf.make_indirect(note(pdf) if callable(note) else note) for note in notes]
    page.Annots = Array(held)
    fields = [note for note in held if note.Subtype == Name.Widget]
    if fields:
        helvetica = Dictionary(Font=Dictionary(Helv=font(pdf)))
        pdf.Root.AcroForm = Dictionary(Fields=Array(fields), DR=helvetica, DA=String("/Helv 0 Tf 0 g"))
        if needs is not None:
            pdf.Root.AcroForm.NeedAppearances = needs
    pdf.save(path)
    return path


def _field(value: str, flags: int = 4, **more: object) -> Object:
    said = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Tx, "T": String("t"), "F": flags}
    typed = {"V": String(value), "DA": String("/Helv 12 Tf 0 g"), "Rect": Array(list(BOX))}
    return Dictionary({f"/{key}": held for key, held in {**said, **typed, **more}.items()})


def _stamp(text: str, flags: int = 4) -> Callable[[pikepdf.Pdf], Object]:
    def made(pdf: pikepdf.Pdf) -> Object:
        looks = Dictionary(N=appearance(pdf, BOX, text))
        rect = Array(list(BOX))
        return Dictionary(Type=Name.Annot, Subtype=Name.Stamp, F=flags, Rect=rect, AP=looks)

    return made


def _tick(pdf: pikepdf.Pdf) -> Object:
    """A box that is not ticked, and does not say so."""
    looks = Dictionary(N=Dictionary(Yes=appearance(pdf, BOX, "YES")))
    rect = Array(list(BOX))
    return Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("t"), Rect=rect, AP=looks)


def _text(path: Path) -> str:
    with open_document(path) as document:
        return "".join(char.text for char in document.sheet(1).chars)


@pytest.mark.parametrize(
    ("note", "needs", "text"),
    [
        (_field("77"), True, "body77"),
        (_field("77"), None, "body77"),
        (_field("临泽县 12"), True, "body临泽县 12"),
        (_field("77", flags=2), True, "body"),
        (_stamp("77"), None, "body77"),
        (_stamp("77", flags=5), None, "body77"),
        (_stamp("77", flags=36), None, "body"),
        (_tick, None, "body"),
    ],
)
def test_text_and_picture_are_those_of_a_viewer(
    note: Object, needs: bool | None, text: str, tmp_path: Path
) -> None:
    path = _pdf(tmp_path / "one.pdf", note, needs=needs)
    assert _text(path) == text
    with open_document(path) as document:
        sheet = document.sheet(1)
        shows_more = np.any(sheet.render(72)[85:125] < 128)
        assert shows_more == (text != "body")
        assert np.all(sheet.render(72, text=False) > 128)


def test_an_appearance_that_a_form_says_is_stale_is_drawn_anew(tmp_path: Path) -> None:
    def stale(pdf: pikepdf.Pdf) -> Object:
        return _field("77", AP=Dictionary(N=appearance(pdf, BOX, "5")))

    assert _text(_pdf(tmp_path / "stale.pdf", stale, needs=True)) == "body77"


def test_links_leave_a_file_as_it_is(tmp_path: Path) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(list(BOX)))
    path = _pdf(tmp_path / "link.pdf", link)
    with open_document(path) as document:
        assert document.sheet(1).pdf_page == PdfPage(path, 1)


def test_what_is_exported_as_pdf_has_the_fields_too(tmp_path: Path) -> None:
    path = _pdf(tmp_path / "one.pdf", _field("77"), needs=True)
    with open_document(path) as document, document.as_pdf() as file, pdfium.PdfDocument(file) as shown:
        assert "77" in shown[0].get_textpage().get_text_range()


def test_a_page_in_units_of_its_own_is_as_large_as_on_paper(tmp_path: Path) -> None:
    path = _pdf(tmp_path / "unit.pdf", _field("77"), needs=True)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].UserUnit = 4
        pdf.save(path)
    with open_document(path) as document:
        sheet = document.sheet(1)
        assert (sheet.width, sheet.height) == (1200, 800)
        (first, *_) = sheet.chars
        assert first.box.left == pytest.approx(80, abs=4)
        assert "".join(char.text for char in sheet.chars) == "body77"


@pytest.mark.parametrize("way", ["off", "base", "screen", "member"])
def test_a_layer_that_is_off_has_no_text(way: str, tmp_path: Path) -> None:
    path = _pdf(tmp_path / "layer.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        on, off = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in "ab")
        usual = {"off": {"/OFF": [off]}, "base": {"/BaseState": Name.OFF, "/ON": [on]}}.get(way, {})
        if way == "screen":
            off.Usage = Dictionary(View=Dictionary(ViewState=Name.OFF))
        if way == "member":
            usual = {"/OFF": [off]}
        pdf.Root.OCProperties = Dictionary(OCGs=Array([on, off]), D=Dictionary(usual))
        layer = Dictionary(Type=Name.OCMD, OCGs=off) if way == "member" else off
        page = pdf.pages[0]
        form = appearance(pdf, BOX, "no")
        form.OC = layer
        page.Resources.Properties = Dictionary(A=on, B=layer)
        page.Resources.XObject = Dictionary(X=form)
        for mark, text in ((b"A", b"yes"), (b"B", b"no")):
            page.contents_add(b"/OC /%s BDC BT /F 14 Tf 20 120 Td (%s) Tj ET EMC" % (mark, text))
        page.contents_add(b"/X Do")
        pdf.save(path)
    assert _text(path) == "bodyyes"


def test_a_form_that_only_adobe_draws_and_the_cover_of_a_portfolio_are_no_documents(tmp_path: Path) -> None:
    with pikepdf.open(_pdf(tmp_path / "plain.pdf")) as pdf:
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))
        pdf.save(tmp_path / "xfa.pdf")
        del pdf.Root.AcroForm
        pdf.attachments["a.txt"] = b"a"
        pdf.Root.Collection = Dictionary()
        pdf.save(tmp_path / "portfolio.pdf")
    for name, code in (("xfa", Failure.XFA_FORM), ("portfolio", Failure.PORTFOLIO)):
        with pytest.raises(UnreadableDocument) as refused, open_document(tmp_path / f"{name}.pdf"):
            pass
        assert refused.value.code == code


def test_a_form_with_xfa_beside_its_fields_is_read(tmp_path: Path) -> None:
    path = _pdf(tmp_path / "both.pdf", _field("77"), needs=True)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        pdf.save(path)
    assert _text(path) == "body77"
