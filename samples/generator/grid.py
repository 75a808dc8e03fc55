"""A ruled table before it is drawn: slots on a grid, and how page breaks cut it.

Lengths are points. Rows and columns count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import east_asian_width

LEADING = 1.25
CLOSING = "，。、；：）”)"


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell. `lines` are set as they stand, one below the other.

    `kind` is `value`, `label`, `header`, `note`, `band` or `side`. Where `row_of_line` is given it
    names for each line the row (of the whole grid) beside which it stands, so that a label can
    be displaced inside a merged cell; otherwise the lines stand together in the middle.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    lines: tuple[str, ...]
    kind: str
    row_of_line: tuple[int, ...] = ()

    @property
    def bottom(self) -> int:
        """The row below the slot."""
        return self.row + self.row_span

    @property
    def right(self) -> int:
        """The column to the right of the slot."""
        return self.column + self.column_span


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: column widths, row heights and slots; `open_*` leave out the rule at that edge.

    `unruled` names rows without a rule above them (the lower half of a row cut by a page break).
    """

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    slots: tuple[Slot, ...]
    open_top: bool = False
    open_bottom: bool = False
    unruled: frozenset[int] = frozenset()

    @property
    def width(self) -> float:
        """Of all columns together."""
        return sum(self.widths)

    @property
    def height(self) -> float:
        """Of all rows together."""
        return sum(self.heights)


def text_width(text: str) -> float:
    """Width of a line in ems, taking a CJK character as one and the rest as 0.55."""
    return sum(1.0 if east_asian_width(c) in "WFA" else 0.55 for c in text)


def wrap(text: str, room: float) -> tuple[str, ...]:
    """Break `text` into lines at most `room` ems wide, as a Word cell does; "\\n" breaks anyway."""
    return tuple(line for part in text.split("\n") for line in _wrap_line(part, room))


def _wrap_line(text: str, room: float) -> list[str]:
    lines, line = [], ""
    for char in text:
        if line and text_width(line + char) > room:
            # No line begins with a closing mark: it takes its neighbour along.
            keep = len(line) - 1 if char in CLOSING and len(line) > 1 else len(line)
            lines.append(line[:keep])
            line = line[keep:]
        line += char
    return [*lines, line]


def fit_heights(slots: tuple[Slot, ...], n_rows: int, size: float, padding: float) -> tuple[float, ...]:
    """Row heights in which every slot finds room; a merged slot's last row takes what is missing."""
    heights = [0.0] * n_rows
    for slot in sorted(slots, key=lambda s: (s.row_span, s.row)):
        need = len(slot.lines) * size * LEADING + 2 * padding
        lack = need - sum(heights[slot.row : slot.bottom])
        if slot.row_span == 1 or not slot.row_of_line:
            heights[slot.bottom - 1] += max(0.0, lack)
    return tuple(heights)


def cut_row(grid: Grid, row: int, upper_lines: int) -> Grid:
    """Split `row` into two rows without a rule between: labels go on below, values stay above."""
    share = grid.heights[row] / 2
    heights = (*grid.heights[:row], share, share, *grid.heights[row + 1 :])
    slots: list[Slot] = []
    for slot in grid.slots:
        if slot.row > row:
            slots.append(replace(slot, row=slot.row + 1))
        elif slot.bottom <= row:
            slots.append(slot)
        elif slot.row_span > 1:
            slots.append(replace(slot, row_span=slot.row_span + 1))
        else:
            upper = upper_lines if slot.kind == "label" else len(slot.lines)
            slots.append(replace(slot, lines=slot.lines[:upper]))
            slots.append(replace(slot, row=row + 1, lines=slot.lines[upper:]))
    return replace(grid, heights=heights, slots=tuple(slots), unruled=grid.unruled | {row + 1})


def take_rows(grid: Grid, start: int, stop: int, *, open_break: bool) -> Grid:
    """Rows `start` to `stop` as a table of their own; a cut label stays with its first part."""
    slots = []
    for slot in grid.slots:
        top, bottom = max(slot.row, start), min(slot.bottom, stop)
        if top < bottom:
            slots.append(_clip(slot, top, bottom, start))
    return Grid(
        widths=grid.widths,
        heights=grid.heights[start:stop],
        slots=tuple(slots),
        open_top=grid.open_top if start == 0 else open_break,
        open_bottom=grid.open_bottom if stop == len(grid.heights) else open_break,
        unruled=frozenset(r - start for r in grid.unruled if start < r < stop),
    )


def _clip(slot: Slot, top: int, bottom: int, origin: int) -> Slot:
    if slot.row_of_line:
        kept = [
            (t, r - origin) for t, r in zip(slot.lines, slot.row_of_line, strict=True) if top <= r < bottom
        ]
        lines, rows = tuple(t for t, _ in kept), tuple(r for _, r in kept)
    else:
        lines, rows = (slot.lines if top == slot.row else ()), ()
    return replace(slot, row=top - origin, row_span=bottom - top, lines=lines, row_of_line=rows)


def paginate(
    grid: Grid, first_room: float, room: float, *, open_break: bool, cut_rows: bool = False, step: float = 0.0
) -> list[Grid]:
    """Cut the grid where pages end: `first_room` points on the page it starts on, then `room` a page.

    With `cut_rows` a row whose label has an even number of lines may itself be cut in two by the page
    end. With `step`, the height of a line, the lines of a merged cell that find no room before the page
    end run on behind it; else all stand before it. The list starts with an empty grid when nothing fits
    on the first page.
    """
    cuts, used, limit, row = [0], 0.0, first_room, 0
    while row < len(grid.heights):
        height = grid.heights[row]
        if used + height > limit:
            if cut_rows and used + height / 2 <= limit and _label_lines(grid, row) % 2 == 0:
                grid = cut_row(grid, row, _label_lines(grid, row) // 2)
                row += 1
            cuts.append(row)
            used, limit = 0.0, room
        used += grid.heights[row]
        row += 1
    cuts.append(len(grid.heights))
    grid = _run_on(grid, cuts, step) if step else grid
    return [take_rows(grid, a, b, open_break=open_break) for a, b in pairwise(cuts)]


def _run_on(grid: Grid, cuts: list[int], step: float) -> Grid:
    """Part merged cells at the cuts, each part with the lines that it has room for."""
    slots: list[Slot] = []
    for slot in grid.slots:
        inner = [cut for cut in cuts if slot.row < cut < slot.bottom]
        lines = slot.lines
        for top, bottom in pairwise([slot.row, *inner, slot.bottom]):
            fits = int(sum(grid.heights[top:bottom]) / step) if bottom < slot.bottom else len(lines)
            slots.append(replace(slot, row=top, row_span=bottom - top, lines=lines[:fits]))
            lines = lines[fits:]
    return replace(grid, slots=tuple(slots))


def _label_lines(grid: Grid, row: int) -> int:
    """Lines of the label of that row alone; 1 where it has none."""
    own = [slot for slot in grid.slots if (slot.row, slot.row_span, slot.kind) == (row, 1, "label")]
    return max((len(slot.lines) for slot in own), default=1)


def split_at(grid: Grid, breaks: tuple[int, ...], *, open_break: bool) -> list[Grid]:
    """Cut the grid before each row in `breaks`, whatever room there is."""
    cuts = (0, *breaks, len(grid.heights))
    return [take_rows(grid, a, b, open_break=open_break) for a, b in pairwise(cuts)]
