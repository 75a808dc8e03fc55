"""Rows of any tool's tables laid on the rows of the truth, and counted cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import groupby

import numpy as np

from bench.accuracy.text import plain
from bench.accuracy.truth import Fact
from samples.generator.values import DASHES

Cells = Sequence[str | None]  # None where a cell is spanned by its neighbour
_UNITS = frozenset("元万件")
_MARKS = {plain(mark) for mark in DASHES}


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of cells; `made_up` are numbers where none is printed, part of `wrong`."""

    cells: int = 0
    exact: int = 0
    wrong: int = 0
    made_up: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def tally(rows: Iterable[Cells], truth: Sequence[Fact]) -> Tally:
    """Count the cells under the order-keeping alignment of rows with the most exact ones.

    A value that is printed and comes out blank, or whose row is not found, is neither exact nor wrong.
    """
    printed = [list(facts) for _, facts in groupby(truth, key=lambda fact: (fact.table, fact.row))]
    found = [list(cells) for cells in rows]
    gains = np.array([[_exact(cells, facts) for facts in printed] for cells in found]).reshape(
        len(found), len(printed)
    )
    whole = Tally(cells=len(truth))
    for row, target in _aligned(gains):
        whole += _judged(found[row], printed[target])
    return whole


def _exact(cells: Cells, facts: Sequence[Fact]) -> int:
    return _judged(cells, facts).exact


def _judged(cells: Cells, facts: Sequence[Fact]) -> Tally:
    values = _values(cells, len(facts))
    if values is None:
        return Tally()
    pairs = list(zip(values, facts, strict=True))
    exact = sum(value == plain(fact.raw) for value, fact in pairs)
    wrong = [(value, fact) for value, fact in pairs if value and value != plain(fact.raw)]
    made_up = sum(fact.state != "read" and any(c.isdigit() for c in value) for value, fact in wrong)
    return Tally(0, exact, len(wrong), made_up)


def _values(cells: Cells, count: int) -> list[str] | None:
    """The last `count` cells if they may be values; spanned ones are left out where that fits."""
    texts = [plain(cell) for cell in cells if cell is not None]
    if len(texts) <= count and count != 15:
        return None
    if 1 <= count <= 3:
        # Tools keep a spanned cell's text in any of its columns.
        inked = [text for text in texts[1:] if text]
        texts = inked if len(inked) == count else texts[1 : 1 + count]
    values = texts[-count:]
    return values if len(values) == count and all(_is_value(text) for text in values) else None


def _is_value(text: str) -> bool:
    return text in _MARKS or not any("\u4e00" <= char <= "\u9fff" and char not in _UNITS for char in text)


def _aligned(gains: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[tuple[int, int]]:
    """Pairs (row, target) in order with the greatest sum of gains; Needleman & Wunsch (1970) without cost."""
    n, m = gains.shape
    best = np.zeros((n + 1, m + 1), dtype=int)
    for i in range(n):
        for j in range(m):
            best[i + 1, j + 1] = max(best[i, j] + gains[i, j], best[i, j + 1], best[i + 1, j])
    pairs, i, j = [], n, m
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]
