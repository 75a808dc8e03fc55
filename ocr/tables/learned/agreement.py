"""How well a grid agrees with the print on the page, whoever proposed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ocr.tables.borderless.words import Word, WordLine
from ocr.tables.grid import Grid, Span

# Print may reach so many em beyond its cell.
_BEYOND = 0.35
# Print side by side in one cell, so many em apart, is two cells'.
_APART = 1.5
# So many figures one below the other in a cell are several rows'.
_STACKED = 2


def agreement(grid: Grid, lines: Sequence[WordLine], em: float) -> float:
    """The share of the print, by its width, that lies in one cell and shares it with no other value.

    Args:
        grid: in pixels.
        lines: the print of the table's place on the page, whether in the grid or not.
        em: the height of the type in pixels.
    """
    pieces = [piece for line in lines for piece in line.groups()]
    whole = sum(piece.width for piece in pieces)
    if not whole:
        return 0.0
    held: dict[Span, list[Word]] = defaultdict(list)
    wrong = 0.0
    for piece in pieces:
        cell = cell_of(grid, piece)
        if cell is None or _goes_over(grid.rectangle(cell), piece, em):
            wrong += piece.width
        else:
            held[cell].append(piece)
    wrong += sum(_shared(words, em) for words in held.values())
    return 1 - min(wrong, whole) / whole


def cell_of(grid: Grid, piece: Word) -> Span | None:
    """The cell that holds the middle of a piece of print."""
    for span in grid.spans:
        left, top, right, bottom = grid.rectangle(span)
        if left <= piece.centre < right and top <= piece.middle < bottom:
            return span
    return None


def _goes_over(cell: tuple[float, float, float, float], piece: Word, em: float) -> bool:
    left, top, right, bottom = cell
    reach = _BEYOND * em
    return (
        piece.left < left - reach
        or piece.right > right + reach
        or piece.top < top - reach
        or piece.bottom > bottom + reach
    )


def _shared(words: Sequence[Word], em: float) -> float:
    """The width of what stands in one cell beside other print, or as one figure below another."""
    rows = sorted(words, key=lambda word: word.top)
    beside = sum(
        min(one.width, other.width)
        for n, one in enumerate(rows)
        for other in rows[n + 1 :]
        if in_line(one, other) and max(one.left, other.left) - min(one.right, other.right) > _APART * em
    )
    figures = [word for word in rows if word.figures]
    stacked = [other.width for one, other in pairwise(figures) if not in_line(one, other)]
    return beside + (sum(stacked) if len(stacked) >= _STACKED - 1 else 0.0)


def in_line(one: Word, other: Word) -> bool:
    """Tell whether two pieces of print stand beside each other."""
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5 * min(one.height, other.height)
