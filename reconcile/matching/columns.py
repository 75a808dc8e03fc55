"""The value cells of a printed row put to the columns of a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocr.model import Cell
from reconcile.matching.column_places import ColumnPlace, in_printed_order
from reconcile.matching.printed_tables import PartRow, TablePart

# A cell covers a column that lies within it, but for this share; two such columns have it in common.
_COVERS = 0.9


@dataclass(frozen=True, slots=True)
class Slot:
    """The cells in which one value stands; `shared` with another value, `weak` where it was placed."""

    cells: tuple[Cell, ...]
    shared: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class LaidRow:
    """The slots of one row by column key; the keys and the printed cells from left to right.

    `clear` says that the columns, where they are known, and the cells agree; otherwise
    other ways to lay the prints are worth a try. There are no `prints` where one of them
    belongs to several columns.
    """

    slots: Mapping[str, Slot]
    keys: tuple[str, ...]
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


def lay_row(
    row: PartRow, label_end: int, places: Sequence[ColumnPlace], keys: Sequence[str], home: TablePart | None
) -> LaidRow:
    """Put the value cells of one row to the column keys of the form.

    `label_end` is the first grid column after the label, `places` come from the
    header of the part `home`. Where the header and the cells do not agree, as many
    prints as columns are counted; with too many or too few of them the row is weak:
    what stands below a known header is taken or, with none known, the cells are
    counted from the right. A print that covers several columns puts all its row in doubt, and
    so do columns in an order of which not all could be told.
    """
    keys = in_printed_order(keys, places)
    values = [cell for cell in row.cells if cell.column >= label_end]
    placing = _by_geometry(row.part, values, places)
    doubted = {place.key for place in places if place.doubted}
    if len(keys) == 1:
        return LaidRow(_weakened(_single(keys[0], values, placing), doubted), keys)
    prints = tuple(cell for cell in values if cell.inked)
    slots, clear = _counted(prints, values, placing, keys, own_header=home is row.part)
    if len(doubted) == len(places) > 0 or any(_is_common(row.part.span(cell), places) for cell in prints):
        return LaidRow(_weakened(slots, keys), keys, clear=False)
    return LaidRow(_weakened(slots, doubted), keys, prints, clear)


def _weakened(slots: Mapping[str, Slot], doubted: Collection[str]) -> dict[str, Slot]:
    return {key: replace(slot, weak=slot.weak or key in doubted) for key, slot in slots.items()}


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
