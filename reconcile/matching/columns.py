"""The columns of a printed table paired with the columns of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from ocr.model import Cell
from reconcile.forms.form_model import FormColumn
from reconcile.labels import best_similarity, normalised_label, similarity
from reconcile.matching.alignment import FLOOR, align, fill_gaps
from reconcile.matching.printed_tables import PartRow, TablePart

# A cell stands in a column when it shares half of the narrower of the two.
_OVERLAP = 0.5
# A cell covers a column that lies within it, but for this share; two such columns have it in common.
_COVERS = 0.9
# The headers above a leaf tell 结果维持 of one group from that of the next.
_PARENT_KNOWN = 0.7
_PARENT_AGREES = 0.1
_PARENT_DIFFERS = 0.3
# The longest header label has 16 characters; the note in the corner has over 30.
_LONGEST_HEADER = 20
# Grid columns narrower than this share of the table are two sightings of one rule.
_THIN = 0.015
# Value columns of one table are as wide as each other, give or take this share.
_WIDTH_VARIES = 0.3


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a column of the form stands, from 0 to 1 of the table's width."""

    key: str
    left: float
    right: float

    def shares(self, span: tuple[float, float]) -> bool:
        """Say whether a cell with this span stands in the column."""
        return _overlap((self.left, self.right), span) > _OVERLAP


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header text with its span and how far down it stands."""

    text: str
    span: tuple[float, float]
    depth: int


@dataclass(frozen=True, slots=True)
class Slot:
    """The cells in which one value stands; `shared` with another value, `weak` where it was placed."""

    cells: tuple[Cell, ...]
    shared: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class LaidRow:
    """The slots of one row by column key, and its printed cells from left to right.

    `clear` says that the columns, where they are known, and the cells agree; otherwise
    other ways to lay the prints are worth a try. There are no `prints` where one of them
    belongs to several columns.
    """

    slots: Mapping[str, Slot]
    prints: tuple[Cell, ...] = ()
    clear: bool = True


@dataclass(slots=True)
class _Placing:
    """Cells by column key while a row is laid out, and those that stand in no column or astride of two."""

    cells: dict[str, list[Cell]]
    shared: set[str] = field(default_factory=set)
    strays: list[Cell] = field(default_factory=list)

    def is_clean(self) -> bool:
        """Every column has a cell and at most one print, and no print stands elsewhere."""
        return all(self.cells.values()) and not self.is_unclear()

    def is_unclear(self) -> bool:
        """Two prints in one column, or one in none: the row is not laid as its header says."""
        prints = [sum(cell.inked for cell in cells) for cells in self.cells.values()]
        return max(prints) > 1 or any(cell.inked for cell in self.strays)


def header_cells(rows: Sequence[PartRow], corner: str, first_depth: int = 0) -> tuple[HeaderCell, ...]:
    """The texts of header rows but for the corner's, each once, deeper ones later."""
    return tuple(
        HeaderCell(cell.text, row.part.span(cell), first_depth + depth)
        for depth, row in enumerate(rows)
        for cell in row.own
        if cell.text and len(normalised_label(cell.text)) <= _LONGEST_HEADER
        if similarity(cell.text, corner) < FLOOR
    )


def find_places(
    header: Sequence[HeaderCell], columns: Sequence[FormColumn], edges: Sequence[float]
) -> tuple[ColumnPlace, ...]:
    """Lay the lowest header cells beside the columns of a form, in order.

    Labels decide, with the headers above them; where as many cells as columns
    are left over between two recognised ones, position does. `edges` are the
    grid lines: a column whose header is unreadable stands in the grid column
    that its neighbours leave.
    """
    leaves = sorted((cell for cell in header if _is_leaf(cell, header)), key=lambda cell: cell.span)
    parents = [_parents(leaf, header) for leaf in leaves]
    groups = {column.path[-2] for column in columns if len(column.path) > 1}

    def likeness(i: int, j: int) -> float:
        base = best_similarity(leaves[i].text, columns[j].labels)
        return min(1.0, base + _parent_bonus(parents[i], columns[j], groups)) if base else 0.0

    pairs = align(len(leaves), len(columns), likeness)
    pairs = fill_gaps(pairs, range(len(leaves)), range(len(columns)))
    spans = {p.expected[0]: leaves[p.printed[0]].span for p in pairs}
    spans |= _left_over(spans, len(columns), edges)
    return _widened([ColumnPlace(columns[j].key, *spans[j]) for j in sorted(spans)])


def _widened(places: Sequence[ColumnPlace]) -> tuple[ColumnPlace, ...]:
    """Give a strip without a header to the neighbour that it makes as wide as the others.

    A false rule may part a column in two, with its header in one half and its
    values in the other.
    """
    if len(places) <= 2:
        return tuple(places)
    usual = median(place.right - place.left for place in places)
    ends = [place.left for place in places[1:]] + [1.0]
    for index, end in enumerate(ends):
        strip = (places[index].right, end)
        if _THIN < strip[1] - strip[0] < usual:
            options = [replace(places[index], right=end)]
            options += [replace(place, left=strip[0]) for place in places[index + 1 : index + 2]]
            best = min(options, key=lambda place: abs(place.right - place.left - usual))
            if abs(best.right - best.left - usual) <= _WIDTH_VARIES * usual:
                places = [best if place.key == best.key else place for place in places]
    return tuple(places)


def _left_over(
    spans: Mapping[int, tuple[float, float]], n_columns: int, edges: Sequence[float]
) -> dict[int, tuple[float, float]]:
    """Spans for unknown columns where exactly as many grid columns lie between the known ones."""
    found: dict[int, tuple[float, float]] = {}
    known = [-1, *sorted(spans), n_columns]
    grid = [(left, right) for left, right in pairwise(edges) if right - left > _THIN]
    for before, after in pairwise(known):
        left = spans[before][1] if before >= 0 else None
        right = spans[after][0] if after < n_columns else 1.0
        n_lost = after - before - 1
        free = [s for s in grid if s[1] <= right + _THIN and (left is None or s[0] >= left - _THIN)]
        chosen = free[len(free) - n_lost :] if left is None and spans else free
        if n_lost and len(chosen) == n_lost:
            found |= dict(zip(range(before + 1, after), chosen, strict=True))
    return found


def lay_row(
    row: PartRow, label_end: int, places: Sequence[ColumnPlace], keys: Sequence[str], home: TablePart | None
) -> LaidRow:
    """Put the value cells of one row to the column keys of the form.

    `label_end` is the first grid column after the label, `places` come from the
    header of the part `home`. Where the header and the cells do not agree, as many
    prints as columns are counted; with too many or too few of them the row is weak:
    what stands below a known header is taken or, with none known, the cells are
    counted from the right. A print that covers several columns puts all its row in doubt.
    """
    values = [cell for cell in row.cells if cell.column >= label_end]
    placing = _by_geometry(row.part, values, places)
    if len(keys) == 1:
        return LaidRow(_single(keys[0], values, placing))
    prints = tuple(cell for cell in values if cell.inked)
    slots, clear = _counted(prints, values, placing, keys, own_header=home is row.part)
    if any(_is_common(row.part.span(cell), places) for cell in prints):
        return LaidRow({key: replace(slot, weak=True) for key, slot in slots.items()}, clear=False)
    return LaidRow(slots, prints, clear)


def _counted(
    prints: Sequence[Cell],
    values: Sequence[Cell],
    placing: _Placing,
    keys: Sequence[str],
    *,
    own_header: bool,
) -> tuple[dict[str, Slot], bool]:
    """The slots of a row, and whether cells and header agree."""
    known = len(placing.cells) == len(keys)
    clean = known and placing.is_clean()
    if known and (clean or not (placing.is_unclear() or len(values) == len(keys) > len(prints))):
        return _slots(placing, weak=not clean and bool(prints)), clean
    for cells in (values, prints):
        if len(cells) == len(keys):
            counted = dict(zip(keys, cells, strict=True))
            weak = bool(prints) and _contradicts(counted, placing, known=known, own_header=own_header)
            headless = placing.cells.keys() ^ counted if placing.cells and prints else ()
            return {
                key: Slot((cell,), weak=weak or (key in headless and not cell.inked))
                for key, cell in counted.items()
            }, not weak
    if placing.cells and (not known or len({cell.text for cell in prints}) > 1):
        return _slots(placing, weak=True), False
    from_right = zip(reversed(keys), reversed(prints if len(prints) > len(keys) else values), strict=False)
    return {key: Slot((cell,), weak=True) for key, cell in from_right}, False


def _contradicts(counted: Mapping[str, Cell], placing: _Placing, *, known: bool, own_header: bool) -> bool:
    """Say whether a header, whole or in part, puts cells elsewhere than counting them does.

    The columns of another page's header need not be those of a part with as many cells as the form.
    """
    if known and not own_header:
        return any(cell.inked for cell in set().union(*placing.cells.values()) - set(counted.values()))
    return any(
        cell is not counted[key] for key, cells in placing.cells.items() for cell in cells if cell.inked
    )


def _is_common(span: tuple[float, float], places: Sequence[ColumnPlace]) -> bool:
    """Say whether a cell covers two columns."""
    shares = (min(place.right, span[1]) - max(place.left, span[0]) for place in places)
    whole = (place.right - place.left for place in places)
    return sum(share > _COVERS * width for share, width in zip(shares, whole, strict=True)) > 1


def _single(key: str, values: Sequence[Cell], placing: _Placing) -> dict[str, Slot]:
    """The one value of a row: the print below its header or, where that has none, all there are."""
    prints = [cell for cell in values if cell.inked]
    below = [cell for cell in placing.cells.get(key, ()) if cell.inked]
    chosen = below if len(below) == 1 else prints
    weak = len(prints) > 1 or (bool(placing.cells) and prints != below)
    return {key: Slot(tuple(chosen or values), weak=weak)} if values else {}


def _by_geometry(part: TablePart, values: Sequence[Cell], places: Sequence[ColumnPlace]) -> _Placing:
    placing = _Placing({place.key: [] for place in places})
    for cell in values:
        keys = [place.key for place in places if place.shares(part.span(cell))]
        for key in keys:
            placing.cells[key].append(cell)
        if len(keys) > 1:
            placing.shared.update(keys)
        if not keys or (len(keys) > 1 and not _is_common(part.span(cell), places)):
            placing.strays.append(cell)
    return placing


def _slots(placing: _Placing, *, weak: bool) -> dict[str, Slot]:
    """A slot for every column with a cell; a blank parted in two may have lost a 1 to a false rule."""
    slots = {}
    for key, cells in placing.cells.items():
        ordered = tuple(sorted(cells, key=lambda cell: not cell.inked))
        parted = len(cells) > 1 and not ordered[0].inked
        if cells:
            slots[key] = Slot(ordered, key in placing.shared, weak or parted)
    return slots


def _overlap(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The shared width as a share of the narrower span."""
    narrow = min(first[1] - first[0], second[1] - second[0])
    return (min(first[1], second[1]) - max(first[0], second[0])) / narrow if narrow > 0 else 0.0


def _is_leaf(cell: HeaderCell, header: Sequence[HeaderCell]) -> bool:
    return not any(h.depth > cell.depth and _overlap(h.span, cell.span) > _OVERLAP for h in header)


def _parents(leaf: HeaderCell, header: Sequence[HeaderCell]) -> list[str]:
    return [h.text for h in header if h.depth < leaf.depth and _overlap(h.span, leaf.span) > _OVERLAP]


def _parent_bonus(parents: Sequence[str], column: FormColumn, groups: set[str]) -> float:
    known = {group for group in groups for text in parents if similarity(text, group) >= _PARENT_KNOWN}
    if not known or len(column.path) < 2:
        return 0.0
    return _PARENT_AGREES if column.path[-2] in known else -_PARENT_DIFFERS
