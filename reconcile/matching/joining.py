"""Parts of a table put together, cell by cell, over page breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from reconcile.matching.printed_tables import TablePart
from reconcile.matching.table_match import TableMatch
from reconcile.model import Flag, JoinedTable


def joined(run: Sequence[TablePart], name: str, layouts: Mapping[str, TableMatch]) -> JoinedTable:
    """One table of successive parts; rows count on, every cell keeps its page, place and box."""
    heights = [part.table.n_rows for part in run]
    offsets = accumulate(heights[:-1], initial=0)
    cells = tuple(
        replace(cell, row=cell.row + offset, rows_before=offset)
        for part, offset in zip(run, offsets, strict=True)
        for cell in part.table.cells
    )
    return JoinedTable(
        form=layouts[name].form if name else "",
        key=name,
        pages=tuple(dict.fromkeys(part.page for part in run)),
        n_rows=sum(heights),
        n_columns=max(part.table.n_columns for part in run),
        cells=cells,
        flags=() if name else (Flag.UNKNOWN_FORM,),
    )
