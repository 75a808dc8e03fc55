"""Tables laid out as the forms print them."""

from __future__ import annotations

from typing import Any

import pytest

from archive.values.records import Fact
from reconcile.forms.registry import expected_keys, load_form
from web.views.form_layout import LaidBlock, laid_out

FORMS = ("2019", "2021")


def fact(form: str, table: str, row: str, column: str, **more: Any) -> Fact:
    told = {"document": "a", "source": "a", "organ": "", "year": None, "part": 1, "state": "read", "raw": "1"}
    told |= {"value": "1", "confidence": 1.0, "flags": "", "needs_review": 0, "page": 1}
    sides = dict.fromkeys(("left", "top", "right", "bottom"), 1.0)
    return Fact(**(told | sides | more), form=form, table=table, row=row, column=column)  # type: ignore[arg-type]


def _facts(form: str) -> list[Fact]:
    keys = (key for table in load_form(form).tables for key in expected_keys(form, table))
    return [fact(form, key.table, key.row, key.column) for key in keys]


def width_of(block: LaidBlock) -> set[int]:
    """How many columns each row of a block has, with those that labels of rows above it cover."""
    rows = [[(label.rows, label.columns) for label in row] for row in block.head]
    rows += [
        [*((label.rows, label.columns) for label in row.labels), *((1, 1) for _ in row.facts)]
        for row in block.rows
    ]
    covered = [0] * (len(rows) + 100)
    for at, row in enumerate(rows):
        for high, wide in row:
            for below in range(at, at + high):
                covered[below] += wide
    assert not any(covered[len(rows) :]), "a label reaches below its table"
    return set(covered[: len(rows)])


@pytest.mark.parametrize("form", FORMS)
def test_every_value_stands_once_in_a_grid_without_holes(form: str) -> None:
    facts = _facts(form)
    tables = list(laid_out(facts))
    shown = [
        one for table in tables for block in table.blocks for row in block.rows for one in row.facts if one
    ]
    assert sorted(map(repr, shown)) == sorted(map(repr, facts))
    for block in (block for table in tables for block in table.blocks):
        assert len(width_of(block)) == 1, block


def test_a_value_of_a_form_that_is_gone_is_shown_by_its_keys() -> None:
    (table,) = laid_out([fact("1999", "t", "r", "c")])
    assert table.title == "t"
    assert table.blocks[0].rows[0].labels[0].text == "r"
