"""What one document may cost the machine, as settings say; docs/operations.md lists them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from core.errors import UsageError

MEMORY = "GUIDANG_MEMORY_MB"
PAGE = "GUIDANG_PAGE_SECONDS"
DOCUMENT = "GUIDANG_DOCUMENT_SECONDS"
# Address space, not memory in use: reading the samples reserves 2,340 MB of it and uses 650.
# A page of the most pixels that are drawn (40 million) fits beside that.
_MEMORY_MB = 4096
_LEAST_MEMORY_MB = 1024
_PAGE_SECONDS = 180.0
_DOCUMENT_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Limits:
    """For one child: address space in MB, and seconds a page and a document may take."""

    memory_mb: int = _MEMORY_MB
    page_seconds: float = _PAGE_SECONDS
    document_seconds: float = _DOCUMENT_SECONDS


def limits() -> Limits:
    """The limits that the environment asks for. Raises UsageError for one that makes no sense."""
    return Limits(
        int(_number(MEMORY, _MEMORY_MB, _LEAST_MEMORY_MB)),
        _number(PAGE, _PAGE_SECONDS, 1),
        _number(DOCUMENT, _DOCUMENT_SECONDS, 1),
    )


def _number(name: str, default: float, least: float) -> float:
    text = os.environ.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError as error:
        raise UsageError(f"${name} must be a number, not {text!r}") from error
    if not least <= number < float("inf"):
        raise UsageError(f"${name} must be at least {least:g}, not {text}")
    return number
