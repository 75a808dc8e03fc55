"""Opening documents: told apart by content, refused with a reason of one line."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array
from PIL import Image

from core.errors import UnreadableDocument
from core.media_types import DOCUMENTS, GATHERED
from core.programs.packed_files import PROGRAM
from ocr.document_opener import BACKENDS, open_document
from tests.support.paths import SAMPLES

REASONS = {
    "empty.pdf": "empty",
    "html.pdf": "HTML",
    "truncated.pdf": "cut short",
    "encrypted.pdf": "password",
    "zero-pages.pdf": "no pages",
}
PACKED_MARKS = (b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c\x00\x04")


@pytest.mark.parametrize("name", REASONS)
def test_an_unreadable_file_is_refused_with_a_reason_of_one_line(name: str) -> None:
    with (
        pytest.raises(UnreadableDocument, match=REASONS[name]) as refused,
        open_document(SAMPLES / "broken" / name),
    ):
        pass
    assert "\n" not in str(refused.value)


def test_each_kind_that_is_taken_in_has_a_backend() -> None:
    assert {*BACKENDS, GATHERED} == DOCUMENTS


def test_a_pdf_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    renamed = tmp_path / "report.jpg"
    renamed.write_bytes((SAMPLES / "onepage.pdf").read_bytes())
    with open_document(renamed) as document:
        assert len(document.sheet(1).chars) > 500


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff"])
def test_a_picture_is_a_document_of_its_declared_size(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "scan"
    Image.new("RGB", (827, 1169), "white").save(path, kind, dpi=(100, 100))
    with open_document(path) as document:
        sheet = document.sheet(1)
        assert (len(document), round(sheet.width), round(sheet.height)) == (1, 595, 842)


def test_a_tiff_of_several_pages_has_them_all(tmp_path: Path) -> None:
    pages = [Image.new("L", (400, 300), shade) for shade in (255, 128, 0)]
    pages[0].save(tmp_path / "fax.tif", save_all=True, append_images=pages[1:])
    with open_document(tmp_path / "fax.tif") as document:
        shades = [int(document.sheet(number).render(200)[0, 0, 0]) for number in (1, 2, 3)]
    assert shades == [255, 128, 0]


def test_a_transparent_picture_lies_on_white_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    with open_document(tmp_path / "clear.png") as document:
        assert document.sheet(1).render(200).min() == 255


def test_a_phone_picture_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    picture = Image.new("RGB", (400, 300), "white")
    exif = picture.getexif()
    exif[0x0112] = 6  # shot upright, stored lying
    picture.save(tmp_path / "phone.jpg", exif=exif)
    with open_document(tmp_path / "phone.jpg") as document:
        sheet = document.sheet(1)
        assert sheet.width < sheet.height


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_characters_stand_where_the_page_shows_them_whatever_its_rotate_entry(
    tmp_path: Path, rotation: int
) -> None:
    pdf = pdfium.PdfDocument(SAMPLES / "onepage.pdf")
    page = pdf[0]
    page.set_rotation(rotation)
    page.set_cropbox(20, 30, 560, 800)
    pdf.save(tmp_path / "turned.pdf")
    assert _share_of_characters_on_ink(tmp_path / "turned.pdf") > 0.99


@pytest.mark.parametrize("boxes", ["of the tree", "crop beyond media", "corners exchanged"])
def test_characters_stand_where_the_page_shows_them_however_its_size_is_given(
    tmp_path: Path, boxes: str
) -> None:
    """A page may have its size from the tree of pages, and a crop box larger than itself."""
    with pikepdf.open(SAMPLES / "onepage.pdf") as pdf:
        page = pdf.pages[0].obj
        left, bottom, right, top = (float(side) for side in page.MediaBox)
        if boxes == "of the tree":
            pdf.Root.Pages.MediaBox = page.MediaBox
            del page.MediaBox
        elif boxes == "crop beyond media":
            page.CropBox = Array([left - 30, bottom - 40, right + 50, top + 60])
        else:
            page.CropBox = Array([right - 10, top - 20, left + 10, bottom + 20])
        pdf.save(tmp_path / "sized.pdf")
    assert _share_of_characters_on_ink(tmp_path / "sized.pdf") > 0.99


def _share_of_characters_on_ink(path: Path) -> float:
    """Tell how many of the characters of a first page are dark where they are said to stand."""
    with open_document(path) as document:
        sheet = document.sheet(1)
        pixels, scale = sheet.render(144), 2.0
        dark = [
            np.min(
                pixels[
                    int(box.top * scale) : int(box.bottom * scale) + 1,
                    int(box.left * scale) : int(box.right * scale) + 1,
                ]
            )
            for box in (char.box for char in sheet.chars if char.text.isalnum())
            if box.left >= 0 and box.right <= sheet.width and box.top >= 0 and box.bottom <= sheet.height
        ]
    assert len(dark) > 300
    return float(np.mean(np.array(dark) < 160))


def _is_refused(folder: Path, mark: bytes, code: str, reason: str) -> None:
    """A mark with an unpacked PDF behind it, under a PDF's name."""
    path = folder / "renamed.pdf"
    path.write_bytes(mark + b"report.pdf" + (SAMPLES / "onepage.pdf").read_bytes())
    with pytest.raises(UnreadableDocument, match=reason) as refused:
        open_document(path)
    assert refused.value.code == code


@pytest.mark.parametrize("mark", PACKED_MARKS)
def test_a_packed_archive_is_no_pdf_though_one_lies_in_it_unpacked(
    mark: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    _is_refused(tmp_path, mark, "not_a_document", "install bsdtar")


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="needs bsdtar (libarchive-tools)")
@pytest.mark.parametrize("mark", PACKED_MARKS)
def test_what_only_looks_like_a_packed_archive_is_damaged(mark: bytes, tmp_path: Path) -> None:
    _is_refused(tmp_path, mark, "damaged", "unpack it and ingest what is in it")
