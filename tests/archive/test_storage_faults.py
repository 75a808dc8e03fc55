"""Storage that is busy, full or cut off: one line, and the archive goes on where it was."""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.db.retry import WAIT
from archive.objects.local import ObjectFolder
from core.errors import ArchiveUnavailable, UnreadableDocument, UsageError
from core.limits import child_limits
from ingest.reading.child_process import _read
from ingest.reading.recording import conclude
from ingest.sources.intake import take
from tests.support import handmade


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setattr("archive.db.engine.BUSY_TIMEOUT_MS", 50)
    with Archive.open(tmp_path / "a", create=True) as opened:
        yield opened


def _hold(archive):
    """Another program that holds the database of an archive."""
    holder = sqlite3.connect(
        archive.location.home / "guidang.db", isolation_level=None, check_same_thread=False
    )
    holder.execute("BEGIN IMMEDIATE")
    return holder


def test_database_that_is_busy_is_waited_for_and_the_person_hears_of_it(archive, capsys):
    holder = _hold(archive)
    timer = threading.Timer(0.6, lambda: holder.execute("ROLLBACK"))
    timer.start()
    handmade.archive_one(archive)
    timer.join()
    assert archive.status.counts().documents["archived"] == 1
    assert capsys.readouterr().err.count("waiting for it") == 1


def test_database_that_stays_busy_is_given_up_with_what_to_do(archive, monkeypatch):
    monkeypatch.setenv(WAIT, "0.3")
    holder = _hold(archive)
    with pytest.raises(ArchiveUnavailable, match=r"locked.*let it end"):
        archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")
    holder.execute("ROLLBACK")
    assert archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf").new_document


@pytest.mark.parametrize("given", ["soon", "-1", "inf", "nan"])
def test_time_to_wait_must_be_a_number(archive, monkeypatch, given):
    monkeypatch.setenv(WAIT, given)
    with pytest.raises(UsageError, match=WAIT):
        archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")


def test_commits_of_sqlite_wait_for_the_disk(archive):
    with archive.sessions.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def _synced(monkeypatch):
    """The paths that are synced from now on."""
    seen, real = [], os.fsync

    def watched(handle):
        seen.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


def test_name_left_unsynced_by_a_killed_writer_is_synced_by_the_next(tmp_path, monkeypatch):
    store = ObjectFolder(tmp_path / "objects")
    digest, _ = store.put(io.BytesIO(b"bytes"))
    synced = _synced(monkeypatch)
    store.put(io.BytesIO(b"bytes"))
    target = store.path(digest)
    assert synced == [str(target.parent), str(store.folder), str(tmp_path)]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("point", ["fsync", "replace", "chmod", "mkdir"])
def test_each_step_of_keeping_an_original_may_fail_and_is_made_good(archive, monkeypatch, point, code):
    def fails(*_, **__):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync" if point == "fsync" else f"pathlib.Path.{point}", fails)
        with pytest.raises(ArchiveUnavailable, match="give the same command again"):
            archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")
    assert archive.documents.pending() == []
    assert archive.verify().problems == ()
    archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")
    assert len(archive.documents.pending()) == 1
    assert archive.verify().problems == ()


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """A folder with a document, and one in it that cannot be looked into; root may look into any."""
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    (folder / "a.pdf").write_bytes(b"%PDF-1.4")
    real = os.scandir

    def scandir(path="."):
        if Path(path) == folder / "closed":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return folder


def test_folder_that_cannot_be_looked_into_is_told_of_and_the_others_are_taken(archive, closed):
    kept, refused = take([closed], archive)
    assert kept.kept is not None
    assert refused.name == str(closed / "closed")
    assert "Permission denied" in refused.trouble


def test_file_that_the_disk_says_nothing_of_is_told_of(archive, tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(b"%PDF-1.4")
    monkeypatch.setattr(Path, "is_file", _failing(errno.EIO))
    monkeypatch.setattr(Path, "open", _failing(errno.EIO))
    (refused,) = take([tmp_path / "in"], archive)
    assert "Input/output error" in refused.trouble


def _failing(code):
    def fails(*_, **__):
        raise OSError(code, os.strerror(code))

    return fails


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_disk_that_takes_no_archive_is_no_mistake_of_the_command(tmp_path, monkeypatch, code):
    monkeypatch.setattr(Path, "mkdir", _failing(code))
    with pytest.raises(ArchiveUnavailable, match="give the same command again"):
        Archive.open(tmp_path / "a", create=True)


def test_lock_that_cannot_be_written_is_told_of(archive, monkeypatch):
    monkeypatch.setattr("filelock.FileLock.acquire", _failing(errno.EROFS))
    with pytest.raises(ArchiveUnavailable, match=r"Read-only.*give the same command again"):
        Archive.open(archive.location, write=True)


def _reading_fails(error):
    def read(_path):
        raise error

    return read


@pytest.mark.parametrize(
    "error", [UnreadableDocument("damaged", "the PDF cannot be opened"), OSError("anything")], ids=repr
)
def test_original_that_a_child_cannot_read_is_not_taken_for_a_damaged_one(
    archive, tmp_path, monkeypatch, error
):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")
    path = archive.documents.path(kept.document)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", _failing(errno.EIO))
        found = _read(path, _reading_fails(error), child_limits())
    (waiting,) = archive.documents.pending()
    with pytest.raises(ArchiveUnavailable, match=r"cannot read .*give the same command again"):
        conclude(archive, waiting, found)
    assert archive.documents.pending() == [waiting]


def test_failure_on_a_full_temporary_disk_is_not_held_against_the_document(archive, monkeypatch):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    found = _read(archive.documents.path(kept.document), _reading_fails(full), child_limits())
    (waiting,) = archive.documents.pending()
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.TemporaryFile", _failing(errno.ENOSPC))
        with pytest.raises(ArchiveUnavailable, match="is full: free some space"):
            conclude(archive, waiting, found)
    assert archive.documents.pending() == [waiting]
    assert conclude(archive, waiting, found).code == "disk"  # with room for others, it asks for too much


def test_new_archive_is_on_the_disk_by_name_with_every_folder_made_for_it(tmp_path, monkeypatch):
    synced = _synced(monkeypatch)
    Archive.open(tmp_path / "new" / "deep" / "a", create=True).close()
    assert {str(tmp_path), str(tmp_path / "new"), str(tmp_path / "new" / "deep")} <= set(synced)


def test_half_written_original_that_cannot_be_removed_does_no_harm(archive, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", _failing(errno.EIO))
        kept = archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), "application/pdf")
    assert archive.documents.original(kept.document).read_bytes() == b"bytes"


def test_lock_that_cannot_be_let_go_of_ends_no_command_with_a_traceback(archive, monkeypatch, tmp_path):
    with Archive.open(tmp_path / "b", create=True):
        monkeypatch.setattr("filelock.FileLock.release", _failing(errno.ENOLCK))


@pytest.mark.parametrize("words", ["unable to open database file", "locking protocol"])
def test_database_file_that_cannot_be_opened_or_locked_says_what_to_do(archive, monkeypatch, words):
    def refuse(*_, **__):
        raise sqlite3.OperationalError(words)

    archive.close()
    monkeypatch.setattr("sqlite3.dbapi2.connect", refuse)
    with pytest.raises(ArchiveUnavailable, match=f"{words}.*give the same command again"):
        Archive.open(archive.location)
