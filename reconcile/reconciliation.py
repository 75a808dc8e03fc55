"""Recovered tables laid beside the known forms; a reading is never altered.

`reconcile` turns the pages of one report into a `Report`: organ, year, joined
tables, values with states and flags, findings. After it, `reconcile/second_reading.py`
names the cells worth a second reading and decides by it whether a failed relation
is the report's own mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.model import Page
from reconcile.cell_values import values_of
from reconcile.checks.absent_tables import absent_values
from reconcile.checks.layout_findings import findings_of
from reconcile.checks.left_out import parts_left_out
from reconcile.checks.narrative import contradictions
from reconcile.checks.percentages import wrong_rates
from reconcile.checks.second_prints import second_prints
from reconcile.checks.sum_relations import check
from reconcile.checks.text_confidence import unsure_pages
from reconcile.checks.year_doubts import doubtful_year
from reconcile.forms.registry import table_names
from reconcile.matching.form_choice import layouts_of
from reconcile.matching.headed.statements import statements_of
from reconcile.matching.identification import Clues, runs_of, tables_of
from reconcile.matching.joining import joined
from reconcile.matching.other_labels import without_others
from reconcile.matching.printed_tables import parts_of
from reconcile.matching.standing import standings
from reconcile.mentions.naming import naming_of
from reconcile.model import NOTHING_SAID, JoinedTable, Report, Said, Volume
from reconcile.table_captions import captions_of_parts
from reconcile.volume.common_heads import without_common_heads
from reconcile.volume.doubts import differing, doubted
from reconcile.volume.volume_parts import VolumeParts, parted, parted_by_evidence


def volume_of(pages: Sequence[Page], said: Said = NOTHING_SAID) -> Volume:
    """The reports of a document's pages, each laid beside the forms by itself.

    There is always at least one: where nothing tells of a report, all pages are taken for one.
    """
    pages, parts = _parted(pages, said)
    reports = [reconcile(part.pages, year_said(part.pages, said), parts.clues) for part in parts.reports]
    if said.first_pages:
        seen = parted_by_evidence(pages).first_pages
        return Volume(differing(reports, seen), tables_as_read(parts.outside))
    befores = [None, *reports[:-1]]
    told = (doubted(*each) for each in zip(reports, parts.reports, befores, strict=True))
    return Volume(tuple(told), tables_as_read(parts.outside))


def _parted(pages: Sequence[Page], said: Said) -> tuple[Sequence[Page], VolumeParts]:
    """The pages and the reports on them: of several none is told by the head of the whole volume."""
    bare = without_common_heads(pages)
    parts = parted(bare, said)
    return (bare, parts) if bare is pages or len(parts.reports) > 1 else (pages, parted(pages, said))


def year_said(pages: Sequence[Page], said: Said) -> int | None:
    """The year that people say of a report by one of its pages; None where nobody says."""
    own = {page.number for page in pages}
    return next((year for page, year in said.years if page in own), None)


def tables_as_read(pages: Sequence[Page]) -> tuple[JoinedTable, ...]:
    """The tables of pages that belong to no report: none of them is a form's."""
    parts = parts_of(pages)
    captions = captions_of_parts(pages, parts)
    return tuple(joined(run, "", {}, captions) for run in runs_of(parts, [""] * len(parts)))


def reconcile(pages: Sequence[Page], year: int | None = None, known: Clues | None = None) -> Report:
    """Lay all tables of the pages of one report, in the order in which they are read, beside the forms.

    Every cell of the input is in exactly one joined table of the report. There
    are values for every key of each form table that was found or should be there;
    none at all where neither a table of a known form nor anything that announces one
    was. A `year` that is given stands for the one that is printed; of tables that were looked at before
    it is `known` what they say of themselves.
    """
    parts = parts_of(pages)
    headed = statements_of(parts)
    naming = naming_of(pages, parts, headed.names)
    title = replace(naming.title, year=year or naming.title.year)
    own = without_others(parts, title.year, headed.names)
    names = headed.named(tables_of(own.parts, known))
    layouts = layouts_of(own.parts, names, title.year, headed.layouts)
    captions = captions_of_parts(pages, parts)
    tables = tuple(joined(run, names[run[0].index], layouts, captions) for run in runs_of(parts, names))
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
        (() if year else doubtful_year(naming.title, pages))
        + naming.findings
        + failures
        + absences
        + own.findings(names)
        + second_prints(layouts, values, said)
        + findings_of(layouts, values)
        + contradictions(pages, title.organ, title.year, values)
        + wrong_rates(pages)
        + tuple(unsure_pages(pages))
        + tuple(parts_left_out(pages)),
        tuple(sorted(page.number for page in pages)),
        naming.mentions,
    )
