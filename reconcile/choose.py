"""Which form each table of a report follows; the form is a property of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconcile.grid import Part
from reconcile.layout import Layout, lay_out
from reconcile.statutory import FORM_NAMES, TABLE_NAMES, load_form

# Fits this near to each other do not tell the forms apart.
_TIE = 0.15
_FIRST_YEAR_OF_2021 = 2021


def layouts_of(parts: Sequence[Part], names: Sequence[str], year: int | None) -> Mapping[str, Layout]:
    """Lay each table that was found beside the form that fits it better, by table name.

    Table four is the same in both forms, and a fragment may not tell: then the
    form of the report's other tables holds, else that of the year.
    """
    layouts: dict[str, Layout] = {}
    for name in TABLE_NAMES:
        own = [part for part, found in zip(parts, names, strict=True) if found == name]
        if own:
            layouts[name] = _chosen(
                [lay_out(own, f, load_form(f).tables[name]) for f in FORM_NAMES], usual_form(layouts, year)
            )
    return layouts


def usual_form(layouts: Mapping[str, Layout], year: int | None) -> str:
    """The form that a table follows which does not tell itself."""
    if layouts:
        return next(iter(layouts.values())).form
    return "2019" if year is not None and year < _FIRST_YEAR_OF_2021 else "2021"


def _chosen(layouts: Sequence[Layout], usual: str) -> Layout:
    best = max(layout.fitness for layout in layouts)
    near = {layout.form: layout for layout in layouts if layout.fitness >= best - _TIE}
    return near.get(usual) or next(iter(near.values()))
