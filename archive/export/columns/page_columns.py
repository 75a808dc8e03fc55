"""Pages, their lines, their tables with cells, and hits of a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from archive.dataclass_tools import as_object, kinds_of, names_of
from archive.export.columns.base import ExportLayout, Row
from archive.records import SIDES
from archive.search.records import Hit
from archive.search.snippet import highlighted
from core.review_threshold import UNSURE, is_unsure

if TYPE_CHECKING:  # a search writes its hits with a layout, and loads nothing of readings
    from archive.documents.reading_loader import StoredPage, StoredTable
    from ocr.model import Box, Cell, TextLine
    from reconcile.model import Flag, JoinedTable


def _box_object(box: Box) -> Row:
    return {side: round(getattr(box, side), 2) for side in SIDES}


def _cell_object(cell: Cell, table: JoinedTable) -> Row:
    kept = {name: getattr(cell, name) for name in ("row", "column", "row_span", "column_span", "text")}
    sure = round(_confidence(cell, table), 4)
    return {**kept, "confidence": sure, "page": cell.page, **_box_object(cell.box)}


def _confidence(cell: Cell, table: JoinedTable) -> float:
    """How sure a cell is: its text, and in a table of no known form its place as well.

    What is read right and put into the wrong row is wrong there. In a table of a form labels and sums say
    where a value stands, and values have flags of their own.
    """
    return cell.confidence if table.key else min(cell.confidence, _known(table.confidence))


def _known(confidence: float | None) -> float:
    """A confidence that lowers none where it is not known."""
    return 1.0 if confidence is None else confidence


def _line_object(line: TextLine) -> Row:
    told = {"text": line.text, "confidence": round(line.confidence, 4), "vertical": line.vertical}
    return {
        **told,
        **_box_object(line.box),
        "flags": UNSURE if is_unsure(line.confidence) else "",
    }


def _table_object(stored: StoredTable) -> Row:
    """A table with its cells; it has no key where no form is known."""
    table = stored.table
    return {
        "document": stored.document,
        "source": stored.source,
        "form": table.form,
        "table": table.key or None,
        "pages": list(table.pages),
        "n_rows": table.n_rows,
        "n_columns": table.n_columns,
        "cells": [_cell_object(cell, table) for cell in table.cells],
        "part": stored.part,
        "caption": table.caption,
        "confidence": _rounded(table.confidence),
        "flags": _joined(table.flags),
    }


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 4)


def _joined(flags: Iterable[Flag]) -> str:
    return ";".join(sorted(flags))


def _page_object(stored: StoredPage) -> Row:
    page = stored.page
    return {
        "document": stored.document,
        "source": stored.source,
        "page": page.number,
        "route": page.route.value,
        "text": page.text,
        "lines": [_line_object(line) for line in page.lines],
        "part": _first(stored.parts),
    }


def _first(parts: Sequence[int]) -> int:
    """The report that a page is of; where one ends and another begins on it the first, 0 where none is."""
    return parts[0] if parts else 0


def _cell_rows(tables: Iterable[StoredTable]) -> Iterator[Row]:
    """A row a cell with what is known of its table; `number` tells those of one document apart, from 1."""
    for stored in tables:
        table = stored.table
        named = {
            "document": stored.document,
            "source": stored.source,
            "number": stored.number,
            "form": table.form,
            "table": table.key or None,
            "part": stored.part,
            "caption": table.caption,
            "table_confidence": _rounded(table.confidence),
            "flags": _joined(table.flags),
        }
        yield from ({**named, **_cell_object(cell, table)} for cell in table.cells)


def _line_rows(pages: Iterable[StoredPage]) -> Iterator[Row]:
    """A row a line; `number` counts the lines of a page from 1."""
    for stored in pages:
        named = {
            "document": stored.document,
            "source": stored.source,
            "page": stored.page.number,
            "route": stored.page.route.value,
        }
        for number, line in enumerate(stored.page.lines, start=1):
            yield {**named, "number": number, **_line_object(line), "part": _first(stored.parts)}


def _hit_rows(hits: Iterable[Hit]) -> Iterator[Row]:
    """A row a page, its hits in brackets."""
    for hit in hits:
        yield {**as_object(hit), "snippet": highlighted(hit.snippet, hit.marks)}


def _numeric(kinds: Mapping[str, type]) -> dict[str, type]:
    return {name: kind for name, kind in kinds.items() if kind is not str}


def _without(columns: Sequence[str], *unwanted: str) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in unwanted)


_CELL: dict[str, type] = {
    **dict.fromkeys(("row", "column", "row_span", "column_span"), int),
    **{"text": str, "confidence": float, "page": int},
    **dict.fromkeys(SIDES, float),
}
_LINE: dict[str, type] = {
    "text": str,
    "confidence": float,
    "vertical": bool,
    **dict.fromkeys(SIDES, float),
    "flags": str,
}

TABLES = ExportLayout(
    ("document", "source", "number", "form", "table", *_CELL, "part", "caption", "table_confidence", "flags"),
    _cell_rows,
    _table_object,
    {"number": int, **_numeric(_CELL), "part": int, "table_confidence": float},
    grids=True,
)


TEXT = ExportLayout(
    ("document", "source", "page", "route", "number", *_LINE, "part"),
    _line_rows,
    _page_object,
    {"page": int, "number": int, **_numeric(_LINE), "part": int},
)


HITS = ExportLayout(_without(names_of(Hit), "marks", "boxes"), _hit_rows, as_object, kinds_of(Hit))
