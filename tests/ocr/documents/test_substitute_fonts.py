"""Print in a font that the PDF names and does not hold is seen, and the same on every machine."""

from __future__ import annotations

import numpy as np
import pikepdf
import pytest
from fpdf import FPDF

from core.fonts import packaged_fonts
from ocr.arrays import Pixels
from ocr.document_opener import open_document

TEXT = "收到和处理申请"
SIZE = 40


def _held(path):
    """The text in the packaged font, which the file holds."""
    pdf = FPDF(format=(400, 100), unit="pt")
    pdf.add_font("own", fname=packaged_fonts()[0])
    pdf.set_font("own", size=SIZE)
    pdf.add_page()
    pdf.text(20, 60, TEXT)
    pdf.output(str(path))
    return path


def _named(path, name, encoding, ordering, codec):
    """The same at the same place in a font that is only named."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 100))
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name(f"/{name}"),
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=ordering, Supplement=2),
        DW=1000,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name(f"/{name}"),
        Encoding=pikepdf.Name(f"/{encoding}"),
        DescendantFonts=[descendant],
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=font))
    shown = f"BT /F0 {SIZE} Tf 20 40 Td <{TEXT.encode(codec).hex()}> Tj ET"
    page.Contents = pdf.make_stream(shown.encode())
    pdf.save(path)
    return path


def _ink(path) -> Pixels:
    with open_document(path) as document:
        return np.asarray(document.sheet(1).render(144).min(axis=2) < 128)


@pytest.mark.parametrize(
    ("name", "encoding", "ordering", "codec"),
    [
        ("SimSun", "UniGB-UCS2-H", b"GB1", "utf-16-be"),
        ("FangSong_GB2312", "GBK-EUC-H", b"GB1", "gbk"),
        ("#CB#CE#CC#E5", "GBK-EUC-H", b"GB1", "gbk"),
        ("MingLiU", "UniCNS-UCS2-H", b"CNS1", "utf-16-be"),
    ],
)
def test_hanzi_of_a_font_that_is_only_named_look_like_the_packaged_font(
    tmp_path, name, encoding, ordering, codec
):
    held = _ink(_held(tmp_path / "held.pdf"))
    named = _ink(_named(tmp_path / "named.pdf", name, encoding, ordering, codec))
    assert held.sum() > 1000
    assert (held != named).sum() < 0.05 * held.sum()
