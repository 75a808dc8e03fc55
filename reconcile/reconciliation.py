"""Recovered tables laid beside the known forms; a reading is never altered.

`reconcile` turns the pages of one report into a `Report`: organ, year, joined
tables, values with states and flags, findings. After it, `reconcile/second_reading.py`
names the cells worth a second reading and decides by it whether a failed relation
is the report's own mistake.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr.model import Page
from reconcile.cell_values import values_of
from reconcile.checks.absent_tables import absent_values
from reconcile.checks.layout_findings import findings_of
from reconcile.checks.narrative import contradictions
from reconcile.checks.sum_relations import check
from reconcile.checks.text_confidence import unsure_pages
from reconcile.forms.registry import table_names
from reconcile.matching.form_choice import layouts_of
from reconcile.matching.identification import runs_of, tables_of
from reconcile.matching.joining import joined
from reconcile.matching.other_labels import without_others
from reconcile.matching.printed_tables import parts_of
from reconcile.model import Report
from reconcile.report_title import title_of


def reconcile(pages: Sequence[Page]) -> Report:
    """Lay all tables of a report's pages, in order, beside the forms.

    Every cell of the input is in exactly one joined table of the report. There
    are values for every key of each form table that was found; none at all
    where no table of a known form was.
    """
    title = title_of(pages)
    parts = parts_of(pages)
    own = without_others(parts, title.year)
    names = tables_of(own.parts)
    layouts = layouts_of(own.parts, names, title.year)
    tables = tuple(joined(run, names[run[0].index], layouts) for run in runs_of(parts, names))
    lost, absences = absent_values(pages, layouts, title)
    tables_in_order = table_names()
    values, failures = check([value for layout in layouts.values() for value in values_of(layout)])
    return Report(
        title.text,
        title.organ,
        title.year,
        tables,
        tuple(sorted(values + lost, key=lambda value: tables_in_order.index(value.key.table))),
        failures
        + absences
        + own.findings
        + findings_of(layouts, values)
        + contradictions(pages, title.organ, title.year, values)
        + tuple(unsure_pages(pages)),
    )
