"""Tables of a form that a report does not show: lost by us, or never printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocr.model import Page
from reconcile.cell_values import missing
from reconcile.forms.form_model import FormTable
from reconcile.forms.registry import expected_keys, load_form, optional_rows
from reconcile.matching.form_choice import usual_form
from reconcile.matching.table_match import TableMatch
from reconcile.model import Finding, Flag, Key, Value
from reconcile.report_title import has_heading


def absent_values(
    pages: Sequence[Page], layouts: Mapping[str, TableMatch]
) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
    """Values and findings for the tables not found in a report that has at least one other of their form.

    Where the section heading is printed the table was probably lost in reading,
    so its values are `missing`; where it is not, the report lacks the section.
    """
    values: list[Value] = []
    findings: list[Finding] = []
    in_use = dict.fromkeys(layout.form for layout in layouts.values())
    for name in dict.fromkeys(table for form in in_use for table in load_form(form).tables):
        if name not in layouts:
            form = usual_form(layouts, name, None)
            table = load_form(form).tables[name]
            headed = has_heading(pages, table.heading)
            values += [missing(key, form) for key in _required(form, name)] if headed else []
            findings.append(_finding(table, headed))
    return tuple(values), tuple(findings)


def _required(form: str, table: str) -> list[Key]:
    optional = optional_rows(form, table)
    return [key for key in expected_keys(form, table) if key.row not in optional]


def _finding(table: FormTable, headed: bool) -> Finding:
    if headed:
        return Finding(Flag.MISSING, f"有“{table.heading}”一节，但未读出其表格")
    return Finding("absent", f"报告未设“{table.title}”表")
