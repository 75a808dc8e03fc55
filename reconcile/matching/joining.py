"""Parts of a table put together, cell by cell, over page breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from core.review_threshold import is_unsure
from reconcile.matching.printed_tables import TablePart
from reconcile.matching.table_match import TableMatch
from reconcile.model import Flag, JoinedTable


def joined(
    run: Sequence[TablePart], name: str, layouts: Mapping[str, TableMatch], captions: Sequence[str]
) -> JoinedTable:
    """One table of successive parts; rows count on, every cell keeps its page, place and box.

    It has the caption of its first part, of `captions` by the index of parts, and is as sure as its least
    sure part.
    """
    confidence = min(part.table.confidence for part in run)
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
        flags=tuple(_flags(name, confidence)),
        caption=captions[run[0].index],
        confidence=confidence,
    )


def _flags(name: str, confidence: float) -> Iterator[Flag]:
    if not name:
        yield Flag.UNKNOWN_FORM
    if is_unsure(confidence):
        yield Flag.DOUBTFUL_STRUCTURE
