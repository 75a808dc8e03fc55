"""The header rows of a printed table, and where they say that the columns stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.forms.form_model import FormTable
from reconcile.matching.column_places import ColumnPlace, HeaderCell, find_places, header_cells
from reconcile.matching.printed_tables import TablePart, rows_of
from reconcile.matching.rows import PrintedRow, RowMatch


@dataclass(frozen=True, slots=True)
class HeaderSplit:
    """One part of a table: the rows of its header of several levels, and all others."""

    part: TablePart
    header: tuple[PrintedRow, ...]
    body: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Places of a block's columns, and the part whose header gave them."""

    places: tuple[ColumnPlace, ...] = ()
    home: TablePart | None = None


# The header that holds for a part (by its index) and a block (by its clause).
Headers = dict[tuple[int, str], Header]


def split_header(part: TablePart, table: FormTable) -> HeaderSplit:
    """Tell the header rows from the others; one-level headers stay among the others.

    A row that numbers the columns is neither.
    """
    printed = (PrintedRow(grid, table) for grid in rows_of(part))
    rows = tuple(row for row in printed if not row.counts_columns)
    hits = [] if table.blocks[0].clause else [i for i, row in enumerate(rows) if row.header_hits]
    if not hits:
        return HeaderSplit(part, (), rows)
    number = next((i for i, row in enumerate(rows) if row.has_numbers), len(rows))
    end = max(i for i in hits if i < number or i == hits[0]) + 1
    return HeaderSplit(part, rows[hits[0] : end], rows[: hits[0]] + rows[end:])


def headers_of(sheets: Sequence[HeaderSplit], table: FormTable, matches: Sequence[RowMatch]) -> Headers:
    """Say for every part and block which header holds there."""
    if table.blocks[0].clause:
        return _one_level(sheets, table, matches)
    return _many_levels(sheets, table)


def _one_level(sheets: Sequence[HeaderSplit], table: FormTable, matches: Sequence[RowMatch]) -> Headers:
    """Headers that were matched as rows; each holds from its own part onwards."""
    headers: Headers = {}
    current = {block.clause: Header() for block in table.blocks}
    for sheet in sheets:
        for match in matches:
            if match.targets[0].header and match.rows[0].grid.part is sheet.part:
                block = match.targets[0].block
                cells = header_cells([match.rows[0].grid], block.corner)
                current[block.clause] = Header(
                    find_places(cells, block.columns, sheet.part.edges), sheet.part
                )
        headers |= {(sheet.part.index, clause): header for clause, header in current.items()}
    return headers


def _many_levels(sheets: Sequence[HeaderSplit], table: FormTable) -> Headers:
    """Nested headers; one that a page break cuts is put together from both pages."""
    block = table.blocks[0]
    headers: Headers = {}
    pending: tuple[HeaderCell, ...] = ()
    current = Header()
    for sheet in sheets:
        cells = pending + header_cells([row.grid for row in sheet.header], block.corner, len(pending))
        if sheet.header:
            current = Header(find_places(cells, block.columns, sheet.part.edges), sheet.part)
        pending = () if sheet.body else cells
        headers[sheet.part.index, block.clause] = current
    return headers
