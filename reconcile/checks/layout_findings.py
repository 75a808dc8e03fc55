"""What a person may want to know about how the tables were laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from reconcile.cell_values import REPEATED
from reconcile.forms.registry import labels_of
from reconcile.matching.table_match import TableMatch
from reconcile.model import Finding, Flag, Key, Value

_LISTED = 3


def findings_of(layouts: Mapping[str, TableMatch], values: Sequence[Value]) -> tuple[Finding, ...]:
    """Rows that no form has, rows that were not found, rows laid by position only, differing readings.

    Prints that differ have a finding of their own.
    """
    found = [finding for layout in layouts.values() for finding in _extra(layout)]
    for flag, text in (
        (Flag.MISSING, "未找到"),
        (Flag.WEAK_MATCH, "对位存疑"),
        (Flag.DISAGREEMENT, "读数不一"),
    ):
        found += _by_table(values, flag, text)
    return tuple(found)


def _extra(layout: TableMatch) -> Iterator[Finding]:
    for row in layout.extra:
        label = "".join(row.candidates[-1:]) or row.whole
        yield Finding("extra_row", f"表中多出一行“{label}”，法定表式无此行，未列入", page=row.grid.part.page)
    for header in layout.other_columns:
        said = f"“{layout.table.title}”表中多出一列“{header}”，法定表式无此列，未列入"
        yield Finding("extra_column", said, keys=layout.keys[:1])


def _by_table(values: Sequence[Value], flag: Flag, text: str) -> list[Finding]:
    flagged = [value for value in values if flag in value.flags and not _is_reprinted(value, flag)]
    tables = groupby(flagged, key=lambda value: value.key.table)
    return [_finding(list(group), flag, text) for _, group in tables]


def _is_reprinted(value: Value, flag: Flag) -> bool:
    return flag is Flag.DISAGREEMENT and any(other.method == REPEATED for other in value.others)


def _finding(values: Sequence[Value], flag: Flag, text: str) -> Finding:
    names = list(dict.fromkeys(_row_label(value) for value in values))
    listed = "、".join(names[:_LISTED]) + (f"等 {len(names)} 行" if len(names) > _LISTED else "")
    page = next((value.page for value in values if value.page), None)
    return Finding(flag, f"{listed}：{len(values)} 个值{text}", keys=_keys(values), page=page)


def _keys(values: Sequence[Value]) -> tuple[Key, ...]:
    return tuple(value.key for value in values)


def _row_label(value: Value) -> str:
    return labels_of(value.form, value.key.table, value.key.row, value.key.column)[0]
