"""Commands of guidang as process groups of their own, to be watched and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import traceback
import types
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import cli
from tests.support.paths import ROOT

COMMAND = (sys.executable, "-c", "import sys, cli; sys.exit(cli.main())")
ENDINGS = (b"archived ", b"failed ", b"quarantined ")
TICK = 0.005
LAST_LINES = 2.0


class Batch:
    """A command under way: the leader of a session, with whatever it starts."""

    def __init__(self, pid: int, stderr: int) -> None:
        self.pid = pid
        self.code: int | None = None
        self._lines: list[bytes] = []
        self._reader = threading.Thread(target=self._read, args=(stderr,), daemon=True)
        self._reader.start()

    @property
    def is_running(self) -> bool:
        """Whether the command itself, not its children, is there still."""
        if self.code is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is None

    @property
    def documents(self) -> int:
        """How many documents it said that it is done with."""
        return sum(line.startswith(ENDINGS) for line in self._lines)

    def said(self) -> str:
        """What it said on stderr so far."""
        if self.code is not None:
            self._reader.join(LAST_LINES)  # unless its children hold the pipe
        return b"".join(self._lines).decode("utf-8", "replace")

    def wait(self, seconds: float) -> int | None:
        """Wait for its end, or so long; the exit code, minus the signal, or None if it goes on."""
        until = monotonic() + seconds
        while self.is_running and monotonic() < until:
            sleep(TICK)
        return self.code

    def wait_for_documents(self, more: int, seconds: float) -> None:
        """Wait until so many more documents are done with."""
        wanted, until = self.documents + more, monotonic() + seconds
        while self.documents < wanted and self.is_running and monotonic() < until:
            sleep(TICK)

    def processes(self) -> list[int]:
        """All processes of its session that are alive, children of children too."""
        numbers = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())
        return [pid for pid in numbers if _is_of(pid, self.pid)]

    def end(self) -> None:
        """Kill the command if it goes on; its children are left to themselves."""
        if self.is_running:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.wait(10.0)

    def _read(self, stderr: int) -> None:
        with os.fdopen(stderr, "rb") as stream:
            for line in stream:
                self._lines.append(line)


def start(words: Sequence[object], as_command: bool, first: Callable[[], None] = lambda: None) -> Batch:
    """Start a command in a session of its own: as a program, or as a fork of this one, which is faster.

    A fork calls `first` before it begins.
    """
    reading, writing = os.pipe()
    arguments = [str(word) for word in words]
    pid = _launched(arguments, writing) if as_command else _forked(arguments, writing, first)
    os.close(writing)
    return Batch(pid, reading)


def _launched(arguments: Sequence[str], stderr: int) -> int:
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True
    )
    # Batch waits for it; Popen would otherwise take its status away, or warn.
    process.returncode = 0
    return process.pid


def _forked(arguments: Sequence[str], stderr: int, first: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(stderr, 2)
        os.chdir(ROOT)
        # Children are spawned, and would run the program that this process is.
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        first()
        code = cli.main(arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _is_of(pid: int, session: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    state, _, _, found = stat.rpartition(b")")[2].split()[:4]
    return int(found) == session and state not in (b"Z", b"X")
