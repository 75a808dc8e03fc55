"""Rows of one reading: pure functions from pages and a report to what the tables hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Insert, insert

from archive.db import schema
from archive.db.text_values import storable, timestamp
from archive.documents.records import RunProvenance

if TYPE_CHECKING:
    from ocr.model import Box, Cell, Page, Reading
    from reconcile.model import Finding, Flag, JoinedTable, Mention, Report, Value, Volume

Row = dict[str, Any]
# What is of no report.
NO_PART = 0


def write(connection: Connection, run: int, pages: Sequence[Page], volume: Volume) -> None:
    """Store a reading under a run, inside the given transaction; its index is made afterwards."""
    grids = [*_by_part(volume.reports, "tables"), *((NO_PART, grid) for grid in volume.tables_outside)]
    tables = [grid for _, grid in grids]
    values = list(_by_part(volume.reports, "values"))
    findings = _by_part(volume.reports, "findings")
    reports = list(enumerate(volume.reports, start=1))
    last = max((page.number for page in pages), default=1)
    batches: list[tuple[Insert, Iterable[Row]]] = [
        (insert(schema.PageRow), (page_row(run, page) for page in pages)),
        (insert(schema.LineRow), (row for page in pages for row in line_rows(run, page))),
        (insert(schema.ReportRow), (report_row(run, part, report, last) for part, report in reports)),
        (insert(schema.MentionRow), (row for part, one in reports for row in mention_rows(run, part, one))),
        (insert(schema.GridRow), (grid_row(run, n, *grid) for n, grid in enumerate(grids))),
        (insert(schema.GridCellRow), cell_rows(run, tables)),
        (insert(schema.CellReadingRow), cell_reading_rows(run, tables)),
        (insert(schema.ValueRow), (value_row(run, n, *value) for n, value in enumerate(values))),
        (insert(schema.ValuePlaceRow), place_rows(run, tables, [value for _, value in values])),
        (insert(schema.ValueReadingRow), value_reading_rows(run, [value for _, value in values])),
        (insert(schema.FindingRow), (finding_row(run, n, *found) for n, found in enumerate(findings))),
    ]
    for statement, rows in batches:
        _insert(connection, statement, list(rows))


def _by_part(reports: Sequence[Report], what: str) -> Iterator[tuple[int, Any]]:
    """What each report holds, with the number of its part, from 1."""
    for part, report in enumerate(reports, start=1):
        yield from ((part, one) for one in getattr(report, what))


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


def report_row(run: int, part: int, report: Report, last: int) -> Row:
    """The row of a report; `last` is the last page of the document."""
    title, organ = storable(report.title), storable(report.organ)
    return {
        "run_id": run,
        "part": part,
        "title": title,
        "organ": organ,
        "year": report.year,
        "title_read": title,
        "organ_read": organ,
        "year_read": report.year,
        "first_page": min(report.pages, default=1),
        "last_page": max(report.pages, default=last),
        "confidence": report.confidence,
    }


def mention_rows(run: int, part: int, report: Report) -> Iterator[Row]:
    """The rows of where a report says who it is."""
    for ordinal, mention in enumerate(report.mentions):
        yield {
            "run_id": run,
            "part": part,
            "ordinal": ordinal,
            **_about(mention),
            **_sides(mention.box),
        }


def _about(mention: Mention) -> Row:
    return {
        "named": mention.named.value,
        "text": storable(mention.text),
        "kind": mention.kind,
        "confidence": mention.confidence,
        "page": mention.page,
    }


def grid_row(run: int, ordinal: int, part: int, grid: JoinedTable) -> Row:
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
        "part": part,
        "caption": None if grid.caption is None else storable(grid.caption),
        "confidence": grid.confidence,
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


def value_row(run: int, ordinal: int, part: int, value: Value) -> Row:
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
        "part": part,
    }


def place_rows(run: int, grids: Sequence[JoinedTable], values: Sequence[Value]) -> Iterator[Row]:
    """Every cell that each value was read from, and which of the stored cells it is."""
    stored = {cell.place: (grid, ordinal) for grid, ordinal, cell in _numbered(grids)}
    for number, value in enumerate(values):
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


def finding_row(run: int, ordinal: int, part: int, finding: Finding) -> Row:
    """The row of a finding."""
    return {
        "run_id": run,
        "ordinal": ordinal,
        "kind": str(finding.kind),
        "message": storable(finding.message),
        "relation": finding.relation,
        "keys": [str(key) for key in finding.keys],
        "page": finding.page,
        "part": part,
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
