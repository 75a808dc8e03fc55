"""Waiting, for a while, for a database that is busy or being restarted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from core.settings import settings
from core.streams import talk

T = TypeVar("T")
WAIT = "GUIDANG_WAIT"
PAUSES_S = (0.2, 0.5, 1.0, 2.0)


def max_wait() -> float:
    """How many seconds a busy database is waited for. Raises UsageError for a setting that is no number."""
    return settings().wait


def with_retries(work: Callable[[], T], passes: Callable[[Exception], bool]) -> T:
    """The result of `work`, tried again while it raises what `passes` by itself, but not for ever.

    Says once on stderr that it waits; when the time is over, the last error is raised.
    """
    until, tries = time.monotonic() + max_wait(), 0
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
