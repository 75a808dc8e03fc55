"""The tables of the archive.

Everything a reading yields hangs off its run by natural keys (run, page, ordinal),
so that a document is written with a handful of bulk inserts and an older run
stays as it was when a newer one becomes current. `migrations/` makes these
tables; the search index (`index.py`) is not among them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel, col

# Clustered by primary key: the rows of one run lie together and need no second index.
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
# SQLite's integers have 64 bits anyway, PostgreSQL's 32.
LONG = BigInteger().with_variant(Integer(), "sqlite")


class SettingRow(SQLModel, table=True):
    """What the archive knows of itself; `objects` is where its originals are if not in its folder."""

    __tablename__ = "setting"

    name: str = Field(primary_key=True)
    value: str


class DocumentRow(SQLModel, table=True):
    """Original bytes, named by their sha256; `status` is one of `documents.STATUSES`."""

    __tablename__ = "document"

    id: int = Field(primary_key=True)
    sha256: str = Field(unique=True)
    media_type: str
    size: int = Field(sa_column=Column(LONG, nullable=False))
    status: str = Field(index=True)
    added: str


class SourceRow(SQLModel, table=True):
    """A path or URL that brought a document; ordinal 0 is the first."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("document_id", "name"), CLUSTERED)

    document_id: int = Field(foreign_key="document.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    name: str = Field(index=True)
    added: str


class RunRow(SQLModel, table=True):
    """One attempt at a document: archived, failed or died; the current one answers all queries."""

    __tablename__ = "run"
    __table_args__ = (
        Index(
            "ix_run_current",
            "document_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: int = Field(primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    outcome: str
    is_current: bool
    version: str
    engines: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    options: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    started: str
    finished: str
    seconds: float
    stage: str = ""
    code: str = ""
    reason: str = ""


class PageRow(SQLModel, table=True):
    """A page of a run; its id is also its row in the search index.

    `warp` and `gutter` are those of `ocr.model.Page`: width, height and nodes, and the
    four sides; null also in readings of before schema 0004.
    """

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: int = Field(primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    number: int
    width: float
    height: float
    route: str
    engine: str
    seconds: float
    turned: int
    skew: float
    warp: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    gutter: list[float] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))


class LineRow(SQLModel, table=True):
    """A printed line or the whole text of a table cell."""

    __tablename__ = "line"
    __table_args__ = (ForeignKeyConstraint(["run_id", "page"], ["page.run_id", "page.number"]), CLUSTERED)

    run_id: int = Field(primary_key=True)
    page: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    text: str
    confidence: float
    vertical: bool
    engine: str
    left: float
    top: float
    right: float
    bottom: float


class ReportRow(SQLModel, table=True):
    """A report in a document, parts counted from 1: who reported on which year, on which pages.

    `title`, `organ` and `year` are what answers: what a person says, else what was read (`…_read`).
    On its first and last page another report may stand too. `confidence` is that of its border.
    """

    __tablename__ = "report"

    run_id: int = Field(foreign_key="run.id", primary_key=True)
    part: int = Field(primary_key=True)
    title: str
    organ: str = Field(index=True)
    year: int | None = Field(index=True)
    title_read: str
    organ_read: str
    year_read: int | None
    first_page: int
    last_page: int
    confidence: float


class MentionRow(SQLModel, table=True):
    """Where the organ, year or title of a report is printed, and how sure it is that it is that."""

    __tablename__ = "mention"
    __table_args__ = (ForeignKeyConstraint(["run_id", "part"], ["report.run_id", "report.part"]), CLUSTERED)

    run_id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    named: str
    text: str
    kind: str
    confidence: float
    page: int
    left: float
    top: float
    right: float
    bottom: float


class GridRow(SQLModel, table=True):
    """A table put together from its parts, of a known form or not; `part` is 0 where it is of no report.

    `caption` and `confidence` are those of `reconcile.model.JoinedTable`, null in readings of before
    schema 0006.
    """

    __tablename__ = "grid"
    __table_args__ = (CLUSTERED,)

    run_id: int = Field(foreign_key="run.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    form: str
    table_key: str
    pages: list[int] = Field(sa_column=Column(JSON, nullable=False))
    n_rows: int
    n_columns: int
    flags: str
    part: int
    caption: str | None
    confidence: float | None


class GridCellRow(SQLModel, table=True):
    """A cell of a grid, with the page and box where it is printed.

    `page_table` and `rows_before` are `table` and `rows_before` of `ocr.model.Cell`,
    null in readings of before schema 0004.
    """

    __tablename__ = "grid_cell"
    __table_args__ = (ForeignKeyConstraint(["run_id", "grid"], ["grid.run_id", "grid.ordinal"]), CLUSTERED)

    run_id: int = Field(primary_key=True)
    grid: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    confidence: float
    engine: str
    inked: bool
    page: int
    left: float
    top: float
    right: float
    bottom: float
    page_table: int | None
    rows_before: int | None


class CellReadingRow(SQLModel, table=True):
    """A further reading of a cell, kept beside the first."""

    __tablename__ = "cell_reading"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "grid", "cell"], ["grid_cell.run_id", "grid_cell.grid", "grid_cell.ordinal"]
        ),
        CLUSTERED,
    )

    run_id: int = Field(primary_key=True)
    grid: int = Field(primary_key=True)
    cell: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    text: str
    confidence: float
    method: str


class ValueRow(SQLModel, table=True):
    """A value of a form; `number` is `value` for comparisons, null unless the state is read."""

    __tablename__ = "value"
    __table_args__ = (Index("ix_value_key", "table_key", "row_key", "column_key"), CLUSTERED)

    run_id: int = Field(foreign_key="run.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    form: str
    table_key: str
    row_key: str
    column_key: str
    state: str
    raw: str
    value: str
    number: float | None
    confidence: float
    flags: str
    needs_review: bool
    part: int


class ValuePlaceRow(SQLModel, table=True):
    """A cell that a value was read from; ordinal 0 is the one that is shown.

    `grid` and `cell` name its row in `grid_cell`, null where that is not known.
    """

    __tablename__ = "value_place"
    __table_args__ = (ForeignKeyConstraint(["run_id", "value"], ["value.run_id", "value.ordinal"]), CLUSTERED)

    run_id: int = Field(primary_key=True)
    value: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    text: str
    confidence: float
    page: int
    left: float
    top: float
    right: float
    bottom: float
    grid: int | None
    cell: int | None


class ValueReadingRow(SQLModel, table=True):
    """A further reading of a value, kept beside the first, never instead of it."""

    __tablename__ = "value_reading"
    __table_args__ = (ForeignKeyConstraint(["run_id", "value"], ["value.run_id", "value.ordinal"]), CLUSTERED)

    run_id: int = Field(primary_key=True)
    value: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    text: str
    confidence: float
    method: str


class FindingRow(SQLModel, table=True):
    """Something a person may want to know; `keys` are `table/row/column` names."""

    __tablename__ = "finding"
    __table_args__ = (CLUSTERED,)

    run_id: int = Field(foreign_key="run.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    kind: str
    message: str
    relation: str
    keys: list[str] = Field(sa_column=Column(JSON, nullable=False))
    page: int | None
    part: int


# Joins a document to the path or URL that brought it first.
FIRST_SOURCE = (col(SourceRow.document_id) == col(DocumentRow.id)) & (col(SourceRow.ordinal) == 0)


def of_report(owner: Any) -> Any:
    """Joins what belongs to a report to it: values, findings, tables."""
    return (col(ReportRow.run_id) == col(owner.run_id)) & (col(ReportRow.part) == col(owner.part))


def holds_page(number: Any) -> Any:
    """Whether a report stands on the page of this number, alone or with another."""
    return col(ReportRow.first_page).__le__(number) & col(ReportRow.last_page).__ge__(number)


def same_key(one: Any, other: Any) -> Any:
    """Whether rows of two tables speak of a value of the same name, of the same report of a document."""
    return (col(one.part) == col(other.part)) & same_name(one, other)


def same_name(one: Any, other: Any) -> Any:
    """Whether rows of two tables have the same table, row and column."""
    return (
        (col(one.table_key) == col(other.table_key))
        & (col(one.row_key) == col(other.row_key))
        & (col(one.column_key) == col(other.column_key))
    )
