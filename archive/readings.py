"""Tables, pages and findings as they were read, from current runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from archive.documents import FIRST_SOURCE
from archive.records import StoredCell, StoredFinding, StoredLine, StoredPage, StoredTable, rounded
from archive.schema import Document, Finding, Grid, GridCell, Line, Page, Run, Source

CELL = (
    col(GridCell.row),
    col(GridCell.column),
    col(GridCell.row_span),
    col(GridCell.column_span),
    col(GridCell.text),
    col(GridCell.confidence),
    col(GridCell.page),
    col(GridCell.left),
    col(GridCell.top),
    col(GridCell.right),
    col(GridCell.bottom),
)
LINE = (
    col(Line.text),
    col(Line.confidence),
    col(Line.vertical),
    col(Line.left),
    col(Line.top),
    col(Line.right),
    col(Line.bottom),
)


def tables(connection: Connection, document: str | None = None) -> Iterator[StoredTable]:
    """All tables in the order of intake, or those of one document."""
    grids = _current(col(Grid.run_id), document).add_columns(
        col(Grid.ordinal),
        col(Grid.form),
        col(Grid.table_key),
        col(Grid.pages),
        col(Grid.n_rows),
        col(Grid.n_columns),
    )
    for digest, source, run, ordinal, form, key, pages, n_rows, n_columns in connection.execute(
        grids.order_by(col(Document.id), col(Grid.ordinal))
    ):
        cells = tuple(_cells(connection, run, ordinal))
        yield StoredTable(digest, source, form, key or None, tuple(pages), n_rows, n_columns, cells)


def pages(connection: Connection, document: str | None = None) -> Iterator[StoredPage]:
    """All pages in the order of intake, or those of one document."""
    chosen = _current(col(Page.run_id), document).add_columns(col(Page.number), col(Page.route))
    for digest, source, run, number, route in connection.execute(
        chosen.order_by(col(Document.id), col(Page.number))
    ):
        lines = tuple(lines_on(connection, run, number))
        text = "\n".join(line.text for line in lines)
        yield StoredPage(digest, source, number, route, text, lines)


def findings(connection: Connection, document: str) -> Iterator[StoredFinding]:
    """The findings of one document."""
    found = _current(col(Finding.run_id), document).with_only_columns(
        col(Finding.kind), col(Finding.message), col(Finding.relation), col(Finding.keys), col(Finding.page)
    )
    for kind, message, relation, keys, page in connection.execute(found.order_by(col(Finding.ordinal))):
        yield StoredFinding(kind, message, relation, tuple(keys), page)


def _current(run: Any, document: str | None) -> Select[*tuple[Any, ...]]:
    """Document, first source and run of what hangs off the current runs by the given column."""
    chosen = (
        select(col(Document.sha256), col(Source.name), run)
        .select_from(Document)
        .join(Source, FIRST_SOURCE)
        .join(Run, (col(Run.document_id) == col(Document.id)) & col(Run.is_current))
        .join(run.class_, run == col(Run.id))
    )
    return chosen if document is None else chosen.where(col(Document.sha256) == document)


def _cells(connection: Connection, run: int, grid: int) -> Iterator[StoredCell]:
    cells = select(*CELL).where(col(GridCell.run_id) == run, col(GridCell.grid) == grid)
    for row in connection.execute(cells.order_by(col(GridCell.ordinal))):
        yield StoredCell(**rounded(row._mapping))


def lines_on(connection: Connection, run: int, page: int) -> Iterator[StoredLine]:
    """The lines of a page of a run, in reading order."""
    lines = select(*LINE).where(col(Line.run_id) == run, col(Line.page) == page)
    for row in connection.execute(lines.order_by(col(Line.ordinal))):
        yield StoredLine(**rounded(row._mapping))
