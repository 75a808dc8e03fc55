"""Small readings made by hand, for tests that need an archive with something in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from archive.archive import Archive
from archive.documents.records import RunProvenance
from ocr.model import Box, Cell, Page, Reading, Route, TextLine
from reconcile.model import Finding, Flag, JoinedTable, Key, Report, State, Value, Volume

RUN = RunProvenance(
    version="0.1.0",
    engines={"paddleocr": "3.7.0", "camelot": "2.0"},
    options={"dpi": 200},
    started=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    finished=datetime(2026, 1, 2, 3, 4, 9, tzinfo=UTC),
    seconds=4.0,
)


def line(text: str, top: float = 72.0) -> TextLine:
    return TextLine(text, Box(72.0, top, 523.123456, top + 12.0), 0.987654, "paddleocr")


def page(number: int, *texts: str, route: Route = Route.SCANNED) -> Page:
    lines = tuple(line(text, 72.0 + 20 * n) for n, text in enumerate(texts))
    return Page(number, 595.0, 842.0, route, lines, (), "paddleocr", 1.5, turned=90, skew=0.4)


def cell(row: int, column: int, text: str, page: int = 1, others: Sequence[Reading] = ()) -> Cell:
    left, top = 100.0 + 50 * column, 200.0 + 20 * row
    box = Box(left, top, left + 50.005, top + 20.0)
    return Cell(row, column, 1, 1, text, box, 0.91234567, page, "paddleocr", bool(text), tuple(others))


def value(
    row: str,
    column: str,
    raw: str = "3",
    state: State = State.READ,
    table: str = "requests",
    form: str = "2021",
    flags: Sequence[Flag] = (),
    cells: Sequence[Cell] | None = None,
) -> Value:
    number = raw.replace(",", "") if state is State.READ else ""
    if cells is None:
        cells = () if state is State.MISSING else (cell(1, 1, raw, page=2),)
    return Value(Key(table, row, column), form, state, raw, number, 0.91234567, tuple(flags), tuple(cells))


VALUES = (
    value("new", "natural_person", "1,203"),
    value("new", "total", "-3", flags=(Flag.UNBALANCED, Flag.LOW_CONFIDENCE)),
    value("carried_in", "natural_person", "", State.BLANK),
    value("carried_in", "total", "/", State.DASH),
    value("granted", "natural_person", "", State.UNREAD, flags=(Flag.UNREAD,)),
    value("granted", "total", "", State.MISSING, flags=(Flag.MISSING,)),
    value("cases", "review.total", "0", table="review", flags=(Flag.SOURCE_ANOMALY,)),
)


def report(organ: str = "清河县水务局", year: int | None = 2023, values: Sequence[Value] = VALUES) -> Report:
    known = JoinedTable("2021", "requests", (2, 3), 2, 2, (cell(0, 0, "自然人", 2), cell(1, 1, "1,203", 2)))
    other = Reading("=1+1", 0.4, "scale 2")
    unknown = JoinedTable(
        "", "", (3,), 1, 2, (cell(0, 0, "合计", 3), cell(0, 1, "@x", 3, (other,))), (Flag.UNKNOWN_FORM,)
    )
    finding = Finding(
        "source_anomaly",
        "总计 is printed 0, its parts sum to 11",
        "R4",
        (Key("review", "cases", "review.total"),),
        3,
    )
    return Report(
        f"{organ}政府信息公开工作年度报告", organ, year, (known, unknown), tuple(values), (finding,)
    )


PAGES = (
    page(1, "一、总体情况", "本年收到行政", "复议申请11件，ＰＤＦ公开1,234份。", route=Route.DIGITAL),
    page(2, "三、收到和处理政府信息公开申请情况"),
    page(3, "第3页：无内容", route=Route.GARBLED),
)


def archive_one(
    archive: Archive,
    source: str = "scans/a.pdf",
    pages: Sequence[Page] = PAGES,
    reading: Report | None = None,
    content: bytes | None = None,
) -> str:
    """Keep a document and record a reading of it; give its sha256."""
    kept = archive.documents.keep(source, io.BytesIO(content or source.encode()), "application/pdf")
    archive.documents.record(kept.document, RUN, pages, alone(reading or report()))
    return kept.document


def alone(*readings: Report) -> Volume:
    """A document with these reports, mostly one."""
    return Volume(readings)


def pages_saying(*texts: str) -> tuple[Page, ...]:
    return tuple(page(number, text) for number, text in enumerate(texts, start=1))


def without_tables(reading: Report) -> Report:
    return replace(reading, tables=())
