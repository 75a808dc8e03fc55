"""Documents read in disposable children, and what becomes of those that kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from core.errors import UsageError
from core.limits import child_limits
from ingest.batch.batch import ingest_paths
from ingest.reading.dispatch import early_child
from ingest.reading.stopping import StopRequest, ending
from ingest.sources.watched_folders import FolderWatcher
from ocr.engine import factory
from tests.support import poison
from tests.support.batches import Silent, alive, busy_children, lay, until
from tests.support.paths import environment
from tests.support.places import Place


def test_the_null_engine_is_had_by_a_setting_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert factory.engine().name != "null"
    monkeypatch.setenv("GUIDANG_ENGINE", "null")
    assert factory.engine().name == "null"
    monkeypatch.delenv("GUIDANG_ENGINE")
    assert factory.engine().name != "null"


def test_a_child_makes_itself_ready_before_there_is_anything_to_read(
    archive: Archive, tmp_path: Path
) -> None:
    with early_child(1, read=poison.read) as children:
        assert until(lambda: (children.answers(0.05), children.free)[1], lambda free: free == 1) == 1
        (child,) = busy_children(os.getpid())
        done = ingest_paths(
            [lay(tmp_path / "in", a="0")], archive, workers=1, report=Silent(), children=children
        )
        assert done.archived == 1
    assert not alive(child)


def test_a_child_that_nothing_was_found_for_ends_with_the_batch() -> None:
    with early_child(1, read=poison.read):
        (child,) = busy_children(os.getpid())
    assert not alive(child)


# Batches with documents that harm their children


def ingest(paths: list[Path], archive: Archive, listener: Silent | None = None, **rest):
    rest = {"workers": 2, "read": poison.read} | rest
    return ingest_paths(paths, archive, report=listener or Silent(), **rest)


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    with place.open() as opened:
        yield opened


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDANG_PAGE_SECONDS", "1")


POISON = {
    "kill": ("page 3", "crashed", "killed by signal 9 (SIGKILL)"),
    "abort": ("page 3", "crashed", "killed by signal 6 (SIGABRT)"),
    "exit": ("page 3", "crashed", "ended by itself with code 7"),
    "eat": ("page 3", "memory", "out of memory: more than 4096 MB ($GUIDANG_MEMORY_MB)"),
    "hang": ("page 3", "timeout", "page 3 took longer than 1 s ($GUIDANG_PAGE_SECONDS)"),
}


def test_poison_is_quarantined_after_three_tries_and_harms_nobody_else(
    archive: Archive, tmp_path: Path, tight: None
) -> None:
    good = {f"good{number}": "0" for number in range(8)}
    listener = Silent()
    summary = ingest([lay(tmp_path / "in", **{one: one for one in POISON}, **good)], archive, listener)
    assert (summary.archived, summary.quarantined, summary.failed, summary.pending) == (8, 5, 0, 0)
    found = {one.source.rsplit("/", 1)[-1][:-4]: one for one in archive.documents.failures()}
    assert {name: (one.stage, one.code, one.reason) for name, one in found.items()} == POISON
    assert {(one.status, one.attempts) for one in found.values()} == {("quarantined", 3)}
    assert archive.status.counts().documents == {
        "pending": 0,
        "archived": 8,
        "failed": 0,
        "quarantined": 5,
        "set_aside": 0,
    }
    firsts = [outcome for _, outcome in listener.said[: 8 + len(POISON)]]
    assert firsts.count("archived") == 8, "second tries come after the others"


def test_what_libraries_say_of_a_damaged_document_does_not_reach_the_terminal(
    archive: Archive, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ingest([lay(tmp_path / "in", a="warn")], archive).archived == 1
    assert capfd.readouterr() == ("", "")


def test_what_the_code_explains_fails_at_once(archive: Archive, tmp_path: Path) -> None:
    summary = ingest([lay(tmp_path / "in", a="odd", b="unreadable")], archive)
    assert (summary.failed, summary.quarantined) == (2, 0)
    assert [(one.stage, one.reason, one.attempts) for one in archive.documents.failures()] == [
        ("page 3", "ValueError: it is odd", 1),
        ("page 3", "it is damaged", 1),
    ]


def test_a_quarantined_document_gets_three_more_tries(archive: Archive, tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", a="kill")
    ingest([folder], archive)
    assert archive.documents.retry() == 1
    assert ingest([], archive).quarantined == 1
    assert [(one.status, one.attempts) for one in archive.documents.failures()] == [("quarantined", 6)]


def test_deaths_are_counted_over_batches(archive: Archive, tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", a="kill")
    for left in (1, 1, 0):
        assert ingest([folder], archive, stop=StopRequest(limit=1)).pending == left
    assert [one.status for one in archive.documents.failures()] == ["quarantined"]


def test_a_batch_begins_no_more_than_it_may(archive: Archive, tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", **{f"a{number}": "0" for number in range(5)})
    assert ingest([folder], archive, stop=StopRequest(limit=2)).archived == 2
    assert ingest([], archive, stop=StopRequest(until=datetime.now(UTC))).archived == 0
    assert len(archive.documents.pending()) == 3


def test_a_first_signal_finishes_what_is_under_way(archive: Archive, tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", **{f"a{number}": "1.5" for number in range(4)})
    listener = Silent()
    timer = threading.Timer(3.0, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    summary = ingest([folder], archive, listener, workers=1)
    timer.join()
    assert summary.stopped
    assert listener.under_way in ([0], [1])
    assert summary.archived == len(listener.said)
    assert len(archive.documents.pending()) == 4 - summary.archived > 0
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", a="hang", b="hang")
    script = (
        "import sys; from pathlib import Path; from archive.archive import Archive\n"
        "from tests.support import poison; from tests.support.batches import Silent\n"
        "from ingest.batch.batch import ingest_paths\n"
        "with Archive.open(sys.argv[2], create=True) as opened:\n"
        "    ingest_paths([Path(sys.argv[1])], opened, workers=2, report=Silent(), read=poison.read)\n"
    )
    (tmp_path / "run.py").write_text(f"if __name__ == '__main__':\n{textwrap.indent(script, '    ')}")
    command = [sys.executable, tmp_path / "run.py", folder, tmp_path / "archive"]
    with subprocess.Popen(command, env=environment()) as batch:
        children = until(lambda: busy_children(batch.pid), lambda found: len(found) == 2)
        batch.kill()
    assert until(lambda: [one for one in children if alive(one)], lambda left: not left) == []


def test_settings_that_make_no_sense_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("much", "12", "-1", "nan"):
        monkeypatch.setenv("GUIDANG_MEMORY_MB", text)
        with pytest.raises(UsageError, match="GUIDANG_MEMORY_MB"):
            child_limits()


@pytest.mark.parametrize(
    ("text", "ends"), [("2h", "12:00"), ("90m", "11:30"), ("1h30m", "11:30"), ("06:00", "06:00")]
)
def test_an_end_is_a_span_or_a_time_of_the_clock(text: str, ends: str) -> None:
    now = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    found = ending(text, now)
    assert f"{found:%H:%M}" == ends
    assert now < found < now + timedelta(days=1)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "2d"])
def test_other_words_are_no_end(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        ending(text, datetime(2026, 11, 24, tzinfo=UTC))


# Watched folders


def taken(watch: FolderWatcher, archive: Archive) -> list[str]:
    watch._next = 0.0
    return [one.name.rsplit("/", 1)[-1] for one in watch.take(archive)]


def test_a_file_being_written_is_left_alone_however_slowly_it_comes(archive, tmp_path) -> None:
    watch = FolderWatcher((lay(tmp_path / "in"),), settled=0.2)
    with (tmp_path / "in" / "slow.pdf").open("wb") as slow:
        for _ in range(3):
            slow.write(b"%PDF-1.4 part")
            slow.flush()
            assert taken(watch, archive) == []
            time.sleep(0.3)  # it stalls for longer than a complete file would be waited for
        assert taken(watch, archive) == []
    assert until(lambda: taken(watch, archive), bool) == ["slow.pdf"]
    (kept,) = archive.documents.pending()
    assert archive.documents.path(kept.document).read_bytes() == b"%PDF-1.4 part" * 3


def test_a_file_that_was_complete_elsewhere_is_taken_at_once_and_only_once(archive, tmp_path) -> None:
    lay(tmp_path / "in", a="0")
    watch = FolderWatcher((tmp_path / "in",))
    (tmp_path / "b").write_bytes(b"%PDF-1.4 b")
    os.utime(tmp_path / "b", (1, 1))
    (tmp_path / "b").rename(tmp_path / "in" / "b.pdf")
    assert taken(watch, archive) == ["b.pdf"]
    assert taken(watch, archive) == []


def test_names_of_unfinished_files_are_passed_over(archive, tmp_path) -> None:
    folder = lay(tmp_path / "in")
    for name in (".a.pdf", "a.pdf.part", "a.tmp"):
        (folder / name).write_bytes(b"%PDF-1.4")
        os.utime(folder / name, (1, 1))
    assert taken(FolderWatcher((folder,)), archive) == []


def test_a_watched_folder_is_read_as_files_come(archive, tmp_path) -> None:
    folder = lay(tmp_path / "in", a="0")
    os.utime(folder / "a.pdf", (1, 1))
    listener, stop = Silent(), StopRequest()

    def drop() -> None:
        until(lambda: listener.said, bool)
        (folder / "b.pdf").write_text("0 b")
        os.utime(folder / "b.pdf", (1, 1))
        until(lambda: listener.said, lambda said: len(said) == 2)
        stop.asked = True

    dropping = threading.Thread(target=drop)
    dropping.start()
    summary = ingest([folder], archive, listener, stop=stop, watch=True)
    dropping.join()
    assert (summary.new, summary.archived, summary.stopped) == (2, 2, True)
