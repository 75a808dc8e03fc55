"""Where the columns of a form stand in a printed table, by what its header says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from reconcile.forms.form_model import FormColumn
from reconcile.labels import best_similarity, names_another, normalised_label, similarity
from reconcile.matching.alignment import FLOOR, Likeness, align, fill_gaps
from reconcile.matching.printed_tables import PartRow

# A cell stands in a column when it shares half of the narrower of the two.
_OVERLAP = 0.5
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
# A header read less surely than this may be misread where it seems to say another thing.
_SURE = 0.9
# A header this like a label of the form says that label, if it is less like any other by the margin.
_CLEAR, _MARGIN = 0.75, 0.1


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a column of the form stands, from 0 to 1 of the table's width.

    It is `doubted` where its header names another thing, and where columns are printed in another order
    than the form's and not all could be told.
    """

    key: str
    left: float
    right: float
    doubted: bool = False

    def shares(self, span: tuple[float, float]) -> bool:
        """Say whether a cell with this span stands in the column."""
        return _overlap((self.left, self.right), span) > _OVERLAP


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header text with its span and how far down it stands, and whether it was read for sure."""

    text: str
    span: tuple[float, float]
    depth: int
    sure: bool = True


def header_cells(rows: Sequence[PartRow], corner: str, first_depth: int = 0) -> tuple[HeaderCell, ...]:
    """The texts of header rows but for the corner's, each once, deeper ones later."""
    return tuple(
        HeaderCell(cell.text, row.part.span(cell), first_depth + depth, cell.confidence >= _SURE)
        for depth, row in enumerate(rows)
        for cell in row.own
        if cell.text and len(normalised_label(cell.text)) <= _LONGEST_HEADER
        if similarity(cell.text, corner) < FLOOR
    )


def find_places(
    header: Sequence[HeaderCell], columns: Sequence[FormColumn], edges: Sequence[float]
) -> tuple[ColumnPlace, ...]:
    """Lay the lowest header cells beside the columns of a form; the places are in printed order.

    Labels decide, with the headers above them; where as many cells as columns
    are left over between two recognised ones, position does. `edges` are the
    grid lines: a column whose header is unreadable stands in the grid column
    that its neighbours leave. Where the labels show that the columns are printed in another
    order than the form's, only they decide.
    """
    leaves = sorted((cell for cell in header if _is_leaf(cell, header)), key=lambda cell: cell.span)
    above = [_above(leaf, header) for leaf in leaves]
    parents = [[cell.text for cell in cells] for cells in above]
    groups = {column.path[-2] for column in columns if len(column.path) > 1}

    def likeness(i: int, j: int) -> float:
        base = best_similarity(leaves[i].text, columns[j].labels)
        return min(1.0, base + _parent_bonus(parents[i], columns[j], groups)) if base else 0.0

    def place(i: int, j: int, *, lost: bool = False) -> ColumnPlace:
        doubted = lost or _is_other(leaves[i], above[i], columns[j])
        return ColumnPlace(columns[j].key, *leaves[i].span, doubted=doubted)

    clear = _clear(len(leaves), len(columns), likeness)
    if list(clear.values()) != sorted(clear.values()):
        lost = len(clear) < len(columns)
        return tuple(place(i, j, lost=lost) for i, j in clear.items())
    pairs = align(len(leaves), len(columns), likeness)
    pairs = fill_gaps(pairs, range(len(leaves)), range(len(columns)))
    places = {p.expected[0]: place(p.printed[0], p.expected[0]) for p in pairs}
    spans = {j: (known.left, known.right) for j, known in places.items()}
    for j, span in _left_over(spans, len(columns), edges).items():
        places[j] = ColumnPlace(columns[j].key, *span)
    return _widened([places[j] for j in sorted(places)])


def in_printed_order(keys: Sequence[str], places: Sequence[ColumnPlace]) -> tuple[str, ...]:
    """The keys of a block in the order of its places, as printed; as they are where not all have one."""
    order = tuple(place.key for place in places)
    return order if set(order) == set(keys) else tuple(keys)


def _clear(n_leaves: int, n_columns: int, likeness: Likeness) -> dict[int, int]:
    """The columns that leaves name beyond doubt, by leaf; none that two of them name."""
    named: dict[int, int] = {}
    for i in range(n_leaves):
        ranked = sorted(range(n_columns), key=lambda j: -likeness(i, j))
        best, second = [*(likeness(i, j) for j in ranked[:2]), 0.0, 0.0][:2]
        if best >= max(_CLEAR, second + _MARGIN):
            named[i] = ranked[0]
    columns = list(named.values())
    return {i: j for i, j in named.items() if columns.count(j) == 1}


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


def _overlap(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The shared width as a share of the narrower span."""
    narrow = min(first[1] - first[0], second[1] - second[0])
    return (min(first[1], second[1]) - max(first[0], second[0])) / narrow if narrow > 0 else 0.0


def _is_leaf(cell: HeaderCell, header: Sequence[HeaderCell]) -> bool:
    return not any(h.depth > cell.depth and _overlap(h.span, cell.span) > _OVERLAP for h in header)


def _above(leaf: HeaderCell, header: Sequence[HeaderCell]) -> list[HeaderCell]:
    return [h for h in header if h.depth < leaf.depth and _overlap(h.span, leaf.span) > _OVERLAP]


def _is_other(leaf: HeaderCell, above: Sequence[HeaderCell], column: FormColumn) -> bool:
    """Say whether a header, or one above it, names another thing than the column's.

    A page break may cut a label in two: 结果 on one page, 维持 on the next.
    """
    nearest = sorted(above, key=lambda cell: -cell.depth)
    return not any(_say(column, (*nearest[:n][::-1], leaf), nearest[n:]) for n in range(len(nearest) + 1))


def _say(column: FormColumn, pieces: Sequence[HeaderCell], above: Sequence[HeaderCell]) -> bool:
    """Say whether the pieces of a header name the column, and what is above them its groups."""
    text = "".join(cell.text for cell in pieces)
    labels = (*column.labels, "".join(column.path))
    if all(cell.sure for cell in pieces) and names_another(text, labels):
        return False
    outer = ("".join(column.path[:-1]), *column.path[:-1])
    # Together they must say the label better than the last piece alone: 一审 above 尚未审结 is none of it.
    alone = best_similarity(pieces[-1].text, labels)
    is_label = len(pieces) == 1 or best_similarity(text, labels) > max(_CLEAR, alone)
    return is_label and not any(cell.sure and names_another(cell.text, outer) for cell in above)


def _parent_bonus(parents: Sequence[str], column: FormColumn, groups: set[str]) -> float:
    known = {group for group in groups for text in parents if similarity(text, group) >= _PARENT_KNOWN}
    if not known or len(column.path) < 2:
        return 0.0
    return _PARENT_AGREES if column.path[-2] in known else -_PARENT_DIFFERS
