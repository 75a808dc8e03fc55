"""What the terminal shows of organs, of coverage and of comparisons across reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from archive.comparison.coverage import THERE, Coverage, CoverageCell, State
from archive.comparison.records import SUMMARY, AcrossFinding, AcrossTerm
from archive.organs.aliases import PrintedName
from archive.organs.suggestions import Suggestion
from console.views.documents import LONGEST_LIST, SHORT_HASH, grid, printable

# Chinese, as the stand-ins of values are; every sign is two columns wide.
_SIGNS = {
    State.PRESENT: ("有", ""),
    State.REPLACED: ("换", "yellow"),
    State.UNREADABLE: ("坏", "red"),
    State.PENDING: ("待", "cyan"),
    State.MISSING: ("缺", "red"),
}
_WORDS = {State.NOT_EXPECTED: "not expected", State.NOT_PLACED: "not placed"}
LEGEND = (
    "有 present   换 present, replaced   坏 unreadable   待 pending   缺 missing   "
    "3? values to look at   (blank) not expected"
)
_OUTCOMES = {
    "contradiction": ("reports contradict", "red"),
    "doubtful": ("perhaps misread", "yellow"),
    "not_comparable": ("not comparable", "dim"),
    "own_share": ("own share", "dim"),
    SUMMARY: ("summary", "bold"),
}
# What is listed without being asked for.
TOLD = ("contradiction", "doubtful", SUMMARY)
OUTCOME_LEGEND = (
    "reports contradict: no value in it is doubtful   perhaps misread: one is, marked ?   "
    "+ older: documents of the same organ and year that a newer one replaced"
)


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


def coverage(found: Coverage) -> Iterator[RenderableType]:
    """The matrix of organs and years with its totals, and below it whatever is not in it."""
    if found.cells:
        yield _matrix(found.cells)
        yield Text(LEGEND, style="dim")
        counted = ", ".join(f"{count} {state.value}" for state, count in found.counts.items())
        yield Text(f"\n{len(found.cells)} expected: {counted}")
    yield from _listed("remarks", [cell for cell in found.cells if cell.note])
    for state, group in groupby(found.others, key=lambda cell: cell.state):
        yield from _listed(_WORDS[state], list(group))


def lacking(found: Coverage) -> Iterator[RenderableType]:
    """What is expected and not there, a line each."""
    yield from _listed("not there", found.lacking, len(found.lacking))


def _matrix(cells: Sequence[CoverageCell]) -> Table:
    years = sorted({cell.year for cell in cells if cell.year is not None})
    rows: dict[str, dict[int | None, CoverageCell]] = {}
    for cell in cells:
        rows.setdefault(cell.organ, {})[cell.year] = cell
    body = [
        [organ, *(_sign(at.get(year)) for year in years), _share(at.values())] for organ, at in rows.items()
    ]
    totals = [_share(cell for cell in cells if cell.year == year) for year in years]
    table = grid(("organ", *map(str, years), "there"), body)
    table.add_section()
    table.add_row("", *totals, _share(cells))
    return table


def _sign(cell: CoverageCell | None) -> Text:
    if cell is None:
        return Text("")
    sign, style = _SIGNS[cell.state]
    doubts = f" {cell.needs_review}?" if cell.needs_review else ""
    return Text(f"{sign}{doubts}", style=style)


def _share(cells: Iterable[CoverageCell]) -> str:
    states = [cell.state in THERE for cell in cells]
    return f"{sum(states)}/{len(states)}"


def _listed(title: str, cells: Sequence[CoverageCell], most: int = LONGEST_LIST) -> Iterator[RenderableType]:
    if cells:
        yield Text(f"\n{title}: {len(cells)}", style="bold")
        for cell in cells[:most]:
            yield from _line(cell)
        if len(cells) > most:
            yield Text(f"… and {len(cells) - most} more; --format csv gives all")


def _line(cell: CoverageCell) -> Iterator[Text]:
    """A cell as a line that names it and its document, and its remark below."""
    sign, style = _SIGNS.get(cell.state, ("", ""))
    doubts = f"{cell.needs_review}?" if cell.needs_review else ""
    about = (cell.organ, cell.year, cell.document[:SHORT_HASH], cell.source, doubts)
    yield Text.assemble((f"  {sign or '  '}  ", style), _spaced(about))
    if cell.note:
        yield Text(f"      {printable(cell.note)}", style="dim")


def across(found: Iterable[AcrossFinding]) -> Iterator[RenderableType]:
    """Comparisons, each as a line that names it, what is printed, and where."""
    is_empty = True
    for one in found:
        is_empty = False
        yield from _comparison(one)
    if not is_empty:
        yield Text(f"\n{OUTCOME_LEGEND}", style="dim")


def _comparison(one: AcrossFinding) -> Iterator[Text]:
    word, style = _OUTCOMES.get(one.outcome, (one.outcome, ""))
    value = "/".join(part for part in (one.table, one.row, one.column) if part)
    named = _spaced((one.relation, one.organ, one.year, value))
    yield Text.assemble((f"{named}  ", "bold"), (word, style))
    yield Text(f"    {printable(one.message)}")
    aside = f"+ {len(one.set_aside)} older" if one.set_aside else ""
    if places := _spaced((*_places(one.terms), aside)):
        yield Text(f"    {places}", style="dim")


def _spaced(parts: Iterable[object]) -> str:
    return "  ".join(printable(part) for part in parts if part)


def _places(terms: Sequence[AcrossTerm]) -> Iterator[str]:
    """Each document once, with its pages."""
    pages: dict[str, list[int]] = {}
    for term in terms:
        pages.setdefault(term.document, []).extend([term.page] if term.page else [])
    for document, found in pages.items():
        numbers = ", ".join(map(str, sorted(set(found))))
        yield f"{document[:SHORT_HASH]} p. {numbers}" if numbers else document[:SHORT_HASH]


def across_years(found: Sequence[AcrossFinding], document: str) -> Iterator[RenderableType]:
    """The block of `show`: what this report and those of the years around it say of each other."""
    if not found:
        return
    yield Text("\nacross years", style="bold")
    if any(document in one.set_aside for one in found):
        yield Text("a newer document reports on the same year; that one is compared")
    yield from (line for one in found if one.outcome in TOLD for line in _comparison(one))
    yield Text(tally(Counter(one.outcome for one in found)), style="dim")


def tally(counts: Mapping[str, int]) -> str:
    """How many comparisons had which outcome, in words."""
    if not counts:
        return (
            "0 comparisons: no organ has reports on two years in a row, and none is listed as the "
            "supervisor of another (docs/coverage.md)"
        )
    words = {"holds": "hold", "contradiction": "contradictions"}
    order = ("holds", "contradiction", "doubtful", "own_share", "not_comparable")
    named = (f"{counts[one]} {words.get(one, one.replace('_', ' '))}" for one in order)
    return f"{sum(counts[one] for one in order)} comparisons: {', '.join(named)}"


def spans(years: Sequence[int]) -> str:
    """Years in short: 2019, 2021–2023."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
