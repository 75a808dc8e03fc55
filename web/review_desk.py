"""The queue of doubtful values as several people share it: nobody gets what another is looking at."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archive.archive import Archive
from archive.records import ReportName
from archive.values import verdicts
from archive.values.facts import FactFilter
from archive.values.records import DoubtfulValue
from archive.values.review_queue import ReviewFilter

# So long a value is held for somebody who looks at it, in seconds; so many are looked up at a time.
_HELD, _AT_ONCE = 900.0, 200
Name = tuple[ReportName, str]


@dataclass(slots=True)
class _Walk:
    wanted: FactFilter
    waiting: deque[Name] = field(default_factory=deque)
    later: set[Name] = field(default_factory=set)
    judged: list[Name] = field(default_factory=list)
    current: Name | None = None


@dataclass(slots=True)
class ReviewDesk:
    """Walks through the queue by the key of a session; `clock` gives seconds."""

    archive: Archive
    clock: Callable[[], float] = time.monotonic
    _walks: dict[str, _Walk] = field(default_factory=dict)
    _held: dict[Name, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def question(self, session: str, wanted: FactFilter) -> DoubtfulValue | None:
        """The value that a session looks at, or the next one that nobody else does; None at the end."""
        with self._lock:
            walk = self._walk(session, wanted)
            if walk.current and (doubt := self._held_for(session, walk.current)):
                return doubt
            walk.current = None
            for name in self._waiting(session, walk):
                if doubt := self._held_for(session, name):
                    walk.current = name
                    return doubt
            return None

    def judged(self, session: str, names: list[Name]) -> None:
        """Values were judged in a session: go on."""
        with self._lock:
            walk = self._walks.setdefault(session, _Walk(FactFilter()))
            walk.judged += names
            walk.current = None
            for name in names:
                self._held.pop(name, None)

    def skip(self, session: str) -> None:
        """Leave the value that a session looks at for later."""
        with self._lock:
            walk = self._walks.get(session)
            if walk and walk.current:
                walk.later.add(walk.current)
                self._held.pop(walk.current, None)
                walk.current = None

    def last(self, session: str) -> Name | None:
        """The value that was judged last in a session, which is looked at again; None for none."""
        with self._lock:
            walk = self._walks.get(session)
            if not walk or not walk.judged:
                return None
            if walk.current:
                walk.waiting.appendleft(walk.current)
                self._held.pop(walk.current, None)
            walk.current = walk.judged.pop()
            return walk.current

    def _walk(self, session: str, wanted: FactFilter) -> _Walk:
        walk = self._walks.get(session)
        if walk is None or walk.wanted != wanted:
            if walk and walk.current:
                self._held.pop(walk.current, None)
            walk = self._walks[session] = _Walk(wanted, judged=walk.judged if walk else [])
        return walk

    def _waiting(self, session: str, walk: _Walk) -> Iterator[Name]:
        """What waits, nearest first; looked up again once at the end, as others may have gone away."""
        for _ in range(2):
            while walk.waiting:
                yield walk.waiting.popleft()
            known = walk.later | {name for name in self._held if not self._is_free(name, session)}
            doubts = self.archive.review.doubts(ReviewFilter(walk.wanted, _AT_ONCE + len(known)))
            names = ((doubt.fact.report, doubt.key) for doubt in doubts)
            walk.waiting = deque(name for name in names if name not in known)

    def _held_for(self, session: str, name: Name) -> DoubtfulValue | None:
        """Hold a value for a session, if it still asks for a look and nobody else looks at it."""
        if not self._is_free(name, session):
            return None
        doubt = look(self.archive, *name)
        if doubt is None or not doubt.fact.needs_review:
            self._held.pop(name, None)
            return None
        self._held[name] = session, self.clock() + _HELD
        return doubt

    def _is_free(self, name: Name, session: str) -> bool:
        holder, until = self._held.get(name, (session, 0.0))
        return holder == session or until < self.clock()


def look(archive: Archive, report: ReportName, key: str) -> DoubtfulValue | None:
    """One value by its report and its name, judged or not; None if there is none."""
    table, row, column = verdicts.key_of(key)
    chosen = FactFilter(report.document, report.part, table=table, row=row, column=column)
    return next(archive.review.doubts(ReviewFilter(chosen, all=True)), None)
