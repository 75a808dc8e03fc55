"""What people say: verdicts on values, organs and their names; settings; sizes beyond 2 GiB on PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("document", "size", type_=sa.BigInteger(), existing_nullable=False)
    _make_setting()
    _make_verdict()
    _make_organ()
    _make_organ_alias()


def downgrade() -> None:
    """Drop them; what people said is lost."""
    for table in ("organ_alias", "organ", "verdict", "setting"):
        op.drop_table(table)


def _make_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _make_verdict() -> None:
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("table_key", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("column_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("seen_run", sa.Integer(), nullable=False),
        sa.Column("seen_state", sa.String(), nullable=False),
        sa.Column("seen_raw", sa.String(), nullable=False),
        sa.Column("seen_value", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["seen_run"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_verdict_standing",
        "verdict",
        ["document_id", "table_key", "row_key", "column_key"],
        unique=True,
        sqlite_where=sa.text("stands"),
        postgresql_where=sa.text("stands"),
    )
    op.create_index("ix_verdict_key", "verdict", ["document_id", "table_key", "row_key", "column_key"])


def _make_organ() -> None:
    op.create_table(
        "organ",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("supervisor", sa.String(), nullable=False),
        sa.Column("years", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_organ_supervisor", "organ", ["supervisor"])


def _make_organ_alias() -> None:
    op.create_table(
        "organ_alias",
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organ"], ["organ.name"]),
        sa.PrimaryKeyConstraint("written"),
    )
    op.create_index("ix_organ_alias_organ", "organ_alias", ["organ"])
