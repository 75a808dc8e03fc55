"""Office documents: kept, told apart by content, and read as the PDF that LibreOffice makes of them."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.archive import Archive
from core.errors import UnreadableDocument
from ingest.sources.intake import take
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.office import libreoffice
from ocr.office.libreoffice import converted_to_pdf
from ocr.output.step_pictures import step_pictures
from ocr.reader import read_document
from tests.support.office_files import compound
from tests.support.paths import SAMPLES


def zipped(folder: Path, *members: str) -> bytes:
    path = folder / "members.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in members:
            made.writestr(name, "<document><body><altChunk/></body></document>")
    return path.read_bytes()


Maker = Callable[[Path], bytes]
DOCX: Maker = lambda folder: zipped(folder, "[Content_Types].xml", "word/document.xml")  # noqa: E731
KINDS: dict[str, tuple[Maker, str, str]] = {
    "a.doc": (lambda _: compound("WordDocument"), "needs_libreoffice", "Word"),
    "a.docx": (DOCX, "needs_libreoffice", "DOCX"),
    "a.rtf": (lambda _: b"{\\rtf1\\ansi}", "needs_libreoffice", "RTF"),
    "a.ppt": (lambda _: compound("PowerPoint Document"), "not_readable_yet", "PPT"),
    "a.ofd": (lambda f: zipped(f, "OFD.xml", "Doc_0/Document.xml"), "no_pages", "OFD"),
    "a.wps": (lambda _: compound("CONTENTS"), "not_readable_yet", "WPS"),
    "locked.docx": (lambda _: compound("EncryptedPackage"), "encrypted", "password"),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for PDFs, and no LibreOffice even where there is one."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("GUIDANG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "office"


@pytest.fixture
def soffice(tmp_path: Path) -> Callable[[str], Path]:
    """Put a program on PATH in the place of LibreOffice; return the file that its arguments go to."""

    def make(script: str) -> Path:
        program, said = tmp_path / "bin" / libreoffice.PROGRAM, tmp_path / "arguments"
        setup = 'for last; do :; done; folder="${last%/*}"; source="$last"'
        program.write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin\necho "$@" >> {said}\n{setup}\n{script}\n')
        program.chmod(0o755)
        return said

    return make


COPY = f'cp {SAMPLES / "onepage.pdf"} "$folder/document.pdf"'


@pytest.mark.parametrize("name", KINDS)
def test_without_libreoffice_it_is_said_what_the_file_is_whatever_its_name(name: str, tmp_path: Path) -> None:
    make, code, word = KINDS[name]
    path = tmp_path / "renamed.pdf"
    path.write_bytes(make(tmp_path))
    with pytest.raises(UnreadableDocument, match=word) as refused, open_document(path):
        pass
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


def test_office_files_of_a_folder_are_kept_by_content_and_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, (make, _, _) in KINDS.items():
        (folder / name).write_bytes(make(tmp_path))
    (folder / "no-ending").write_bytes(DOCX(tmp_path))
    (folder / "broken.wps").write_bytes(b"what is this")
    with Archive.open(tmp_path / "archive", create=True) as archive:
        outcomes = {Path(one.name).name: bool(one.kept) for one in take([folder], archive)}
        kinds = {archive.status.document(one.document).media_type for one in archive.documents.pending()}
    assert outcomes == dict.fromkeys([*KINDS, "no-ending", "broken.wps"], True)
    assert {"application/rtf", "application/ofd", "application/x-ole-storage"} < kinds


def test_a_word_document_is_read_as_the_pdf_made_of_it(
    tmp_path: Path, cache: Path, soffice: Callable[[str], Path], engine: Engine
) -> None:
    said = soffice(COPY)
    path = tmp_path / "report"
    path.write_bytes(DOCX(tmp_path))
    (page,), (other,) = (list(read_document(one, engine)) for one in (path, SAMPLES / "onepage.pdf"))
    assert (page.lines, page.tables) == (other.lines, other.tables)
    with open_document(path) as document:  # show and crop, later
        assert len(document.sheet(1).chars) > 500
    assert step_pictures(path, 1, engine)[0].name == "01-stored"
    arguments = said.read_text().splitlines()
    assert len(arguments) == 1
    assert "--headless" in arguments[0]
    assert "-env:UserInstallation=file://" in arguments[0]
    assert [found.read_bytes() for found in cache.iterdir()] == [(SAMPLES / "onepage.pdf").read_bytes()]


def test_the_pdf_is_not_made_again_even_where_libreoffice_is_gone(
    tmp_path: Path, soffice: Callable[[str], Path]
) -> None:
    soffice(COPY)
    path = tmp_path / "report"
    path.write_bytes(b"{\\rtf1}")
    first = converted_to_pdf(path)
    (tmp_path / "bin" / libreoffice.PROGRAM).unlink()
    assert converted_to_pdf(path) == first


def test_the_pdf_that_is_made_may_not_be_larger_than_a_file(
    tmp_path: Path, soffice: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    soffice(COPY)
    path = tmp_path / "report"
    path.write_bytes(b"{\\rtf1}")
    monkeypatch.setenv("GUIDANG_MAX_FILE_BYTES", "1000")
    with (
        pytest.raises(UnreadableDocument, match="PDF made of it has more than") as caught,
        open_document(path),
    ):
        pass
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("script", "code", "reason"),
    [
        ("exit 0", "not_convertible", "wrote nothing"),
        ('echo oops >&2; : > "$folder/document.pdf"', "not_convertible", "wrote nothing"),
        ("exit 77", "not_convertible", "exit code 77"),
        ("kill -9 $$", "not_convertible", "exit code -9"),
    ],
)
def test_a_conversion_that_fails_fails_the_document(
    script: str, code: str, reason: str, tmp_path: Path, cache: Path, soffice: Callable[[str], Path]
) -> None:
    soffice(script)
    path = tmp_path / "report"
    path.write_bytes(compound("WordDocument"))
    with pytest.raises(UnreadableDocument, match=reason) as refused:
        converted_to_pdf(path)
    assert refused.value.code == code
    assert not cache.exists()


def test_a_conversion_that_hangs_is_stopped_with_all_that_it_started(
    tmp_path: Path, soffice: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "TIME_LIMIT", 0.5)
    child = tmp_path / "child"
    soffice(f"sleep 60 & echo $! > {child}; wait")
    path = tmp_path / "report"
    path.write_bytes(DOCX(tmp_path))
    started = time.monotonic()
    with pytest.raises(UnreadableDocument, match=r"within 0\.5 seconds"):
        converted_to_pdf(path)
    assert time.monotonic() - started < 10
    time.sleep(0.2)  # a killed process takes a moment to go
    assert not _alive(int(child.read_text()))


def _alive(process: int) -> bool:
    """Running, and not a zombie that waits for its parent."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_zip_that_is_not_a_document_is_still_no_document(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(tmp_path, "a.txt"))
    with pytest.raises(UnreadableDocument, match="a zip, no PDF"), open_document(path):
        pass
