"""The tables of the crawler's memory: rounds, the frontier, sightings, and how each night went.

Sightings are only ever added; `linked` is the one field of theirs that changes, while
their round is open. Links that are as they were are not written again: `links` is null then,
and `links_id` the sighting that has them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from archive.db.schema import CLUSTERED, LONG


class CrawlRoundRow(SQLModel, table=True):
    """A night's round; `ended` is empty while its `state` is open."""

    __tablename__ = "crawl_round"

    id: int = Field(primary_key=True)
    started: str
    ended: str
    state: str
    reason: str


class CrawlTaskRow(SQLModel, table=True):
    """An address to visit in a round; kept until the next round begins.

    `linked` says whether the site links to it in this round, as far as it was seen.
    """

    __tablename__ = "crawl_task"
    __table_args__ = (UniqueConstraint("round_id", "site", "address"),)

    id: int = Field(primary_key=True)
    round_id: int = Field(foreign_key="crawl_round.id")
    site: str
    address: str
    url: str
    kind: str
    depth: int
    referrer: str
    title: str
    why: str
    linked: bool
    done: bool


class SightingRow(SQLModel, table=True):
    """What a visit met.

    `documents` counts those that the address stands for after it, `words` are those of
    the link, `title` that of the page. `before_id` is the sighting whose content still
    holds (unmodified), whose documents are the same, were replaced, have vanished or are
    no longer linked, or, of a document that came back, the one that missed it.
    """

    __tablename__ = "sighting"
    __table_args__ = (
        # All that is asked of an address is in the index: of the row itself only the last one is read.
        Index("ix_sighting_address", "site", "address", "id", "outcome", "documents"),
        Index("ix_sighting_round", "round_id", "site"),
        Index("ix_sighting_outcome", "outcome", "at"),
    )

    id: int = Field(primary_key=True)
    round_id: int = Field(foreign_key="crawl_round.id")
    site: str
    address: str
    url: str
    kind: str
    depth: int
    why: str
    linked: bool
    at: str
    outcome: str
    reason: str
    status: int | None
    final_url: str
    media_type: str
    sha256: str
    size: int = Field(sa_column=Column(LONG, nullable=False))
    headers: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    referrer: str
    title: str
    words: str
    redirects: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    text_sha256: str
    tls: str
    shape: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    links: list[list[Any]] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    links_id: int | None
    documents: int
    before_id: int | None


class SightingDocumentRow(SQLModel, table=True):
    """A document that an address stood for; `name` is its source, a URL or `URL!member` of a zip."""

    __tablename__ = "sighting_document"
    __table_args__ = (CLUSTERED,)

    sighting_id: int = Field(foreign_key="sighting.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    name: str


class RobotsAnswerRow(SQLModel, table=True):
    """What a host answered for robots.txt in a round."""

    __tablename__ = "robots_answer"
    __table_args__ = (Index("ix_robots_answer_host", "host"), CLUSTERED)

    round_id: int = Field(foreign_key="crawl_round.id", primary_key=True)
    host: str = Field(primary_key=True)
    at: str
    status: int | None
    text: str
    reason: str


class SiteNightRow(SQLModel, table=True):
    """How a round ended on a site."""

    __tablename__ = "site_night"
    __table_args__ = (Index("ix_site_night_site", "site"), CLUSTERED)

    round_id: int = Field(foreign_key="crawl_round.id", primary_key=True)
    site: str = Field(primary_key=True)
    at: str
    state: str
    reason: str
    outcomes: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    documents: int
    reports: int
    bytes: int = Field(sa_column=Column(LONG, nullable=False))
    seconds: float


class AlarmRow(SQLModel, table=True):
    """Something about a site that a person must know."""

    __tablename__ = "alarm"
    __table_args__ = (CLUSTERED,)

    round_id: int = Field(foreign_key="crawl_round.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    site: str
    severity: str
    kind: str
    url: str
    message: str
