"""Rows whose prints do not stand as the header says, laid anew where the form's sums prove how.

A row may have lost or gained a cell, or its header may be shifted: then its prints are laid
under the columns in every way that keeps their order, and the ways that break a sum are
dropped. What all the others agree on, and a sum of more than nothing confirms, is proven;
the rest stays in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, groupby

from ocr.model import Cell
from reconcile.forms.form_model import Relation
from reconcile.forms.registry import load_form
from reconcile.matching.columns import Slot
from reconcile.matching.table_match import PlacedRow, TableMatch
from reconcile.model import State
from reconcile.numerals import Numeral, parse

# With more prints lost or gained than this, order alone says too little (2 of 15: 105 ways).
_MOST_UNEVEN = 2
# A blank is no sign of a lost cell in a table that leaves cells blank anyway.
_MOSTLY_WHOLE = 0.5

# A printing of the table, a row and a column of the form.
_Place = tuple[int, str, str]
_Numbers = Mapping[_Place, Decimal]
# For each row of a group, which print stands in which column.
_Way = tuple[Mapping[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A known sum: both sides, and the places of its terms."""

    relation: Relation
    left: Decimal
    right: Decimal
    places: tuple[_Place, ...]


@dataclass(frozen=True, slots=True)
class _Sound:
    """A way that breaks no sum, and the places that a sum of more than nothing confirms, by its direction."""

    way: _Way
    across: frozenset[_Place]
    down: frozenset[_Place]

    @property
    def n_held(self) -> int:
        return len(self.across) + len(self.down)


def proven(layout: TableMatch) -> TableMatch:
    """Lay the open rows of a table by proof, and doubt those that may have lost a cell unseen."""
    relations = [one for one in load_form(layout.form).relations if one.table == layout.table.key]
    rows = [_spread(row) for row in layout.rows]
    known = {place: number for row in rows for place, number in _numbers(row).items()}
    rows = [replace(row, open=row.open or _may_be_shifted(row, relations, known)) for row in rows]
    for choose in (_even, _alike, _alone):
        before: list[PlacedRow] = []
        while rows != before:
            before = rows
            for group in choose(rows):
                rows = _tried(rows, group, relations)
    return replace(layout, rows=tuple(_doubted(row, rows) for row in rows))


def _spread(row: PlacedRow) -> PlacedRow:
    """A cell with several numbers stands for as many prints; which of them it says stays unread."""
    counts = [len(_pieces(cell)) for cell in row.prints]
    prints = (cell for cell, n in zip(row.prints, counts, strict=True) for _ in range(n))
    return replace(row, prints=tuple(prints), open=row.open or max(counts, default=1) > 1)


def _pieces(cell: Cell) -> list[str]:
    """The numbers in a cell, if there are several; else its whole text."""
    pieces = cell.text.split()
    several = len(pieces) > 1 and all(_numeral(replace(cell, text=piece)).value for piece in pieces)
    return pieces if several else [cell.text]


def _may_be_shifted(row: PlacedRow, relations: Sequence[Relation], known: _Numbers) -> bool:
    """Say whether a row has a blank and breaks a sum, its own or, with a blank at its end, any through it."""
    if not row.prints or not 0 < len(row.columns) - len(row.prints) <= _MOST_UNEVEN:
        return False
    numbers = known if _has_lone_end(row) else _numbers(row)
    return any(one.left != one.right for one in _sums([row], relations, numbers, ()))


def _has_lone_end(row: PlacedRow) -> bool:
    """Say whether the only blank is in the first or last column; one without a cell is lost, not blank."""
    slots = [row.slots.get(column) for column in row.columns]
    blanks = [n for n, slot in enumerate(slots) if slot and not _prints(slot)]
    return len(row.prints) > 1 and blanks in ([0], [len(row.columns) - 1])


def _doubted(row: PlacedRow, rows: Sequence[PlacedRow]) -> PlacedRow:
    """Doubt a row that may be shifted though its cells and header agree.

    Its only blank is its first or last cell, where most others have none; or two numbers stand in one
    cell, so that a blank or what follows may belong elsewhere.
    """
    double = len({id(cell) for cell in row.prints}) < len(row.prints)
    return replace(row, weak=True) if double or (_has_lone_end(row) and _among_whole(row, rows)) else row


def _among_whole(row: PlacedRow, rows: Sequence[PlacedRow]) -> bool:
    """Say whether most other rows, of its own part or of the other parts, have a print in every column."""
    others = [other for other in rows if other is not row and other.columns == row.columns and other.prints]
    here = [other for other in others if other.part == row.part]
    there = [other for other in others if other.part != row.part]
    return not others or any(
        sum(len(other.prints) >= len(other.columns) for other in side) >= _MOSTLY_WHOLE * len(side)
        for side in (here, there)
        if side
    )


def _even(rows: Sequence[PlacedRow]) -> Iterator[tuple[int, ...]]:
    """Open rows with as many prints as columns, each by itself."""
    return ((n,) for n, row in enumerate(rows) if row.open and len(row.prints) == len(row.columns))


def _alike(rows: Sequence[PlacedRow]) -> Iterator[tuple[int, ...]]:
    """Open rows of one part whose prints stand in the same grid columns: they lost or gained the same."""

    def pattern(index: int) -> tuple[int, ...]:
        return rows[index].part, rows[index].segment, *(cell.column for cell in rows[index].prints)

    uneven = sorted((index for (index,) in _alone(rows)), key=pattern)
    groups = (tuple(group) for _, group in groupby(uneven, key=pattern))
    return (group for group in groups if len(group) > 1)


def _alone(rows: Sequence[PlacedRow]) -> Iterator[tuple[int, ...]]:
    """Open rows with too many or too few prints, each by itself."""
    return ((n,) for n, row in enumerate(rows) if row.open and len(row.prints) != len(row.columns))


def _tried(rows: list[PlacedRow], group: Sequence[int], relations: Sequence[Relation]) -> list[PlacedRow]:
    """The rows, with those of the group laid anew if the sums tell how."""
    own = [rows[index] for index in group]
    known = {place: number for row in rows if not row.open for place, number in _numbers(row).items()}
    judged = (_judged(own, way, relations, known) for way in _ways(own))
    sound = [one for one in judged if one]
    best = max(
        sound, key=lambda one: (len(one.across) + len(one.down), _unmoved(own[0], one.way[0])), default=None
    )
    if not best or not (best.across or best.down or _is_uniform(own[0])):
        return rows
    laid = {index: _laid(row, n, best, sound) for n, (index, row) in enumerate(zip(group, own, strict=True))}
    return [laid.get(index, row) for index, row in enumerate(rows)]


def _ways(group: Sequence[PlacedRow]) -> Iterator[_Way]:
    """Every way to lay the prints under the columns in order: columns stay empty or prints left over."""
    columns, n_prints = group[0].columns, len(group[0].prints)
    few = min(len(columns), n_prints)
    if abs(len(columns) - n_prints) > _MOST_UNEVEN:
        return
    for chosen in combinations(columns, few):
        for prints in combinations(range(n_prints), few):
            yield tuple(dict(zip(chosen, (row.prints[n] for n in prints), strict=True)) for row in group)


def _judged(
    group: Sequence[PlacedRow], way: _Way, relations: Sequence[Relation], known: _Numbers
) -> _Sound | None:
    """What the sums say of one way; None if it breaks one."""
    rows = [
        replace(row, slots={column: Slot((cell,)) for column, cell in cells.items()})
        for row, cells in zip(group, way, strict=True)
    ]
    lost = [
        (row.segment, row.row, column) for row in rows for column in row.columns if column not in row.slots
    ]
    laid = {place: number for row in rows for place, number in _numbers(row).items()}
    sums = list(_sums(rows, relations, {**known, **laid}, lost))
    if any(one.left != one.right for one in sums):
        return None
    held = {
        over: frozenset(
            place for one in sums if one.left and one.relation.over == over for place in one.places
        )
        for over in ("rows", "columns")
    }
    return _Sound(way, held["rows"], held["columns"])


def _sums(
    rows: Sequence[PlacedRow], relations: Sequence[Relation], numbers: _Numbers, lost: Sequence[_Place]
) -> Iterator[_Sum]:
    """The sums through these rows that are known; a lost number may be 0, if its sum then holds."""
    assumed = {**dict.fromkeys(lost, Decimal(0)), **numbers}
    for relation, left, right in dict.fromkeys(_terms(rows, relations)):
        if all(place in assumed for place in left + right):
            first, second = (sum((assumed[place] for place in side), Decimal(0)) for side in (left, right))
            if first == second or all(place in numbers for place in left + right):
                yield _Sum(relation, first, second, left + right)


def _terms(
    rows: Sequence[PlacedRow], relations: Sequence[Relation]
) -> Iterator[tuple[Relation, tuple[_Place, ...], tuple[_Place, ...]]]:
    """Both sides of every sum through these rows."""
    for row in rows:
        for one in relations:
            sides = one.sum, one.equals
            if one.over == "rows" and {*one.sum, *one.equals} <= {*row.columns}:
                left, right = (tuple((row.segment, row.row, term) for term in side) for side in sides)
                yield one, left, right
            elif one.over == "columns" and row.row in (*one.sum, *one.equals):
                for column in row.columns:
                    left, right = (tuple((row.segment, term, column) for term in side) for side in sides)
                    yield one, left, right


def _laid(row: PlacedRow, n: int, best: _Sound, sound: Sequence[_Sound]) -> PlacedRow:
    """The row laid in the best way; weak is what is not proven, and all that contradicts its header."""
    cells = best.way[n]
    contradicts = not any(slot.weak for slot in row.slots.values()) and _unmoved(row, cells) < len(cells)
    doubtful = contradicts or len(row.prints) > len(row.columns)
    slots = {
        column: Slot(
            (cell,),
            shared=row.prints.count(cell) > 1,
            weak=doubtful or not _is_proven(row, n, column, sound),
        )
        for column, cell in cells.items()
    }
    return replace(row, slots=slots, open=False)


def _is_proven(row: PlacedRow, n: int, column: str, sound: Sequence[_Sound]) -> bool:
    """Say whether every sound way has the same number there, confirmed by a sum.

    Of a whole row one sum is enough: it has one way only, and the sum anchors it. A row of nothing but
    one number needs none.
    """
    place = row.segment, row.row, column
    if len(row.prints) == len(row.columns):
        return _is_uniform(row) or place in sound[0].down or any(p[:2] == place[:2] for p in sound[0].across)
    found = {_numeral(one.way[n][column]) if column in one.way[n] else None for one in sound}
    downwards = any(one.down for one in sound)
    return len(found) == 1 and all(place in (one.down if downwards else one.across) for one in sound)


def _is_uniform(row: PlacedRow) -> bool:
    return (
        len({_numeral(cell) for cell in row.prints}) == 1
        and _numeral(row.prints[0]).state is not State.UNREAD
    )


def _unmoved(row: PlacedRow, cells: Mapping[str, Cell]) -> int:
    """How many prints stand where they were laid before."""
    return sum(cell in _prints(row.slots.get(column)) for column, cell in cells.items())


def _numbers(row: PlacedRow) -> dict[_Place, Decimal]:
    """What is known of a row: no slot in doubt, none that is unread; a blank and a dash count as 0."""
    found: dict[_Place, Decimal] = {}
    for column, slot in row.slots.items():
        prints = _prints(slot)
        numeral = _numeral(prints[0]) if prints else Numeral(State.BLANK)
        if len(prints) <= 1 and not (slot.weak or slot.shared) and numeral.state is not State.UNREAD:
            found[row.segment, row.row, column] = Decimal(numeral.value or 0)
    return found


def _prints(slot: Slot | None) -> tuple[Cell, ...]:
    return tuple(cell for cell in slot.cells if cell.inked or cell.text) if slot else ()


def _numeral(cell: Cell) -> Numeral:
    return parse(cell.text, inked=cell.inked)
