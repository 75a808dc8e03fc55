"""The lines of a page outside of its tables, made of the characters of its text layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocr.documents.base import Char
from ocr.model import SURE, Box, TextLine
from ocr.text.text_columns import Zone, zones_of
from ocr.textlayer.lines import ENGINE, box_of, rows_of, text_of
from ocr.textlayer.vertical_lines import standing_lines

# A gap wider than this many em parts two columns of print; a narrower one, to the
# second width, where a gutter runs through many lines.
_COLUMN_GAP, _GUTTER_GAP = 4.0, 0.7


def body_lines(chars: Sequence[Char]) -> list[TextLine]:
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
