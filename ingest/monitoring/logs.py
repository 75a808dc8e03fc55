"""Logs for programs: one JSON object a line, in a file or on stderr; nothing of it reaches stdout.

Whoever has something to tell is given a `Log`; without a file it hears and forgets.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol, Self

from core.errors import UsageError

ON_STDERR = "-"
OURS = "guidang"


class Log(Protocol):
    """Is told events: a name each, and what belongs to it."""

    def bind(self, **always: Any) -> Self:
        """A log that adds these to every event."""

    def info(self, event: str, **told: Any) -> Any:
        """Something went as it should."""

    def warning(self, event: str, **told: Any) -> Any:
        """Something went wrong, and the work goes on."""

    def error(self, event: str, **told: Any) -> Any:
        """Something ended the work."""


@contextmanager
def logging_to(place: str | None, part: str) -> Iterator[Log]:
    """Send our events, and warnings of libraries, to a file (appended to), to stderr (`-`), or nowhere.

    `part` is the part of the program that tells them, like `crawl` or `batch`.

    Raises:
        UsageError: the file cannot be written.
    """
    if place is None:
        with _handled_by(logging.NullHandler(), logging.WARNING):
            yield _Nobody()
        return
    from ingest.monitoring.json_log import LineHandler, events

    with _opened(place) as stream, _handled_by(LineHandler(stream), logging.INFO):
        yield events(f"{OURS}.{part}")


class _Nobody:
    """Hears and forgets."""

    def bind(self, **always: Any) -> Self:
        return self

    def info(self, event: str, **told: Any) -> None: ...

    def warning(self, event: str, **told: Any) -> None: ...

    def error(self, event: str, **told: Any) -> None: ...


@contextmanager
def _handled_by(handler: logging.Handler, our_level: int) -> Iterator[None]:
    """Have one handler get everything, for so long."""
    handler.addFilter(_is_ours_or_a_warning)
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    before, level, former = list(root.handlers), root.level, ours.level
    root.handlers, root.level = [handler], logging.WARNING
    ours.setLevel(our_level)
    try:
        yield
    finally:
        root.handlers, root.level = before, level
        ours.setLevel(former)


def _is_ours_or_a_warning(record: logging.LogRecord) -> bool:
    """Scrapy tells of every step, and sets its own level."""
    return record.name.startswith(OURS) or record.levelno >= logging.WARNING


@contextmanager
def _opened(place: str) -> Iterator[IO[str]]:
    stream = sys.stderr if place == ON_STDERR else _appended(Path(place))
    try:
        yield stream
    finally:
        if stream is not sys.stderr:
            with suppress(OSError):  # a full disk, which was told of
                stream.close()


def _appended(path: Path) -> IO[str]:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the log {path}: {error.strerror}") from error
