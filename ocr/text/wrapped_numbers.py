"""Numbers that go on over lines because their cell is too narrow.

Two lines of digits in one cell are one number or, where the rule between two rows
was lost, two. A row proves itself to be one by a cell whose print stands as it cannot
in two rows run together: a single line in the middle, which there stands in the upper
or in the lower half; or lines in the middle that stand closer than rows do, whose
middles are half of both heights apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# A line is full if one more digit would take it beyond this share of its cell. The second
# holds where the row is known to be one: then only the padding of the cell is not known.
_FULL, _FULL_IN_ONE_ROW = 0.8, 0.45
# Print is in the middle of its cell to this share of the cell's height.
_MIDDLE = 0.08
# Lines of one row are closer than this share of what rows of that height would be apart.
_CLOSE = 0.88
NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d+)?[^\W\d_]{0,2}")
_PART = re.compile(r"[\d,.]+")

# The rows that are surely one: first row and count of rows, as cells have them.
Rows = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a line of print stands, in the unit of its cell."""

    top: float
    bottom: float
    width: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def whole_rows(cells: Iterable[tuple[tuple[int, int], float, float, Sequence[Extent]]]) -> Rows:
    """Return the rows that are one, given the row, top, bottom and lines of print of every cell."""
    return frozenset(row for row, top, bottom, lines in cells if _prove_one_row(top, bottom, lines))


def _prove_one_row(top: float, bottom: float, lines: Sequence[Extent]) -> bool:
    if not lines:
        return False
    height = bottom - top
    if abs((lines[0].top + lines[-1].bottom) - (top + bottom)) / 2 > _MIDDLE * height:
        return False
    middles = [(line.top + line.bottom) / 2 for line in lines]
    return all(after - before < _CLOSE * height / len(lines) for before, after in pairwise(middles))


def is_wrapped_number(
    texts: Sequence[str], lines: Sequence[Extent], width: float, *, one_row: bool = False
) -> bool:
    """Tell whether lines of a cell, `width` wide, are one number.

    No line but the last has room for one more digit, and the lines stand close:
    two values whose rule was lost stand a row apart. `one_row` says that no rule was.
    """
    if len(texts) != len(lines) or len(texts) < 2 or not NUMBER.fullmatch("".join(texts)):
        return False
    if not all(_PART.fullmatch(text) for text in texts[:-1]) or not texts[-1][:1].isdecimal():
        return False
    share = _FULL_IN_ONE_ROW if one_row else _FULL
    full = all(
        line.width + line.width / len(text) > share * width
        for text, line in zip(texts[:-1], lines[:-1], strict=True)
    )
    return full and all(after.top - before.bottom < before.height for before, after in pairwise(lines))
