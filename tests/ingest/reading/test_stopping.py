"""A batch as a process of its own, that is stopped, limited or left to watch a folder."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.archive import Archive
from console.progress import reporter
from tests.support.batches import alive, busy_children, lay, until
from tests.support.paths import environment
from tests.support.places import rows

GUIDANG = """if __name__ == "__main__":
    import sys
    import cli
    from tests.support import poison
    from ingest.reading.dispatch import early_child
    early_child.__wrapped__.__kwdefaults__["read"] = poison.read
    sys.exit(cli.main())
"""


class Batch:
    """`guidang ingest` in a process group of its own, as at a terminal; what it says is kept."""

    def __init__(self, folder: Path, *options: object) -> None:
        self.home = folder / "archive"
        (folder / "guidang.py").write_text(GUIDANG)
        command = [sys.executable, folder / "guidang.py", "ingest", *options, "--archive", self.home]
        self.process = subprocess.Popen(
            [*map(str, command), "--workers", "1"],
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=environment(),
        )
        self.said: list[str] = []
        self._listening = threading.Thread(target=lambda: self.said.extend(self.process.stderr or ()))
        self._listening.start()

    def until_it_says(self, word: str) -> None:
        assert until(lambda: [line for line in self.said if word in line], bool), self.said

    def send(self, which: signal.Signals, to_all: bool = True) -> None:
        (os.killpg if to_all else os.kill)(self.process.pid, which)

    def ended(self) -> int:
        code = self.process.wait(20)
        self._listening.join()
        assert "Traceback" not in "".join(self.said)
        return code

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._listening.join()


@contextmanager
def batch(folder: Path, *options: object) -> Iterator[Batch]:
    running = Batch(folder, *options)
    try:
        yield running
    finally:
        running.end()


def counted(home: Path) -> tuple[dict[str, int], int]:
    """Documents by status, and how many runs there are."""
    with Archive.open(home) as archive:
        documents = dict(archive.status.counts().documents)
        return documents, rows(archive, "SELECT count(*) FROM run")[0][0]


@pytest.mark.parametrize(("which", "to_all"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_first_signal_finishes_what_is_under_way(tmp_path: Path, which: signal.Signals, to_all: bool) -> None:
    with batch(tmp_path, lay(tmp_path / "in", a="0", b="1.5", c="1.5", d="1.5")) as running:
        running.until_it_says("archived")
        running.send(which, to_all)
        assert running.ended() == 130
    told = "".join(running.said)
    assert "stopping: 1 under way are finished; Ctrl-C again stops at once" in told
    assert "read       2 archived, 0 failed, 0 quarantined, 2 still pending" in told
    assert told.endswith("stopped; give the same command again to go on\n")
    documents, runs = counted(running.home)
    assert (documents["archived"], documents["pending"], runs) == (2, 2, 2)


def test_second_signal_stops_at_once_and_leaves_what_was_under_way_pending(tmp_path: Path) -> None:
    with batch(tmp_path, lay(tmp_path / "in", a="0", b="60", c="60")) as running:
        running.until_it_says("archived")
        running.send(signal.SIGINT)
        running.until_it_says("stopping: 1 under way")
        children = busy_children(running.process.pid)
        running.send(signal.SIGINT)
        assert running.ended() == 130
    assert children
    assert until(lambda: [one for one in children if alive(one)], lambda left: not left) == []
    assert running.said[-1] == "stopped; give the same command again to go on\n"
    documents, runs = counted(running.home)
    assert (documents["archived"], documents["pending"], runs) == (1, 2, 1)


def test_child_that_is_just_starting_is_not_heard_when_the_batch_is_stopped(tmp_path: Path) -> None:
    with batch(tmp_path, lay(tmp_path / "in", a="60")) as running:
        until(lambda: busy_children(running.process.pid), bool)
        running.send(signal.SIGINT)  # it has not come as far as to ignore it by itself
        assert running.ended() == 130
    assert (
        not running.home.exists() or counted(running.home)[1] == 0
    )  # it starts before the archive is opened


def test_limit_is_kept_exactly_and_it_is_said_how_many_wait(tmp_path: Path) -> None:
    with batch(tmp_path, lay(tmp_path / "in", a="0", b="0", c="0"), "--limit", 2) as running:
        assert running.ended() == 0
    assert running.said[-1] == "1 documents wait; `guidang ingest` goes on with them\n"
    assert counted(running.home)[0]["archived"] == 2


def test_watched_folder_gives_what_is_complete_also_after_it_was_gone(tmp_path: Path) -> None:
    folder, away = lay(tmp_path / "in"), lay(tmp_path / "away", b="0", c="0")
    with batch(tmp_path, "--watch", folder) as running:
        running.until_it_says(f"watching {folder}; Ctrl-C ends it")
        with (folder / "open.pdf").open("w") as slow:
            slow.write("0 and more to come")
            slow.flush()
            os.utime(folder / "open.pdf", (1, 1))
            (away / "b.pdf").rename(folder / "b.pdf")
            os.utime(folder / "b.pdf", (1, 1))
            running.until_it_says("b.pdf")
            assert "open.pdf" not in "".join(running.said)
        os.utime(folder / "open.pdf", (1, 1))
        running.until_it_says("open.pdf")
        folder.rename(tmp_path / "gone")
        running.until_it_says(f"{folder} is gone")
        os.utime(away / "c.pdf", (1, 1))
        away.rename(folder)
        running.until_it_says("c.pdf")
        running.send(signal.SIGINT)
        assert running.ended() == 130
    told = "".join(running.said)
    assert told.count(f"{folder} is back") == told.count("is gone") == 1
    assert "found      3 documents: 3 new" in told
    assert counted(running.home)[0]["archived"] == 3


NONSENSE = (
    ["--time", ""],
    ["--time", "soon"],
    ["--time", "-1h"],
    ["--limit", "0"],
    ["--watch"],
    ["--watch", __file__],
)


@pytest.mark.parametrize("options", NONSENSE)
def test_what_makes_no_sense_is_refused_before_an_archive_is_made(guidang, tmp_path, options) -> None:
    shown = guidang("ingest", *options, "--archive", tmp_path / "a")
    assert shown.code == 2
    assert "Traceback" not in shown.err
    assert not (tmp_path / "a").exists()


def test_no_time_at_all_takes_in_and_reads_nothing(guidang, tmp_path) -> None:
    folder = lay(tmp_path / "in", a="0")
    shown = guidang("ingest", folder, "--time", "0m", "--archive", tmp_path / "a")
    assert (shown.code, shown.err.splitlines()[-1]) == (
        0,
        "1 documents wait; `guidang ingest` goes on with them",
    )


def test_progress_of_a_hundred_thousand_documents_fits_a_narrow_terminal(monkeypatch) -> None:
    """Rich cuts what does not fit, and it would be the count and the time that is left."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLUMNS", raising=False)
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with reporter(False) as listener:
            listener.started(100_000)
            listener._start -= 36_000
            listener._counts.update(failed=120)
            listener._bar.update(0, completed=61_300)
            listener.page(123_456, 23_456)
            listener._bar.refresh()
        terminal.flush()
        told = os.read(ours, 1 << 16).decode()
    os.close(ours)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told)
    line = r"61300/100000 123456 pages, 3\.43/s, 23456 flagged, 120 failed, left ([-\d:]+)"
    assert re.search(line, shown)[1] in ("-:--:--", "0:00:00", "0:00:01")
