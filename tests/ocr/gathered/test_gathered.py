"""Several files as the pages of one document, whatever each of them is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest

from core.errors import UnreadableDocument
from core.media_types import GATHERED, GATHERED_MARK, media_type_of_file
from ocr.document_opener import open_document
from ocr.engine.base import NullEngine
from ocr.gathered.container import Member, write_container
from ocr.output.searchable_pdf import write_searchable
from ocr.reader import read_document
from ocr.rereading import read_again
from tests.support.paths import SAMPLES


def gathered(target: Path, *members: tuple[Path, str]) -> Path:
    with target.open("wb") as stream:
        write_container([Member(path, source) for path, source in members], stream)
    return target


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A digital PDF of several pages, a web page and a picture, in this order."""
    with pdfium.PdfDocument(SAMPLES / "form2021.pdf") as pdf:
        pdf[0].render(scale=1).to_pil().save(tmp_path / "scan.png")
    names = (SAMPLES / "form2021.pdf", SAMPLES / "webpage.html", tmp_path / "scan.png")
    return gathered(tmp_path / "whole", *((path, path.name) for path in names))


def test_pages_are_those_of_the_members_one_behind_the_other(mixed: Path) -> None:
    assert media_type_of_file(lambda: mixed.open("rb")) == GATHERED
    with open_document(SAMPLES / "form2021.pdf") as first, open_document(SAMPLES / "webpage.html") as second:
        before, length = len(first), len(first) + len(second) + 1
        size = second.sheet(1).width
    with open_document(mixed) as whole:
        assert len(whole) == length
        sheets = [whole.sheet(number) for number in range(1, length + 1)]
        assert [sheet.number for sheet in sheets] == list(range(1, length + 1))
        assert sheets[before].width == size
        assert sheets[before - 1].pdf_page
        assert sheets[before - 1].pdf_page.number == before
        assert sheets[before].pdf_page is None
        assert whole.sheet(1).render(72).shape == whole.sheet(1).render(72).shape


def test_each_page_is_read_as_in_its_own_file_under_its_number_in_the_whole(mixed: Path) -> None:
    engine = NullEngine()
    alone = [
        *read_document(SAMPLES / "form2021.pdf", engine),
        *read_document(SAMPLES / "webpage.html", engine),
    ]
    pages = list(read_document(mixed, engine))
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    for page, own in zip(pages, alone, strict=False):
        assert page.lines == own.lines
        assert [[cell.text for cell in table.cells] for table in page.tables] == [
            [cell.text for cell in table.cells] for table in own.tables
        ]
        assert {cell.page for table in page.tables for cell in table.cells} <= {page.number}
    told = next(page for page in pages if page.engine not in ("text-layer", engine.name) and page.tables)
    cells = told.tables[0].cells
    assert read_again(mixed, pages, cells, engine).keys() == {
        cell.place for cell in cells if cell.text or not cell.inked
    }


def test_the_same_members_make_the_same_bytes_and_keep_theirs(tmp_path: Path) -> None:
    members = [
        (SAMPLES / "onepage.pdf", "https://x.cn/a/第1页.pdf?id=3"),
        (SAMPLES / "fragment.pdf", "b.zip!第2页.pdf"),
    ]
    one, two = gathered(tmp_path / "1", *members), gathered(tmp_path / "2", *members)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as held:
        assert held.namelist() == [GATHERED_MARK, "0001 第1页.pdf", "0002 第2页.pdf"]
        assert held.read("0002 第2页.pdf") == (SAMPLES / "fragment.pdf").read_bytes()


def test_a_searchable_pdf_has_the_pages_of_all(mixed: Path, tmp_path: Path) -> None:
    pages = list(read_document(mixed, NullEngine()))
    write_searchable(mixed, pages, tmp_path / "out.pdf", "年报")
    with pikepdf.open(tmp_path / "out.pdf") as made:
        assert len(made.pages) == len(pages)
    with pdfium.PdfDocument(tmp_path / "out.pdf") as made, open_document(mixed) as whole:
        shown, meant = made[0].render(scale=2).to_numpy(), whole.sheet(1).render(144)
        assert abs(int(np.mean(shown[..., :3])) - int(np.mean(meant))) < 3


def test_a_member_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    whole = gathered(
        tmp_path / "whole",
        (SAMPLES / "onepage.pdf", "a.pdf"),
        (SAMPLES / "broken" / "encrypted.pdf", "b.pdf"),
    )
    with pytest.raises(UnreadableDocument, match=r"file 2 in it: .*password"), open_document(whole):
        pass


def test_what_is_gathered_is_not_gathered_again_nor_unpacked_without_end(tmp_path: Path, monkeypatch) -> None:
    inner = gathered(tmp_path / "inner", (SAMPLES / "onepage.pdf", "a.pdf"))
    outer = gathered(tmp_path / "outer", (inner, "inner"))
    with pytest.raises(UnreadableDocument, match="file 1 in it"), open_document(outer):
        pass
    monkeypatch.setenv("GUIDANG_MAX_ZIP_BYTES", "10")
    with pytest.raises(UnreadableDocument, match="more than a zip may unpack to"), open_document(inner):
        pass


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped"])
def test_a_damaged_one_is_refused_with_a_reason(damage: str, tmp_path: Path) -> None:
    stream = io.BytesIO()
    members = [] if damage == "empty" else [Member(SAMPLES / "onepage.pdf", "a.pdf")]
    write_container(members, stream)
    content = bytearray(stream.getvalue())
    if damage == "flipped":
        content[content.index(b"%PDF-") + 40] ^= 1
    (tmp_path / "bad").write_bytes(content[:-9] if damage == "cut" else content)
    with pytest.raises(UnreadableDocument) as refused, open_document(tmp_path / "bad"):
        pass
    assert "\n" not in str(refused.value)
