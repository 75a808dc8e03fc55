"""Tables of a form that a report does not show: lost by us, or never printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from ocr.model import Page, Route
from reconcile.cell_values import missing
from reconcile.forms.form_model import FormTable
from reconcile.forms.registry import forms_of, load_form, required_keys, table_names
from reconcile.labels import normalised_label
from reconcile.matching.form_choice import usual_form
from reconcile.matching.headed.headings import is_heading
from reconcile.matching.table_match import TableMatch
from reconcile.model import Finding, Flag, Value
from reconcile.report_title import Title, has_heading

# Labels this long speak for their table, wherever they are printed; one may be there by chance.
_TELLING_LENGTH, _TELLING = 4, 2
# All that is printed on such pages was read.
_WHOLE = frozenset({Route.DIGITAL, Route.BLANK})
_NUMBERED = re.compile(r"[一二三四五六七八][、.．,，]\w.{0,28}[^。；，]")


def absent_values(
    pages: Sequence[Page], layouts: Mapping[str, TableMatch], title: Title
) -> tuple[tuple[Value, ...], tuple[Finding, ...]]:
    """Values and findings for the tables that were not found, of the forms that the report follows.

    These are the forms of the tables that were found; where none was, those that headings or the title
    announce. Only a table that is certainly not printed is `absent`; the values of all others are
    `missing`. A document that follows no form and has no title of a report is `no_report`.
    """
    document = _Document(pages, layouts)
    names = _expected(document, title)
    if pages and not (names or layouts or title.has_form):
        return (), (_NO_REPORT,)
    values: list[Value] = []
    findings: list[Finding] = []
    for name in names:
        form = usual_form(layouts, name, title.year)
        table = load_form(form).tables[name]
        if layouts and document.is_without(table, title):
            # Which tables a budget has is the department's to say: one that it does not name is not told.
            if not table.is_headed:
                findings.append(Finding("absent", f"报告未设“{table.title}”表"))
        else:
            values += [missing(key, form) for key in required_keys(form, name)]
            findings.append(_lost(table, headed=document.has_heading(name)))
    return tuple(values), tuple(findings)


_NO_REPORT = Finding(Flag.NO_REPORT, "未见年度报告的标题，也未读出任何已知表式的表格")


def _expected(document: _Document, title: Title) -> list[str]:
    """The tables that should be there and were not found, in the order of the forms."""
    in_use = {layout.form for layout in document.layouts.values()}
    if not in_use:
        announced = [name for name in table_names() if document.has_heading(name)]
        announced += [name for name in table_names() if title.text and _is_of(name, title.subject)]
        in_use = {usual_form({}, name, title.year) for name in announced if _is_in_force(name, title.year)}
    expected = {name for form in in_use for name in load_form(form).tables}
    return [name for name in table_names() if name in expected and name not in document.layouts]


def _is_of(name: str, subject: str) -> bool:
    """Say whether reports with this subject have the table."""
    found = [form.subjects for form in forms_of(name)]
    return any(subject in subjects if subject else not subjects for subjects in found)


def _is_in_force(name: str, year: int | None) -> bool:
    """Say whether there was a form yet: reports of before follow none that is known."""
    return year is None or year >= forms_of(name)[0].since


class _Document:
    """What is printed in a document besides the tables that were found."""

    def __init__(self, pages: Sequence[Page], layouts: Mapping[str, TableMatch]) -> None:
        self.pages = pages
        self.layouts = layouts

    def has_heading(self, name: str) -> bool:
        """Say whether the heading of a table is printed, also where it was taken for a cell."""
        tables = [form.tables[name] for form in forms_of(name)]
        if tables[0].is_headed:
            return any(is_heading(text, table) for text in self._lines for table in tables)
        headings = {table.heading for table in tables}
        return any(has_heading(self.pages, heading) or self._is_inside(heading) for heading in headings)

    def is_without(self, table: FormTable, title: Title) -> bool:
        """Say whether a table is certainly not printed.

        Nothing of it may be there, neither heading nor labels. Where a page was read from its picture,
        what comes before the table and what comes behind it must have been read: else it may be what
        was lost.
        """
        if self.has_heading(table.key):
            return False
        if table.is_headed:
            return True
        if self._n_labels(table) >= _TELLING:
            return False
        if all(page.route in _WHOLE for page in self.pages):
            return True
        names = table_names()
        order = names.index(table.key)
        found = [names.index(name) for name in self.layouts]
        before = bool(title.text) or any(place < order for place in found)
        return before and (any(place > order for place in found) or self._goes_on)

    @cached_property
    def _goes_on(self) -> bool:
        """Say whether a section is headed on or behind the last page with a table of the form."""
        cells = (
            cell for layout in self.layouts.values() for at in layout.sightings for cell in at.slot.cells
        )
        last = max((cell.page for cell in cells), default=0)
        return any(
            _NUMBERED.fullmatch(re.sub(r"\s+", "", line.text))
            for page in self.pages
            if page.number >= last
            for line in page.lines
            if not page.has_in_a_table(line)
        )

    @cached_property
    def _lines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.text for page in self.pages for line in page.lines))

    @cached_property
    def _texts(self) -> frozenset[str]:
        """Every line and cell that is printed, without white space and marks."""
        lines = (line.text for page in self.pages for line in page.lines)
        cells = (cell.text for page in self.pages for table in page.tables for cell in table.cells)
        return frozenset(map(normalised_label, (*lines, *cells)))

    def _is_inside(self, heading: str) -> bool:
        """Say whether a heading stands with its number in a longer text; a sentence names none."""
        numbered = normalised_label(heading)
        return "、" in heading and any(numbered in text for text in self._texts)

    def _n_labels(self, table: FormTable) -> int:
        """How many labels that only this table has are printed, each on a line or in a cell of its own."""
        others = {label for layout in self.layouts.values() for label in _labels(layout.table)}
        own = {label for label in _labels(table) - others if len(label) >= _TELLING_LENGTH}
        return len(own & self._texts)


def _labels(table: FormTable) -> set[str]:
    rows = (label for _, row in table.pairs() for label in (row.label, row.group))
    return {normalised_label(label) for label in (*rows, *table.header_labels())}


def _lost(table: FormTable, *, headed: bool) -> Finding:
    if headed:
        return Finding(Flag.MISSING, f"有“{table.heading}”一节，但未读出其表格")
    return Finding(Flag.MISSING, f"未读出“{table.title}”表，报告是否设有此表不能断定")
