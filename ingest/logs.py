"""Logs for programs: one JSON object a line, in a file or on stderr; nothing of it reaches stdout.

Whoever has something to tell takes a `logger` and tells it; where `logging_to` sends
events nowhere, or was never called, they cost next to nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

import structlog
from structlog.stdlib import BoundLogger

from archive.terminal import talk
from ocr.errors import UsageError

ON_STDERR = "-"
OURS = "guidang"
_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logger(part: str) -> BoundLogger:
    """Who tells events of a part of the program, like `crawl` or `batch`."""
    # Wrapped by hand: structlog that nobody has configured would print to stdout.
    wrapped = structlog.wrap_logger(
        logging.getLogger(f"{OURS}.{part}"),
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
    )
    return cast(BoundLogger, wrapped)


@contextmanager
def logging_to(place: str | None, part: str) -> Iterator[BoundLogger]:
    """Send our events, and warnings of libraries, to a file (appended to), to stderr (`-`), or nowhere.

    Raises:
        UsageError: the file cannot be written.
    """
    stream = _stream(place)
    handler = _Handler(stream) if stream else logging.NullHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_is_ours_or_a_warning)
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    before, level, our_level = list(root.handlers), root.level, ours.level
    root.handlers, root.level = [handler], logging.WARNING
    ours.setLevel(logging.INFO if stream else logging.WARNING)
    try:
        yield logger(part)
    finally:
        root.handlers, root.level = before, level
        ours.setLevel(our_level)
        if stream and stream is not sys.stderr:
            with suppress(OSError):  # a full disk, which was told of
                stream.close()


class _Handler(logging.StreamHandler[IO[str]]):
    """Writes a line an event, and says once if that fails: a full disk must not end what is told of."""

    failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (a name of logging)
        if not self.failed:
            self.failed = True
            talk(f"guidang: the log cannot be written ({sys.exc_info()[1]}); going on without it")


def _is_ours_or_a_warning(record: logging.LogRecord) -> bool:
    """Scrapy tells of every step, and sets its own level."""
    return record.name.startswith(OURS) or record.levelno >= logging.WARNING


def _stream(place: str | None) -> IO[str] | None:
    if place is None:
        return None
    if place == ON_STDERR:
        return sys.stderr
    try:
        return Path(place).open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the log {place}: {error.strerror}") from error
