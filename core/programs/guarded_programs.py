"""Programs of others that read files of strangers: ended in time, without network, with bounded memory."""

from __future__ import annotations

import os
import signal
import subprocess
from functools import cache


def ended_in_time(seconds: float) -> tuple[str, ...]:
    """The command that ends another one, with what it started, even where we were killed ourselves.

    At once where the system tells it of our death, else when its time is over.
    """
    limit = ("timeout", "--signal=KILL", f"{seconds + 10:g}")
    # What `timeout` is sent at our death is the signal by which it knows that the time is over.
    return _usable("setpriv", "--pdeathsig", "ALRM", *limit) or _usable(*limit)


def without_network() -> tuple[str, ...]:
    """The command that takes the network from another one, where the system lets us."""
    return _usable("unshare", "--map-root-user", "--net")


def with_memory(n_bytes: int) -> tuple[str, ...]:
    """The command that bounds the address space of another one."""
    return _usable("prlimit", f"--as={n_bytes}")


def end_group(group: int) -> None:
    """Kill a program and all that it started; it was begun in a session of its own."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


@cache
def _usable(*command: str) -> tuple[str, ...]:
    """A command that runs another one, if it can be had here; else nothing."""
    try:
        done = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if done.returncode == 0 else ()
