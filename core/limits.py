"""How large a document may be, and what a child that reads it may cost.

What goes beyond is refused with the limit and its setting named, never read in part;
only pixels are not refused: a page that would have more of them is drawn smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.settings import settings
from core.settings_schema import PREFIX, UNITS, DocumentLimits

MEMORY, PAGE, DOCUMENT = (f"{PREFIX}{name}" for name in ("MEMORY_MB", "PAGE_SECONDS", "DOCUMENT_SECONDS"))


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """For one child: address space in MB, and seconds a page and a document may take."""

    memory_mb: int
    page_seconds: float
    document_seconds: float


def child_limits() -> ChildLimits:
    """Return what the settings let a child have. Raises UsageError for a setting that makes no sense."""
    held = settings()
    return ChildLimits(held.memory_mb, held.page_seconds, held.document_seconds)


def document_limits() -> DocumentLimits:
    """Return the most that is read. Raises UsageError for a setting that makes no sense."""
    return settings().max


def setting(name: str) -> str:
    """Return the name of the variable that sets a limit of a document."""
    return f"{PREFIX}MAX_{name.upper()}"


def within(count: float, name: str, what: str, stage: str = "open") -> None:
    """Refuse what is more than a limit.

    Args:
        count: how much there is.
        name: the limit, a field of `DocumentLimits`.
        what: what was counted, with a `{}` for the limit.
        stage: where reading stops.

    Raises:
        UnreadableDocument: there is more.
    """
    most = getattr(document_limits(), name)
    if not count <= most:  # so that no number is too much as well
        raise UnreadableDocument(Failure.TOO_LARGE, exceeded(name, what), stage)


def exceeded(name: str, what: str, then: str = "run `guidang retry`") -> str:
    """Return the reason for a refusal, with the limit in the place of `{}` and its setting named."""
    most = _in_words(getattr(document_limits(), name), name)
    return f"{what.format(most)}; if it is sound, raise ${setting(name)} and {then}"


def _in_words(value: int, name: str) -> str:
    if not name.endswith("_bytes"):
        return f"{value:,}"
    unit = next((unit for unit in "GMk" if value >= UNITS[unit]), "")
    return f"{value / UNITS[unit]:.4g} {unit}B" if unit else f"{value} bytes"


@dataclass(frozen=True, slots=True)
class WebPageLimits:
    """The most that is read of a web page; no setting changes it."""

    # A page saved with its pictures; without them.
    bytes: int = 128 << 20
    markup_bytes: int = 32 << 20
    # Of all elements, whether shown or not.
    tags: int = 1_000_000
    # Elements inside of each other: word processors nest about fifty.
    depth: int = 1_000
    # Beside each other, where a selector of a style sheet counts them, which takes the square of it.
    counted: int = 10_000
    table_depth: int = 100
    # Of a whole page: cells of tables, characters and lines of text, files saved with it.
    cells: int = 100_000
    characters: int = 2_000_000
    lines: int = 100_000
    files: int = 2_000
    # Of one table; and over so many columns a cell spans at most, as in browsers.
    columns: int = 5_000
    rows: int = 65_534
    span: int = 1_000
    # Cells times the columns that they span or find taken, of one table.
    units: int = 2_000_000
    # Pages that it would be laid out on.
    pages: int = 1_000


WEB_PAGE = WebPageLimits()


def web_page_within(count: int, limit: int, what: str) -> None:
    """Refuse a web page of more than a limit; `what` names its unit.

    Raises:
        UnreadableDocument: `count` is more than `limit`.
    """
    within_reason(count, limit, "the web page", what)


def within_reason(count: int, limit: int, document: str, what: str) -> None:
    """Refuse a document that has more than a limit that no setting changes; `what` names its unit.

    Raises:
        UnreadableDocument: `count` is more than `limit`.
    """
    if count > limit:
        reason = f"{document} has more than {limit:,} {what}, which no report needs"
        raise UnreadableDocument(Failure.TOO_LARGE, reason)
