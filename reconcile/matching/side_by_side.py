"""Tables with two or more columns of row labels: each printed side by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ocr.model import Cell
from reconcile.forms.form_model import FormTable
from reconcile.labels import best_similarity, has_cjk
from reconcile.matching.printed_tables import TablePart

# 本年收入合计 and 本年支出合计, one on each side, are alike by two thirds.
_CLEAR = 0.75


def parts_by_side(part: TablePart, table: FormTable) -> tuple[TablePart, ...]:
    """Cut a part where the labels of the next side begin: one part a side, sharing rows and grid lines.

    Where they do not show, nothing is cut, and the result is shorter than `table.sides`.
    """
    sides = table.sides
    starts = [0, *(start for n in range(1, len(sides)) if (start := _start(part, sides, n)) is not None)]
    if len(starts) < len(sides) or starts != sorted(set(starts)):
        return (part,)
    ends = [*starts[1:], part.table.n_columns]
    return tuple(_cut(part, start, end) for start, end in zip(starts, ends, strict=True))


def _start(part: TablePart, sides: tuple[FormTable, ...], n: int) -> int | None:
    """The grid column in which most labels of side `n` begin."""
    own = _labels(sides[n])
    others = tuple(label for m, side in enumerate(sides) if m != n for label in _labels(side))
    columns = Counter(cell.column for cell in part.table.cells if _belongs(cell, own, others))
    return columns.most_common(1)[0][0] if columns else None


def _belongs(cell: Cell, own: tuple[str, ...], others: tuple[str, ...]) -> bool:
    alike = best_similarity(cell.text, own) if has_cjk(cell.text) else 0.0
    return alike >= _CLEAR and alike > best_similarity(cell.text, others)


def _labels(side: FormTable) -> tuple[str, ...]:
    return tuple(label for _, row in side.pairs() for label in row.labels)


def _cut(part: TablePart, start: int, end: int) -> TablePart:
    cells = tuple(cell for cell in part.table.cells if start <= cell.column < end)
    return replace(part, table=replace(part.table, cells=cells))
