"""Coverage: the matrix of organs and years, and what is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from archive.comparison.coverage import THERE, Coverage, CoverageCell, CoverageState
from archive.records import short
from console.views.base import LONGEST_LIST, grid, printable, spaced

# Chinese, as the stand-ins of values are; every sign is two columns wide.
_SIGNS = {
    CoverageState.PRESENT: ("有", ""),
    CoverageState.REPLACED: ("换", "yellow"),
    CoverageState.UNREADABLE: ("坏", "red"),
    CoverageState.PENDING: ("待", "cyan"),
    CoverageState.MISSING: ("缺", "red"),
}
_WORDS = {CoverageState.NOT_EXPECTED: "not expected", CoverageState.NOT_PLACED: "not placed"}
LEGEND = (
    "有 present   换 present, replaced   坏 unreadable   待 pending   缺 missing   "
    "3? values to look at   (blank) not expected"
)


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
    about = (cell.organ, cell.year, short(cell.document), cell.source, doubts)
    yield Text.assemble((f"  {sign or '  '}  ", style), spaced(about))
    if cell.note:
        yield Text(f"      {printable(cell.note)}", style="dim")
