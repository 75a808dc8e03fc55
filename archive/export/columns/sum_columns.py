"""Sums for programs: their columns, rows and objects, and what all lines of a sum share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from archive.export.columns.base import ExportLayout, Row
from archive.values.aggregation import KEYS, CountedSum, SumLine, Sums
from archive.values.year_changes import Change, changes

TALLY = (
    "sum",
    "state",
    "read",
    "blank",
    "dash",
    "unread",
    "missing",
    "flagged",
    "needs_review",
    "flags",
    "reports",
    "left_out",
)
CHANGE = ("change", "change_percent", "change_doubtful")
KINDS: dict[str, type] = {name: int for name in TALLY if name not in ("sum", "state", "flags")} | {
    "sum": Decimal,
    "change": Decimal,
    "change_percent": Decimal,
    "change_doubtful": int,
}
NO_YEAR = "unknown"


def layout_of(sums: Sums, with_changes: bool) -> ExportLayout:
    """The columns of some sums; where years lie side by side, each has its own, like `2023_state`.

    The sum of a year is in the column of its bare number.
    """
    columns = list(sums.grouping.names)
    kinds: dict[str, type] = {"year": int}
    for year in sums.years if sums.grouping.across else ():
        named = {part: year_column(year, part) for part in _parts(sums, year, with_changes)}
        columns.extend(named.values())
        kinds |= {column: KINDS[part] for part, column in named.items() if part in KINDS}
    if not sums.grouping.across:
        columns, kinds = [*columns, *TALLY], kinds | KINDS

    def rows(lines: Iterable[SumLine]) -> Iterator[Row]:
        return (_row(sums, line, columns, with_changes) for line in lines)

    return ExportLayout(tuple(columns), rows, lambda line: _json_object(sums, line, with_changes), kinds)


def several_reports(sums: Sums) -> int:
    """How many cells leave out a report, because a newer one of the same organ and year counts."""
    return sum(tally.left_out > 0 for line in sums.lines for tally in line.cells.values())


def same_keys(sums: Sums) -> dict[str, str]:
    """Table, row and column, those that are the same in all lines."""
    first = len(sums.grouping.by)
    found = {name: {line.name[first + n] for line in sums.lines} for n, name in enumerate(_keys(sums))}
    return {name: str(next(iter(keys))) for name, keys in found.items() if len(keys) == 1}


def title_of(sums: Sums) -> str:
    """What all lines share: the keys, their Chinese labels if one value is meant, what is summed over."""
    same = same_keys(sums)
    over = f"over all {' and '.join(f'{key}s' for key in sums.grouping.over)}" if sums.grouping.over else ""
    printed = labels(sums, same)
    label = f"{printed['row']} · {printed['column']}" if set(same) == set(KEYS) else ""
    return "  ".join(part for part in (label, "/".join(same.values()), over) if part)


def _keys(sums: Sums) -> tuple[str, ...]:
    return sums.grouping.names[len(sums.grouping.by) :]


def labels(sums: Sums, keys: Mapping[str, str]) -> dict[str, str]:
    """The Chinese labels of a row and a column; their keys if no form has them or not all three are given."""
    from reconcile.forms.registry import labels_of  # loads the forms, which a search can do without

    if not set(KEYS) <= set(keys):
        return dict(keys)
    table, row, column = (keys[key] for key in KEYS)
    try:
        printed = labels_of(sums.forms[table, row, column], table, row, column)
    except KeyError:  # stored under a form that this version no longer has
        return dict(keys)
    return {**keys, "row": printed[0], "column": printed[1]}


def plain(number: Decimal | None) -> str:
    """A decimal to its last digit, without an exponent; nothing for None."""
    return "" if number is None else format(number, "f")


def year_column(year: int | None, part: str) -> str:
    """The column of a part of a year's sum; the sum itself is in that of the bare number."""
    name = NO_YEAR if year is None else str(year)
    return name if part == "sum" else f"{name}_{part}"


def _parts(sums: Sums, year: int | None, with_changes: bool) -> tuple[str, ...]:
    """What is told of a year; changes only if there is a year before it."""
    return (*TALLY, *(CHANGE if with_changes and has_before(sums, year) else ()))


def has_before(sums: Sums, year: int | None) -> bool:
    """Whether the year before is there too, so that a change can be told."""
    return year is not None and year - 1 in sums.years


def _fields(tally: CountedSum, change: Change | None, parts: Sequence[str]) -> dict[str, Any]:
    """The parts of a cell by name; a change is None where there is none to give."""
    held = dict.fromkeys(parts) | {part: getattr(tally, part) for part in TALLY} | {"sum": plain(tally.sum)}
    if "change" in held and change:
        percent = None if change.percent is None else plain(change.percent)
        held |= {"change": plain(change.change), "change_percent": percent}
        held["change_doubtful"] = int(change.is_doubtful)
    return held


def _row(sums: Sums, line: SumLine, columns: Sequence[str], with_changes: bool) -> Row:
    row: dict[str, Any] = dict.fromkeys(columns) | dict(zip(sums.grouping.names, line.name, strict=True))
    if not sums.grouping.across:
        return row | _fields(line.cells[None], None, TALLY)
    into = changes(line.cells)
    for year, tally in line.cells.items():
        fields = _fields(tally, into.get(year), _parts(sums, year, with_changes))
        row |= {year_column(year, part): content for part, content in fields.items()}
    return row


def _json_object(sums: Sums, line: SumLine, with_changes: bool) -> Row:
    named: dict[str, Any] = dict(zip(sums.grouping.names, line.name, strict=True))
    if not sums.grouping.across:
        return named | _fields(line.cells[None], None, TALLY)
    into = changes(line.cells)
    years: dict[str, Row | None] = {year_column(year, "sum"): None for year in sums.years}
    for year, tally in line.cells.items():
        parts = _parts(sums, year, with_changes)
        years[year_column(year, "sum")] = _fields(tally, into.get(year), parts)
    return named | {"years": years}
