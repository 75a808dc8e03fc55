"""Which programs a command starts and which connections it asks for, seen by strace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.paths import ROOT

STRACE = shutil.which("strace")
# Only the calls that are asked for stop the traced process (seccomp), so that it is hardly slowed down.
_WORDS = ("-f", "--seccomp-bpf", "-qq", "-s", "300", "-e", "trace=execve,connect")
# The command itself, the children that it starts, and one process of Python that clears up after them.
_OURS = re.compile(
    r'execve\("[^"]*python[^"]*", \[.*(multiprocessing\.|import sys, cli|tests\.faults\.mutations)'
)


def traced(
    command: Sequence[object], calls: Path, environment: Mapping[str, str], **more: object
) -> subprocess.CompletedProcess[str]:
    """Run a command from the root of the project; its calls are added to a file.

    No program but Python is in its path.
    """
    assert STRACE is not None
    return subprocess.run(
        [STRACE, *_WORDS, "-A", "-o", str(calls), *map(str, command)],
        cwd=ROOT,
        env={**os.environ, **environment, "PATH": str(Path(sys.executable).parent)},
        text=True,
        check=False,
        **more,  # type: ignore[call-overload]
    )


def strange(calls: Path) -> Iterator[str]:
    """Programs and connections that are not the command's own."""
    for line in calls.read_text(errors="replace").splitlines():
        if "execve(" in line and "ENOENT" not in line and not _OURS.search(line):
            yield f"a program was started: {line[:200]}"
        if "connect(" in line and "AF_INET" in line:
            yield f"a connection was asked for: {line[:200]}"
