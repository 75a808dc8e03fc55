"""Sums as people read them: a line a group, years and changes side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from archive.export.columns.sum_columns import has_before, same_keys, title_of, year_column
from archive.records import short
from archive.values.aggregation import CountedSum, SumLine, Sums
from archive.values.year_changes import Change, changes
from console.views.base import STAND_INS as PRINTED_STAND_INS
from console.views.base import grid, printable

STAND_INS = {**PRINTED_STAND_INS, "dash": ("/", "")}
LEGEND = (
    "空 blank   / dash   缺 missing   未识 unread   nothing: no report   "
    "? something in it is unread, missing or doubtful   * printed so in the report"
)


def table_of(sums: Sums, with_changes: bool, longest: int) -> Iterator[RenderableType]:
    """The sums as people read them; what is the same in every line stands above."""
    lines = sums.lines[:longest]
    names = sums.grouping.names
    same = same_keys(sums)
    if same:
        yield Text(printable(title_of(sums)), style="bold")
    shown = [number for number, name in enumerate(names) if name not in same]
    heads = [names[number] for number in shown]
    if sums.grouping.across:
        rows = ([*_named(names, shown, line), *_years(sums, line, with_changes)] for line in lines)
        yield grid([*heads, *_year_heads(sums, with_changes)], rows)
    else:
        counts = ("read", "blank", "dash", "unread", "missing", "flagged", "reports")
        rows = ([*_named(names, shown, line), *_counted(line.cells[None], counts)] for line in lines)
        yield grid([*heads, "sum", *counts], rows)
    yield Text(LEGEND, style="dim")


def _named(names: Sequence[str], shown: Sequence[int], line: SumLine) -> Iterator[object]:
    for number in shown:
        part = line.name[number]
        yield short(part) if names[number] == "document" and isinstance(part, str) else part


def _counted(tally: CountedSum, counts: Sequence[str]) -> Iterator[object]:
    yield cell_text(tally, with_counts=False)
    for name in counts:
        count = getattr(tally, name)
        yield f"{count:,}" if count else ""


def cell_text(tally: CountedSum | None, with_counts: bool = True) -> Text:
    """A sum with its mark, or the stand-in for why there is none; nothing if there is no report.

    Behind it, in brackets, how many inputs were not read, `with_counts`, and whether there are
    several reports.
    """
    if tally is None:
        return Text()
    shown, style = STAND_INS.get(tally.state, ("", ""))
    if tally.sum is not None:
        shown = f"{tally.sum:,f}"
    if tally.is_doubtful:
        shown, style = f"{shown}?", "red"
    elif "source_anomaly" in tally.flags.split(";"):
        shown, style = f"{shown}*", "yellow"
    notes = list(_not_read(tally)) if with_counts and tally.sum is not None else []
    if tally.left_out:
        notes.append(f"{tally.reports} reports")
    return Text(f"{shown} ({', '.join(notes)})" if notes else shown, style=style)


def _not_read(tally: CountedSum) -> Iterator[str]:
    for state, (stand_in, _) in STAND_INS.items():
        if count := getattr(tally, state):
            yield f"{count:,} {stand_in}"


def _year_heads(sums: Sums, with_changes: bool) -> Iterator[str]:
    for year in sums.years:
        if with_changes and year is not None and has_before(sums, year):
            yield f"{year - 1}→{year}"
        yield printable(year_column(year, "sum"))


def _years(sums: Sums, line: SumLine, with_changes: bool) -> Iterator[Text]:
    into = changes(line.cells)
    for year in sums.years:
        if with_changes and has_before(sums, year):
            yield change_text(into.get(year))
        yield cell_text(line.cells.get(year))


def change_text(change: Change | None) -> Text:
    """A change with its sign and percent; nothing where there is none to give."""
    if change is None:
        return Text()
    percent = "" if change.percent is None else f" ({change.percent:+,f} %)"
    doubt = "?" if change.is_doubtful else ""
    return Text(f"{change.change:+,f}{percent}{doubt}", style="red" if doubt else "")
