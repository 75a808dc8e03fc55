"""Columns printed in another order than the form's: each value goes where its own header says."""

from __future__ import annotations

import pytest

from reconcile.forms.registry import load_form
from reconcile.matching.column_places import HeaderCell, find_places, in_printed_order
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import REVIEW, page, table

COLUMNS = load_form("2021").tables["requests"].blocks[0].columns
LABELS = [column.labels[0] for column in COLUMNS]


def places_of(order: list[int], labels: list[str] | None = None) -> list[tuple[str, bool]]:
    """The keys from left to right, and whether they are doubted, of a flat header in this order."""
    width = 1 / len(order)
    header = [HeaderCell((labels or LABELS)[j], (i * width, (i + 1) * width), 0) for i, j in enumerate(order)]
    edges = [i * width for i in range(len(order) + 1)]
    found = sorted(find_places(header, COLUMNS, edges), key=lambda place: place.left)
    return [(place.key, place.doubted) for place in found]


def test_columns_stand_where_their_own_headers_say_in_any_order() -> None:
    for order in ([6, 0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0, 6], [0, 1, 3, 2, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0]):
        assert places_of(order) == [(COLUMNS[j].key, False) for j in order]


def test_in_another_order_a_column_without_its_header_has_no_place_and_all_are_doubted() -> None:
    labels = [*LABELS[:4], "件", *LABELS[5:]]
    found = places_of([6, 0, 1, 2, 3, 4, 5], labels)
    assert COLUMNS[4].key not in [key for key, _ in found]
    assert all(doubted for _, doubted in found)


def test_keys_follow_their_places_only_if_each_has_one() -> None:
    keys = [column.key for column in COLUMNS]
    width = 1 / 7
    header = [
        HeaderCell(LABELS[j], (i * width, (i + 1) * width), 0) for i, j in enumerate([6, 0, 1, 2, 3, 4, 5])
    ]
    found = find_places(header, COLUMNS, [i * width for i in range(8)])
    assert in_printed_order(keys, found) == (keys[6], *keys[:6])
    assert in_printed_order(keys, found[:-1]) == tuple(keys)


@pytest.mark.parametrize("row", [0, 3])
def test_row_that_numbers_the_columns_is_neither_header_nor_values(row: int) -> None:
    lines = REVIEW.split("\n")
    lines.insert(row, "|".join(str(n) for n in range(1, 16)))
    values = reconcile([page(1, table("\n".join(lines)))]).values
    found = [v.value for v in values if v.key.table == "review"]
    assert found == REVIEW.split("\n")[3].split("|")
    assert not any(v.flags for v in values if v.key.table == "review")
