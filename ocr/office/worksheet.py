"""A sheet of a workbook as its readers tell it: what cells show, their frames, what is merged or hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from core.limits import WEB_PAGE, within_reason

# What a sheet has at most; a place beyond is no place.
ROWS, COLUMNS = 1 << 20, 1 << 14
# The width of a column that has none of its own, and of the margins inside of each, in digits.
USUAL_WIDTH, _MARGINS = 9.14, 0.71
# Narrower than a digit; how much.
_NARROW, _SHARE = frozenset(".,-:/ ()%"), 0.6
# So much more than its column a number may need, in digits, and be shown all the same: widths are of the type
# of the workbook, not of the cell.
_SLACK = 0.5
# So many empty frames behind the last cell that shows something may belong to its row, or merged ones.
_BEHIND = 1_000


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that shows something or is `framed` at its left or right; rows and columns count from 0.

    `pictured`: what it shows is not told; `doubted`: it may be shown otherwise. A `number` does not run over
    into the next cell where its column is too narrow, but is shown shortened or as ####.
    """

    row: int
    column: int
    text: str
    framed: bool = False
    pictured: bool = False
    doubted: bool = False
    number: bool = False

    @property
    def shows(self) -> bool:
        return bool(self.text) or self.pictured or self.doubted


@dataclass(frozen=True, slots=True)
class SheetArea:
    """A block of cells, both ends counted in."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A sheet; `doubted` areas may show otherwise what they hold, `texts` and `pictures` lie upon the cells.

    `widths` of columns are in digits; `unread` says what else is on the sheet.
    """

    name: str
    cells: tuple[SheetCell, ...]
    merged: tuple[SheetArea, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: Mapping[int, float] = field(default_factory=dict)
    usual_width: float = USUAL_WIDTH
    doubted: tuple[SheetArea, ...] = ()
    texts: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()
    unread: tuple[str, ...] = ()

    def has_room(self, cell: SheetCell, columns: range) -> bool:
        """Tell whether a number is shown whole in its columns."""
        widths = (self.widths.get(n, self.usual_width) for n in columns if n not in self.hidden_columns)
        return _width(cell.text) <= sum(widths) - _MARGINS + _SLACK


@dataclass(frozen=True, slots=True)
class WorkbookSheets:
    """The sheets of a workbook that are shown, and the names of those that are hidden."""

    sheets: tuple[Worksheet, ...]
    hidden: tuple[str, ...]


def _width(text: str) -> float:
    return sum(2 if east_asian_width(one) in "WF" else _SHARE if one in _NARROW else 1 for one in text)


@dataclass(slots=True)
class CellList:
    """The cells of a workbook as they come; empty frames are kept as far as something is shown behind."""

    cells: list[SheetCell] = field(default_factory=list)
    _frames: list[SheetCell] = field(default_factory=list)
    _has_more: bool = False
    n_cells: int = 0
    n_characters: int = 0

    def add(self, cell: SheetCell) -> None:
        """Add a cell that is framed or shows something.

        Raises:
            UnreadableDocument: there are more of them, or more text, than is read of a workbook.
        """
        if not cell.shows:
            self._has_more |= len(self._frames) >= WEB_PAGE.cells
            if not self._has_more:
                self._frames.append(cell)
            return
        self.n_cells += 1 + len(self._frames) + self._has_more * WEB_PAGE.cells
        self.n_characters += len(cell.text)
        within_reason(self.n_cells, WEB_PAGE.cells, "the workbook", "cells")
        within_reason(self.n_characters, WEB_PAGE.characters, "the workbook", "characters of text")
        self.cells += [*self._frames, cell]
        self._frames.clear()

    def ended(self) -> tuple[SheetCell, ...]:
        """Return the cells of the sheet that ends, and begin the next."""
        done = (*self.cells, *self._frames[:_BEHIND]) if self.cells else ()
        self.cells, self._frames, self._has_more = [], [], False
        return done
