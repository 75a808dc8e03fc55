"""Reading a digital page: the text layer in the grids that are drawn, in doubt confirmed by camelot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain

from ocr.arrays import Pixels
from ocr.documents.base import Char, Sheet
from ocr.engine.base import Engine
from ocr.image.page_image import PageImage
from ocr.model import Box, Table, TextLine
from ocr.page_analysis import PageAnalysis
from ocr.step_observer import StepObserver, no_observer
from ocr.tables.camelot_lattice import camelot_grids
from ocr.tables.grid import Grid
from ocr.text.page_gutter import find_page_gutter
from ocr.text.reading_order import in_reading_order
from ocr.textlayer.body_lines import body_lines
from ocr.textlayer.layer_tables import CONFIRMED, Told, read_told_table
from ocr.textlayer.trust import TextLayerTrust
from ocr.textlayer.turned_text import Frame, by_turn, moved_table
from ocr.textlayer.uncovered_ink import read_uncovered, reread_lines, uncovered_ink
from ocr.textlayer.vertical_lines import is_text_frame, standing_lines

# So many upright characters are more than a page number, and the page stands upright.
_A_HEADING = 8


@dataclass(frozen=True, slots=True)
class DigitalReading:
    """What was read from a digital page; `turned` and `gutter` as in `Page`."""

    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    turned: int
    gutter: Box | None


@dataclass(frozen=True, slots=True)
class _Side:
    """The print of a page that is upright in one frame; all but the frame is told as the frame shows it.

    `trust` has the characters of this side only, `printed` those of the whole page.
    """

    frame: Frame
    analysis: PageAnalysis
    grids: Sequence[Grid]
    trust: TextLayerTrust
    printed: Sequence[Char]


@dataclass(frozen=True, slots=True)
class _SideReading:
    """The lines of a side, in no order, and its tables, as its frame shows them; ink that none tells."""

    body: Sequence[TextLine]
    tables: Sequence[Table]
    loose: Pixels


def read_digital(
    sheet: Sheet,
    analysis: PageAnalysis,
    trust: TextLayerTrust,
    engine: Engine,
    seen: StepObserver = no_observer,
) -> DigitalReading:
    """Read a page whose text layer is sound, or parts of it.

    Args:
        sheet: the page, of a PDF, which camelot opens by itself.
        analysis: of the page as drawn, for what the layer does not tell: whether a cell has ink.
        trust: the characters that are believed, and those that only tell where there is print.
        engine: reads the cells and lines whose print the believed characters do not tell.
        seen: is shown every step.
    """
    seen("stored", analysis.view.pixels)
    boxes = (analysis.view.rectangle(char.box) for char in (*trust.sound, *trust.doubted))
    seen("characters", analysis.view.pixels, boxes)
    main, *others = _sides(sheet, analysis, trust)
    main.analysis.show(seen)
    own = _read(sheet, main, engine)
    turned = [_turned(_read(sheet, side, engine), side.frame, main.frame) for side in others]
    return _combined(own, turned, main, engine)


def _sides(sheet: Sheet, analysis: PageAnalysis, trust: TextLayerTrust) -> list[_Side]:
    """Part a page by how its print is turned; the main side first.

    That is the one with the most characters, but upright if more than a page number is.
    """
    chars = (*trust.sound, *trust.doubted)
    known = by_turn(chars)
    turns = sorted(known, key=lambda turn: turn != 0 or len(known[turn]) < _A_HEADING)
    frames = [Frame(sheet.width, sheet.height, turn) for turn in turns]
    analyses = [analysis.changed(frame.view) if frame.degrees else analysis for frame in frames]
    grids, owner = _owned(chars, frames, analyses)
    return [
        _Side(frame, one, grids[frame.degrees], _part(trust, frame, owner), [*map(frame.char, chars)])
        for frame, one in zip(frames, analyses, strict=True)
        if frame.degrees in owner.values()
    ]


def _owned(
    chars: Sequence[Char], frames: Sequence[Frame], analyses: Sequence[PageAnalysis]
) -> tuple[Mapping[int, Sequence[Grid]], Mapping[Char, int]]:
    """Tell which grids and characters are read in which frame, by its turn.

    A table is read as most of its print is turned, with all in it; a line that stands, too.
    """
    owner = {char: char.turned for char in chars}
    if len(frames) == 1:
        return {frames[0].degrees: analyses[0].grids}, owner
    grids: dict[int, list[Grid]] = {frame.degrees: [] for frame in frames}
    free = dict.fromkeys(chars)
    for frame, analysis in zip(frames, analyses, strict=True):
        for grid in analysis.grids:
            seen = {frame.char(char): char for char in free}
            inside = [seen[char] for char in _within(grid, [*seen], analysis.view)]
            if _most(inside, frames[0].degrees) == frame.degrees:
                grids[frame.degrees].append(grid)
                owner |= dict.fromkeys(inside, frame.degrees)
                free = {char: None for char in free if char not in set(inside)}
    return grids, owner | dict(_in_standing_lines([*free], frames[0]))


def _within(grid: Grid, chars: Sequence[Char], view: PageImage) -> list[Char]:
    """Return the characters inside of a grid found in a view."""
    box = view.box(*grid.bounds)
    return [char for char in chars if box.contains(*char.box.centre)]


def _in_standing_lines(chars: Sequence[Char], frame: Frame) -> Iterator[tuple[Char, int]]:
    """Yield the characters of the lines that stand in a frame; words lie on their side in them."""
    stored = {frame.char(char): char for char in chars}
    for line in standing_lines([*stored])[0]:
        if _most(line, 0) == 0:
            yield from ((stored[char], frame.degrees) for char in line)


def _most(chars: Sequence[Char], otherwise: int) -> int:
    return next(iter(by_turn(chars)), otherwise)


def _part(trust: TextLayerTrust, frame: Frame, owner: Mapping[Char, int]) -> TextLayerTrust:
    """Return what is told of the characters of one frame, as it shows them."""
    sound, doubted = (
        tuple(frame.char(char) for char in chars if owner[char] == frame.degrees)
        for chars in (trust.sound, trust.doubted)
    )
    faint, foreign, spoilt = (
        tuple(map(frame.char, chars)) for chars in (trust.faint, trust.foreign, trust.spoilt)
    )
    return replace(trust, sound=sound, doubted=doubted, faint=faint, foreign=foreign, spoilt=spoilt)


def _read(sheet: Sheet, side: _Side, engine: Engine) -> _SideReading:
    """Read one side of a page, as its frame shows it."""
    analysis, trust, cleaned = side.analysis, side.trust, side.analysis.cleaned
    # Seals are print that the layer does not tell, and none that is to be read.
    ink, rulings = analysis.without_colour.ink, analysis.tables.rulings
    told = Told(trust, uncovered_ink(ink, analysis.view, rulings, side.printed))
    grids = [grid for grid in side.grids if not is_text_frame(_within(grid, told.chars, analysis.view))]
    in_doubt = any(grid in analysis.tables.ruled and grid.confidence < CONFIRMED for grid in grids)
    # Camelot tells where a table stands on the page as it turned it itself.
    asked = sheet.pdf_page if in_doubt and not side.frame.degrees else None
    found = camelot_grids(asked, sheet.width, sheet.height) if asked else []
    tables = [read_told_table(cleaned, grid, found, told, sheet.number, engine) for grid in grids]
    body = body_lines([char for char in told.chars if not _in_a_table(char, tables)])
    body = reread_lines(body, trust.doubted, told.loose, cleaned, engine)
    return _SideReading(body, tables, told.loose)


def _turned(read: _SideReading, own: Frame, main: Frame) -> _SideReading:
    """Tell what was read in one frame as the main one shows it, its lines and cells in order."""
    place = own.seen_in(main)
    turned = (own.degrees - main.degrees) % 360
    lines = in_reading_order(read.body, read.tables)
    body = [replace(line, box=place(line.box), vertical=False) for line in lines]
    tables = [replace(moved_table(table, place), turned=turned) for table in read.tables]
    return replace(read, body=body, tables=tables)


def _combined(
    own: _SideReading, turned: Sequence[_SideReading], main: _Side, engine: Engine
) -> DigitalReading:
    frame, (width, height) = main.frame, main.frame.size
    tables = (*own.tables, *chain.from_iterable(side.tables for side in turned))
    known = [*own.body, *chain.from_iterable(side.body for side in turned)]
    body = [*own.body, *read_uncovered(own.loose, known, tables, main.analysis.cleaned, engine)]
    parts = [part for side in turned for part in _parts(side, [*body, *own.tables])]
    boxes = [*(line.box for line in body), *(table.box for table in tables)]
    gutter = find_page_gutter(boxes, width, height)
    fold = None if gutter is None else frame.stored(Box(gutter, height / 2, gutter, height / 2))
    lines = in_reading_order(body, own.tables, gutter=gutter, parts=parts)
    return DigitalReading(
        tuple(replace(line, box=frame.stored(line.box)) for line in lines),
        tuple(moved_table(table, frame.stored) for table in tables),
        frame.degrees,
        fold,
    )


def _parts(side: _SideReading, others: Sequence[TextLine | Table]) -> list[list[TextLine]]:
    """Return the lines of a turned side as one text, or as several where other print stands among them."""
    if not side.body:
        return []
    around = reduce(Box.union, (line.box for line in side.body))
    if not any(around.contains(*other.box.centre) for other in others):
        return [[*side.body]]
    parts = [[line for line in side.body if table.box.contains(*line.box.centre)] for table in side.tables]
    known = set(chain.from_iterable(parts))
    return [*filter(None, parts), *([line] for line in side.body if line not in known)]


def _in_a_table(char: Char, tables: Sequence[Table]) -> bool:
    return any(table.box.contains(*char.box.centre) for table in tables)
