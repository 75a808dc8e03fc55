"""Where the sides of a table stand, and on each side the labels of rows and the values of columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconcile.forms.form_model import FormBlock, FormTable
from reconcile.matching.headed.row_keys import SURE, row_of
from reconcile.matching.headed.stacks import (
    HeaderStack,
    ValueColumn,
    counts_columns,
    has_numbers,
    places_of,
    stacks_of,
)
from reconcile.matching.printed_tables import PartRow, TablePart, rows_of


@dataclass(frozen=True, slots=True)
class StatementSide:
    """Rows of a block: labels from `left` to `values`, values from there to `right` (0 to 1 of the width)."""

    block: FormBlock
    left: float
    right: float
    places: tuple[ValueColumn, ...]

    @property
    def values(self) -> float:
        """Where the labels end and the values begin."""
        return min((place.left for place in self.places), default=self.right)


@dataclass(frozen=True, slots=True)
class StatementFrame:
    """The sides of a printed table, and the row behind its header.

    `others` are the headers of columns of values that are none of the form's, `in_header` is the label of
    the first row where that stands beside the lowest header.
    """

    sides: tuple[StatementSide, ...]
    first_row: int
    others: tuple[str, ...] = ()
    in_header: str = ""

    @property
    def share(self) -> float:
        """The share of printed columns of values that are the form's."""
        n_places = sum(len(side.places) for side in self.sides)
        return n_places / (n_places + len(self.others)) if n_places else 0.0

    @property
    def is_whole(self) -> bool:
        """Say whether every column is there that the form demands, and one at least."""
        return bool(self.sides) and all(_has_all(side) for side in self.sides)


def frame_of(part: TablePart, table: FormTable) -> StatementFrame | None:
    """Lay the header of a part beside a form; None where it has no header, or not one of every block."""
    rows = rows_of(part)
    end = _header_end(rows, table)
    header = [row for row in rows[:end] if not counts_columns(row)]
    if not header:
        return None
    stacks = stacks_of(part, header)
    sides = tuple(_sides(part, rows[end:], table, stacks))
    if len({id(side.block) for side in sides}) < len(table.blocks):
        return None
    taken = {place.left for side in sides for place in side.places}
    behind = [one for one in stacks if one.has_values and one.left > min(taken, default=1.0)]
    others = tuple(one.labels[-1] for one in behind if one.left not in taken)
    return StatementFrame(sides, end, others, _label_in_header(header[-1], table))


def _has_all(side: StatementSide) -> bool:
    seen = {place.key for place in side.places}
    return bool(seen) and all(column.optional or column.key in seen for column in side.block.columns)


def _sides(
    part: TablePart, body: Sequence[PartRow], table: FormTable, stacks: Sequence[HeaderStack]
) -> Iterator[StatementSide]:
    if len(table.blocks) == 1:
        yield from _repeated(table.blocks[0], stacks)
        return
    starts = [part.edges[column] for column in _starts(body, table)]
    ends = [*starts[1:], 1.0]
    for block, start, end in zip(table.blocks, starts, ends, strict=False):
        own = [stack for stack in stacks if start - _EDGE <= stack.left < end - _EDGE]
        yield StatementSide(block, start, end, places_of(own, block.columns))


# Two grid lines nearer than this share of the width are one.
_EDGE = 0.005


def _repeated(block: FormBlock, stacks: Sequence[HeaderStack]) -> Iterator[StatementSide]:
    """A block, as often as its columns are printed beside each other."""
    left = 0.0
    rest = list(stacks)
    while places := places_of(rest, block.columns):
        right = max(place.right for place in places)
        yield StatementSide(block, left, right, places)
        left, rest = right, [stack for stack in rest if stack.left >= right - _EDGE]
        if not block.open_rows:
            return


def _starts(body: Sequence[PartRow], table: FormTable) -> list[int]:
    """The grid columns in which most labels of each block begin; fewer where they do not show."""
    votes = [Counter[int]() for _ in table.blocks]
    for row in body:
        for cell in row.own:
            likest = [row_of(cell.text, block.rows, (), -1)[1] for block in table.blocks]
            if likest.count(max(likest)) == 1 and max(likest) > 0:
                votes[likest.index(max(likest))][cell.column] += 1
    starts = [0]
    for vote in votes[1:]:
        later = {column: n for column, n in vote.items() if column > starts[-1]}
        if not later:
            break
        starts.append(max(later, key=lambda column: later[column]))
    return starts


def _header_end(rows: Sequence[PartRow], table: FormTable) -> int:
    """The first row that is none of the header; blank rows at its foot are none."""
    end = next((n for n, row in enumerate(rows) if _is_body(row, table)), len(rows))
    while end and (not any(cell.text for cell in rows[end - 1].own)):
        end -= 1
    return end


def _is_body(row: PartRow, table: FormTable) -> bool:
    if counts_columns(row):
        return False
    if has_numbers(row):
        return True
    texts = [cell.text for cell in row.own if cell.text]
    others = texts[1:] if table.has_open_rows else []
    has_blank = len(texts) < len(row.own)
    return has_blank and not others and any(_is_label(text, table) for text in texts[:1])


def _is_label(text: str, table: FormTable) -> bool:
    return any(row_of(text, block.rows, (), -1)[1] >= SURE for block in table.blocks)


def _label_in_header(row: PartRow, table: FormTable) -> str:
    """The label of a row that stands beside the lowest header, 合计 for the row below: empty for none."""
    first = next((cell for cell in row.own if cell.text), None)
    has_blank = any(not cell.text for cell in row.own)
    return first.text if first and has_blank and table.has_open_rows and _is_label(first.text, table) else ""
