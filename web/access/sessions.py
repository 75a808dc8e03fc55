"""Sessions of browsers, kept in this process: they end with it, or after a day."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from web.access.people import Person

COOKIE = "guidang_session"
# Seconds that a session lasts, and how many there are at most; the oldest goes.
_LASTS, _MOST = 86_400.0, 10_000
# So many attempts of one address in so many seconds, and it has to wait.
_ATTEMPTS, _WITHIN = 5, 300.0


@dataclass(frozen=True, slots=True)
class Session:
    """A browser and who sits before it; `token` must come with everything that changes something."""

    key: str
    token: str
    person: Person
    until: float


@dataclass(slots=True)
class Sessions:
    """All sessions; `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, Session] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, person: Person) -> Session:
        """Begin a session of its own key and token."""
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), person, self.clock() + _LASTS)
        with self._lock:
            self._known[session.key] = session
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return session

    def of(self, key: str) -> Session | None:
        """The session of a key that has not run out."""
        with self._lock:
            session = self._known.get(key)
            if session and session.until < self.clock():
                del self._known[key]
                return None
        return session

    def end(self, key: str) -> None:
        """Forget a session."""
        with self._lock:
            self._known.pop(key, None)


@dataclass(slots=True)
class Attempts:
    """Attempts to log in, by the address that they come from."""

    clock: Callable[[], float] = time.monotonic
    _made: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may(self, address: str) -> bool:
        """Note an attempt; tell whether it may be made."""
        now = self.clock()
        with self._lock:
            self._made = {one: made for one, made in self._made.items() if made[-1] > now - _WITHIN}
            made = self._made.setdefault(address, deque(maxlen=_ATTEMPTS + 1))
            made.append(now)
            return sum(at > now - _WITHIN for at in made) <= _ATTEMPTS
