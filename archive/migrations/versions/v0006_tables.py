"""What names a table, and how sure its structure is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of readings that are there neither is known, and null says so."""
    op.add_column("grid", sa.Column("caption", sa.String(), nullable=True))
    op.add_column("grid", sa.Column("confidence", sa.Float(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("grid") as batch:
        batch.drop_column("caption")
        batch.drop_column("confidence")
