"""When a batch begins no more documents: at a time, after a number, or when somebody asks it to stop."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import UsageError

_SPAN = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(slots=True)
class StopRequest:
    """No document is begun after `until` (aware), or beyond `limit` of them, or once it is `asked` for."""

    until: datetime | None = None
    limit: int | None = None
    asked: bool = False
    begun: int = 0

    @property
    def reached(self) -> bool:
        """Whether nothing more is to be begun."""
        late = self.until is not None and datetime.now(self.until.tzinfo) >= self.until
        return self.asked or late or (self.limit is not None and self.begun >= self.limit)


def ending(text: str, now: datetime) -> datetime:
    """The moment `2h`, `90m` or `1h30m` after `now`, or the next one at which the clock shows `06:00`.

    Raises UsageError for anything else.
    """
    if clock := _CLOCK.fullmatch(text):
        today = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)
    span = _SPAN.fullmatch(text)
    if not text or span is None:
        raise UsageError(f"{text!r} is no time: write 2h, 90m, 1h30m, or 06:00 for the clock")
    return now + timedelta(hours=int(span[1] or 0), minutes=int(span[2] or 0))


@contextmanager
def asked_by_signal(stop: StopRequest) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM ask for a stop, and a second one stop at once (KeyboardInterrupt).

    Only the main thread hears signals; in another one nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(*_: object) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True

    heard = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, ask) for one in heard]
    try:
        yield
    finally:
        for one, handler in zip(heard, before, strict=True):
            signal.signal(one, handler)
