"""The crawl's log: one JSON object a line, for programs; nothing of it reaches stdout or a person."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import structlog

from ocr.errors import UsageError

ON_STDERR = "-"
OURS = "guidang"
_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


@contextmanager
def logging_to(place: str | None) -> Iterator[structlog.stdlib.BoundLogger]:
    """Send our events, and Scrapy's warnings, to a file (appended to), to stderr (`-`), or nowhere.

    Raises:
        UsageError: the file cannot be written.
    """
    stream = _stream(place)
    handler = logging.StreamHandler(stream) if stream else logging.NullHandler()
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
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers, root.level = [handler], logging.WARNING
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.getLogger(OURS).setLevel(logging.INFO)
    try:
        yield structlog.stdlib.get_logger(f"{OURS}.crawl")
    finally:
        root.handlers, root.level = before, level
        if stream and stream is not sys.stderr:
            stream.close()


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
