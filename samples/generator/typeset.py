"""Set a report as PDF with typst: flowing text, tables drawn rule by rule from their grids.

Tables are drawn by absolute position inside a block of known size, so that rules at a page break can
be left out, labels displaced and characters written in any order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

import typst

from samples.generator.grid import LEADING, Grid, Slot, cut_row, paginate, split_at, take_rows
from samples.generator.layouts import LAYOUTS, Laid, Look
from samples.generator.values import Prints

FONT_FOLDERS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype")
A4 = (595.28, 841.89)
GAP = 6.0
STAMP = 1704067200  # 2024-01-01T00:00:00Z: a fixed creation date keeps the bytes the same


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading, or the title of the report when `level` is 0."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Go on to a new page."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One printed table: `table` is `proactive`, `requests`, `review`, `tail` or a key of `grids`.

    `first` and `last` limit it to the rows between two row keys (a fragment; `last` included),
    `breaks` are row keys before which a page ends, `cuts` rows cut in two by the page end after so
    many lines of their label. Without either, the table breaks where the page is full.
    `open_break` leaves the rules at page breaks out.
    """

    table: str
    form: str
    values: Prints
    look: Look = field(default_factory=Look)
    first: str = ""
    last: str = ""
    breaks: tuple[str, ...] = ()
    cuts: Mapping[str, int] = field(default_factory=dict)
    open_break: bool = False


@dataclass(frozen=True, slots=True)
class GridSpec:
    """A table of no known form, given as a grid."""

    grid: Grid
    look: Look = field(default_factory=Look)
    open_break: bool = False


Block = str | Heading | PageBreak | TableSpec | GridSpec


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """A report: its blocks in order, and how the body is set. Lengths in points."""

    title: str
    blocks: tuple[Block, ...]
    size: float = 14.0
    face: str = "Noto Serif CJK SC"
    heading_face: str = "Noto Sans CJK SC"
    leading: float = 10.0
    margins: tuple[float, float, float, float] = (72.0, 82.0, 72.0, 82.0)  # top right bottom left
    footer: str = "- 1 -"
    page: tuple[float, float] = A4

    @property
    def room(self) -> float:
        """Height of the text area."""
        return self.page[1] - self.margins[0] - self.margins[2]


def set_report(report: ReportSpec) -> bytes:
    """The report as PDF bytes; the same spec gives the same bytes."""
    parts: list[list[str]] = []
    for block in report.blocks:
        if isinstance(block, TableSpec | GridSpec):
            parts.append(_table(block, report, parts))
        else:
            parts.append([_text_block(block, report)])
    source = _head(report) + "\n".join(line for part in parts for line in part)
    pdf = _compiler().compile(input=source.encode(), format="pdf", timestamp=STAMP, pdf_tags=False)
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single document")
    return pdf


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=list(FONT_FOLDERS), ignore_system_fonts=True)


def _table(spec: TableSpec | GridSpec, report: ReportSpec, before: Sequence[list[str]]) -> list[str]:
    lines = []
    for n, chunk in enumerate(_chunks(spec, report, before)):
        if n:
            lines.append("#pagebreak()")
        if chunk.heights:
            lines.append(_draw(chunk, spec.look))
    return lines


def _chunks(spec: TableSpec | GridSpec, report: ReportSpec, before: Sequence[list[str]]) -> list[Grid]:
    if isinstance(spec, TableSpec):
        laid = LAYOUTS[spec.table](spec.form, spec.values, spec.look)
        if spec.breaks or spec.cuts:
            return _forced(laid, spec)
        grid = _limited(laid, spec)
    else:
        grid = spec.grid
    room = report.room - GAP
    start = _position_after(report, before)
    first_room = report.page[1] - report.margins[2] - start - 2 * GAP
    how: dict[str, Any] = {"open_break": spec.open_break, "cut_rows": spec.look.cut_rows}
    how["step"] = spec.look.size * LEADING if spec.look.run_on else 0.0
    return paginate(grid, first_room, room, **how)


def _limited(laid: Laid, spec: TableSpec) -> Grid:
    if not (spec.first or spec.last):
        return laid.grid
    start = laid.row_of[spec.first] if spec.first else 0
    stop = laid.row_of[spec.last] + 1 if spec.last else len(laid.grid.heights)
    return take_rows(laid.grid, start, stop, open_break=spec.open_break)


def _forced(laid: Laid, spec: TableSpec) -> list[Grid]:
    """Cut at the rows the spec names; each row cut in two moves the later ones down by one."""
    grid, ends = laid.grid, [laid.row_of[key] for key in spec.breaks]
    for key in sorted(spec.cuts, key=laid.row_of.__getitem__, reverse=True):
        row = laid.row_of[key]
        grid = cut_row(grid, row, spec.cuts[key])
        ends = [end + (end > row) for end in ends]
        ends.append(row + 1)
    return split_at(grid, tuple(sorted(ends)), open_break=spec.open_break)


def _position_after(report: ReportSpec, before: Sequence[list[str]]) -> float:
    """How far down its page the text set so far reaches, in points from the top."""
    probe = f"\n#block(above: {GAP}pt)[#context [#metadata(here().position().y / 1pt) <at>]]"
    source = _head(report) + "\n".join(line for part in before for line in part) + probe
    fonts: dict[str, Any] = {"font_paths": list(FONT_FOLDERS), "ignore_system_fonts": True}
    answer: Any = typst.query(source.encode(), "<at>", field="value", one=True, **fonts)
    return float(answer)


def _head(report: ReportSpec) -> str:
    margins = zip(("top", "right", "bottom", "left"), report.margins, strict=True)
    sides = ", ".join(f"{side}: {length}pt" for side, length in margins)
    number = f"counter(page).display({_quote(report.footer)})"
    footer = f"context align(center, text(size: 10.5pt, {number}))" if report.footer else "none"
    size = f"width: {report.page[0]}pt, height: {report.page[1]}pt"
    spacing = f"leading: {report.leading}pt, spacing: {report.leading}pt"
    return f"""#set document(title: {_quote(report.title)}, date: none)
#set page({size}, margin: ({sides}), footer: {footer})
#set text({_face(report.face)}, size: {report.size}pt, lang: "zh", region: "cn")
#set par({spacing}, justify: true, first-line-indent: (amount: 2em, all: true))
"""


def _face(face: str, digits: str = "Libertinus Serif") -> str:
    """Font arguments: `digits` for Latin letters and figures, `face` for the rest."""
    return f'font: ((name: {_quote(digits)}, covers: "latin-in-cjk"), {_quote(face)})'


def _text_block(block: str | Heading | PageBreak, report: ReportSpec) -> str:
    if isinstance(block, PageBreak):
        return "#pagebreak()"
    if isinstance(block, str):
        return f"#par(text({_quote(block)}))"
    size = report.size * (1.5 if block.level == 0 else 1.05)
    words = f"text({_face(report.heading_face)}, size: {size}pt, {_quote(block.text)})"
    if block.level == 0:
        centred = f"align(center, par(first-line-indent: 0em, justify: false, {words}))"
        return f"#block(above: 12pt, below: 20pt, width: 100%, {centred})"
    return f"#par({words})"


def _draw(grid: Grid, look: Look) -> str:
    """A block that shows the grid: shades, then texts, then rules."""
    xs, ys = _edges(grid.widths), _edges(grid.heights)
    shades = [(slot, _colours(slot, grid, look)[0]) for slot in grid.slots]
    items = [_shade(slot, xs, ys, shade) for slot, shade in shades if shade]
    items += _texts(grid, xs, ys, look)
    items += _rules(grid, xs, ys, look)
    size = f"width: {grid.width:.2f}pt, height: {grid.height:.2f}pt"
    body = "\n".join(items)
    return f"#align(center, block({size}, breakable: false, above: {GAP}pt, below: {GAP}pt)[\n{body}\n])"


def _edges(lengths: Sequence[float]) -> list[float]:
    edges = [0.0]
    for length in lengths:
        edges.append(edges[-1] + length)
    return edges


def _colours(slot: Slot, grid: Grid, look: Look) -> tuple[str, str]:
    """What is behind a cell, "" for nothing, and the colour of its print."""
    if look.fill is not None:
        return look.fill(slot, len(grid.widths))
    return look.shade if slot.kind == "band" else "", ""


def _shade(slot: Slot, xs: list[float], ys: list[float], shade: str) -> str:
    left, top = xs[slot.column], ys[slot.row]
    size = f"width: {xs[slot.right] - left:.2f}pt, height: {ys[slot.bottom] - top:.2f}pt"
    fill = f'rect({size}, stroke: none, fill: rgb("{shade}"))'
    return f"#place(top + left, dx: {left:.2f}pt, dy: {top:.2f}pt, {fill})"


def _texts(grid: Grid, xs: list[float], ys: list[float], look: Look) -> list[str]:
    """Every line of text; interleaved headers are written line by line across the columns."""
    placed = [
        (slot, n, _line(slot, n, xs, ys, look, _colours(slot, grid, look)[1]))
        for slot in grid.slots
        for n in range(len(slot.lines))
    ]
    if look.header != "interleaved":
        return [line for _, _, line in placed]
    stacked = [
        item
        for item in placed
        if item[0].kind == "header" and len(item[0].lines) == len("".join(item[0].lines)) > 1
    ]
    rest = [line for slot, n, line in placed if (slot, n, line) not in stacked]
    stacked.sort(key=lambda item: (item[1], item[0].column))
    return rest + [line for _, _, line in stacked]


def _line(slot: Slot, n: int, xs: list[float], ys: list[float], look: Look, colour: str) -> str:
    step = look.size * LEADING
    if slot.row_of_line:
        row = slot.row_of_line[n]
        same = [k for k, r in enumerate(slot.row_of_line) if r == row]
        top = (ys[row] + ys[row + 1] - len(same) * step) / 2 + same.index(n) * step
    else:
        top = (ys[slot.row] + ys[slot.bottom] - len(slot.lines) * step) / 2 + n * step
    left, right = xs[slot.column] + look.padding, xs[slot.right] - look.padding
    how = "left" if slot.kind in {"label", "note"} else "center"
    bold = ', weight: "bold"' if look.bold_labels and slot.kind in {"header", "side", "band"} else ""
    fill = f', fill: rgb("{colour}")' if colour else ""
    words = f"text({_face(look.face, look.digits)}, size: {look.size}pt{bold}{fill}, {_quote(slot.lines[n])})"
    box = f"box(width: {right - left:.2f}pt, height: {step:.2f}pt, align({how} + horizon, {words}))"
    return f"#place(top + left, dx: {left:.2f}pt, dy: {top:.2f}pt, {box})"


def _rules(grid: Grid, xs: list[float], ys: list[float], look: Look) -> list[str]:
    across: set[tuple[int, int]] = set()
    down: set[tuple[int, int]] = set()
    for slot in grid.slots:
        across |= {(edge, c) for edge in (slot.row, slot.bottom) for c in range(slot.column, slot.right)}
        down |= {(edge, r) for edge in (slot.column, slot.right) for r in range(slot.row, slot.bottom)}
    hidden = set(grid.unruled) | ({0} if grid.open_top else set())
    hidden |= {len(grid.heights)} if grid.open_bottom else set()
    rules = []
    for edge, start, stop in _runs({(e, c) for e, c in across if e not in hidden}):
        thick = look.frame if edge in (0, len(grid.heights)) else look.rule
        rules.append(_rule(xs[start], ys[edge], xs[stop], ys[edge], thick, look))
    for edge, start, stop in _runs(down):
        thick = look.frame if edge in (0, len(grid.widths)) else look.rule
        rules.append(_rule(xs[edge], ys[start], xs[edge], ys[stop], thick, look))
    return rules


def _runs(units: set[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Join unit edges on one line into (line, start, stop)."""
    runs = []
    ordered = sorted(units)
    for _, group in groupby(enumerate(ordered), key=lambda item: (item[1][0], item[1][1] - item[0])):
        members = [unit for _, unit in group]
        runs.append((members[0][0], members[0][1], members[-1][1] + 1))
    return runs


def _rule(x0: float, y0: float, x1: float, y1: float, thick: float, look: Look) -> str:
    ends = f"start: ({x0:.2f}pt, {y0:.2f}pt), end: ({x1:.2f}pt, {y1:.2f}pt)"
    paint = look.paint if look.paint == "black" else f'rgb("{look.paint}")'
    dash = f', dash: "{look.dash}"' if look.dash else ""
    stroke = f"(paint: {paint}, thickness: {thick}pt{dash})"
    return f"#place(top + left, line({ends}, stroke: {stroke}))"


def _quote(text: str) -> str:
    """A typst string literal; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
