"""Tables of the forms on a leaf: which of them begin and end there, and which are announced as reprints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from reconcile.forms.registry import forms_of, table_names
from reconcile.labels import best_similarity, has_cjk
from reconcile.matching.printed_tables import TablePart
from reconcile.volume.leaves import Leaf, PrintedTable
from reconcile.volume.marks.base import Place, TableMark

_CLEARLY = 0.85
_LINES_ABOVE = 4
# A table below such words is not the first of another report.
_REPRINT = re.compile(r"更正|订正|勘误|修[正订改]|调整[前后]|作废|原[表件稿]|上一?年|半年|季度|为准")


def table_marks(leaf: Leaf, place: int, names: Sequence[str]) -> Iterator[TableMark]:
    """The tables of forms on a leaf; `names` tell by the index of a part which table of a form it is."""
    for table in leaf.tables:
        if name := names[table.part.index]:
            yield TableMark(
                Place(place, table.index),
                name,
                table_names().index(name),
                _holds(table.part, _labels(name, 0)),
                _ends(table.part, name),
                _is_reprint(leaf, table),
            )


def _holds(part: TablePart, labels: tuple[str, ...]) -> bool:
    """Say whether any cell of a table is labelled so."""
    texts = (cell.text for cell in part.table.cells if cell.text and has_cjk(cell.text))
    return any(best_similarity(text, labels) >= _CLEARLY for text in texts)


def _ends(part: TablePart, name: str) -> bool:
    """Say whether the last row is there: without row labels, one with numbers."""
    if forms_of(name)[0].tables[name].unlabelled:
        return any(cell.text and not has_cjk(cell.text) for cell in part.table.cells)
    return _holds(part, _labels(name, -1))


@cache
def _labels(name: str, place: int) -> tuple[str, ...]:
    """How a row of a table is labelled in any form; its header where rows have no labels."""
    tables = [form.tables[name] for form in forms_of(name)]
    if tables[0].unlabelled:
        return tuple(label for table in tables for label in table.header_labels())
    rows = [[row for _, row in table.sides[0].pairs()][place] for table in tables]
    return tuple(dict.fromkeys(label for row in rows for label in row.labels))


def _is_reprint(leaf: Leaf, table: PrintedTable) -> bool:
    above = [line.text for line in leaf.lines if line.index < table.index and not line.is_sentence]
    above = above[-_LINES_ABOVE:]
    caption = [cell.text for cell in table.part.table.cells if cell.row == 0]
    said = above + (caption if len(caption) == 1 else [])
    return any(_REPRINT.search(text) for text in said)
