"""Rows of one reading: pure functions from pages and a report to what the tables hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Insert, insert

from archive.db import schema
from archive.db.text_values import storable, timestamp
from archive.documents import lost_judged_values
from archive.documents.records import RunProvenance
from archive.index import page_index

if TYPE_CHECKING:
    from ocr.model import Box, Cell, Page, Reading
    from reconcile.model import Finding, Flag, JoinedTable, Report, Value

Row = dict[str, Any]


def write(connection: Connection, run: int, pages: Sequence[Page], report: Report) -> None:
    """Store a reading and its search index under a run, inside the given transaction."""
    batches: list[tuple[Insert, Iterable[Row]]] = [
        (insert(schema.PageRow), (page_row(run, page) for page in pages)),
        (insert(schema.LineRow), (row for page in pages for row in line_rows(run, page))),
        (insert(schema.ReportRow), [report_row(run, report)]),
        (insert(schema.GridRow), (grid_row(run, n, grid) for n, grid in enumerate(report.tables))),
        (insert(schema.GridCellRow), cell_rows(run, report.tables)),
        (insert(schema.CellReadingRow), cell_reading_rows(run, report.tables)),
        (insert(schema.ValueRow), (value_row(run, n, value) for n, value in enumerate(report.values))),
        (insert(schema.ValuePlaceRow), place_rows(run, report)),
        (insert(schema.ValueReadingRow), value_reading_rows(run, report.values)),
        (insert(schema.FindingRow), (finding_row(run, n, found) for n, found in enumerate(report.findings))),
    ]
    for statement, rows in batches:
        _insert(connection, statement, list(rows))
    lost_judged_values.add_missing(connection, run)
    page_index.add(connection, run)


def run_row(document_id: int, run: RunProvenance, outcome: str) -> Row:
    """The row of a run; an archived one is the current one from now on."""
    return {
        "document_id": document_id,
        "outcome": outcome,
        "is_current": outcome == "archived",
        "version": run.version,
        "engines": dict(run.engines),
        "options": dict(run.options),
        "started": timestamp(run.started),
        "finished": timestamp(run.finished),
        "seconds": run.seconds,
        "stage": "",
        "code": "",
        "reason": "",
    }


def page_row(run: int, page: Page) -> Row:
    """The row of a page."""
    return {
        "run_id": run,
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "route": page.route.value,
        "engine": page.engine,
        "seconds": page.seconds,
        "turned": page.turned,
        "skew": page.skew,
        "warp": asdict(page.warp) if page.warp else None,
        "gutter": list(astuple(page.gutter)) if page.gutter else None,
    }


def line_rows(run: int, page: Page) -> Iterator[Row]:
    """The rows of a page's lines, in reading order."""
    for ordinal, line in enumerate(page.lines):
        yield {
            "run_id": run,
            "page": page.number,
            "ordinal": ordinal,
            "text": storable(line.text),
            "confidence": line.confidence,
            "vertical": line.vertical,
            "engine": line.engine,
            **_sides(line.box),
        }


def report_row(run: int, report: Report) -> Row:
    """The row of a report."""
    return {
        "run_id": run,
        "title": storable(report.title),
        "organ": storable(report.organ),
        "year": report.year,
    }


def grid_row(run: int, ordinal: int, grid: JoinedTable) -> Row:
    """The row of a joined table."""
    return {
        "run_id": run,
        "ordinal": ordinal,
        "form": grid.form,
        "table_key": grid.key,
        "pages": list(grid.pages),
        "n_rows": grid.n_rows,
        "n_columns": grid.n_columns,
        "flags": _joined(grid.flags),
    }


def cell_rows(run: int, grids: Sequence[JoinedTable]) -> Iterator[Row]:
    """The rows of all cells of all joined tables."""
    for grid, ordinal, cell in _numbered(grids):
        yield {
            "run_id": run,
            "grid": grid,
            "ordinal": ordinal,
            "row": cell.row,
            "column": cell.column,
            "row_span": cell.row_span,
            "column_span": cell.column_span,
            "text": storable(cell.text),
            "confidence": cell.confidence,
            "engine": cell.engine,
            "inked": cell.inked,
            "page": cell.page,
            **_sides(cell.box),
            "page_table": cell.table,
            "rows_before": cell.rows_before,
        }


def cell_reading_rows(run: int, grids: Sequence[JoinedTable]) -> Iterator[Row]:
    """The further readings of all cells."""
    for grid, ordinal, cell in _numbered(grids):
        for row in _reading_rows(cell.others):
            yield {"run_id": run, "grid": grid, "cell": ordinal, **row}


def value_row(run: int, ordinal: int, value: Value) -> Row:
    """The row of a value."""
    return {
        "run_id": run,
        "ordinal": ordinal,
        "form": value.form,
        "table_key": value.key.table,
        "row_key": value.key.row,
        "column_key": value.key.column,
        "state": value.state.value,
        "raw": storable(value.raw),
        "value": value.value,
        "number": float(value.value) if value.value else None,
        "confidence": value.confidence,
        "flags": _joined(value.flags),
        "needs_review": value.needs_review,
    }


def place_rows(run: int, report: Report) -> Iterator[Row]:
    """Every cell that each value was read from, and which of the stored cells it is."""
    stored = {cell.place: (grid, ordinal) for grid, ordinal, cell in _numbered(report.tables)}
    for number, value in enumerate(report.values):
        for ordinal, cell in enumerate(value.cells):
            grid, place = stored.get(cell.place, (None, None))
            yield {
                "run_id": run,
                "value": number,
                "ordinal": ordinal,
                "text": storable(cell.text),
                "confidence": cell.confidence,
                "page": cell.page,
                **_sides(cell.box),
                "grid": grid,
                "cell": place,
            }


def value_reading_rows(run: int, values: Sequence[Value]) -> Iterator[Row]:
    """The further readings of all values."""
    for number, value in enumerate(values):
        for row in _reading_rows(value.others):
            yield {"run_id": run, "value": number, **row}


def finding_row(run: int, ordinal: int, finding: Finding) -> Row:
    """The row of a finding."""
    return {
        "run_id": run,
        "ordinal": ordinal,
        "kind": str(finding.kind),
        "message": storable(finding.message),
        "relation": finding.relation,
        "keys": [str(key) for key in finding.keys],
        "page": finding.page,
    }


def _insert(connection: Connection, statement: Insert, rows: list[Row]) -> None:
    if rows:  # an empty list would insert one row of defaults
        connection.execute(statement, rows)


def _numbered(grids: Sequence[JoinedTable]) -> Iterator[tuple[int, int, Cell]]:
    for grid, table in enumerate(grids):
        for ordinal, cell in enumerate(table.cells):
            yield grid, ordinal, cell


def _reading_rows(readings: Sequence[Reading]) -> Iterator[Row]:
    for ordinal, reading in enumerate(readings):
        yield {
            "ordinal": ordinal,
            "text": storable(reading.text),
            "confidence": reading.confidence,
            "method": reading.method,
        }


def _sides(box: Box) -> Row:
    return {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}


def _joined(flags: Iterable[Flag]) -> str:
    return ";".join(sorted({flag.value for flag in flags}))
