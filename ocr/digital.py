"""Reading a digital page: the text layer, and the grids that camelot finds."""

from __future__ import annotations

import warnings
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from core.limits import limits
from ocr.arrays import Pixels
from ocr.documents.base import Char, Sheet
from ocr.engine.base import Engine
from ocr.image.gutter import gutter_of
from ocr.image.page_image import View
from ocr.image.ruling_lines import binarise, find_rulings
from ocr.model import Box, Cell, Reading, Table, TextLine
from ocr.step_observer import Observer, unseen
from ocr.tables.borderless.detection import with_unruled
from ocr.tables.cleaned_page import Plate, plate_of
from ocr.tables.grid import Grid, Span, find_grids, merge_units
from ocr.text.cells import Cut, cut_cells, read_cell
from ocr.text.ink import type_size
from ocr.text.reading_order import in_reading_order
from ocr.text.text_columns import Zone, zones_of
from ocr.text.wrapped_numbers import Extent, whole_rows
from ocr.textlayer.lines import SURE, box_of, extents_of, rows_of, text_of
from ocr.textlayer.trust import Trust
from ocr.textlayer.uncovered_ink import loose_ink, mended, read_loose, tells_all
from ocr.textlayer.vertical_lines import standing_lines

ENGINE = f"text-layer/pdfium-{version('pypdfium2')}"
# The most that a cell is sure of whose picture and layer differ.
_UNSURE = 0.5
# A gap wider than this many em parts two columns of print; a narrower one, to the
# second width, where a gutter runs through many lines.
_COLUMN_GAP, _GUTTER_GAP = 4.0, 0.7


def read_digital(
    path: Path, sheet: Sheet, view: View, trust: Trust, engine: Engine, seen: Observer = unseen
) -> tuple[tuple[TextLine, ...], tuple[Table, ...], Box | None]:
    """Read a page whose text layer is sound, or parts of it.

    Args:
        path: the PDF, for camelot, which opens it by itself.
        sheet: the page.
        view: the page as drawn, for what the layer does not tell: whether a cell has ink.
        trust: the characters that are believed, and those that only tell where there is print.
        engine: reads the cells and lines whose print the believed characters do not tell.
        seen: is shown every step.

    Returns:
        The lines, the tables, and the gutter as in `Page`.
    """
    seen("stored", view.pixels)
    seen("characters", view.pixels, (view.rectangle(char.box) for char in (*trust.sound, *trust.doubted)))
    ink = binarise(view.grey, view.dpi)
    seen("ink", ink)
    rulings = find_rulings(ink, view.dpi)
    seen("rulings", rulings.mask)
    drawn = with_unruled(find_grids(rulings, view.dpi), ink, rulings, view.dpi)
    told = _Told(trust, loose_ink(view, drawn.rulings, (*trust.sound, *trust.doubted)))
    seen("grid", view.pixels, (grid.rectangle(span) for grid in drawn.grids for span in grid.spans))
    plate = plate_of(view, ink, drawn.rulings, drawn.grids)
    seen("clean", plate.clean)
    found = _camelot_grids(path, sheet) if drawn.ruled else []
    tables = tuple(_read_table(plate, grid, found, told, sheet.number, engine) for grid in drawn.grids)
    body = _body([char for char in told.chars if not _in_a_table(char, tables)])
    body = mended(body, trust.doubted, told.loose, plate, engine)
    body += read_loose(told.loose, body, tables, plate, engine)
    boxes = [*(line.box for line in body), *(table.box for table in tables)]
    gutter = gutter_of(boxes, sheet.width, sheet.height)
    fold = None if gutter is None else Box(gutter, sheet.height / 2, gutter, sheet.height / 2)
    return in_reading_order(body, tables, gutter=gutter), tables, fold


@dataclass(frozen=True, slots=True)
class _Told:
    """What the layer tells of a page; `loose` is the ink outside of all its characters."""

    trust: Trust
    loose: Pixels

    @property
    def chars(self) -> tuple[Char, ...]:
        return (*self.trust.sound, *self.trust.doubted)


def _read_table(
    plate: Plate, drawn: Grid, found: Sequence[Grid], told: _Told, page: int, engine: Engine
) -> Table:
    """Read one table: its grid from camelot where that agrees with the page image, else from the image.

    Camelot leaves out rows that a page break leaves open, and a page whose user
    space is turned or shifted has its tables elsewhere: both differ from the image.
    """
    in_points = _in_points(drawn, plate.view)
    grid = next((other for other in found if _same(in_points, other)), in_points)
    cuts = cut_cells(plate, drawn)
    em = type_size([cut.ink for cut in cuts], plate.view.dpi)
    layer = _chars_by_cell(grid, told.trust.sound)
    doubted = _chars_by_cell(grid, told.trust.doubted)
    faint = _chars_by_cell(grid, told.trust.faint)
    whole = whole_rows(_extents(grid, cut, layer.get(cut.span, [])) for cut in cuts)
    cells = []
    for cut in cuts:
        sound = layer.get(cut.span, [])
        one_row = cut.row in whole
        if not sound or cut.span in doubted:
            seen = read_cell(plate, cut, em, page, engine, one_row=one_row)
            cells.append(_with_faint(seen, faint.get(cut.span, [])))
            continue
        told_cell = _layer_cell(grid, cut, sound, page, one_row=one_row)
        if tells_all(cut, told.loose, sound, plate.view):
            cells.append(told_cell)
        else:
            cells.append(_seen_cell(plate, cut, em, told_cell, engine))
    box = Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    return Table(page, box, grid.n_rows, grid.n_columns, tuple(cells), drawn.open_top, drawn.open_bottom)


def _extents(
    grid: Grid, cut: Cut, chars: Sequence[Char]
) -> tuple[tuple[int, int], float, float, Sequence[Extent]]:
    _, top, _, bottom = grid.rectangle(cut.span)
    return cut.row, top, bottom, extents_of(chars)


def _layer_cell(grid: Grid, cut: Cut, chars: Sequence[Char], page: int, *, one_row: bool) -> Cell:
    """Make a cell of its characters."""
    box = Box(*grid.rectangle(cut.span))
    span = cut.span
    return Cell(
        row=span.row,
        column=span.column,
        row_span=span.row_span,
        column_span=span.column_span,
        text=text_of(chars, box.width, one_row=one_row),
        box=box,
        confidence=SURE,
        page=page,
        engine=ENGINE,
        inked=True,
    )


def _with_faint(cell: Cell, chars: Sequence[Char]) -> Cell:
    """Keep beside a cell without ink what stands there in white or too pale to be seen."""
    if cell.inked or not chars:
        return cell
    return replace(cell, others=(Reading(text_of(chars), 0.0, "hidden text layer"),))


def _seen_cell(plate: Plate, cut: Cut, em: float, told: Cell, engine: Engine) -> Cell:
    """Read a cell that has more ink than its characters; where the readings differ, neither is sure."""
    seen = read_cell(plate, cut, em, told.page, engine)
    if seen.text == told.text:
        return told
    others = (*seen.others, Reading(told.text, told.confidence, ENGINE))
    return replace(seen, confidence=min(seen.confidence, _UNSURE), others=others)


def _chars_by_cell(grid: Grid, chars: Sequence[Char]) -> dict[Span, list[Char]]:
    """Give each character to the cell that holds the middle of its ink."""
    owner = {
        (row, column): span
        for span in grid.spans
        for row in range(span.row, span.row + span.row_span)
        for column in range(span.column, span.column + span.column_span)
    }
    cells: dict[Span, list[Char]] = defaultdict(list)
    for char in chars:
        x, y = char.box.centre
        unit = bisect(grid.ys, y) - 1, bisect(grid.xs, x) - 1
        if unit in owner:
            cells[owner[unit]].append(char)
    return dict(cells)


def _in_points(grid: Grid, view: View) -> Grid:
    """Tell a grid found on the unturned page image in points."""
    xs = tuple(view.box(x, 0, x, 0).left for x in grid.xs)
    ys = tuple(view.box(0, y, 0, y).top for y in grid.ys)
    return Grid(xs, ys, grid.spans, grid.open_top, grid.open_bottom)


def _camelot_grids(path: Path, sheet: Sheet) -> list[Grid]:
    """Return camelot's lattice tables in points, origin top left; none where it cannot read the page.

    A Path and never a string: camelot would take a string for an address and
    fetch it.
    """
    import camelot

    # Camelot draws the page itself, whatever its size.
    resolution = min(200, int(72 * (limits().page_pixels / max(sheet.width * sheet.height, 1.0)) ** 0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tables = camelot.read_pdf(
                path, pages=str(sheet.number), flavor="lattice", resolution=resolution, suppress_stdout=True
            )
        except (MemoryError, OSError):
            raise
        except Exception:  # its parser gives up, in many ways, on damage that pdfium mends
            return []
    return [_camelot_grid(table.cells, sheet.height) for table in tables]


def _camelot_grid(cells: Sequence[Sequence[object]], height: float) -> Grid:
    rows, columns = len(cells), len(cells[0])
    horizontal = np.ones((rows + 1, columns), dtype=bool)
    vertical = np.ones((rows, columns + 1), dtype=bool)
    for row in range(rows):
        for column in range(columns):
            cell = cells[row][column]
            horizontal[row, column] &= bool(getattr(cell, "top", False)) or row == 0
            horizontal[row + 1, column] &= bool(getattr(cell, "bottom", False)) or row == rows - 1
            vertical[row, column] &= bool(getattr(cell, "left", False)) or column == 0
            vertical[row, column + 1] &= bool(getattr(cell, "right", False)) or column == columns - 1
    xs = [_number(cells[0][0], "x1")] + [_number(cell, "x2") for cell in cells[0]]
    ys = [_number(cells[0][0], "y2")] + [_number(row[0], "y1") for row in cells]
    tops = tuple(height - y for y in ys)
    return Grid(tuple(xs), tops, tuple(merge_units(horizontal, vertical)))


def _number(cell: object, name: str) -> float:
    return float(getattr(cell, name))


def _same(one: Grid, other: Grid) -> bool:
    """Tell whether two grids have the same cells, each rule within 3 points."""
    return (
        one.spans == other.spans
        and max(abs(a - b) for a, b in zip(one.xs, other.xs, strict=True)) < 3
        and max(abs(a - b) for a, b in zip(one.ys, other.ys, strict=True)) < 3
    )


def _in_a_table(char: Char, tables: Sequence[Table]) -> bool:
    return any(table.box.contains(*char.box.centre) for table in tables)


def _body(chars: Sequence[Char]) -> list[TextLine]:
    """Make lines of the characters outside of tables."""
    standing, lying = standing_lines(chars)
    pieces = [list(_pieces(row)) for row in rows_of(lying)]
    zones = zones_of([_loose_box(piece) for row in pieces for piece in row])
    runs = [run for row in pieces for run in _columns(row, zones)]
    return [TextLine(text_of(run), box_of(run), SURE, ENGINE) for run in runs] + [
        TextLine("".join(char.text for char in line), box_of(line), SURE, ENGINE, vertical=True)
        for line in standing
    ]


def _pieces(row: Sequence[Char]) -> Iterator[list[Char]]:
    """Cut a row wherever its gap is wide enough for a gutter."""
    run: list[Char] = []
    for char in row:
        if run and _gap(run, char) > _GUTTER_GAP * char.loose.height:
            yield run
            run = []
        run.append(char)
    yield run


def _columns(pieces: Sequence[list[Char]], zones: Sequence[Zone]) -> Iterator[list[Char]]:
    """Join the pieces of a row again, but where a gutter or a very wide gap is between them."""
    run: list[Char] = []
    for piece in pieces:
        wide = bool(run) and _gap(run, piece[0]) > _COLUMN_GAP * piece[0].loose.height
        if run and (wide or any(zone.parts(_loose_box(run), _loose_box(piece)) for zone in zones)):
            yield run
            run = []
        run = run + piece
    yield run


def _gap(run: Sequence[Char], char: Char) -> float:
    return char.loose.left - run[-1].loose.right


def _loose_box(chars: Sequence[Char]) -> Box:
    first, *rest = (char.loose for char in chars)
    for box in rest:
        first = first.union(box)
    return first
