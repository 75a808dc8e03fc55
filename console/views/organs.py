"""Organs with the names that reports print, and suggestions which names may mean one organ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.table import Table

from archive.organs.aliases import PrintedName
from archive.organs.suggestions import Suggestion
from console.views.base import grid


def organs(names: Iterable[PrintedName]) -> Table:
    """Every organ with its names below each other, the organ's own first."""
    columns = ("organ", "printed as", "years", "reports", "region", "supervisor", "linked by")
    return grid(columns, (row for _, group in groupby(names, key=_owner) for row in _organ_rows(list(group))))


def _owner(name: PrintedName) -> str:
    return name.organ


def _organ_rows(names: Sequence[PrintedName]) -> Iterator[list[object]]:
    own_first = sorted(names, key=lambda name: (name.written != name.organ, name.written))
    for n, name in enumerate(own_first):
        linked = f"{name.linked_by} {name.linked_at[:10]}".strip()
        about = ("", "", "") if n else (name.organ or "(not read)", name.region, name.supervisor)
        yield [about[0], name.written or "(not read)", spans(name.years), name.reports, *about[1:], linked]


def suggestions(found: Iterable[Suggestion]) -> Table:
    """Pairs of names with their grounds, the best first."""
    columns = ("score", "written", "its years", "organ", "its years", "grounds")
    rows = (
        [
            one.score,
            one.written,
            spans(one.written_years),
            one.organ,
            spans(one.organ_years),
            "; ".join(one.evidence),
        ]
        for one in found
    )
    return grid(columns, rows)


def spans(years: Sequence[int]) -> str:
    """Years in short: 2019, 2021–2023."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
