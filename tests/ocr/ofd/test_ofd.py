# ruff: noqa: E501 (markup is told from its parts in one line)
"""OFDs: text, rules, pictures and seals stand where they are printed; hostile ones end with a reason."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import UnreadableDocument
from ocr.document_opener import open_document
from ocr.documents.base import Document
from ocr.ofd.text_runs import distances
from samples.generator.fixed_documents import packed, xml
from tests.support.paths import SAMPLES

_FONT = '<ofd:Fonts><ofd:Font ID="2" FontName="宋体"/></ofd:Fonts>'


def _made(
    folder: Path, objects: str, resources: str = _FONT, parts: dict[str, bytes] | None = None, extra: str = ""
) -> Path:
    """Write an OFD of one page of 100 by 100 mm."""
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Signs.xml</ofd:Signatures></ofd:DocBody>"
    common = "<ofd:PageArea><ofd:PhysicalBox>0 0 100 100</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>Res.xml</ofd:PublicRes>"
    held = {
        "OFD.xml": xml("OFD", body),
        "Doc_0/Document.xml": xml(
            "Document",
            f'<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages><ofd:Page ID="7" BaseLoc="P.xml"/></ofd:Pages>{extra}',
        ),
        "Doc_0/Res.xml": xml("Res", resources),
        "Doc_0/P.xml": xml("Page", f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"),
    }
    path = folder / "made.ofd"
    path.write_bytes(packed(held | (parts or {})))
    return path


def _text(text: str, attributes: str = "", code: str = 'X="0" Y="5"', inside: str = "") -> str:
    given = f'Boundary="10 20 80 10" Font="2" Size="5" {attributes}'
    return f"<ofd:TextObject {given}>{inside}<ofd:TextCode {code}>{text}</ofd:TextCode></ofd:TextObject>"


def _told(document: Document) -> str:
    return "".join(char.text for char in document.sheet(1).chars)


def _ink(document: Document, left: float, top: float, right: float, bottom: float) -> float:
    """The share of dark pixels in a box, in millimetres."""
    pixels = document.sheet(1).render(254).min(axis=2)
    part = pixels[round(top * 10) : round(bottom * 10), round(left * 10) : round(right * 10)]
    return float(np.mean(part < 128))


def _png(colour: str, mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (40, 40), colour).save(stream, "PNG")
    return stream.getvalue()


def test_a_run_of_the_same_distance_is_written_short() -> None:
    assert distances("g 3 2.5 4") == [2.5, 2.5, 2.5, 4.0]
    assert distances(None) == []


def test_characters_stand_where_boundary_matrix_and_distances_put_them(tmp_path: Path) -> None:
    code = 'X="0" Y="5" DeltaX="g 2 10"'
    with open_document(_made(tmp_path, _text("共12", 'CTM="2 0 0 2 0 0"', code))) as document:
        chars = document.sheet(1).chars
    starts = [char.loose.left / 72 * 25.4 for char in chars]
    assert [char.text for char in chars] == ["共", "1", "2"]
    assert starts == pytest.approx([10, 30, 50], abs=0.3)


def test_several_characters_of_one_glyph_are_told_once(tmp_path: Path) -> None:
    inside = '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="1"><ofd:Glyphs>3</ofd:Glyphs></ofd:CGTransform>'
    with open_document(
        _made(tmp_path, _text("fi1", code='X="0" Y="5" DeltaX="3 3"', inside=inside))
    ) as document:
        assert _told(document) == "fi1"


def test_what_is_not_visible_is_not_told(tmp_path: Path) -> None:
    hidden = _text("9", 'Visible="false"') + _text("8")
    with open_document(_made(tmp_path, hidden)) as document:
        assert _told(document) == "8"


def test_pictures_fill_their_box_and_one_that_is_missing_is_crossed_out(tmp_path: Path) -> None:
    resources = f'{_FONT}<ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'
    objects = (
        '<ofd:ImageObject Boundary="10 10 20 20" ResourceID="3" CTM="20 0 0 20 0 0"/>'
        '<ofd:ImageObject Boundary="50 50 20 20" ResourceID="4"/>'
    )
    with open_document(_made(tmp_path, objects, resources, {"Doc_0/a.png": _png("black")})) as document:
        assert _ink(document, 11, 11, 29, 29) == 1
        assert _ink(document, 31, 11, 49, 29) == 0
        pixels = document.sheet(1).render(254).min(axis=2)
        assert (pixels[510:690, 510:690] < 200).any()


def test_rules_arcs_and_shades_are_drawn(tmp_path: Path) -> None:
    objects = (
        '<ofd:PathObject Boundary="10 10 80 0" LineWidth="1"><ofd:AbbreviatedData>M 0 0 L 80 0</ofd:AbbreviatedData></ofd:PathObject>'
        '<ofd:PathObject Boundary="30 30 40 40" Fill="true" Stroke="false"><ofd:FillColor Value="0 0 0"/>'
        "<ofd:AbbreviatedData>S 0 20 A 20 20 0 0 1 40 20 B 40 31 31 40 20 40 Q 0 40 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    with open_document(_made(tmp_path, objects)) as document:
        assert _ink(document, 20, 9.8, 80, 10.2) == 1
        assert _ink(document, 45, 35, 55, 65) == 1
        assert _ink(document, 30, 30, 33, 33) == 0


def test_annotations_and_seals_are_on_the_page_and_print_shines_through(tmp_path: Path) -> None:
    note = (
        '<ofd:Annot Visible="true"><ofd:Appearance Boundary="0 50 100 20">'
        + _text("注")
        + "</ofd:Appearance></ofd:Annot>"
    )
    sign = '<ofd:SignedInfo><ofd:StampAnnot PageRef="7" Boundary="10 20 30 30"/></ofd:SignedInfo><ofd:SignedValue>v.dat</ofd:SignedValue>'
    parts = {
        "Doc_0/Annots.xml": xml(
            "Annotations", '<ofd:Page PageID="7"><ofd:FileLoc>A.xml</ofd:FileLoc></ofd:Page>'
        ),
        "Doc_0/A.xml": xml("PageAnnot", note),
        "Signs.xml": xml("Signatures", '<ofd:Signature ID="1" BaseLoc="S/S.xml"/>'),
        "S/S.xml": xml("Signature", sign),
        "S/v.dat": b"\x30\x82seal" + _png("red") + b"\0\0tail",
    }
    made = _made(tmp_path, _text("印"), parts=parts, extra="<ofd:Annotations>Annots.xml</ofd:Annotations>")
    with open_document(made) as document:
        assert _told(document) == "印注"
        seal = document.sheet(1).render(254)[210:490, 110:390]
    assert (seal[..., 0] > 200).mean() > 0.9
    assert (seal.max(axis=2) < 60).any()


def test_the_same_file_gives_the_same_pages(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        with open_document(SAMPLES / "ofd-lines.ofd") as document:
            made.append(document.as_pdf().read())
    assert made[0] == made[1]


_ENTITIES = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Page><Content><Layer>&b;</Layer></Content></Page>'


@pytest.mark.parametrize(
    ("objects", "parts", "code", "says"),
    [
        ('<ofd:PathObject Boundary="0 0 1 1"/>' * 1_000_000, {}, "too_large", "MAX_PAGE_OBJECTS"),
        ("<ofd:PageBlock>" * 200 + "</ofd:PageBlock>" * 200, {}, "damaged", "too deep"),
        ("<ofd:PageBlock>" * 9000 + "</ofd:PageBlock>" * 9000, {}, "damaged", "damaged"),
        (_text("1", 'CTM="1 0 x 1 0 0"'), {}, "damaged", "page 1"),
        ("", {"Doc_0/P.xml": b"<not closed"}, "damaged", "damaged"),
        ("", {"Doc_0/Document.xml": xml("Document", "")}, "no_pages", "no pages"),
    ],
)
def test_a_hostile_ofd_ends_with_a_reason(
    objects: str, parts: dict[str, bytes], code: str, says: str, tmp_path: Path
) -> None:
    with (
        pytest.raises(UnreadableDocument, match=says) as refused,
        open_document(_made(tmp_path, objects, parts=parts)),
    ):
        pass
    assert refused.value.code == code


def test_nothing_outside_of_the_file_is_looked_at(tmp_path: Path) -> None:
    with open_document(_made(tmp_path, "", parts={"Doc_0/P.xml": _ENTITIES})) as document:
        assert _told(document) == ""
    font = '<ofd:Fonts><ofd:Font ID="2"><ofd:FontFile>../../../../etc/hostname</ofd:FontFile></ofd:Font></ofd:Fonts>'
    with open_document(_made(tmp_path, _text("1"), font)) as document:
        assert _told(document) == "1"
