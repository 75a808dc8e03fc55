"""The rows of a table that has no rules across.

Values stand one a row, and say where the rows are. A label may take several
lines; they stand round the middle of its row, or begin or end with it. Which
lines are one label is decided for all rows together (dynamic programming over
the rows and the lines of labels, as in line breaking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ocr.tables.borderless.words import Word, bounding_box

# Of its height, this share at either end does not count when print overlaps: a
# page may be a little askew.
_SLACK = 0.15
# Lines of one cell are at most this many em apart; where the rows are further apart, up to
# this share of their distance, but never more than the last.
LEADING, _OF_ROWS, _LOOSEST = 0.6, 1.05, 1.1
# A line is full when less than this many em are left in its column.
_FULL = 2.5
# Costs, in em: a row without a label, a label without a value, a line that goes on
# where the one above is not full, one that stands apart, one not set about the middle.
_NO_LABEL, _NO_VALUE, _NOT_FULL, _APART, _NOT_CENTRED = 0.5, 0.9, 0.8, 2.0, 0.15
# A label may be so many em from where its row wants it.
_FARTHEST = 0.7
# A label without a row this near to a row without a label, in em, may be its own.
_BESIDE = 0.65
# A label without a row that is nearer to its neighbour than rows are, by this factor, may
# be a line of that.
_CLOSER = 0.6
# A label of more lines than this is none.
_MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class ColumnPrint:
    """Print that stands in the columns `first` to `last`."""

    box: Word
    first: int
    last: int

    @property
    def spans(self) -> bool:
        return self.last > self.first

    def touches(self, column: int) -> bool:
        return self.first <= column <= self.last


@dataclass(frozen=True, slots=True)
class RowBand:
    """A row: the extent of its print in pixels; `values` tells that figures stand in it."""

    top: float
    bottom: float
    values: bool = False

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def around(self, box: Word) -> RowBand:
        return replace(self, top=min(self.top, box.top), bottom=max(self.bottom, box.bottom))


def rows_of_values(
    pieces: Sequence[ColumnPrint], rules: Sequence[float], top: float
) -> list[tuple[RowBand, list[ColumnPrint]]]:
    """Group print that overlaps vertically into rows; none goes over a rule, none above `top` has values."""
    rows: list[tuple[RowBand, list[ColumnPrint]]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.top):
        box = piece.box
        if rows and _overlaps(rows[-1][0], box) and not _ruled(rows[-1][0].bottom, box.bottom, rules):
            row, members = rows[-1]
            rows[-1] = (row.around(box), [*members, piece])
        else:
            rows.append((RowBand(box.top, box.bottom), [piece]))
    return [(replace(row, values=row.top > top and _has_values(members)), members) for row, members in rows]


def _has_values(pieces: Sequence[ColumnPrint]) -> bool:
    """Tell whether half of a row, or more, are figures."""
    return 2 * sum(piece.box.figures for piece in pieces) >= len(pieces)


def _overlaps(row: RowBand, box: Word) -> bool:
    slack = _SLACK * min(row.bottom - row.top, box.height)
    return box.top + slack < row.bottom - slack


def _ruled(above: float, below: float, rules: Sequence[float]) -> bool:
    return any(above <= rule <= below for rule in rules)


@dataclass(frozen=True, slots=True)
class _Best:
    """The cheapest way to a state, and the state it comes from."""

    cost: float
    before: tuple[int, int] = (0, 0)


def match_labels(
    rows: Sequence[RowBand], lines: Sequence[Word], right: float, em: float, rules: Sequence[float] = ()
) -> list[tuple[RowBand | None, list[Word]]]:
    """Give the lines of labels to the rows of values, both from top to bottom.

    Args:
        rows: the rows of values.
        lines: the lines of labels.
        right: where the column of labels ends, in pixels.
        em: the height of the type.
        rules: the y of rules, which no label goes over.

    Returns:
        The rows with their lines; a label without values has None for its row.
    """
    best: dict[tuple[int, int], _Best] = {(0, 0): _Best(0.0)}
    leading = _leading(rows, em)
    for row in range(len(rows) + 1):
        for line in range(len(lines) + 1):
            here = best.get((row, line))
            if here is None:
                continue
            for step, cost in _steps(rows, lines, (row, line), right, em, leading, rules):
                if step not in best or here.cost + cost < best[step].cost:
                    best[step] = _Best(here.cost + cost, (row, line))
    return _followed(best, rows, lines)


def _steps(
    rows: Sequence[RowBand],
    lines: Sequence[Word],
    state: tuple[int, int],
    right: float,
    em: float,
    leading: float,
    rules: Sequence[float],
) -> list[tuple[tuple[int, int], float]]:
    """Return where one can go from a state: the next row, label, or both; with the costs."""
    row, line = state
    steps = [((row + 1, line), _NO_LABEL)] if row < len(rows) else []
    going_on = 0.0
    for end in range(line + 1, min(len(lines), line + _MOST_LINES) + 1):
        label = lines[line:end]
        if len(label) > 1:
            going_on += _going_on(label[-2], label[-1], right, em, leading)
        if _ruled(label[0].middle, label[-1].middle, rules):
            break
        if _between(rows, row, label):
            steps.append(((row, end), _NO_VALUE + going_on))
        if row < len(rows):
            off = _off(rows[row], label, em)
            steps.append(((row + 1, end), off + going_on))
    return steps


def _leading(rows: Sequence[RowBand], em: float) -> float:
    """Return how far apart lines of one label may be, in pixels."""
    gaps = [after.bottom - before.bottom - em for before, after in pairwise(rows)]
    usual = median(gaps) if gaps else 0.0
    return min(max(LEADING * em, _OF_ROWS * usual), _LOOSEST * em)


def _going_on(before: Word, line: Word, right: float, em: float, leading: float) -> float:
    apart = line.bottom - before.bottom - em > leading
    return (_APART if apart else 0.0) + (0.0 if before.right >= right - _FULL * em else _NOT_FULL)


def _between(rows: Sequence[RowBand], row: int, label: Sequence[Word]) -> bool:
    """Tell whether a label stands between the rows before and from `row` on, beside none of them."""
    above = row == 0 or rows[row - 1].middle < label[0].top
    return above and (row == len(rows) or rows[row].middle > label[-1].bottom)


def _off(row: RowBand, label: Sequence[Word], em: float) -> float:
    """Return how far a label is from where its row wants it."""
    middle = abs((label[0].top + label[-1].bottom) / 2 - row.middle)
    ends = min(abs(label[0].middle - row.middle), abs(label[-1].middle - row.middle))
    return min(middle / em, ends / em + (_NOT_CENTRED if len(label) > 1 else 0.0))


def _followed(
    best: dict[tuple[int, int], _Best], rows: Sequence[RowBand], lines: Sequence[Word]
) -> list[tuple[RowBand | None, list[Word]]]:
    """Walk back along the cheapest way."""
    state, found = (len(rows), len(lines)), []
    while state != (0, 0):
        row, line = best[state].before if state in best else (0, 0)
        found.append((rows[row] if state[0] > row else None, list(lines[line : state[1]])))
        state = (row, line)
    return found[::-1]


def are_in_line(matched: Sequence[tuple[RowBand | None, list[Word]]], em: float) -> bool:
    """Tell whether labels and values go together.

    A label stands where its row wants it, and a row without a label has no label
    without values beside it, and labels without values keep the distance of rows:
    otherwise which is whose is not certain, and a value in the wrong row is worse
    than none.
    """
    off = [_off(row, label, em) for row, label in matched if row and label]
    if max(off, default=0.0) > _FARTHEST or any(_torn(*pair, em) for pair in pairwise(matched)):
        return False
    labelled = [(row, label) for row, label in matched if label]
    gaps = [after[0].bottom - before[-1].bottom - em for (_, before), (_, after) in pairwise(labelled)]
    alone = [one[0] is None or other[0] is None for one, other in pairwise(labelled)]
    least = _CLOSER * median(gaps) if gaps else 0.0
    return all(gap >= least for gap, doubtful in zip(gaps, alone, strict=True) if doubtful)


def _torn(
    one: tuple[RowBand | None, list[Word]], other: tuple[RowBand | None, list[Word]], em: float
) -> bool:
    """Tell whether of two neighbours one is a row without a label, one a label without a row, close by."""
    if one[0] and not one[1] and other[0] is None:
        return other[1][0].top - one[0].bottom <= _BESIDE * em
    if one[0] is None and other[0] and not other[1]:
        return other[0].top - one[1][-1].bottom <= _BESIDE * em
    return False


def blocks_of(boxes: Sequence[Word], em: float) -> list[Word]:
    """Join the lines of one column that follow each other closely."""
    blocks: list[list[Word]] = []
    for box in sorted(boxes, key=lambda box: box.top):
        if blocks and box.top - blocks[-1][-1].bottom <= LEADING * em:
            blocks[-1].append(box)
        else:
            blocks.append([box])
    return [bounding_box(block) for block in blocks]


def tiled(rows: Sequence[RowBand], blocks: Sequence[Word], em: float) -> list[int] | None:
    """Part rows into as many runs as there are blocks, each block in the middle of its run.

    Returns:
        The row after the end of each run; None where the blocks do not stand so.
    """
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (0.0, ())}
    for count, block in enumerate(blocks, 1):
        for (done, start), (cost, ends) in list(best.items()):
            if done != count - 1:
                continue
            for end in range(start + 1, len(rows) + 1):
                off = abs((rows[start].top + rows[end - 1].bottom) / 2 - block.middle) / em
                total = max(cost, off)
                if off <= _MIDDLE and ((count, end) not in best or total < best[count, end][0]):
                    best[count, end] = (total, (*ends, end))
    whole = best.get((len(blocks), len(rows)))
    return list(whole[1]) if whole else None


# How far, in em, a label may be from the middle of the rows that it stands for.
_MIDDLE = 0.8
