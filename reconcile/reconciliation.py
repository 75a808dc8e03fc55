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
from reconcile.checks.second_prints import second_prints
from reconcile.checks.several_reports import doubtful_year
from reconcile.checks.sum_relations import check
from reconcile.checks.text_confidence import unsure_pages
from reconcile.forms.registry import table_names
from reconcile.matching.form_choice import layouts_of
from reconcile.matching.identification import runs_of, tables_of
from reconcile.matching.joining import joined
from reconcile.matching.other_labels import without_others
from reconcile.matching.printed_tables import parts_of
from reconcile.matching.standing import standings
from reconcile.model import NOTHING_SAID, Report, Said, Volume
from reconcile.report_title import reports_in, title_of


def volume_of(pages: Sequence[Page], said: Said = NOTHING_SAID) -> Volume:
    """The reports of a document's pages, each laid beside the forms by itself.

    There is always at least one: where nothing tells of a report, all pages are taken for one.
    """
    return Volume(tuple(reconcile(section) for section in reports_in(pages)))


def reconcile(pages: Sequence[Page]) -> Report:
    """Lay all tables of the pages of one report, in order, beside the forms.

    Every cell of the input is in exactly one joined table of the report. There
    are values for every key of each form table that was found or should be there;
    none at all where neither a table of a known form nor anything that announces one
    was.
    """
    title = title_of(pages)
    parts = parts_of(pages)
    own = without_others(parts, title.year)
    names = tables_of(own.parts)
    layouts = layouts_of(own.parts, names, title.year)
    tables = tuple(joined(run, names[run[0].index], layouts) for run in runs_of(parts, names))
    lost, absences = absent_values(pages, layouts, title)
    tables_in_order = table_names()
    said = standings(pages, parts, title.year, title.organ)
    values, failures = check([value for layout in layouts.values() for value in values_of(layout, said)])
    return Report(
        title.text,
        title.organ,
        title.year,
        tables,
        tuple(sorted(values + lost, key=lambda value: tables_in_order.index(value.key.table))),
        doubtful_year(title, pages)
        + failures
        + absences
        + own.findings(names)
        + second_prints(layouts, values, said)
        + findings_of(layouts, values)
        + contradictions(pages, title.organ, title.year, values)
        + tuple(unsure_pages(pages)),
        tuple(page.number for page in pages),
    )
