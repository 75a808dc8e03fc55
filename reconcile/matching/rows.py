"""The rows of a printed table paired with the rows of a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ocr.model import Cell
from reconcile.forms.form_model import FormBlock, FormRow, FormTable
from reconcile.labels import best_similarity, has_cjk, names_another, normalised_label, similarity
from reconcile.matching.alignment import Pairing, align, fill_gaps
from reconcile.matching.printed_tables import PartRow
from reconcile.model import State
from reconcile.numerals import Numeral, parse

# A label read less surely than this may be misread where it seems to say another thing.
_READ_SURELY = 0.9
# A match no better than this, or one that another row of the form beats by the
# margin, is shown to a person.
_SURE = 0.6
_RIVAL_MARGIN = 0.05
# A row that numbers the columns has this many at least, and one of these labels or none.
_COUNTED, _COUNTING = 5, {"栏次", "列次", "栏目", "列号", "序号"}
# A row with a label this like one that is taken repeats it.
_REPEATED = 0.85
# A label set over several rows is known from here on; it then counts for or
# against a row of its group.
_GROUP_KNOWN = 0.7
_GROUP_AGREES = 0.1
_GROUP_DIFFERS = 0.3
# Together two pieces must fit better by this than one of them alone.
_PIECES_GAIN = 0.03
# A row's label stands within its first few texts; later texts are values.
_LABEL_TEXTS = 3
_LABEL_AT_ALL = 0.3
_HEADER_LIKE = 0.75


@dataclass(frozen=True, slots=True)
class Target:
    """One printed row that the form has: a clause, a header or a row of values (`row` is set)."""

    block: FormBlock
    labels: tuple[str, ...]
    row: FormRow | None = None
    header: bool = False


class PrintedRow:
    """A row of a part with the texts that may be its label (computed once)."""

    def __init__(self, grid: PartRow, table: FormTable) -> None:
        self.grid = grid
        self._table = table

    @cached_property
    def label_cells(self) -> tuple[Cell, ...]:
        """The cells that may hold the row's own label; a group's label is not one."""
        texts = [cell for cell in self.grid.cells if _is_label(cell)]
        own = [cell for cell in texts if cell.row_span == 1]
        spanning = [cell for cell in texts[-1:] if not own and not self._group_of(cell)]
        return tuple((own or spanning)[:_LABEL_TEXTS])

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """The texts that may be the label, single and run together from some cell onwards."""
        return tuple(dict.fromkeys("".join(texts) for texts, _ in self._runs()))

    @cached_property
    def group(self) -> str:
        """The group label of the form that stands beside the row, or empty."""
        return next(filter(None, map(self._group_of, self.grid.cells)), "")

    @cached_property
    def outer(self) -> tuple[Cell, ...]:
        """The labels set to the left of the row's own, but for groups of the form."""
        first = min((cell.column for cell in self.label_cells), default=0)
        left = (cell for cell in self.grid.cells if cell.column < first and _is_label(cell))
        return tuple(cell for cell in left if not self._group_of(cell))

    @cached_property
    def whole(self) -> str:
        """The texts of all the cells that begin on this row."""
        return "".join(cell.text for cell in self.grid.own)

    @cached_property
    def numbers(self) -> tuple[Numeral, ...]:
        """The numbers and dashes of its cells, from left to right."""
        read = (parse(cell.text, inked=cell.inked) for cell in self.grid.cells)
        return tuple(numeral for numeral in read if numeral.state in (State.READ, State.DASH))

    @property
    def counts_columns(self) -> bool:
        """Say whether it numbers the columns, 1, 2, 3 …; no values of a form with sums are like that."""
        labelled = [text for text in self.candidates if normalised_label(text) not in _COUNTING]
        said = [numeral.value for numeral in self.numbers]
        return not labelled and len(said) >= _COUNTED and said == [str(n + 1) for n in range(len(said))]

    @property
    def has_print(self) -> bool:
        """Say whether anything but labels is printed in the cells that begin on it."""
        return any(cell.inked and not _is_label(cell) for cell in self.grid.own)

    @property
    def has_numbers(self) -> bool:
        """Say whether any cell reads as a number or a dash."""
        return bool(self.numbers)

    @cached_property
    def header_hits(self) -> frozenset[str]:
        """The header labels of the table that stand on this row; none if it has numbers."""
        if self.has_numbers:
            return frozenset()
        texts = [cell.text for cell in self.grid.own if cell.text]
        known = [label for label in self._table.header_labels() if len(normalised_label(label)) > 2]
        return frozenset(k for k in known if any(similarity(t, k) >= _HEADER_LIKE for t in texts))

    def label_end(self, target: Target) -> int:
        """The first grid column after the row's label; 0 if it has no readable label."""
        if target.header or not self.label_cells:
            return 0
        ends = {"".join(texts): end for texts, end in self._runs()}
        best = max(ends, key=lambda text: best_similarity(text, target.labels))
        return ends[best] if best_similarity(best, target.labels) >= _LABEL_AT_ALL else 0

    def _runs(self) -> Iterator[tuple[list[str], int]]:
        """Every run of neighbouring label cells: their texts, and the grid column after them."""
        cells = self.label_cells
        for start in range(len(cells)):
            for stop in range(start + 1, len(cells) + 1):
                last = cells[stop - 1]
                yield [cell.text for cell in cells[start:stop]], last.column + last.column_span

    def _group_of(self, cell: Cell) -> str:
        groups = {row.group for _, row in self._table.pairs() if row.group}
        likeness = {group: similarity(cell.text, group) for group in groups} if cell.text else {}
        best = max(likeness, key=lambda group: likeness[group], default="")
        return best if best and likeness[best] >= _GROUP_KNOWN else ""


@dataclass(frozen=True, slots=True)
class RowMatch:
    """Printed rows that are rows of the form: two where one was cut, two targets where a rule was missed.

    `segment` counts how often the table began anew; `weak` asks for a look.
    """

    rows: tuple[PrintedRow, ...]
    targets: tuple[Target, ...]
    likeness: float
    segment: int = 0
    weak: bool = False


def targets_of(table: FormTable) -> tuple[Target, ...]:
    """The rows that a form prints in one table; only one-level headers are among them."""
    return tuple(target for block in table.blocks for target in _block_targets(block))


def _block_targets(block: FormBlock) -> Iterator[Target]:
    if block.clause:
        yield Target(block, (block.clause,))
        yield Target(block, (block.header,), header=True)
    for row in block.rows:
        yield Target(block, row.labels, row=row)


def _is_label(cell: Cell) -> bool:
    return has_cjk(cell.text) and parse(cell.text, inked=True).state is State.UNREAD


def match_rows(rows: Sequence[PrintedRow], table: FormTable) -> tuple[RowMatch, ...]:
    """Pair printed rows (of all parts of a table, in order, no multi-level headers) with the form's."""
    targets = targets_of(table)
    likeness = _Likeness(rows, targets)
    starts = [i for i, (a, b) in enumerate(pairwise(rows), 1) if a.grid.part is not b.grid.part]
    pairings = align(
        len(rows), len(targets), likeness.single, likeness.two_printed, likeness.two_expected, starts
    )
    filled = _fill(pairings, rows, targets)
    absorbed = _absorb(filled, rows, targets)
    matches = _segmented([_match(p, rows, targets, likeness) for p in absorbed], targets)
    return _doubt_repeated(_doubt_neighbours(matches, targets), rows)


class _Likeness:
    """Likeness of printed rows to targets, as `align` asks for it."""

    def __init__(self, rows: Sequence[PrintedRow], targets: Sequence[Target]) -> None:
        self.rows = rows
        self.targets = targets

    def single(self, i: int, j: int) -> float:
        row, target = self.rows[i], self.targets[j]
        if target.header:
            return best_similarity(row.whole, target.labels)
        return _with_group(self._text(i, j), row, target)

    def two_printed(self, i: int, j: int) -> float:
        target, upper, lower = self.targets[j], self.rows[i], self.rows[i + 1]
        if upper.grid.part is lower.grid.part and upper.has_numbers and lower.has_numbers:
            return 0.0
        pairs = ((a, b) for a in upper.candidates for b in lower.candidates)
        joined = max((best_similarity(a + b, target.labels) for a, b in pairs), default=0.0)
        gained = joined > max(self._text(i, j), self._text(i + 1, j)) + _PIECES_GAIN
        return _with_group(joined, upper, target) if gained and target.row else 0.0

    def two_expected(self, i: int, j: int) -> float:
        first, second = self.targets[j], self.targets[j + 1]
        if not first.row or not second.row or first.block is not second.block:
            return 0.0
        label = first.row.label + second.row.label
        joined = max((similarity(text, label) for text in self.rows[i].candidates), default=0.0)
        return joined if joined > max(self._text(i, j), self._text(i, j + 1)) + _PIECES_GAIN else 0.0

    def _text(self, i: int, j: int) -> float:
        """Likeness of the label texts alone."""
        labels = self.targets[j].labels
        return max((best_similarity(text, labels) for text in self.rows[i].candidates), default=0.0)

    def rival(self, i: int) -> float:
        """The greatest likeness of a printed row to any row of the form."""
        return max((self.single(i, j) for j, target in enumerate(self.targets) if target.row), default=0.0)


def _with_group(likeness: float, row: PrintedRow, target: Target) -> float:
    """Likeness raised or lowered by the group's label, where the row has a known one."""
    if not likeness or not row.group or not target.row:
        return likeness
    agrees = row.group == target.row.group
    return min(1.0, likeness + (_GROUP_AGREES if agrees else -_GROUP_DIFFERS))


def _fill(
    pairings: Sequence[Pairing], rows: Sequence[PrintedRow], targets: Sequence[Target]
) -> tuple[Pairing, ...]:
    """Pair rows whose label is unreadable, where position leaves no choice; the inked ones if need be.

    A row that reports may leave out is never found by position alone. A header in words of its own is found.
    """
    expected = [j for j, target in enumerate(targets) if target.row and not target.row.optional]
    wide = [i for i, row in enumerate(rows) if len(row.grid.own) > 1]
    filled = fill_gaps(pairings, wide, expected)
    filled = fill_gaps(filled, [i for i in wide if rows[i].has_numbers], expected)
    headers = [j for j, target in enumerate(targets) if target.header]
    return fill_gaps(filled, [i for i in wide if rows[i].candidates and not rows[i].has_numbers], headers)


def _absorb(
    pairings: Sequence[Pairing], rows: Sequence[PrintedRow], targets: Sequence[Target]
) -> list[Pairing]:
    """Add to a match the unpaired row beside it that shares its label, or is the rest of it."""
    taken = {i for pairing in pairings for i in pairing.printed}
    result = []
    for pairing in pairings:
        below = pairing.printed[-1] + 1
        is_row = targets[pairing.expected[0]].row is not None
        if is_row and below < len(rows) and below not in taken and _same_row(rows[below - 1], rows[below]):
            sure = pairing.likeness if rows[below].candidates else 0.0
            pairing = replace(pairing, printed=(*pairing.printed, below), likeness=sure)
        result.append(pairing)
    return result


def _same_row(upper: PrintedRow, lower: PrintedRow) -> bool:
    same_part = upper.grid.part is lower.grid.part
    if same_part and upper.label_cells and upper.label_cells == lower.label_cells:
        return True
    return not lower.candidates and lower.has_numbers and not upper.has_numbers


def _match(
    pairing: Pairing, rows: Sequence[PrintedRow], targets: Sequence[Target], likeness: _Likeness
) -> RowMatch:
    single = len(pairing.printed) == len(pairing.expected) == 1
    rival = likeness.rival(pairing.printed[0]) if single else 0.0
    weak = pairing.likeness < max(_SURE, rival - _RIVAL_MARGIN)
    printed = tuple(rows[i] for i in pairing.printed)
    weak = weak or (single and _is_other(printed[0], targets[pairing.expected[0]]))
    return RowMatch(printed, tuple(targets[j] for j in pairing.expected), pairing.likeness, weak=weak)


def _is_other(row: PrintedRow, target: Target) -> bool:
    """Say whether the row's label, or one set to its left, names another thing than the target's."""
    if not target.row:
        return False
    sure = all(cell.confidence >= _READ_SURELY for cell in row.label_cells)
    best = max(row.candidates, key=lambda text: best_similarity(text, target.labels), default="")
    outer = (target.row.side + target.row.group, target.row.side, target.row.group)
    beside = (cell.text for cell in row.outer if cell.confidence >= _READ_SURELY)
    return (sure and names_another(best, target.labels)) or any(names_another(one, outer) for one in beside)


def _segmented(matches: Sequence[RowMatch], targets: Sequence[Target]) -> list[RowMatch]:
    """Number the segments: a new one begins where the form's order goes back."""
    segment, last, result = 0, -1, []
    for match in matches:
        first = targets.index(match.targets[0])
        segment += first <= last
        last = targets.index(match.targets[-1])
        result.append(replace(match, segment=segment))
    return result


def _doubt_neighbours(matches: Sequence[RowMatch], targets: Sequence[Target]) -> tuple[RowMatch, ...]:
    """Mark the rows on both sides of a lost row: one of them may be both, with a rule missed."""
    doubtful = set()
    for index, (upper, lower) in enumerate(pairwise(matches)):
        between = targets[targets.index(upper.targets[-1]) + 1 : targets.index(lower.targets[0])]
        if upper.segment == lower.segment and any(
            target.row and not target.row.optional for target in between
        ):
            doubtful |= {index, index + 1}
    return tuple(replace(m, weak=m.weak or i in doubtful) for i, m in enumerate(matches))


def _doubt_repeated(matches: Sequence[RowMatch], rows: Sequence[PrintedRow]) -> tuple[RowMatch, ...]:
    """Mark the rows that seem to be printed in two pieces, or once more with other numbers."""
    known = {id(row) for match in matches for row in match.rows}
    others = [row for row in rows if id(row) not in known and row.has_print]
    return tuple(replace(m, weak=m.weak or any(_is_of(row, m) for row in others)) for m in matches)


def _is_of(other: PrintedRow, match: RowMatch) -> bool:
    """Say whether a row that the form has not may belong to a match: repeats its label, or goes on with it.

    Numbers without a label go on with the row above, and with the one below if that has none.
    """
    own, target = match.rows[-1], match.targets[-1]
    if not target.row or own.grid.part is not other.grid.part or own.numbers == other.numbers:
        return False
    below = other.grid.index == own.grid.index + 1
    above = other.grid.index == match.rows[0].grid.index - 1
    if not other.candidates:
        return below or (above and not own.has_numbers)
    if any(best_similarity(text, target.labels) >= _REPEATED for text in other.candidates):
        return True
    label = normalised_label(target.labels[0])
    return (above or below) and any(normalised_label(text) in label for text in other.candidates)
