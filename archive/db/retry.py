"""Waiting, for a while, for a database that is busy or being restarted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import UsageError
from core.streams import talk

T = TypeVar("T")
WAIT = "GUIDANG_WAIT"
DEFAULT_WAIT_S = 60.0
PAUSES_S = (0.2, 0.5, 1.0, 2.0)


def longest_wait() -> float:
    """How many seconds a busy database is waited for. Raises UsageError for a setting that is no number."""
    given = os.environ.get(WAIT, "")
    try:
        seconds = float(given) if given else DEFAULT_WAIT_S
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(f"${WAIT} must be a number of seconds, 0 or more, not {given!r}")
    return seconds


def patiently(work: Callable[[], T], passes: Callable[[Exception], bool]) -> T:
    """The result of `work`, tried again while it raises what `passes` by itself, but not for ever.

    Says once on stderr that it waits; when the time is over, the last error is raised.
    """
    until, tries = time.monotonic() + longest_wait(), 0
    while True:
        try:
            return work()
        except Exception as error:
            left = until - time.monotonic()
            if left <= 0 or not passes(error):
                raise
        if tries == 0:
            talk(f"the database is busy or does not answer: waiting for it, at most {left:.0f} s (${WAIT})")
        time.sleep(min(PAUSES_S[min(tries, len(PAUSES_S) - 1)], left))
        tries += 1
