"""What a child that is killed leaves behind: no program that it started, no temporary file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
from core.errors import ArchiveUnavailable
from ingest.batch.batch import ingest_paths
from ingest.reading import scratch_folders
from ingest.reading.stopping import StopRequest
from ocr.office import libreoffice
from tests.support import poison
from tests.support.batches import Silent, alive, lay, until
from tests.support.paths import environment
from tests.support.places import Place

# Converts nothing, and stays: what it started ignores every signal that can be ignored.
SOFFICE = """#!/bin/sh
trap '' TERM INT HUP ALRM
sleep 300 &
echo $$ $! >> {said}
wait
"""
BATCH = """if __name__ == "__main__":
    import sys
    from pathlib import Path
    from tests.support import poison
    from tests.support.batches import Silent
    from archive.archive import Archive
    from ingest.batch.batch import ingest_paths
    with Archive.open(sys.argv[2], create=True) as opened:
        ingest_paths([Path(sys.argv[1])], opened, workers=1, report=Silent(), read=poison.read)
"""


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    with place.open() as opened:
        yield opened


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the temporary files of a test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of LibreOffice; the file that the ids of its processes go to."""
    (tmp_path / "bin").mkdir()
    said, program = tmp_path / "started", tmp_path / "bin" / libreoffice.PROGRAM
    program.write_text(SOFFICE.format(said=said))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("GUIDANG_CACHE", str(tmp_path / "cache"))
    return said


def running(started: Path) -> list[int]:
    return [one for one in map(int, started.read_text().split()) if alive(one)]


def ingest(folder: Path, archive: Archive, **rest):
    return ingest_paths([folder], archive, workers=1, report=Silent(), read=poison.read, **rest)


def test_programs_of_a_child_that_is_killed_at_its_limit_die_with_it(
    tmp_path: Path, started: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDANG_PAGE_SECONDS", "1")
    folder = lay(tmp_path / "in", a="{\\rtf1")
    with Archive.open(tmp_path / "archive", create=True) as archive:
        ingest(folder, archive, stop=StopRequest(limit=1))
        assert archive.documents.failures() == []
        assert len(archive.documents.pending()) == 1
    assert len(started.read_text().split()) == 2
    assert until(lambda: running(started), lambda left: not left, 5) == []
    assert list(temporary.iterdir()) == []


def test_programs_of_a_batch_that_is_killed_die_with_it_and_the_next_one_clears_up(
    tmp_path: Path, started: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lay(tmp_path / "in", a="{\\rtf1")
    (tmp_path / "run.py").write_text(BATCH)
    command = [sys.executable, str(tmp_path / "run.py"), str(folder), str(tmp_path / "archive")]
    with subprocess.Popen(command, env=environment()) as batch:
        until(lambda: started.exists() and len(started.read_text().split()) == 2, bool)
        assert len(running(started)) == 2
        batch.kill()
    assert until(lambda: running(started), lambda left: not left, 5) == []
    monkeypatch.setattr(scratch_folders, "_YOUNG", -1.0)
    scratch_folders.ScratchFolder().close()
    assert list(temporary.iterdir()) == []


def test_temporary_files_of_a_child_go_with_it(archive: Archive, tmp_path: Path, temporary: Path) -> None:
    summary = ingest(lay(tmp_path / "in", a="litter", b="0"), archive)
    assert (summary.archived, summary.quarantined) == (1, 1)
    assert list(temporary.iterdir()) == []


def test_a_batch_that_begins_leaves_alone_what_another_one_uses(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch_folders, "_YOUNG", -1.0)
    used, strange = scratch_folders.ScratchFolder(), temporary / "guidang-else"
    strange.mkdir()
    inside = used.new()
    (temporary / f"{scratch_folders.PREFIX}dead" / "child").mkdir(parents=True)
    other = scratch_folders.ScratchFolder()
    assert inside.is_dir()
    assert {one.name for one in temporary.iterdir()} == {used._folder.name, other._folder.name, strange.name}
    used.close()
    other.close()


def test_a_young_folder_may_be_locked_in_a_moment(temporary: Path) -> None:
    (temporary / f"{scratch_folders.PREFIX}new").mkdir()
    scratch_folders.ScratchFolder().close()
    assert [one.name for one in temporary.iterdir()] == [f"{scratch_folders.PREFIX}new"]


def test_a_folder_for_temporary_files_that_cannot_be_written_ends_the_batch_in_words(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "gone"))
    with pytest.raises(ArchiveUnavailable, match=r"temporary files cannot be written \(No such file"):
        scratch_folders.ScratchFolder()


def test_a_full_disk_is_told_from_a_damaged_document(archive: Archive, tmp_path: Path) -> None:
    ingest(lay(tmp_path / "in", a="full", b="hidden", c="unreadable"), archive)
    assert [(one.stage, one.code, one.reason) for one in archive.documents.failures()] == [
        ("page 3", "disk", "No space left on device: /tmp/page.pdf"),
        ("page 3", "disk", "Quota exceeded"),
        ("page 3", "damaged", "it is damaged"),
    ]
