"""A picture of values over years: a line a group, gaps where nothing was read, doubtful points hollow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from archive.fonts import REMEDY, family_for
from archive.sums import Line, Sums, Tally
from archive.sumtables import same_keys, title_of
from archive.terminal import whole_file
from ocr.errors import UsageError

ENDINGS = (".png", ".svg")
MOST_LINES = 20
COLOURS = 10  # of matplotlib; further lines are dashed
SIZE = (10.0, 5.5)  # inches
DPI = 150
NOTE = "○ flagged, or not all of it read    a gap: not read, or no report"


def draw(sums: Sums, output: Path) -> Iterator[str]:
    """Draw sums of years into a PNG or SVG file; yields what a person should be told of it.

    Raises UsageError for another kind of file, and if there is nothing to draw.
    """
    if output.suffix.lower() not in ENDINGS:
        raise UsageError(f"cannot draw {output}: its name must end in {' or '.join(ENDINGS)}")
    lines = [line for line in sums.lines if any(_is_drawn(year, cell) for year, cell in line.cells.items())]
    if not lines:
        raise UsageError("nothing to draw: no such value was read for a known year")
    if len(lines) > MOST_LINES:
        yield f"only the first {MOST_LINES} of {len(lines):,} lines are drawn; choose with --organ or --row"
    names, title = _names(sums, lines[:MOST_LINES]), title_of(sums)
    family = family_for("".join(names) + title)
    if family is None:
        yield f"no font here has the characters of the names, so lines are numbered: {REMEDY}"
        yield from (f"#{number} = {name}" for number, name in enumerate(names, start=1))
        names, title = [f"#{number}" for number in range(1, len(names) + 1)], ascii_only(title)
    families = ["DejaVu Sans"] if family is None else [family, "DejaVu Sans"]
    with matplotlib.rc_context({"font.family": families, "axes.unicode_minus": False}):
        figure = _figure(lines[:MOST_LINES], names, title)
        with whole_file(output) as file:
            figure.savefig(file, format=output.suffix[1:].lower(), dpi=DPI)


def ascii_only(text: str) -> str:
    """What any font can draw of a text."""
    return "".join(character for character in text if character.isascii()).strip()


def _figure(lines: Sequence[Line], names: Sequence[str], title: str) -> Figure:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    for number, (line, name) in enumerate(zip(lines, names, strict=True)):
        _draw_line(axes, line, name, number)
    years = [year for line in lines for year in line.cells if year is not None]
    axes.set_xticks(range(min(years), max(years) + 1))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: f"{height:,g}"))
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]) if _has_negative(lines) else 0.0)
    axes.grid(alpha=0.3)
    axes.set_title(title)
    axes.set_xlabel(NOTE, fontsize="small", color="0.4")
    if any(names):
        figure.legend(loc="outside right upper", fontsize="small")
    return figure


def _draw_line(axes: Axes, line: Line, name: str, number: int) -> None:
    """One line over every year from its first to its last, broken where there is nothing to draw."""
    colour = f"C{number % COLOURS}"
    known = [year for year in line.cells if year is not None]
    years = list(range(min(known), max(known) + 1))
    heights = [_height(line.cells.get(year)) for year in years]
    axes.plot(years, heights, "-" if number < COLOURS else "--", color=colour, label=name)
    for year, height in zip(years, heights, strict=True):
        cell = line.cells.get(year)
        hollow = cell is not None and bool(cell.flagged or not cell.is_plain)
        axes.plot(year, height, "o", color=colour, markerfacecolor="white" if hollow else colour)


def _height(cell: Tally | None) -> float:
    return nan if cell is None or cell.sum is None else float(cell.sum)


def _is_drawn(year: int | None, cell: Tally) -> bool:
    return year is not None and cell.sum is not None


def _has_negative(lines: Sequence[Line]) -> bool:
    return any(_height(cell) < 0 for line in lines for cell in line.cells.values())


def _names(sums: Sums, lines: Sequence[Line]) -> list[str]:
    """A name a line, of what tells the lines apart."""
    same = same_keys(sums)
    told = [number for number, name in enumerate(sums.grouping.names) if name not in same]
    return [" / ".join(str(line.name[number] or "?") for number in told) for line in lines]
