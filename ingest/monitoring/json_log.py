"""Events as JSON, one object a line. Loaded for a log only: structlog brings 9 MB of others with it."""

from __future__ import annotations

import logging
import sys
from typing import IO, Any, cast

import structlog
from structlog.stdlib import BoundLogger

from core.streams import talk

_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def events(name: str) -> BoundLogger:
    """Who tells events through the standard library's logger of that name."""
    # Wrapped by hand: structlog that nobody has configured would print to stdout.
    wrapped = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
    )
    return cast(BoundLogger, wrapped)


class LineHandler(logging.StreamHandler[IO[str]]):
    """Writes a line an event, and says once if that fails: a full disk must not end what is told of."""

    failed = False

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(stream)
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_SHARED,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            )
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (a name of logging)
        if not self.failed:
            self.failed = True
            talk(f"guidang: the log cannot be written ({sys.exc_info()[1]}); going on without it")
