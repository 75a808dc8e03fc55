"""What people's corrections mean for the flags of other values, and for findings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they are filled from the verdicts that are there once all migrations are done."""
    op.create_table(
        "standing_flags",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("flags", sa.String(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id", "value"], ["value.run_id", "value.ordinal"]),
        sa.PrimaryKeyConstraint("run_id", "value"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "settled_finding",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id", "finding"], ["finding.run_id", "finding.ordinal"]),
        sa.PrimaryKeyConstraint("run_id", "finding"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("settled_finding")
    op.drop_table("standing_flags")
