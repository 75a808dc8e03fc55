"""All parts of one printed table laid beside one form: which cells hold which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from ocr.model import Cell
from reconcile.forms.form_model import FormTable
from reconcile.matching.columns import LaidRow, Slot, lay_row
from reconcile.matching.headers import Header, Headers, HeaderSplit, headers_of, split_header
from reconcile.matching.printed_tables import TablePart
from reconcile.matching.rows import PrintedRow, RowMatch, Target, match_rows
from reconcile.matching.side_by_side import parts_by_side
from reconcile.model import Key

# What counts for and against a form when both are tried on a table.
_BY_POSITION = 0.1
_EXTRA_ROW = 0.2
_LOST_ROW = 0.3
# Of the cells of a row without a label a few may be run together.
_LEAST_VALUE_CELLS = 0.5


# By part and row: the match of a printed row with a label, None where the form has no such row.
Owners = dict[tuple[int, int], RowMatch | None]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a value is printed.

    `segment` and `weight` number the printing that it belongs to and give its size, `part` is the
    index of the part it stands in.
    """

    key: Key
    slot: Slot
    weight: int
    segment: int
    part: int


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One printing of a row of values, its slots by column key.

    `segment` and `weight` number the printing that it belongs to and give its size, `part` is the
    index of the part it stands in. Where `open`, header and cells do not agree, and `prints`, its
    printed cells from left to right, may be laid in other ways; `weak` says that the row itself is
    in doubt.
    """

    row: str
    columns: tuple[str, ...]
    slots: Mapping[str, Slot]
    segment: int
    weight: int
    part: int
    weak: bool
    prints: tuple[Cell, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class TableMatch:
    """The parts of one table laid beside one form; the higher `fitness`, the better the form fits.

    `keys` are those that it has values for, where the form leaves that to the print, and `other_columns`
    the headers that are none of the form's.
    """

    form: str
    table: FormTable
    matches: tuple[RowMatch, ...]
    rows: tuple[PlacedRow, ...]
    extra: tuple[PrintedRow, ...]
    fitness: float
    keys: tuple[Key, ...] = ()
    other_columns: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """How many rows of values were matched."""
        return sum(any(target.row for target in match.targets) for match in self.matches)

    @property
    def sightings(self) -> tuple[Occurrence, ...]:
        """Every place where a value is printed, in printed order."""
        return tuple(
            Occurrence(
                Key(self.table.key, row.row, name),
                replace(slot, weak=slot.weak or row.weak),
                row.weight,
                row.segment,
                row.part,
            )
            for row in self.rows
            for name, slot in row.slots.items()
        )


def match_table(parts: Sequence[TablePart], form: str, table: FormTable) -> TableMatch:
    """Lay the parts of one printed table, in order, beside a table of a form."""
    if len(table.sides) > 1:
        return _side_by_side(parts, form, table)
    sheets = [split_header(part, table) for part in parts]
    body = [row for sheet in sheets for row in sheet.body]
    matches = _unlabelled(sheets, table) if table.unlabelled else match_rows(body, table)
    known = {id(row) for match in matches for row in match.rows}
    extra = tuple(row for row in body if id(row) not in known and row.has_numbers)
    rows = tuple(_value_rows(sheets, table, matches))
    return TableMatch(form, table, matches, rows, extra, _fitness(table, matches, extra))


def _side_by_side(parts: Sequence[TablePart], form: str, table: FormTable) -> TableMatch:
    """Lay each side by itself; a part whose right side does not show counts for the left alone."""
    cut = [parts_by_side(part, table) for part in parts]
    layouts = [
        match_table([sides[n] for sides in cut if n < len(sides)], form, side)
        for n, side in enumerate(table.sides)
    ]
    return TableMatch(
        form,
        table,
        tuple(match for layout in layouts for match in layout.matches),
        tuple(row for layout in layouts for row in layout.rows),
        tuple(row for layout in layouts for row in layout.extra),
        sum(layout.fitness for layout in layouts),
    )


def _unlabelled(sheets: Sequence[HeaderSplit], table: FormTable) -> tuple[RowMatch, ...]:
    """The one row of a table whose row has no label: a row below each header."""
    block = table.blocks[0]
    target = Target(block, block.rows[0].labels, row=block.rows[0])
    matches: list[RowMatch] = []
    header_seen = False
    for sheet in sheets:
        header_seen = header_seen or bool(sheet.header)
        wide = [row for row in sheet.body if len(row.grid.own) >= _LEAST_VALUE_CELLS * len(block.columns)]
        chosen = [row for row in wide if row.has_numbers] or wide
        if header_seen and chosen:
            matches.append(RowMatch((chosen[0],), (target,), 1.0, segment=len(matches)))
            header_seen = False
    return tuple(matches)


def _fitness(table: FormTable, matches: Sequence[RowMatch], extra: Sequence[PrintedRow]) -> float:
    """How well the form fits; rows lost at an end do not count, a fragment may lack them."""
    gain = sum(match.likeness or _BY_POSITION for match in matches)
    seen = {target.row for match in matches for target in match.targets}
    found = [row in seen for _, row in table.pairs() if not row.optional or row in seen]
    inner = found[found.index(True) : len(found) - found[::-1].index(True)] if any(found) else []
    return gain - _EXTRA_ROW * len(extra) - _LOST_ROW * inner.count(False)


def _value_rows(
    sheets: Sequence[HeaderSplit], table: FormTable, matches: Sequence[RowMatch]
) -> Iterator[PlacedRow]:
    headers = headers_of(sheets, table, matches)
    owners: Owners = {_place(row): None for sheet in sheets for row in sheet.body if row.label_cells}
    owners |= {_place(row): match for match in matches for row in match.rows}
    for match in matches:
        weight = sum(other.segment == match.segment for other in matches)
        pieces = [_laid(row, match, matches, headers, owners) for row in match.rows if match.targets[0].row]
        slots = _joined([piece.slots for piece in pieces])
        alone = len(pieces) == len(match.targets) == 1
        for target in match.targets if pieces else ():
            yield PlacedRow(
                target.row.key if target.row else "",
                pieces[0].keys,
                slots,
                match.segment,
                weight,
                match.rows[0].grid.part.index,
                match.weak,
                pieces[0].prints if alone else (),
                alone and bool(pieces[0].prints) and not pieces[0].clear,
            )


def _place(row: PrintedRow) -> tuple[int, int]:
    return row.grid.part.index, row.grid.index


def _laid(
    row: PrintedRow,
    match: RowMatch,
    matches: Sequence[RowMatch],
    headers: Headers,
    owners: Owners,
) -> LaidRow:
    """The value cells of one printed row by column key."""
    part, block = row.grid.part, match.targets[0].block
    header = headers.get((part.index, block.clause), Header())
    end = _label_end(row, match, matches)
    laid = lay_row(row.grid, end, header.places, block.column_keys, header.home)
    reaching = {name for name, slot in laid.slots.items() if _reaches(slot, row, owners)}
    slots = {
        name: replace(slot, shared=slot.shared or len(match.targets) > 1 or name in reaching)
        for name, slot in laid.slots.items()
    }
    return replace(laid, slots=slots, prints=() if reaching else laid.prints)


def _label_end(row: PrintedRow, match: RowMatch, matches: Sequence[RowMatch]) -> int:
    """Where the label ends; for a row without a readable one, where most end in its part."""
    own = row.label_end(match.targets[0]) if match.likeness else 0
    same = (m for m in matches if m.likeness and m.targets[0].row)
    peers = (r.label_end(m.targets[0]) for m in same for r in m.rows if r.grid.part is row.grid.part)
    return own or median_low([end for end in peers if end] or [0])


def _reaches(slot: Slot, row: PrintedRow, owners: Owners) -> bool:
    """Say whether a cell of the slot reaches into a row of another match, or of none (a rule was missed)."""
    part, home = row.grid.part.index, owners[_place(row)]
    covered = (range(cell.row, cell.row + cell.row_span) for cell in slot.cells)
    return any(owners.get((part, index), home) is not home for rows in covered for index in rows)


def _joined(pieces: Sequence[Mapping[str, Slot]]) -> dict[str, Slot]:
    """Put the pieces of a cut row together, column by column; weak where two carry print."""
    slots: dict[str, Slot] = {}
    for name in dict.fromkeys(name for piece in pieces for name in piece):
        found = [piece[name] for piece in pieces if name in piece]
        cells = tuple(dict.fromkeys(cell for slot in found for cell in slot.cells))
        weak = any(slot.weak for slot in found) or sum(cell.inked for cell in cells) > 1
        ordered = tuple(sorted(cells, key=lambda cell: not cell.inked))
        slots[name] = Slot(ordered, any(slot.shared for slot in found), weak)
    return slots
