"""A document holds one or more reports, and people say what they are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PARTS = ("value", "finding", "grid", "verdict")
_KEY = ["table_key", "row_key", "column_key"]


def upgrade() -> None:
    """Make every document that was read a volume of one report, part 1, on all of its pages."""
    for table in _PARTS:
        op.add_column(table, sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("verdict", sa.Column("seen_part", sa.Integer(), nullable=False, server_default="1"))
    _index_verdicts(["document_id", "part", *_KEY])
    _number_reports()
    _make_mention()
    _make_report_word()


def downgrade() -> None:
    """Drop what is new; of a volume the first report is kept, and what people said of reports is lost."""
    op.drop_table("report_word")
    op.drop_table("mention")
    connection = op.get_bind()
    for table in _PARTS:
        # What hangs off the values of other parts would refer to nothing.
        if table == "value":
            _drop_other_values(connection)
        elif table != "grid":
            connection.execute(sa.text(f"DELETE FROM {table} WHERE part <> 1"))
    connection.execute(sa.text("DELETE FROM report WHERE part <> 1"))
    _index_verdicts(["document_id", *_KEY])
    for table in _PARTS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("part")
    with op.batch_alter_table("verdict") as batch:
        batch.drop_column("seen_part")
    _unnumber_reports()


def _drop_other_values(connection: sa.Connection) -> None:
    others = "(SELECT ordinal FROM value WHERE value.run_id = {0}.run_id AND value.part <> 1)"
    for table in ("value_place", "value_reading"):
        connection.execute(sa.text(f"DELETE FROM {table} WHERE {table}.value IN {others.format(table)}"))
    connection.execute(sa.text("DELETE FROM value WHERE part <> 1"))


def _index_verdicts(columns: list[str]) -> None:
    op.drop_index("ix_verdict_standing", "verdict")
    op.drop_index("ix_verdict_key", "verdict")
    stands = sa.text("stands")
    op.create_index(
        "ix_verdict_standing", "verdict", columns, unique=True, sqlite_where=stands, postgresql_where=stands
    )
    op.create_index("ix_verdict_key", "verdict", columns)


def _number_reports() -> None:
    """Make the table anew: neither database adds a column to a primary key in place as the other does."""
    connection = op.get_bind()
    _drop_report_indexes()
    op.rename_table("report", "report_before")
    _make_report()
    connection.execute(
        sa.text(
            """
            INSERT INTO report
            SELECT run_id, title, organ, year, 1, title, organ, year, 1,
                coalesce((SELECT max(number) FROM page WHERE page.run_id = report_before.run_id), 1), 1.0
            FROM report_before
            """
        )
    )
    op.drop_table("report_before")


def _unnumber_reports() -> None:
    connection = op.get_bind()
    _drop_report_indexes()
    op.rename_table("report", "report_after")
    op.create_table(
        "report",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("run_id", name=_name("report_pkey_0001")),
    )
    connection.execute(
        sa.text("INSERT INTO report SELECT run_id, title_read, organ_read, year_read FROM report_after")
    )
    op.drop_table("report_after")
    _index_reports()


def _drop_report_indexes() -> None:
    op.drop_index("ix_report_organ", "report")
    op.drop_index("ix_report_year", "report")


def _index_reports() -> None:
    op.create_index("ix_report_organ", "report", ["organ"])
    op.create_index("ix_report_year", "report", ["year"])


def _name(name: str) -> str | None:
    """A name for a key on PostgreSQL, where that of the table of before is still taken."""
    return name if op.get_context().dialect.name == "postgresql" else None


def _make_report() -> None:
    op.create_table(
        "report",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("title_read", sa.String(), nullable=False),
        sa.Column("organ_read", sa.String(), nullable=False),
        sa.Column("year_read", sa.Integer(), nullable=True),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("run_id", "part", name=_name("report_pkey_0005")),
    )
    _index_reports()


def _make_mention() -> None:
    op.create_table(
        "mention",
        *_keys("run_id", "part", "ordinal"),
        *_texts("named", "text", "kind"),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        *(sa.Column(side, sa.Float(), nullable=False) for side in ("left", "top", "right", "bottom")),
        sa.ForeignKeyConstraint(["run_id", "part"], ["report.run_id", "report.part"]),
        sa.PrimaryKeyConstraint("run_id", "part", "ordinal"),
        sqlite_with_rowid=False,
    )


def _make_report_word() -> None:
    op.create_table(
        "report_word",
        sa.Column("id", sa.Integer(), nullable=False),
        *_keys("document_id", "part", "page", "last_page"),
        *_texts("field", "said", "seen"),
        sa.Column("stands", sa.Boolean(), nullable=False),
        *_texts("note", "who", "at"),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    stands = sa.text("stands")
    op.create_index(
        "ix_report_word_standing",
        "report_word",
        ["document_id", "part", "field"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def _keys(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
