"""`guidang facts`: list values of the forms over all reports, add them up, or draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import delivery, filters
from console.delivery import counted
from console.options import DEFAULT_ARCHIVE, ArchiveOption, FactFormat
from console.output import show
from core.errors import UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.values.aggregation import Grouping, Sums
    from archive.values.facts import FactFilter
    from archive.values.year_changes import Condition


class Across(StrEnum):
    """What is laid side by side."""

    YEAR = "year"


@dataclass(frozen=True, slots=True)
class _Addition:
    """How values are added up: the groups, the conditions on their sums, whether changes are told."""

    groups: Grouping
    conditions: Sequence[Condition]
    changes: bool

    @property
    def with_changes(self) -> bool:
        from archive.values.year_changes import OF_CHANGES

        return self.changes or any(condition.field in OF_CHANGES for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where values go: into a picture, or in a format to stdout or into a file."""

    plot: Path | None
    form: FactFormat | None
    output: Path | None


def facts(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Key of a table: proactive, requests, review; repeatable."),
    ] = None,
    row: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Key of a row, like new or refused.3; repeatable.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Key of a column, like total.")
    ] = None,
    year: Annotated[
        list[str] | None, typer.Option(metavar="YEAR", help="A year, or a range like 2021-2023.")
    ] = None,
    organ: Annotated[
        str | None, typer.Option(help="Only organs whose name, or the name it stands for, contains this.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Only organs of this region, or whose name begins so.")
    ] = None,
    of_form: Annotated[
        list[str] | None, typer.Option("--form", metavar="FORM", help="Only tables of this form.")
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(metavar="STATE", help="read, blank, dash, unread or missing; repeatable."),
    ] = None,
    flag: Annotated[str | None, typer.Option(help="Only values with this flag.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="A condition like 'value>100'; all given must hold. On lines: 'sum>100', "
            "'change>50', 'change_percent<-30'.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Add up, a line for each organ, region, year, form, document, like organ,year.",
        ),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="Add up different rows or columns too: row or column."),
    ] = None,
    across: Annotated[Across | None, typer.Option(help="Lay the years side by side.")] = None,
    change: Annotated[bool, typer.Option("--change", help="Show what changed between years.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="PNG|SVG", dir_okay=False, help="Draw the years instead of listing values."),
    ] = None,
    form: Annotated[
        FactFormat | None, typer.Option("--format", help="How to print it; else by the ending of the file.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, help="File to write instead of stdout.")
    ] = None,
) -> None:
    """List values of the forms over all reports, or add them up.

    With --by, a line for each group and value: the exact sum of what was read,
    and how many inputs were read, blank, dash, unread, missing, flagged.
    Nothing but what was read is counted, and nothing counts as 0. Different
    rows and columns stay apart unless --over says otherwise; total is one of them.

    With --across year, a column for each year and, with --change, the difference
    to the year before, where every input of both was read. A condition on a sum
    or a change keeps a line if it holds in any one year.

    An organ is one line under all its names. If it has several reports on one
    year, the one archived last counts, and the cell says "2 reports";
    --by document counts each.

    \b
    Example:
      guidang facts --row new --column total --by organ --across year --change
    """
    from archive.values.aggregation import grouping
    from archive.values.year_changes import check, split_conditions

    on_values, on_sums = split_conditions(where or ())
    wanted = filters.facts(
        table=table,
        row=row,
        column=column,
        year=year,
        organ=organ,
        region=region,
        form=of_form,
        state=state,
        flag=flag,
        where=on_values,
    )
    target = _Target(plot, form, output)
    groups = grouping(by or (), over or (), across is not None or plot is not None)
    check(on_sums, change, groups)
    if groups:
        _add_up(archive, wanted, _Addition(groups, on_sums, change), target)
    else:
        _list_facts(archive, wanted, target)


def _list_facts(archive: str, wanted: FactFilter, target: _Target) -> None:
    """Print values as a table or in a format."""
    from archive.archive import Archive
    from archive.export import saving
    from archive.export.columns import fact_columns
    from console.views import documents as view

    form = saving.chosen(target.form, target.output, FactFormat.TABLE)
    with Archive.open(archive) as opened:
        found = opened.values.facts(wanted)
        if form != FactFormat.TABLE:
            passing = counted(found, "values", lambda: opened.values.count_facts(wanted), target.output)
            saving.save(passing, fact_columns.FACTS, form, target.output)
            return
        show([view.facts(islice(found, delivery.LONGEST_TABLE))])
        if any(True for _ in found):
            talk(f"only the first {delivery.LONGEST_TABLE} are shown; --format csv gives all")


def _add_up(archive: str, wanted: FactFilter, addition: _Addition, target: _Target) -> None:
    """Print sums as a table or in a format, or draw them."""
    from archive.archive import Archive
    from archive.export import saving
    from archive.export.columns.sum_columns import several_reports
    from archive.values.year_changes import chosen

    form = saving.chosen(target.form, target.output, FactFormat.TABLE)
    if target.plot and (target.form or target.output):
        raise UsageError("give --plot, or --format and --output: a picture is drawn instead of a list")
    with Archive.open(archive) as opened:
        total = partial(opened.values.count_facts, wanted)
        found = opened.values.sums(
            wanted, addition.groups, lambda passing: counted(passing, "values", total, target.output)
        )
    found = chosen(found, addition.conditions)
    if target.plot:
        _draw(found, target.plot)
    else:
        _deliver_sums(found, addition.with_changes, form, target.output)
    if several := several_reports(found):
        talk(f"{several:,} sums leave out older reports of an organ and year; --by document shows each")


def _draw(found: Sums, plot: Path) -> None:
    from archive.export.plot import draw

    for remark in draw(found, plot):
        talk(remark)
    show([str(plot)])


def _deliver_sums(found: Sums, with_changes: bool, form: str, output: Path | None) -> None:
    from archive.export import saving
    from archive.export.columns.sum_columns import layout_of
    from console.views.sums import table_of

    if form != FactFormat.TABLE:
        saving.save(found.lines, layout_of(found, with_changes), form, output)
        return
    longest = delivery.LONGEST_TABLE
    show(table_of(found, with_changes, longest))
    if len(found.lines) > longest:
        talk(f"only the first {longest} of {len(found.lines):,} are shown; --format csv gives all")
