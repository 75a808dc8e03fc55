"""Which form each table of a report follows; the form is a property of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reconcile.forms.registry import forms_of, tables_told_by_rows
from reconcile.matching.printed_tables import TablePart
from reconcile.matching.row_placing import proven
from reconcile.matching.table_match import TableMatch, match_table

# Fits this near to each other do not tell the forms apart. Nor do those within a row of each other where rows
# were lost: what is left of the one form looks like the other (whole tables of 2019 fit by 0.73 better).
# Where headers differ it is these that tell.
_TIE, _ROW = 0.15, 1.0
NOTHING: Mapping[str, TableMatch] = MappingProxyType({})


def layouts_of(
    parts: Sequence[TablePart],
    names: Sequence[str],
    year: int | None,
    headed: Mapping[str, TableMatch] = NOTHING,
) -> Mapping[str, TableMatch]:
    """Lay each table that was found beside the form that fits it better, by table name.

    Table four is the same in both forms, and a fragment may not tell: then the
    form of the report's other tables holds, else that of the year. Tables told by their heading are
    laid already (`headed`).
    """
    layouts: dict[str, TableMatch] = {}
    for name in tables_told_by_rows():
        own = [part for part, found in zip(parts, names, strict=True) if found == name]
        if own:
            chosen = _chosen(
                [match_table(own, form.name, form.tables[name]) for form in forms_of(name)],
                usual_form(layouts, name, year),
            )
            layouts[name] = proven(chosen)
    return {**layouts, **headed}


def usual_form(layouts: Mapping[str, TableMatch], name: str, year: int | None) -> str:
    """The form that a table follows which does not tell itself: that of the others, else of the year."""
    able = forms_of(name)
    others = [layout.form for layout in layouts.values() if layout.form in {form.name for form in able}]
    in_force = [form.name for form in able if year is None or form.since <= year] or [able[0].name]
    return (others or in_force[-1:])[0]


def _chosen(layouts: Sequence[TableMatch], usual: str) -> TableMatch:
    best = max(layout.fitness for layout in layouts)
    near = {layout.form: layout for layout in layouts if layout.fitness >= best - _TIE}
    if not any(_is_whole(layout) for layout in near.values()):
        headers = {_headers(layout) for layout in near.values()}
        near |= {
            layout.form: layout
            for layout in layouts
            if layout.fitness > best - _ROW and _headers(layout) in headers
        }
    return near.get(usual) or next(iter(near.values()))


def _headers(layout: TableMatch) -> tuple[tuple[str, ...], ...]:
    return tuple(column.path for block in layout.table.blocks for column in block.columns)


def _is_whole(layout: TableMatch) -> bool:
    """Tell whether every row of the form was found."""
    found = {row.row for row in layout.rows}
    return all(row.key in found for block in layout.table.blocks for row in block.rows)
