"""The crawler's memory: rounds, the frontier, sightings, robots.txt, how each night went, alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Make the new tables."""
    _make_rounds()
    _make_sightings()
    _make_nights()


def _make_rounds() -> None:
    op.create_table(
        "crawl_round",
        _number("id"),
        *(_text(name) for name in ("started", "ended", "state", "reason")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "crawl_task",
        *(_number(name) for name in ("id", "round_id")),
        *(_text(name) for name in ("site", "address", "url", "kind")),
        _number("depth"),
        *(_text(name) for name in ("referrer", "title", "why")),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["crawl_round.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "site", "address"),
    )


def _make_sightings() -> None:
    op.create_table(
        "sighting",
        *(_number(name) for name in ("id", "round_id")),
        *(_text(name) for name in ("site", "address", "url", "kind")),
        _number("depth"),
        _text("why"),
        sa.Column("linked", sa.Boolean(), nullable=False),
        *(_text(name) for name in ("at", "outcome", "reason")),
        _number("status", nullable=True),
        *(_text(name) for name in ("final_url", "media_type", "sha256")),
        sa.Column("size", LONG, nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        *(_text(name) for name in ("referrer", "title", "words")),
        sa.Column("redirects", sa.JSON(), nullable=False),
        *(_text(name) for name in ("text_sha256", "tls")),
        sa.Column("shape", sa.JSON(), nullable=True),
        sa.Column("links", sa.JSON(), nullable=True),
        _number("links_id", nullable=True),
        _number("documents"),
        _number("before_id", nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["crawl_round.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sighting_address", "sighting", ["site", "address", "id", "outcome", "documents"])
    op.create_index("ix_sighting_round", "sighting", ["round_id", "site"])
    op.create_index("ix_sighting_outcome", "sighting", ["outcome", "at"])
    op.create_table(
        "sighting_document",
        *(_number(name) for name in ("sighting_id", "ordinal", "document_id")),
        _text("name"),
        sa.ForeignKeyConstraint(["sighting_id"], ["sighting.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("sighting_id", "ordinal"),
        sqlite_with_rowid=False,
    )


def _make_nights() -> None:
    op.create_table(
        "robots_answer",
        _number("round_id"),
        *(_text(name) for name in ("host", "at")),
        _number("status", nullable=True),
        *(_text(name) for name in ("text", "reason")),
        sa.ForeignKeyConstraint(["round_id"], ["crawl_round.id"]),
        sa.PrimaryKeyConstraint("round_id", "host"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_robots_answer_host", "robots_answer", ["host"])
    op.create_table(
        "site_night",
        _number("round_id"),
        *(_text(name) for name in ("site", "at", "state", "reason")),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        *(_number(name) for name in ("documents", "reports")),
        sa.Column("bytes", LONG, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["crawl_round.id"]),
        sa.PrimaryKeyConstraint("round_id", "site"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_site_night_site", "site_night", ["site"])
    op.create_table(
        "alarm",
        *(_number(name) for name in ("round_id", "ordinal")),
        *(_text(name) for name in ("site", "severity", "kind", "url", "message")),
        sa.ForeignKeyConstraint(["round_id"], ["crawl_round.id"]),
        sa.PrimaryKeyConstraint("round_id", "ordinal"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; what was seen of sites is lost."""
    for table in (
        *("alarm", "site_night", "robots_answer", "sighting_document", "sighting", "crawl_task"),
        "crawl_round",
    ):
        op.drop_table(table)
