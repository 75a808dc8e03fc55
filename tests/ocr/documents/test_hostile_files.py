"""Bombs, odd files and damaged copies: each ends with a status, in time, and leaves its original alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archive.archive import Archive
from core.errors import UnreadableDocument, UsageError
from core.limits import document_limits
from ingest.sources.intake import take
from ocr.document_opener import open_document
from ocr.documents.preflight import preflight
from tests.faults.mutations import explained, mutant, read_mutants
from tests.support.disposable import read_all
from tests.support.hostile_files import FILES, Case, page, written, zipped
from tests.support.paths import SAMPLES

# Files that are refused before a page is drawn: read in this process, in a second or two together.
REFUSED = (
    *("run-length-bomb.pdf", "predictor-columns.pdf", "nested-forms.pdf", "deep-forms.pdf"),
    *("says-fewer-pages.pdf", "says-a-million-pages.pdf", "deep-page-tree.pdf", "zero-pages.pdf"),
    *("box-thin.pdf", "picture-65500.pdf", "user-password.pdf", "cut.pdf", "only-a-head.pdf"),
    *("root-is-a-number.pdf", "huge.png", "cut.jpg", "many-members.zip", "too-deep.zip", "not-a-zip.zip"),
)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_with_its_reason_in_one_line(name: str, tmp_path: Path) -> None:
    case = FILES[name]
    (path,) = written(tmp_path, {name: case})
    with pytest.raises(UnreadableDocument) as refused, open_document(path) as document:
        document.sheet(1)
    assert refused.value.code in case.outcomes
    assert case.says in refused.value.reason
    assert "\n" not in refused.value.reason


@pytest.mark.long
def test_every_hostile_file_ends_with_a_status_in_time(tmp_path: Path) -> None:
    paths = written(tmp_path)
    ends = {ended.path.name: ended for ended in read_all(paths)}
    wrong = [ended for name, ended in ends.items() if not _as_meant(FILES[name], ended)]
    assert len(ends) == len(FILES) >= 30
    assert wrong == []


def _as_meant(case: Case, ended) -> bool:
    in_time = ended.seconds < 65 and ended.same
    return in_time and ended.outcome in case.outcomes and (case.says in ended.reason or ended.died)


def test_damaged_copies_of_the_samples_end_with_a_status() -> None:
    ends = [ended for _, ended in read_mutants(range(3), seed=2)]
    assert [ended for ended in ends if not explained(ended)] == []


@pytest.mark.parametrize("number", [769, 830])
def test_damage_that_only_one_parser_minds_is_no_unknown_error(number: int) -> None:
    """Met among the mutations: camelot's parser, and qpdf counting pages, where pdfium reads on."""
    ((_, ended),) = read_mutants([number], seed=1)
    assert ended.outcome in ("archived", "damaged")


def test_the_same_number_is_always_the_same_copy() -> None:
    sources = [SAMPLES / "onepage.pdf"]
    assert mutant(3, 1, sources) == mutant(3, 1, sources)
    assert mutant(3, 1, sources).data != mutant(3, 2, sources).data


def test_every_sample_is_within_the_limits() -> None:
    paths = sorted(SAMPLES.glob("*.pdf"))
    assert all(preflight(path) for path in paths)


def test_a_setting_moves_its_limit(monkeypatch, tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(page())
    monkeypatch.setenv("GUIDANG_MAX_FILE_BYTES", "100")
    with pytest.raises(UnreadableDocument, match=r"more than 100 bytes.*\$GUIDANG_MAX_FILE_BYTES"):
        open_document(path).__enter__()
    monkeypatch.setenv("GUIDANG_MAX_FILE_BYTES", "2M")
    assert document_limits().file_bytes == 2 << 20
    assert document_limits().changed() == {"file_bytes": 2 << 20}
    with open_document(path) as document:
        assert len(document) == 1


@pytest.mark.parametrize(
    ("variable", "text"),
    [("PAGES", "many"), ("PAGES", "0"), ("PAGES", "-3"), ("PAGES", "1.5"), ("SIDES", "3")],
)
def test_a_setting_that_makes_no_sense_is_told(monkeypatch, variable: str, text: str) -> None:
    monkeypatch.setenv(f"GUIDANG_MAX_{variable}", text)
    with pytest.raises(UsageError, match=f"GUIDANG_MAX_{variable}"):
        document_limits()


def test_page_pixels_are_scaled_and_never_refused(monkeypatch, tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(page())
    monkeypatch.setenv("GUIDANG_MAX_PAGE_PIXELS", "10000")
    with open_document(path) as document:
        height, width, _ = document.sheet(1).render(300).shape
    assert 5_000 < height * width < 11_000


def test_a_zip_over_its_allowance_is_kept_unopened_and_its_zips_count(monkeypatch, tmp_path: Path) -> None:
    inner = zipped({"a.pdf": page(), "b.pdf": page(b"")})
    (tmp_path / "all.zip").write_bytes(zipped({"1.zip": inner, "2.pdf": page(b" ")}))
    monkeypatch.setenv("GUIDANG_MAX_ZIP_MEMBERS", "3")
    with Archive.open(tmp_path / "archive", create=True) as archive:
        names = [Path(taken.name).name for taken in take([tmp_path / "all.zip"], archive)]
    assert names == ["all.zip!1.zip", "all.zip!2.pdf"]


def test_names_of_members_lead_nowhere(tmp_path: Path) -> None:
    outside = {"../../up.pdf": page(), "/tmp/guidang-absolute.pdf": page(b" "), "a\\..\\b.pdf": page(b"")}
    (tmp_path / "in").mkdir()
    made = tmp_path / "in" / "odd.zip"
    made.write_bytes(zipped(outside))
    link = zipfile.ZipInfo("link.pdf")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with Archive.open(tmp_path / "archive", create=True) as archive:
        taken = [*take([made], archive)]
    assert len(taken) == 4
    assert all(one.kept for one in taken)
    assert {one.name for one in tmp_path.iterdir()} == {"archive", "in"}
    assert not Path("/tmp/guidang-absolute.pdf").exists()
