"""Documents and attempts to read them, as they go into the archive and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconcile.model import Said


@dataclass(frozen=True, slots=True)
class RunProvenance:
    """How a reading came about: `version` of the code, `engines` by name and version.

    `options` must be JSON-serialisable. `seconds` is the time spent on this
    document alone; `started` and `finished` are aware datetimes.
    """

    version: str
    engines: Mapping[str, str]
    options: Mapping[str, object]
    started: datetime
    finished: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class IntakeReceipt:
    """The sha256 of bytes that are now safe, and whether they or their source are new."""

    document: str
    new_document: bool
    new_source: bool


@dataclass(frozen=True, slots=True)
class PendingDocument:
    """A document that waits to be read; `said` is what people say of the reports in it."""

    document: str
    source: str
    media_type: str
    said: Said | None = None

    @property
    def known(self) -> tuple[Said, ...]:
        """What reading takes beside the path."""
        return (self.said,) if self.said else ()


@dataclass(frozen=True, slots=True)
class DocumentFailure:
    """Why a document could not be read; `code` is a short word for programs.

    `status` is failed or, where it ended the processes that read it, quarantined; `attempts` were in vain.
    """

    document: str
    source: str
    stage: str
    code: str
    reason: str
    failed: str
    status: str
    attempts: int
