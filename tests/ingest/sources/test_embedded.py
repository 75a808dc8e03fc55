"""Files inside of PDFs: documents among them are taken in as members, others are passed over."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String

from archive.archive import Archive
from ingest.sources.intake import IntakeResult, take
from tests.support.hostile_files import page, zipped


def _holding(**files: bytes) -> bytes:
    pdf = pikepdf.open(io.BytesIO(page()))
    for name, data in files.items():
        pdf.attachments[name] = AttachedFileSpec(pdf, data, filename=name.replace("_", "."))
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def _taken(folder: Path, name: str, data: bytes) -> list[IntakeResult]:
    path = folder / name
    path.write_bytes(data)
    with Archive.open(folder / "archive", create=True) as archive:
        return [*take([path], archive)]


def _names(results: list[IntakeResult]) -> list[str]:
    return [Path(one.name).name for one in results if one.kept]


def test_documents_in_a_pdf_are_members_and_fonts_and_data_are_not(tmp_path: Path) -> None:
    held = _holding(a_pdf=page(b""), b_xml=b"<a/>", c_icc=b"\0\0\2\0appl", d_html=b"<html><p>a</p></html>")
    results = _taken(tmp_path, "report.pdf", held)
    assert _names(results) == ["report.pdf", "report.pdf!a.pdf", "report.pdf!d.html"]
    assert not any(one.trouble for one in results)


def test_members_of_members_are_taken_and_those_of_pdfs_in_zips(tmp_path: Path) -> None:
    inner = _holding(a_pdf=page(b""))
    results = _taken(tmp_path, "all.zip", zipped({"outer.pdf": _holding(inner_pdf=inner)}))
    assert _names(results) == [
        "all.zip!outer.pdf",
        "all.zip!outer.pdf!inner.pdf",
        "all.zip!outer.pdf!inner.pdf!a.pdf",
    ]


def test_a_file_pinned_to_a_page_is_a_member(tmp_path: Path) -> None:
    pdf = pikepdf.open(io.BytesIO(page()))
    named = Dictionary(F=String("a.pdf"), EF=Dictionary(F=pdf.make_stream(page(b""))))
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=named)
    pdf.pages[0].Annots = Array([pdf.make_indirect(pin)])
    pdf.save(tmp_path / "pinned.pdf")
    results = _taken(tmp_path, "pinned.pdf", (tmp_path / "pinned.pdf").read_bytes())
    assert _names(results) == ["pinned.pdf", "pinned.pdf!a.pdf"]


def test_what_lies_too_deep_or_is_too_much_is_told_and_the_pdf_is_kept(monkeypatch, tmp_path: Path) -> None:
    nested = _holding(b_pdf=_holding(c_pdf=page(b"")))
    monkeypatch.setenv("GUIDANG_MAX_ZIP_DEPTH", "1")
    results = _taken(tmp_path, "deep.pdf", nested)
    assert _names(results) == ["deep.pdf", "deep.pdf!b.pdf"]
    (told,) = [one.trouble for one in results if one.trouble]
    assert "1 files are embedded in it and not taken" in told
    monkeypatch.setenv("GUIDANG_MAX_ZIP_BYTES", "1k")
    (told,) = [
        one.trouble for one in _taken(tmp_path, "large.pdf", _holding(a_pdf=page(b"") * 9)) if one.trouble
    ]
    assert "GUIDANG_MAX_ZIP_MEMBERS" in told


def test_a_bomb_in_a_pdf_is_told_and_not_unpacked(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUIDANG_MAX_FILE_BYTES", "100k")
    results = _taken(tmp_path, "bomb.pdf", _holding(a_pdf=bytes(1 << 20)))
    assert _names(results) == ["bomb.pdf"]
    assert [one for one in results if "GUIDANG_MAX_FILE_BYTES" in one.trouble]
