"""Values in tables of unsure structure: each may be another row's or column's, unless a sum proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.review_threshold import is_unsure
from reconcile.cell_values import flags_of
from reconcile.checks.page_confidence import proven
from reconcile.matching.printed_tables import TablePart
from reconcile.model import Flag, Value


def doubted_by_structure(values: Sequence[Value], parts: Sequence[TablePart]) -> tuple[Value, ...]:
    """Flag the values that were read from a table of doubtful structure and stand in no sum that holds.

    `parts` are the printed tables with the cells of the values. No confidence is lowered: what is printed
    in the cell was read as surely as before.
    """
    unsure = {
        (cell.page, cell.table)
        for part in parts
        if is_unsure(part.table.confidence)
        for cell in part.table.cells
    }
    if not unsure:
        return tuple(values)
    held = proven(values)
    return tuple(
        replace(value, flags=flags_of((*value.flags, Flag.DOUBTFUL_STRUCTURE)))
        if value.key not in held and any((cell.page, cell.table) in unsure for cell in value.cells)
        else value
        for value in values
    )
