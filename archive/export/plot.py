"""A picture of values over years: a line a group, gaps where nothing was read, doubtful points hollow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from archive.export.columns.sum_columns import labels, same_keys, title_of
from archive.export.plot_fonts import REMEDY, family_for
from archive.values.aggregation import CountedSum, SumLine, Sums
from core.errors import UsageError
from core.streams import whole_file

ENDINGS = (".png", ".svg")
MOST_LINES = 20
LONGEST_NAME = 18
COLOURS = 10  # of matplotlib; further lines are dashed
SIZE = (10.0, 5.5)  # inches
DPI = 150
LATIN = "DejaVu Sans"  # comes with matplotlib
NOTE = "○ flagged, not all of it read, or several reports    a gap: not read, or no report"


def draw(sums: Sums, output: Path) -> list[str]:
    """Draw sums of years into a PNG or SVG file; give what a person should be told of it.

    Raises UsageError for another kind of file, and if there is nothing to draw.
    """
    if output.suffix.lower() not in ENDINGS:
        raise UsageError(f"cannot draw {output}: its name must end in {' or '.join(ENDINGS)}")
    drawable = [line for line in sums.lines if any(_is_drawn(*cell) for cell in line.cells.items())]
    if not drawable:
        raise UsageError("nothing to draw: no such value was read for a known year")
    lines = drawable[:MOST_LINES]
    names, title = _names(sums, lines), title_of(sums)
    family = family_for("".join(names) + title)
    remarks = list(_remarks(len(drawable), names, family))
    if family is None:
        names, title = [f"#{number}" for number in range(1, len(names) + 1)], ascii_only(title)
    families = [family, LATIN] if family else [LATIN]
    with matplotlib.rc_context({"font.family": families, "axes.unicode_minus": False}):
        figure = _figure(lines, names, title)
        with whole_file(output) as file:
            figure.savefig(file, format=output.suffix[1:].lower(), dpi=DPI)
    return remarks


def _remarks(n_lines: int, names: Sequence[str], family: str | None) -> Iterator[str]:
    if n_lines > MOST_LINES:
        yield f"only the first {MOST_LINES} of {n_lines:,} lines are drawn; choose with --organ or --row"
    if family is None:
        yield f"no font here has the characters of the names, so lines are numbered: {REMEDY}"
        yield from (f"#{number} = {name}" for number, name in enumerate(names, start=1))


def ascii_only(text: str) -> str:
    """What any font can draw of a text."""
    return "".join(character for character in text if character.isascii()).strip()


def _figure(lines: Sequence[SumLine], names: Sequence[str], title: str) -> Figure:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    for number, (line, name) in enumerate(zip(lines, names, strict=True)):
        _draw_line(axes, line, name, number)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: f"{height:,g}"))
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]) if _has_negative(lines) else 0.0)
    axes.grid(alpha=0.3)
    axes.set_title(title)
    axes.set_xlabel(NOTE, fontsize="small", color="0.4")
    if any(names):
        figure.legend(loc="outside right upper", fontsize="small")
    return figure


def _draw_line(axes: Axes, line: SumLine, name: str, number: int) -> None:
    """One line over every year from its first to its last, broken where there is nothing to draw."""
    colour = f"C{number % COLOURS}"
    known = [year for year in line.cells if year is not None]
    years = list(range(min(known), max(known) + 1))
    heights = [_height(line.cells.get(year)) for year in years]
    axes.plot(years, heights, "-" if number < COLOURS else "--", color=colour, label=name)
    for year, cell in line.cells.items():
        if year is not None and cell.sum is not None:
            hollow = cell.flagged or cell.left_out or not cell.is_plain
            axes.plot(year, _height(cell), "o", color=colour, markerfacecolor="white" if hollow else colour)


def _height(cell: CountedSum | None) -> float:
    return nan if cell is None or cell.sum is None else float(cell.sum)


def _is_drawn(year: int | None, cell: CountedSum) -> bool:
    return year is not None and cell.sum is not None


def _has_negative(lines: Sequence[SumLine]) -> bool:
    return any(_height(cell) < 0 for line in lines for cell in line.cells.values())


def _names(sums: Sums, lines: Sequence[SumLine]) -> list[str]:
    """A name a line, of what tells the lines apart; rows and columns by their labels."""
    same = same_keys(sums)
    told = [name for name in sums.grouping.names if name not in same]
    return [" / ".join(_short(_named(sums, line)[name]) for name in told) for line in lines]


def _named(sums: Sums, line: SumLine) -> dict[str, str]:
    parts = ("?" if part in (None, "") else str(part) for part in line.name)
    return labels(sums, dict(zip(sums.grouping.names, parts, strict=True)))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
