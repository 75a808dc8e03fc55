"""Disposable children that read documents, seen from the parent.

Every child has a pipe of its own and one document at a time: whatever kills it, in
whatever moment, touches no other child, and the parent knows which document it was.
(Pools share one pipe and its locks; a child killed while it holds one stops the others.)
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from ctypes import c_int64
from dataclasses import dataclass, field
from multiprocessing import resource_tracker, sharedctypes
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import GuidangError, ReadingDied, UnreadableDocument
from core.failure_codes import Failure
from core.limits import DOCUMENT, PAGE, ChildLimits
from core.settings import settings
from ingest.reading import child_position
from ingest.reading.child_process import HELD, READY, Prepare, Read, serve
from ingest.reading.scratch_folders import ScratchFolder, remove

# A child is replaced after this many documents, so that no leak lasts.
DOCUMENTS_A_CHILD = 100
# How long the parent looks away, in seconds: a limit is overrun by no more than that.
TICK = 0.25
# So many children that die one after the other before they have read anything are no accident.
_FALSE_STARTS = 10
# A process that has closed its pipe gets so many seconds to end in its own way, which tells why.
_DYING = 1.0

_context = multiprocessing.get_context("spawn")


class ChildResult(NamedTuple):
    """What became of a job: what `read` gave, or the UnreadableDocument that says why there is nothing.

    A `ReadingDied` tells that the child was lost with it.
    """

    job: Any
    found: Any


@dataclass(slots=True)
class _Child:
    process: Any
    pipe: Connection
    word: c_int64
    scratch: Path
    ready: bool = False
    job: Any = None
    documents: int = 0
    begun: float = 0.0
    place: int = child_position.OPENING
    since: float = 0.0


@dataclass(slots=True)
class ProcessPool:
    """At most `workers` processes that read; start them from the thread that lives as long as they shall.

    The children die with this process, also when it is killed. Each has a folder for
    temporary files, which goes with it.
    """

    workers: int
    read: Read
    limits: ChildLimits
    prepare: Prepare | None = None
    _children: list[_Child] = field(default_factory=list)
    _false_starts: int = 0
    # Once a child has died another stands ready, so that the next death costs no start.
    _spare: int = 0
    _scratch: ScratchFolder | None = None

    @property
    def under_way(self) -> int:
        """How many documents are being read."""
        return sum(child.job is not None for child in self._children)

    def want(self, documents: int) -> None:
        """Start children until there are enough for so many documents more."""
        if not documents:
            return
        missing = min(self.workers, self.under_way + documents) + self._spare - len(self._children)
        self._children.extend(self._started() for _ in range(missing))

    @property
    def free(self) -> int:
        """How many documents can be begun at once."""
        idle = sum(child.ready and child.job is None for child in self._children)
        return min(idle, self.workers - self.under_way)

    def begin(self, job: Hashable, path: Path, *known: Any) -> None:
        """Hand a document to a free child, and what is known of it beforehand if there is anything."""
        child = next(child for child in self._children if child.ready and child.job is None)
        child.job, child.place = job, child_position.OPENING
        child.begun = child.since = time.monotonic()
        child.documents += 1
        child.word.value = child_position.OPENING
        try:
            child.pipe.send((path, *known))
        except OSError:
            return  # it has died just now, as `answers` will find

    def answers(self, seconds: float = TICK, *calls: Connection) -> list[ChildResult]:
        """Wait at most so long, or until somebody calls; give what was finished or has died meanwhile.

        Raises GuidangError if no child can be started.
        """
        wait([*(child.pipe for child in self._children), *calls], seconds)
        found = [answer for child in list(self._children) for answer in self._look_at(child)]
        return found + [answer for child in list(self._children) for answer in self._overrun(child)]

    def close(self) -> None:
        """Kill what is under way; its documents stay as they were."""
        for child in list(self._children):
            self._lose(child)
        if self._scratch:
            self._scratch.close()
            self._scratch = None

    def _started(self) -> _Child:
        self._scratch = self._scratch or ScratchFolder()
        folder = self._scratch.new()
        ours, theirs = _context.Pipe()
        word = sharedctypes.RawValue(c_int64, child_position.OPENING)
        arguments = (theirs, word, self.read, self.limits, settings(), os.getpid(), folder, self.prepare)
        process = _context.Process(target=serve, args=arguments, daemon=True)
        with _signals_held():
            process.start()
        theirs.close()  # so that the child's death is the end of the pipe
        return _Child(process, ours, word, folder)

    def _look_at(self, child: _Child) -> Iterator[ChildResult]:
        """Take what a child has sent; a closed pipe is a dead child."""
        try:
            if not child.pipe.poll():
                return
            sent = child.pipe.recv()
        except (EOFError, OSError):
            yield from self._buried(child)
            return
        if isinstance(sent, str) and sent == READY:
            child.ready, self._false_starts = True, 0
            return
        yield ChildResult(child.job, sent)
        child.job = None
        # A disk that was full may be so of this child's own files, which go with it.
        lost = isinstance(sent, ReadingDied) or (
            isinstance(sent, UnreadableDocument) and sent.code == Failure.DISK
        )
        if lost or child.documents >= DOCUMENTS_A_CHILD:
            self._lose(child)

    def _buried(self, child: _Child) -> Iterator[ChildResult]:
        place = child.word.value
        child.process.join(_DYING)
        code = self._lose(child)
        if not child.ready:
            self._false_starts += 1
            if self._false_starts >= _FALSE_STARTS:
                raise GuidangError(f"reading cannot be started ({_ending(code)}): run `guidang doctor`")
        if child.job is not None:
            self._spare = 1
            yield ChildResult(
                child.job, ReadingDied(Failure.CRASHED, _ending(code), child_position.stage(place))
            )

    def _overrun(self, child: _Child) -> Iterator[ChildResult]:
        """Kill a child that has been at its page or document for too long."""
        if child.job is None:
            return
        now, place = time.monotonic(), child.word.value
        if place != child.place:
            child.place, child.since = place, now
        if reason := self._too_long(child, now):
            self._lose(child)
            yield ChildResult(child.job, ReadingDied(Failure.TIMEOUT, reason, child_position.stage(place)))

    def _too_long(self, child: _Child, now: float) -> str:
        if now - child.begun > self.limits.document_seconds:
            return f"reading took longer than {self.limits.document_seconds:g} s (${DOCUMENT})"
        if child.place > 0 and now - child.since > self.limits.page_seconds:
            return f"page {child.place} took longer than {self.limits.page_seconds:g} s (${PAGE})"
        return ""

    def _lose(self, child: _Child) -> int | None:
        """End a child for good; give its exit code."""
        self._children.remove(child)
        child.pipe.close()
        child.process.kill()
        child.process.join()
        code: int | None = child.process.exitcode
        child.process.close()
        remove(child.scratch)
        return code


@contextmanager
def _signals_held() -> Iterator[None]:
    """What is started herein hears no Ctrl-C until it can leave it to us; we hear it afterwards."""
    resource_tracker.ensure_running()  # starting it would let go of the signals
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None or code >= 0:
        return f"ended by itself with code {code}"
    try:
        return f"killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"killed by signal {-code}"
