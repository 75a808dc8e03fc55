"""Tables, pages and findings as they were read, from current runs: the types that were stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, exists, func, literal, select, tuple_
from sqlmodel import col

from archive.db import schema
from archive.db.people_schema import SettledFindingRow
from archive.db.schema import (
    FIRST_SOURCE,
    CellReadingRow,
    DocumentRow,
    FindingRow,
    GridCellRow,
    GridRow,
    LineRow,
    ReportRow,
    RunRow,
    SourceRow,
)
from ocr.model import Box, Cell, Page, Reading, Route, TextLine, Warp
from reconcile.model import Finding, Flag, JoinedTable, Key

T = TypeVar("T")
Part = tuple[int, ...]
ROWS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table of a document, with the path or URL that brought it first.

    `part` is its report, 0 where it is of none; `number` tells the tables of a document apart, from 1.
    """

    document: str
    source: str
    table: JoinedTable
    part: int = 1
    number: int = 1


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page of a document, with the path or URL that brought it first.

    Its tables are not among it: they were put together over the pages, and `tables` gives them.
    `parts` are the reports that stand on it: none, one, or the end of one and the beginning of the next.
    """

    document: str
    source: str
    page: Page
    parts: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding, and the report that it speaks of; `settled` by what people say of its values."""

    document: str
    part: int
    finding: Finding
    settled: bool


def tables(connection: Connection, document: str | None = None) -> Iterator[StoredTable]:
    """All tables in the order of intake, or those of one document."""
    grids = _current(col(GridRow.run_id), document, GridRow)
    for batch in _batches(connection, grids.order_by(col(DocumentRow.id), col(GridRow.ordinal))):
        cells = _cells(connection, [(row.run_id, row.ordinal) for row in batch])
        for row in batch:
            inside = tuple(cells.get((row.run_id, row.ordinal), ()))
            yield StoredTable(row.sha256, row.source, _table(row, inside), row.part, row.ordinal + 1)


def pages(connection: Connection, document: str | None = None) -> Iterator[StoredPage]:
    """All pages in the order of intake, or those of one document."""
    chosen = _current(col(schema.PageRow.run_id), document, schema.PageRow)
    for batch in _batches(connection, chosen.order_by(col(DocumentRow.id), col(schema.PageRow.number))):
        lines = _lines(connection, [(row.run_id, row.number) for row in batch])
        parts = _parts_of_pages(connection, {row.run_id for row in batch})
        for row in batch:
            inside = tuple(lines.get((row.run_id, row.number), ()))
            here = tuple(part for part, first, last in parts[row.run_id] if first <= row.number <= last)
            yield StoredPage(row.sha256, row.source, _page(row, inside), here)


def count_tables(connection: Connection, document: str | None = None) -> int:
    """How many tables `tables` gives."""
    return _count(connection, col(GridRow.run_id), document)


def count_pages(connection: Connection) -> int:
    """How many pages `pages` gives."""
    return _count(connection, col(schema.PageRow.run_id))


def findings(connection: Connection, document: str) -> Iterator[StoredFinding]:
    """The findings of one document."""
    settled = is_settled().label("settled")
    found = _current(col(FindingRow.run_id), document, FindingRow).add_columns(settled)
    for row in connection.execute(found.order_by(col(FindingRow.ordinal))):
        yield StoredFinding(row.sha256, row.part, finding_of(row), bool(row.settled))


def is_settled() -> Any:
    """Whether the finding of a query is of a sum that balances with what people say."""
    own = (col(SettledFindingRow.run_id) == col(FindingRow.run_id)) & (
        col(SettledFindingRow.finding) == col(FindingRow.ordinal)
    )
    return exists(select(literal(1)).select_from(SettledFindingRow).where(own).correlate(FindingRow))


def finding_of(row: Any) -> Finding:
    """A finding from its row."""
    keys = tuple(Key(*key.split("/")) for key in row.keys)
    return Finding(row.kind, row.message, row.relation, keys, row.page)


def _current(run: Any, document: str | None, kind: type[Any]) -> Select[*tuple[Any, ...]]:
    """Document, first source and the rows of one kind that hang off the current runs by the given column."""
    chosen = (
        select(col(DocumentRow.sha256), col(SourceRow.name).label("source"), *kind.__table__.c)
        .select_from(DocumentRow)
        .join(SourceRow, FIRST_SOURCE)
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(kind, run == col(RunRow.id))
    )
    return chosen if document is None else chosen.where(col(DocumentRow.sha256) == document)


def _count(connection: Connection, run: Any, document: str | None = None) -> int:
    counted = select(func.count()).select_from(RunRow).join(run.class_, run == col(RunRow.id))
    if document is not None:
        owner = col(DocumentRow.id) == col(RunRow.document_id)
        counted = counted.join(DocumentRow, owner).where(col(DocumentRow.sha256) == document)
    return connection.execute(counted.where(col(RunRow.is_current))).scalar_one()


def _batches(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """The rows of a query, so few at a time that all that belongs to them fits into memory."""
    yield from connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}).partitions()


def _cells(connection: Connection, grids: Sequence[Part]) -> dict[Part, list[Cell]]:
    """The cells of some tables, each named by its run and ordinal."""
    of_grid = (col(GridCellRow.run_id), col(GridCellRow.grid))
    of_cell = (col(CellReadingRow.run_id), col(CellReadingRow.grid), col(CellReadingRow.cell))
    readings = _parts(connection, CellReadingRow, of_cell, of_cell[:2], grids, _reading)
    return _parts(connection, GridCellRow, of_grid, of_grid, grids, lambda row: _cell(row, readings))


def _lines(connection: Connection, pages: Sequence[Part]) -> dict[Part, list[TextLine]]:
    """The lines of some pages, each named by its run and number."""
    of_page = (col(LineRow.run_id), col(LineRow.page))
    return _parts(connection, LineRow, of_page, of_page, pages, _line)


def _parts_of_pages(connection: Connection, runs: Collection[int]) -> dict[int, list[Part]]:
    """Part, first and last page of the reports of some runs."""
    held = select(
        col(ReportRow.run_id), col(ReportRow.part), col(ReportRow.first_page), col(ReportRow.last_page)
    )
    found: dict[int, list[Part]] = {run: [] for run in runs}
    for run, *stretch in connection.execute(
        held.where(col(ReportRow.run_id).in_(runs)).order_by(col(ReportRow.part))
    ):
        found[run].append(tuple(stretch))
    return found


def _parts(
    connection: Connection,
    kind: type[Any],
    of: Sequence[Any],
    place: Sequence[Any],
    wanted: Sequence[Part],
    made: Callable[[Any], T],
) -> dict[Part, list[T]]:
    """What hangs off the wanted places, in its order, by the columns `of`."""
    chosen = select(*kind.__table__.c).where(tuple_(*place).in_(wanted)).order_by(*of, col(kind.ordinal))
    found: dict[Part, list[T]] = {}
    for row in connection.execute(chosen):
        found.setdefault(tuple(getattr(row, column.key) for column in of), []).append(made(row))
    return found


def _table(row: Any, cells: tuple[Cell, ...]) -> JoinedTable:
    flags = tuple(Flag(flag) for flag in row.flags.split(";") if flag)
    return JoinedTable(
        row.form,
        row.table_key,
        tuple(row.pages),
        row.n_rows,
        row.n_columns,
        cells,
        flags,
        row.caption,
        row.confidence,
    )


def _cell(row: Any, readings: Mapping[Part, Sequence[Reading]]) -> Cell:
    # Before schema 0004 the number of the joined table is what tells cells of one page apart.
    table = row.grid if row.page_table is None else row.page_table
    return Cell(
        row.row,
        row.column,
        row.row_span,
        row.column_span,
        row.text,
        box_of(row),
        row.confidence,
        row.page,
        row.engine,
        row.inked,
        tuple(readings.get((row.run_id, row.grid, row.ordinal), ())),
        table,
        row.rows_before or 0,
    )


def _reading(row: Any) -> Reading:
    return Reading(row.text, row.confidence, row.method)


def _page(row: Any, lines: tuple[TextLine, ...]) -> Page:
    return Page(
        row.number,
        row.width,
        row.height,
        Route(row.route),
        lines,
        (),
        row.engine,
        row.seconds,
        row.turned,
        row.skew,
        _warp(row.warp),
        Box(*row.gutter) if row.gutter else None,
    )


def _warp(stored: Mapping[str, Any] | None) -> Warp | None:
    if stored is None:
        return None
    nodes = tuple(tuple((x, y) for x, y in line) for line in stored["nodes"])
    return Warp(stored["width"], stored["height"], nodes)


def _line(row: Any) -> TextLine:
    return TextLine(row.text, box_of(row), row.confidence, row.engine, row.vertical)


def box_of(row: Any) -> Box:
    """The box of a row that has one."""
    return Box(row.left, row.top, row.right, row.bottom)
