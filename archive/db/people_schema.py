"""Tables of what people say: of values, of reports, of organs and their names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel, col

from archive.db.schema import CLUSTERED, same_name


class VerdictRow(SQLModel, table=True):
    """What a person said of a value; rows are only ever added.

    `kind` is accept, correct, anomaly (the report is printed so by mistake), note
    or undo (of the verdict `undoes`). `state`, `raw` and `value` are what the
    person says is printed, `seen_…` what the reading of `seen_run` said then of its `seen_part`.
    The one that `stands` answers every query. `part` is the report of the current
    run that holds the page where the person saw the value, or is nearest to it;
    these two are the only fields that ever change.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        Index(
            "ix_verdict_standing",
            "document_id",
            "part",
            "table_key",
            "row_key",
            "column_key",
            unique=True,
            sqlite_where=text("stands"),
            postgresql_where=text("stands"),
        ),
        Index("ix_verdict_key", "document_id", "part", "table_key", "row_key", "column_key"),
    )

    id: int = Field(primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    table_key: str
    row_key: str
    column_key: str
    kind: str
    stands: bool
    state: str
    raw: str
    value: str
    number: float | None
    seen_run: int = Field(foreign_key="run.id")
    seen_state: str
    seen_raw: str
    seen_value: str
    note: str
    who: str
    at: str
    undoes: int | None
    part: int
    seen_part: int


class StandingFlagsRow(SQLModel, table=True):
    """The flags of a value as its sums stand with what people say; only where they differ from those read."""

    __tablename__ = "standing_flags"
    __table_args__ = (ForeignKeyConstraint(["run_id", "value"], ["value.run_id", "value.ordinal"]), CLUSTERED)

    run_id: int = Field(primary_key=True)
    value: int = Field(primary_key=True)
    flags: str
    needs_review: bool


class SettledFindingRow(SQLModel, table=True):
    """A finding of a sum that failed as it was read and balances with what people say."""

    __tablename__ = "settled_finding"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "finding"], ["finding.run_id", "finding.ordinal"]),
        CLUSTERED,
    )

    run_id: int = Field(primary_key=True)
    finding: int = Field(primary_key=True)


class ReportWordRow(SQLModel, table=True):
    """What a person said of the reports in a document; rows are only ever added.

    `field` is organ, year, title or preferred of the report that stood on the pages from `page` to
    `last_page`, or borders or members of the whole document, whose `part` is 0. `said` is its content as
    text, empty for one that takes back another, and `seen` what stood there before. `part` is the report of
    the current run that stands there now, below 0 where none does; it and `stands` are all that ever changes.
    """

    __tablename__ = "report_word"
    __table_args__ = (
        Index(
            "ix_report_word_standing",
            "document_id",
            "part",
            "field",
            unique=True,
            sqlite_where=text("stands"),
            postgresql_where=text("stands"),
        ),
    )

    id: int = Field(primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    part: int
    page: int
    last_page: int
    field: str
    said: str
    seen: str
    stands: bool
    note: str
    who: str
    at: str
    undoes: int | None


class OrganRow(SQLModel, table=True):
    """An organ as people list it; `supervisor` names another one, both may be empty.

    `years` are those on which it is expected to report, null where nobody said.
    """

    __tablename__ = "organ"

    name: str = Field(primary_key=True)
    region: str
    supervisor: str = Field(index=True)
    years: list[int] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))


class OrganAliasRow(SQLModel, table=True):
    """A name as reports print it, and the organ that a person says it means."""

    __tablename__ = "organ_alias"

    written: str = Field(primary_key=True)
    organ: str = Field(foreign_key="organ.name", index=True)
    who: str
    at: str


def as_seen(value: Any) -> Any:
    """Joins the value that the person saw to a verdict."""
    return (
        (col(value.run_id) == col(VerdictRow.seen_run))
        & (col(value.part) == col(VerdictRow.seen_part))
        & same_name(value, VerdictRow)
    )
