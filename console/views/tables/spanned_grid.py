"""A table drawn with its merged cells, as wide as the terminal; Chinese characters take two places each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.text import Text

# A column is no narrower than two Chinese characters; columns for which there is no room are left out.
NARROWEST = 4
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES = {_UP | _DOWN: "│", _LEFT | _RIGHT: "─", _DOWN | _RIGHT: "┌", _DOWN | _LEFT: "┐"}
_LINES |= {_UP | _RIGHT: "└", _UP | _LEFT: "┘", _UP | _DOWN | _RIGHT: "├", _UP | _DOWN | _LEFT: "┤"}
_LINES |= {_DOWN | _LEFT | _RIGHT: "┬", _UP | _LEFT | _RIGHT: "┴", 15: "┼"}
_LINES |= {_UP: "│", _DOWN: "│", _LEFT: "─", _RIGHT: "─"}
_NUMBER = re.compile(r"[-+－−]?[\d,，.．\s]+[%％?]*")


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A text and the places that it covers, rows and columns from 0."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str

    @property
    def end_row(self) -> int:
        return self.row + self.row_span

    @property
    def end_column(self) -> int:
        return self.column + self.column_span


def columns_for(width: int) -> int:
    """How many columns have room in a width, in places of the terminal."""
    return max((width - 1) // (NARROWEST + 1), 1)


def within(cells: Sequence[DrawnCell], n_rows: int, n_columns: int) -> tuple[DrawnCell, ...]:
    """The cells in the first rows and columns, those that reach further cut there."""
    inside = (cell for cell in cells if cell.row < n_rows and cell.column < n_columns)
    return tuple(
        replace(
            cell,
            row_span=min(cell.row_span, n_rows - cell.row),
            column_span=min(cell.column_span, n_columns - cell.column),
        )
        for cell in inside
    )


@dataclass(frozen=True, slots=True)
class SpannedGrid:
    """What rich prints: rules around cells, none inside of a merged one.

    Between two plain rows of one line each there is no rule. Columns that have no room are told below.
    """

    cells: tuple[DrawnCell, ...]
    n_rows: int
    n_columns: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        n_columns = min(self.n_columns, columns_for(options.max_width))
        cells = within(self.cells, self.n_rows, n_columns)
        widths = _widths(cells, n_columns, options.max_width)
        wrapped = [_wrapped(console, cell, widths) for cell in cells]
        yield from map(Text, _drawn(cells, wrapped, self.n_rows, widths))
        if n_columns < self.n_columns:
            yield Text(f"… {self.n_columns - n_columns} more columns at the right have no room", style="dim")


def _widths(cells: Sequence[DrawnCell], n_columns: int, room: int) -> list[int]:
    """The width of each column: that of its texts, then what merged cells ask for, as far as it goes."""
    free = room - n_columns - 1
    own = [1] * n_columns
    for cell in cells:
        if cell.column_span == 1:
            own[cell.column] = max(own[cell.column], cell_len(cell.text))
    # A column of merged cells alone gets some room as well, or those would be read downwards.
    merged = (min(lacking, NARROWEST) for lacking in _lacking(cells, [1] * n_columns))
    widths = _shared(list(map(max, own, merged)), free, NARROWEST)
    more = _shared(_lacking(cells, widths), free - sum(widths), 0)
    return [width + further for width, further in zip(widths, more, strict=True)]


def _lacking(cells: Sequence[DrawnCell], widths: Sequence[int]) -> list[int]:
    """By how much each column would have to be wider for its merged cells, which ask it of all alike."""
    lacking = [0] * len(widths)
    for cell in cells:
        share = -((_inner(cell, widths) - cell_len(cell.text)) // cell.column_span)
        for column in range(cell.column, cell.end_column if cell.column_span > 1 else cell.column):
            lacking[column] = max(lacking[column], share)
    return lacking


def _shared(wanted: Sequence[int], room: int, least: int) -> list[int]:
    """What is wanted, the most of it cut until it fits, but to no less than `least`."""
    most = max(wanted, default=0)
    while most > least and sum(min(one, most) for one in wanted) > room:
        most -= 1
    given = [min(one, most) for one in wanted]
    for n, one in enumerate(wanted):
        given[n] += one > given[n] and sum(given) < room
    return given


def _inner(cell: DrawnCell, widths: Sequence[int]) -> int:
    return sum(widths[cell.column : cell.end_column]) + cell.column_span - 1


def _wrapped(console: Console, cell: DrawnCell, widths: Sequence[int]) -> list[str]:
    """The text in lines as wide as its cell; numbers stand at the right."""
    width = _inner(cell, widths)
    lines = [line.plain.rstrip() for line in Text(cell.text).wrap(console, max(width, 2), overflow="fold")]
    if _NUMBER.fullmatch(cell.text):
        return [" " * (width - cell_len(line)) + line for line in lines]
    return lines if cell.text else []


def _heights(
    cells: Sequence[DrawnCell], wrapped: Sequence[Sequence[str]], n_rows: int
) -> tuple[list[int], list[bool]]:
    """How many lines each row has, and whether there is a rule above each and, last, below all."""
    heights = [1] * n_rows
    for cell, lines in zip(cells, wrapped, strict=True):
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], len(lines))
    ruled = [_is_ruled(row, cells, heights) for row in range(n_rows + 1)]
    for cell, lines in zip(cells, wrapped, strict=True):
        has = sum(heights[cell.row : cell.end_row]) + sum(ruled[cell.row + 1 : cell.end_row])
        heights[cell.end_row - 1] += max(len(lines) - has, 0)
    return heights, ruled


def _is_ruled(row: int, cells: Sequence[DrawnCell], heights: Sequence[int]) -> bool:
    """Say whether a rule is needed above a row: not between two plain ones that are alike."""
    if row in (0, 1, len(heights)) or heights[row - 1] > 1 or heights[row] > 1:
        return True
    if any(cell.row_span > 1 and row in (cell.row, cell.end_row) for cell in cells):
        return True
    return _edges(row - 1, cells) != _edges(row, cells)


def _edges(row: int, cells: Sequence[DrawnCell]) -> set[tuple[int, int]]:
    return {(cell.column, cell.end_column) for cell in cells if cell.row <= row < cell.end_row}


def _drawn(
    cells: Sequence[DrawnCell], wrapped: Sequence[Sequence[str]], n_rows: int, widths: Sequence[int]
) -> Iterator[str]:
    heights, ruled = _heights(cells, wrapped, n_rows)
    tops = [sum(heights[:row]) + sum(ruled[: row + 1]) for row in range(n_rows + 1)]
    lefts = [sum(widths[:column]) + column for column in range(len(widths) + 1)]
    # The line of print that begins each row, and where there is a rule, the one above it.
    edges = [top - rule for top, rule in zip(tops, ruled, strict=True)]
    canvas = _Canvas(lefts[-1] + 1, edges[-1] + 1)
    for cell, lines in zip(cells, wrapped, strict=True):
        left, right = lefts[cell.column], lefts[cell.end_column]
        top, bottom = edges[cell.row], edges[cell.end_row]
        canvas.frame(left, top, right, bottom, above=ruled[cell.row], below=ruled[cell.end_row])
        for number, line in enumerate(lines):
            canvas.write(left + 1, tops[cell.row] + number, line)
    return canvas.lines()


class _Canvas:
    """Places of the terminal, filled with lines and with texts."""

    def __init__(self, width: int, height: int) -> None:
        self._strokes = [[0] * width for _ in range(height)]
        self._texts = [[""] * width for _ in range(height)]

    def frame(self, left: int, top: int, right: int, bottom: int, *, above: bool, below: bool) -> None:
        for y, drawn in ((top, above), (bottom, below)):
            for x in range(left, right if drawn else left):
                self._strokes[y][x] |= _RIGHT
                self._strokes[y][x + 1] |= _LEFT
        for x in (left, right):
            for y in range(top, bottom):
                self._strokes[y][x] |= _DOWN
                self._strokes[y + 1][x] |= _UP

    def write(self, left: int, y: int, line: str) -> None:
        x = left
        for character in line:
            # A sign without width of its own goes with the one before it.
            width = cell_len(character)
            at = x if width else max(x - 1, left)
            self._texts[y][at] += character
            x += width

    def lines(self) -> Iterator[str]:
        for strokes, texts in zip(self._strokes, self._texts, strict=True):
            line, x = "", 0
            while x < len(strokes):
                shown = texts[x] or _LINES.get(strokes[x], " ")
                line += shown
                x += max(cell_len(shown), 1)
            yield line.rstrip()
