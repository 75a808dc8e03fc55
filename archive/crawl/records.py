"""What the crawler tells the archive, and what the archive remembers of sites: plain frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class TaskKind(StrEnum):
    """Why an address is visited. A `known` one brought a document before and is looked at again."""

    START = "start"
    LIST = "list"
    REPORT = "report"
    FILE = "file"
    KNOWN = "known"


class VisitOutcome(StrEnum):
    """What became of a visit.

    `new` brought a document that the archive did not have, `duplicate` one that
    it had from elsewhere, `replaced` another one than this address brought before,
    `same` (bytes or printed text) and `unmodified` (304) nothing new. `page` is
    a page to go on from, `other` no document. `gone` is 404, 410 or a page that
    says so, `login` a page that asks for a password. `refused` was not asked
    for, or cut, by our own rules; `error` is everything that went wrong.
    `unlinked` is no visit: the site no longer links to an address, which still answers.
    """

    NEW = "new"
    DUPLICATE = "duplicate"
    REPLACED = "replaced"
    SAME = "same"
    UNMODIFIED = "unmodified"
    PAGE = "page"
    OTHER = "other"
    GONE = "gone"
    LOGIN = "login"
    REFUSED = "refused"
    ERROR = "error"
    UNLINKED = "unlinked"


class Severity(StrEnum):
    """How soon somebody must look."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Task:
    """An address to visit in a round.

    `address` is the canonical form that tells addresses apart, `url` the one to
    ask for; `title` the words of the link, `why` the rule that made us follow it.
    """

    site: str
    address: str
    url: str
    kind: TaskKind
    depth: int
    referrer: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes to keep as a document: their source (`url`, or `url!member` of a zip) and media type."""

    source: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """What one task met, before the archive has compared it with what it knew.

    `outcome` is what the crawler can tell itself: PAGE, OTHER, GONE, LOGIN, REFUSED,
    ERROR, UNMODIFIED, SAME for a page that prints what it did, or NEW for whatever
    brought `originals`; the archive makes NEW to DUPLICATE, REPLACED or SAME.
    `status` is None where no answer came. `sha256` and `size` are of the body as
    received, `text_sha256` of what a page prints, so that a new frame round an old
    text is no new version.
    `redirects` are pairs of status and address, first one first. `shape` tells
    the makeup of a listing; `tls` what is wrong with the chain of a site that is
    taken all the same. `links` are those followed.
    """

    outcome: VisitOutcome
    reason: str
    status: int | None
    final_url: str
    media_type: str
    sha256: str
    size: int
    headers: Mapping[str, str]
    title: str
    redirects: tuple[tuple[int, str], ...]
    text_sha256: str
    tls: str
    shape: Mapping[str, Any] | None
    links: tuple[Task, ...]
    originals: tuple[Original, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A visit as the archive remembers it; `documents` are sha256."""

    id: int
    round: int
    site: str
    address: str
    url: str
    kind: TaskKind
    at: str
    outcome: VisitOutcome
    reason: str
    status: int | None
    final_url: str
    media_type: str
    sha256: str
    size: int
    headers: Mapping[str, str]
    referrer: str
    title: str
    redirects: tuple[tuple[int, str], ...]
    text_sha256: str
    tls: str
    shape: Mapping[str, Any] | None
    links: tuple[Task, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host answered for robots.txt; `text` is empty unless the status is 200."""

    host: str
    status: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """A night's round: `state` is open, complete, or cut (by `reason`); `ended` is empty while it is open."""

    id: int
    started: str
    ended: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class SiteNight:
    """What a round found on one site; `state` is complete, cut (time, budget, pages) or skipped.

    `outcomes` counts sightings by outcome, `documents` the documents that its
    addresses stand for after the round, `reports` the links to reports and files seen in it.
    """

    round: int
    site: str
    state: str
    reason: str
    outcomes: Mapping[str, int]
    documents: int
    reports: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That a person knows of a site's alarms of one kind, up to a severity, until a day (2026-12-31) is over.

    `who` said so `at` a moment, and wrote a `note` on it.
    """

    site: str
    kind: str
    severity: Severity
    until: str
    note: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about a site that a person must know; `kind` is a short word for programs.

    `acknowledged` is what somebody said of it; then it is told, and raised no more.
    """

    round: int
    site: str
    severity: Severity
    kind: str
    url: str
    message: str
    acknowledged: Acknowledgement | None = None

    @property
    def is_grave(self) -> bool:
        """Whether somebody must look: it is more than a remark, and nobody has said that it is known."""
        return self.severity is not Severity.INFO and self.acknowledged is None


@dataclass(frozen=True, slots=True)
class WebChange:
    """A document that came, was replaced or vanished: `kind` is new, replaced, vanished or unlinked.

    `document` and `before` are sha256, empty where there is none; `title` is the words of the link.
    """

    at: str
    site: str
    kind: str
    url: str
    title: str
    document: str
    before: str
    reason: str
