"""A large synthetic archive for measuring search: reports of four pages, stored, not read.

Clauses come from the samples' text layers, drawn by Zipf's law; every third is made of characters drawn the
same way from GB 2312's first level, so that there are common, rare and unique words; every tenth is a row of
numbers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from sqlalchemy import insert

from archive.archive import Archive
from archive.db import schema
from archive.documents.reading_writer import Row
from archive.index import page_index

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PAGES_A_REPORT, LINES_A_PAGE, CLAUSES_A_LINE = 4, 3, 4
REPORTS_AT_ONCE = 500
YEARS = range(2014, 2026)
PLACES = "清白河石水江平安东西南北山长新宁"
OFFICES = ("人民政府", "水务局", "教育局", "财政局", "自然资源局", "人力资源和社会保障局", "市场监督管理局")


def fill(archive: Archive, passages: int, seed: int = 1) -> None:
    """Store so many pages of text, in an empty archive; the search index is not made."""
    rng = np.random.default_rng(seed)
    clauses, characters = _clauses(), _common_characters()
    reports = passages // PAGES_A_REPORT
    for start in range(0, reports, REPORTS_AT_ONCE):
        batch = range(start + 1, min(start + REPORTS_AT_ONCE, reports) + 1)
        with archive.sessions.writing() as connection:
            for table, rows in _rows(batch, rng, clauses, characters).items():
                connection.execute(insert(table), rows)


def build_index(archive: Archive) -> None:
    """Make the search index of the whole archive."""
    with archive.sessions.writing() as connection:
        page_index.rebuild(connection)


def _rows(
    batch: range, rng: np.random.Generator, clauses: list[str], characters: list[str]
) -> dict[Any, list[Row]]:
    rows: dict[Any, list[Row]] = {
        table: []
        for table in (
            schema.DocumentRow,
            schema.SourceRow,
            schema.RunRow,
            schema.ReportRow,
            schema.PageRow,
            schema.LineRow,
        )
    }
    for report in batch:
        rows[schema.DocumentRow].append(_document(report))
        rows[schema.SourceRow].append(
            {"document_id": report, "ordinal": 0, "name": f"r/{report}.pdf", "added": ""}
        )
        rows[schema.RunRow].append(_run(report))
        rows[schema.ReportRow].append(_report(report, rng))
        for number in range(1, PAGES_A_REPORT + 1):
            rows[schema.PageRow].append(_page(report, number))
            rows[schema.LineRow].extend(_lines(report, number, rng, clauses, characters))
    return rows


def _document(report: int) -> Row:
    digest = hashlib.sha256(b"%d" % report).hexdigest()
    return {
        "id": report,
        "sha256": digest,
        "media_type": "application/pdf",
        "size": 1,
        "status": "archived",
        "added": "",
    }


def _run(report: int) -> Row:
    return {
        "id": report, "document_id": report, "outcome": "archived", "is_current": True, "version": "0",
        "engines": {}, "options": {}, "started": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:00:00Z",
        "seconds": 1.0, "stage": "", "code": "", "reason": "",
    }  # fmt: skip


def _report(report: int, rng: np.random.Generator) -> Row:
    first, second = (PLACES[n] for n in rng.integers(0, len(PLACES), 2))
    organ = f"{first}{second}县{OFFICES[int(rng.integers(0, len(OFFICES)))]}"
    year = int(rng.choice(YEARS))
    return {
        "run_id": report, "part": 1, "title": "", "organ": organ, "year": year, "title_read": "",
        "organ_read": organ, "year_read": year, "first_page": 1, "last_page": PAGES_A_REPORT,
        "confidence": 1.0,
    }  # fmt: skip


def _page(report: int, number: int) -> Row:
    return {
        "run_id": report, "number": number, "width": 595.0, "height": 842.0, "route": "digital", "engine": "",
        "seconds": 1.0, "turned": 0, "skew": 0.0,
    }  # fmt: skip


def _lines(
    report: int, page: int, rng: np.random.Generator, clauses: list[str], characters: list[str]
) -> Iterator[Row]:
    for ordinal in range(LINES_A_PAGE):
        text = "，".join(_clause(rng, clauses, characters) for _ in range(CLAUSES_A_LINE))
        yield {
            "run_id": report, "page": page, "ordinal": ordinal, "text": text, "confidence": 1.0,
            "vertical": False, "engine": "", "left": 72.0, "top": 72.0, "right": 500.0, "bottom": 84.0,
        }  # fmt: skip


def _clause(rng: np.random.Generator, clauses: list[str], characters: list[str]) -> str:
    kind = rng.random()
    if kind < 0.1:
        return " ".join(str(number) for number in rng.integers(0, 2000, 4))
    if kind < 0.4:
        return "".join(characters[n] for n in _zipf(rng, len(characters), int(rng.integers(4, 14))))
    return clauses[_zipf(rng, len(clauses), 1)[0]]


def _zipf(rng: np.random.Generator, size: int, count: int) -> list[int]:
    """Ranks from 0, the first drawn most often: log-uniform, which is Zipf's law with exponent 1."""
    return [int(rank) - 1 for rank in np.exp(rng.random(count) * np.log(size))]


def _clauses() -> list[str]:
    """The clauses of all digital samples, each once, in the order in which they occur."""
    found: dict[str, None] = {}
    for path in sorted(SAMPLES.glob("*.pdf")):
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                text = re.sub(r"\s", "", page.get_textpage().get_text_bounded())
                found.update(dict.fromkeys(re.findall(r"[^，。；：、\W\d]{4,40}", text)))
    return list(found)


def _common_characters() -> list[str]:
    return [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA)]
