"""Tables, pages and findings as they were read, from current runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, func, select, tuple_
from sqlmodel import col

from archive.db.schema import FIRST_SOURCE, Document, Finding, Grid, GridCell, Line, Page, Run, Source
from archive.records import StoredCell, StoredFinding, StoredLine, StoredPage, StoredTable, rounded

T = TypeVar("T")
ROWS_AT_ONCE = 50

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
    for batch in _batches(connection, grids.order_by(col(Document.id), col(Grid.ordinal))):
        cells = _cells(connection, [row[2:4] for row in batch])
        for row in batch:
            digest, source, run, ordinal, form, key, pages, n_rows, n_columns = row
            inside = tuple(cells.get((run, ordinal), ()))
            yield StoredTable(digest, source, form, key or None, tuple(pages), n_rows, n_columns, inside)


def pages(connection: Connection, document: str | None = None) -> Iterator[StoredPage]:
    """All pages in the order of intake, or those of one document."""
    chosen = _current(col(Page.run_id), document).add_columns(col(Page.number), col(Page.route))
    for batch in _batches(connection, chosen.order_by(col(Document.id), col(Page.number))):
        lines = lines_on(connection, [row[2:4] for row in batch])
        for row in batch:
            digest, source, run, number, route = row
            inside = tuple(lines.get((run, number), ()))
            text = "\n".join(line.text for line in inside)
            yield StoredPage(digest, source, number, route, text, inside)


def count_tables(connection: Connection) -> int:
    """How many tables `tables` gives."""
    return _count(connection, col(Grid.run_id))


def count_pages(connection: Connection) -> int:
    """How many pages `pages` gives."""
    return _count(connection, col(Page.run_id))


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


def _count(connection: Connection, run: Any) -> int:
    counted = select(func.count()).select_from(Run).join(run.class_, run == col(Run.id))
    return connection.execute(counted.where(col(Run.is_current))).scalar_one()


def _batches(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """The rows of a query, so few at a time that all that belongs to them fits into memory."""
    yield from connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}).partitions()


def _cells(connection: Connection, grids: Sequence[Any]) -> dict[tuple[int, int], list[StoredCell]]:
    """The cells of some tables, each named by its run and ordinal."""
    place = (col(GridCell.run_id), col(GridCell.grid))
    return _parts(connection, StoredCell, CELL, place, col(GridCell.ordinal), grids)


def lines_on(connection: Connection, pages: Sequence[Any]) -> dict[tuple[int, int], list[StoredLine]]:
    """The lines of some pages, each named by its run and number."""
    place = (col(Line.run_id), col(Line.page))
    return _parts(connection, StoredLine, LINE, place, col(Line.ordinal), pages)


def _parts(
    connection: Connection,
    record: Callable[..., T],
    columns: Sequence[Any],
    place: tuple[Any, Any],
    ordinal: Any,
    wanted: Sequence[Any],
) -> dict[tuple[int, int], list[T]]:
    """What hangs off the wanted places, in its order."""
    chosen = select(*place, *columns).where(tuple_(*place).in_([tuple(one) for one in wanted]))
    names = [column.key for column in columns]
    found: dict[tuple[int, int], list[T]] = {}
    for run, number, *fields in connection.execute(chosen.order_by(*place, ordinal)):
        part = record(**rounded(dict(zip(names, fields, strict=True))))
        found.setdefault((run, number), []).append(part)
    return found
