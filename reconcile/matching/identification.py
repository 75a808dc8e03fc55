"""Which printed table is which table of the forms, and which parts belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.model import Table
from reconcile.forms.form_model import FormTable
from reconcile.forms.registry import forms_of, tables_told_by_rows
from reconcile.labels import normalised_label
from reconcile.matching.alignment import FLOOR
from reconcile.matching.headers import HeaderSplit, split_header
from reconcile.matching.printed_tables import TablePart, continues
from reconcile.matching.rows import RowMatch
from reconcile.matching.side_by_side import parts_by_side
from reconcile.matching.table_match import TableMatch, match_table

# One clear label of four characters, or two header labels, are evidence enough.
_ENOUGH = 1.0
_TELLING_LENGTH = 4
_PER_HEADER = 0.5
# After an incomplete part of the same table, less is enough.
_ENOUGH_NEXT = 0.4
# A table without row labels is told by its headers alone, of which three must be read.
_HEADERS_ALONE = 3
# Tables of other kinds (the statistics of before 2019) share a label or two with
# the forms; in a table of a form most rows are the form's.
_LEAST_COVERAGE = 0.4
# Where a form lets rows be left out, tables of another kind may share the rest; so most of the rows that
# it demands must be there, clearly labelled.
_LEAST_REQUIRED = 0.6
_CLEARLY = 0.85
# A table without any clause or header needs this many rows.
_ROWS_WITHOUT_HEADER = 5


@dataclass(frozen=True, slots=True)
class _Clue:
    """What one part has to say about being part of one table."""

    evidence: float
    headed: bool
    n_rows: int
    complete: bool
    required: frozenset[str] = frozenset()
    n_required: int = 0


# What each printed table says by itself about being each table of the forms; the same in whatever company.
Clues = Mapping[Table, Mapping[str, _Clue]]


def clues_of(parts: Sequence[TablePart], known: Clues | None = None) -> Clues:
    """Lay every part beside every table of the forms, but for those of which it is `known` what they say."""
    known, tables = known or {}, tables_told_by_rows()
    return {
        part.table: known.get(part.table) or {name: _clue(part, name) for name in tables} for part in parts
    }


def tables_of(parts: Sequence[TablePart], known: Clues | None = None) -> tuple[str, ...]:
    """Name the form table (`proactive`, `requests`, …) of every part; empty for none."""
    of_tables = clues_of(parts, known)
    clues = [of_tables[part.table] for part in parts]
    names = _carried_on(parts, [_strongest(clue) for clue in clues], clues)
    sound = {name for name in tables_told_by_rows() if _is_sound(name, names, clues)}
    return tuple(name if name in sound else "" for name in names)


def runs_of(parts: Sequence[TablePart], names: Sequence[str]) -> tuple[tuple[TablePart, ...], ...]:
    """Put successive parts together that are one table: the same form table, or carried on."""
    runs: list[list[TablePart]] = []
    for index, part in enumerate(parts):
        before = runs[-1][-1] if runs else None
        if before and names[index] == names[index - 1] and _joins(before, part, names[index]):
            runs[-1].append(part)
        else:
            runs.append([part])
    return tuple(map(tuple, runs))


def _joins(before: TablePart, part: TablePart, name: str) -> bool:
    return part.page - before.page <= 1 if name else continues(before, part)


def _clue(part: TablePart, name: str) -> _Clue:
    clues = [_side_clues(part, form.name, form.tables[name]) for form in forms_of(name)]
    return max(clues, key=lambda clue: clue[0])[1]


def _side_clues(part: TablePart, form: str, table: FormTable) -> tuple[float, _Clue]:
    """How well the form fits, and what the part says; all sides of a table must show and speak for it."""
    parts, sides = parts_by_side(part, table), table.sides
    if len(parts) < len(sides):
        return 0.0, _Clue(0.0, False, 0, False)
    layouts = [match_table([own], form, side) for own, side in zip(parts, sides, strict=True)]
    sheets = [split_header(own, side) for own, side in zip(parts, sides, strict=True)]
    tell = _header_clue if table.unlabelled else _row_clue
    clues = [tell(sheet, layout) for sheet, layout in zip(sheets, layouts, strict=True)]
    covered = all(_coverage(*pair) >= _LEAST_COVERAGE for pair in zip(sheets, layouts, strict=True))
    speaks = len(sides) == 1 or covered
    return sum(layout.fitness for layout in layouts), _Clue(
        sum(clue.evidence for clue in clues) if speaks else 0.0,
        any(clue.headed for clue in clues),
        sum(clue.n_rows for clue in clues),
        all(clue.complete for clue in clues),
        *_required(table, layouts),
    )


def _required(table: FormTable, layouts: Sequence[TableMatch]) -> tuple[frozenset[str], int]:
    """The demanded rows clearly there, and how many there are to be; only of forms with optional rows."""
    rows = [row for _, row in table.pairs()]
    demanded = {row.key for row in rows if not row.optional} if any(row.optional for row in rows) else set()
    whole = (match for layout in layouts for match in layout.matches if len(match.rows) == 1)
    clear = (match for match in whole if match.likeness >= _CLEARLY)
    seen = {target.row.key for match in clear for target in match.targets if target.row}
    return frozenset(demanded & seen), len(demanded)


def _header_clue(sheet: HeaderSplit, layout: TableMatch) -> _Clue:
    hits = frozenset(hit for row in sheet.header for hit in row.header_hits)
    evidence = len(hits) * _PER_HEADER if len(hits) >= _HEADERS_ALONE else 0.0
    return _Clue(evidence, bool(evidence), layout.n_rows, bool(layout.matches))


def _row_clue(sheet: HeaderSplit, layout: TableMatch) -> _Clue:
    hits = frozenset(hit for row in sheet.header for hit in row.header_hits)
    others = [match for match in layout.matches if not match.targets[0].row]
    evidence = len(hits) * _PER_HEADER + sum(map(_weight, layout.matches))
    covered = _coverage(sheet, layout) >= _LEAST_COVERAGE
    return _Clue(evidence if covered else 0.0, bool(hits or others), layout.n_rows, _is_complete(layout))


def _weight(match: RowMatch) -> float:
    length = max(len(normalised_label(text)) for row in match.rows for text in (*row.candidates, row.whole))
    return min(1.0, length / _TELLING_LENGTH) * max(0.0, match.likeness - FLOOR) / (1 - FLOOR)


def _coverage(sheet: HeaderSplit, layout: TableMatch) -> float:
    """The share of the part's labelled rows that are rows of the form."""
    matched = {row.grid.index for match in layout.matches for row in match.rows if match.likeness}
    labelled = [row for row in sheet.body if row.candidates and len(row.grid.own) > 1]
    return sum(row.grid.index in matched for row in labelled) / len(labelled) if labelled else 1.0


def _is_complete(layout: TableMatch) -> bool:
    last = _last_row(layout.table)
    return any(target.row == last for match in layout.matches for target in match.targets)


def _last_row(table: FormTable) -> object:
    return table.blocks[-1].rows[-1]


def _strongest(clue: Mapping[str, _Clue]) -> str:
    name = max(clue, key=lambda name: clue[name].evidence)
    return name if clue[name].evidence >= _ENOUGH else ""


def _carried_on(
    parts: Sequence[TablePart], names: list[str], clues: Sequence[Mapping[str, _Clue]]
) -> list[str]:
    """Name the parts that say too little of themselves after the table they carry on or begin."""
    for index, (before, part) in enumerate(pairwise(parts), 1):
        name = names[index - 1]
        if not names[index] and name and not clues[index - 1][name].complete:
            hint = clues[index][name].evidence >= _ENOUGH_NEXT and part.page - before.page <= 1
            names[index] = name if hint or continues(before, part) else ""
    for index in range(len(parts) - 2, -1, -1):
        name = names[index + 1]
        hint = bool(name) and clues[index][name].evidence > 0
        if not names[index] and hint and continues(parts[index], parts[index + 1]):
            names[index] = name
    return names


def _is_sound(name: str, names: Sequence[str], clues: Sequence[Mapping[str, _Clue]]) -> bool:
    own = [clue[name] for clue, found in zip(clues, names, strict=True) if found == name]
    rows = sum(clue.n_rows for clue in own)
    required = frozenset[str]().union(*(clue.required for clue in own))
    if len(required) < _LEAST_REQUIRED * max((clue.n_required for clue in own), default=0):
        return False
    return any(clue.headed for clue in own) or rows >= _ROWS_WITHOUT_HEADER
