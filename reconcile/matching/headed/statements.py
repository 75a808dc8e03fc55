"""Which parts are tables that are told by their heading, and each of them laid beside its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from reconcile.forms.form_model import FormTable
from reconcile.forms.registry import tables_told_by_heading
from reconcile.labels import normalised_label
from reconcile.matching.headed.frames import frame_of
from reconcile.matching.headed.headings import has_a_heading, heading_likeness
from reconcile.matching.headed.reading import StatementSheet, coverage, on_its_side, read_sheets
from reconcile.matching.headed.row_keys import bare
from reconcile.matching.printed_tables import TablePart, continues
from reconcile.matching.table_match import TableMatch

# Below a heading, this share of the labelled rows must be the form's; without one nearly all, and no
# other table may be as like by the margin.
_BELOW_A_HEADING, _WITHOUT_HEADING, _MARGIN = 0.4, 0.8, 0.15
# A table without a heading is looked at if it has so many labels of a form, as they are written there.
_LEAST_LABELS, _TELLING_LENGTH = 3, 4
_FOR_THE_HEADING = 2.0
# Beside the sides of the form others may stand, as spending by its nature beside spending by function.
_SHARE_OF_SIDES = 0.5
# Of a part behind another one half of the labelled rows must go on with it.
_GOES_ON = 0.5


@dataclass(frozen=True, slots=True)
class Statements:
    """The names of the parts that are such tables, by their index, and the tables by name."""

    names: Mapping[int, str] = field(default_factory=dict)
    layouts: Mapping[str, TableMatch] = field(default_factory=dict)

    def named(self, others: Sequence[str]) -> tuple[str, ...]:
        """The names of all parts: these, and `others` for the parts that are none of these."""
        return tuple(self.names.get(n, name) for n, name in enumerate(others))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A table of a form that a part may begin."""

    form: str
    table: FormTable
    sheet: StatementSheet
    score: float


def statements_of(parts: Sequence[TablePart]) -> Statements:
    """Find the tables of budgets and the like among the parts of a document, in order."""
    sheets: dict[str, list[StatementSheet]] = {}
    chosen: dict[str, _Candidate] = {}
    names: dict[int, str] = {}
    before: TablePart | None = None
    for part in parts:
        one = _begun(part)
        name = one.table.key if one else ""
        if one:
            chosen.setdefault(name, one)
            own = sheets.setdefault(name, [])
            own.append(replace(one.sheet, segment=own[-1].segment + 1 if own else 0))
        elif before is not None and before.index in names:
            name = names[before.index]
            if sheet := _carried_on(before, part, chosen[name], sheets[name][-1]):
                sheets[name].append(sheet)
            else:
                name = ""
        if name:
            names[part.index] = name
        before = part
    layouts = {name: read_sheets(sheets[name], chosen[name].form, chosen[name].table) for name in sheets}
    return Statements(names, layouts)


def _begun(part: TablePart) -> _Candidate | None:
    """The table that a part begins, by its heading if it has one; else by headers and rows alone."""
    tables = tables_told_by_heading()
    likeness = {(form, table.key): heading_likeness(part, table) for form, table in tables}
    best = max(likeness.values(), default=0.0)
    if best:
        headed = [
            one
            for form, table in tables
            if (heading := likeness[form, table.key]) and (one := _tried(part, form, table, heading))
        ]
        return max(headed, key=lambda one: one.score, default=None)
    if has_a_heading(part) or not _shows_labels(part):
        return None
    found = [one for form, table in tables_told_by_heading() if (one := _tried(part, form, table, 0.0))]
    ranked = sorted(found, key=lambda one: -one.score)
    clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0].score >= ranked[1].score + _MARGIN)
    return ranked[0] if clear else None


def _tried(part: TablePart, form: str, table: FormTable, heading: float) -> _Candidate | None:
    """The table laid beside a part; None where its headers or rows are others."""
    sheet = _begun_by(part, table)
    if sheet is None:
        return None
    n_found, n_labelled = coverage(sheet, table)
    share = n_found / n_labelled if n_labelled else 1.0
    least = _SHARE_OF_SIDES if len(table.blocks) > 1 else 1.0
    if not heading and (sheet.frame.share < least or n_found < _LEAST_LABELS or share < _WITHOUT_HEADING):
        return None
    if share < _BELOW_A_HEADING:
        return None
    return _Candidate(form, table, sheet, _FOR_THE_HEADING * heading + sheet.frame.share + share)


def _begun_by(part: TablePart, table: FormTable) -> StatementSheet | None:
    """The part with the columns of the table, be they printed as rows where these have no labels."""
    frame = frame_of(part, table)
    if frame is not None and frame.is_whole:
        return StatementSheet(part, frame, 0)
    turned = on_its_side(part) if table.unlabelled else None
    frame = frame_of(turned, table) if turned else None
    return StatementSheet(turned, frame, 0, True) if turned and frame and frame.is_whole else None


def _carried_on(
    before: TablePart, part: TablePart, begun: _Candidate, last: StatementSheet
) -> StatementSheet | None:
    """The part as the next sheet of the table before it, if its rows go on with it."""
    if part.leaf - before.leaf > 1 or begun.table.unlabelled:
        return None
    own = frame_of(part, begun.table)
    frame = own if own and own.is_whole else replace(last.frame, first_row=0, in_header="")
    sheet = StatementSheet(part, frame, last.segment)
    n_found, n_labelled = coverage(sheet, begun.table)
    goes_on = n_found >= _GOES_ON * n_labelled if n_labelled else continues(before, part)
    return sheet if goes_on else None


def _shows_labels(part: TablePart) -> bool:
    """Say whether a part has enough labels of such tables to be looked at without a heading."""
    labels = _labels(tuple(id(table) for _, table in tables_told_by_heading()))
    printed = {normalised_label(bare(cell.text)) for cell in part.table.cells if cell.text}
    return len(labels & printed) >= _LEAST_LABELS


@cache
def _labels(tables: tuple[int, ...]) -> frozenset[str]:
    """The row labels of all such tables that are long enough to tell one; `tables` are their identities."""
    rows = (row for _, table in tables_told_by_heading() for _, row in table.pairs())
    labels = (normalised_label(bare(label)) for row in rows for label in (row.label, *row.aliases))
    return frozenset(label for label in labels if len(label) >= _TELLING_LENGTH)
