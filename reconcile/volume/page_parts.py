"""The part of a page that belongs to one report, where it shares the page with a neighbour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ocr.model import Page
from reconcile.matching.printed_tables import half_of
from reconcile.volume.leaves import line_before

# Says of a line of a page, by its half of a spread and its number from 0, whether it belongs.
Belongs = Callable[[int, int], bool]


def part_of(page: Page, belongs: Belongs) -> Page | None:
    """The page with the lines and tables that belong, itself where all do, None where nothing does.

    The lines of a table go with it, so that each line and each table is in exactly one part.
    """
    ends = ((half, line) for half in range(2 if page.gutter else 1) for line in (0, len(page.lines)))
    touched = any(belongs(half, line) for half, line in ends)
    tables = [table for table in page.tables if belongs(half_of(page, table.box), line_before(page, table))]
    lines = [line for n, line in enumerate(page.lines) if _line_belongs(page, n, tables, belongs)]
    if len(lines) == len(page.lines) and len(tables) == len(page.tables) and (lines or tables or touched):
        return page
    if not (lines or tables):
        return None
    return replace(page, lines=tuple(lines), tables=tuple(tables))


def _line_belongs(page: Page, n: int, tables: Sequence[object], belongs: Belongs) -> bool:
    line = page.lines[n]
    around = next((table for table in page.tables if table.box.contains(*line.box.centre)), None)
    if around is not None:
        return any(around is table for table in tables)
    return belongs(half_of(page, line.box), n)
