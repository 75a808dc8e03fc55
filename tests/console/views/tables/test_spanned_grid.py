"""Merged cells are seen, Chinese characters stand in two places each, nothing is wider than the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from console.views.tables.spanned_grid import DrawnCell, SpannedGrid, columns_for


def drawn(rows: list[str], width: int = 80) -> list[str]:
    """A table of rows, cells parted by `|`; `<` goes on with the cell to the left, `^` with the one above."""
    grid = [row.split("|") for row in rows]
    spans: dict[tuple[int, int], list[int]] = {}
    roots: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(grid):
        for c, text in enumerate(row):
            root = roots[r, c - 1] if text == "<" else roots[r - 1, c] if text == "^" else (r, c)
            roots[r, c] = root
            spans.setdefault(root, [1, 1])
            spans[root] = [max(spans[root][0], r - root[0] + 1), max(spans[root][1], c - root[1] + 1)]
    cells = tuple(DrawnCell(r, c, h, w, grid[r][c]) for (r, c), (h, w) in spans.items())
    return lines_of(SpannedGrid(cells, len(grid), len(grid[0])), width)


def lines_of(grid: SpannedGrid, width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as printed:
        console.print(grid, soft_wrap=True)
    return printed.get().splitlines()


def test_merged_cells_have_no_rules_inside():
    assert drawn(["类别|本年|<", "^|新设|撤销", "机构|4|12", "人员|60|3"]) == [
        "┌────┬─────────┐",
        "│类别│本年     │",
        "│    ├────┬────┤",
        "│    │新设│撤销│",
        "├────┼────┼────┤",
        "│机构│   4│  12│",
        "│人员│  60│   3│",
        "└────┴────┴────┘",
    ]


def test_long_texts_are_folded_and_their_rows_ruled():
    shown = drawn(["项目|金额", "一般公共预算拨款收入|1", "其他|2", "无|3"], 20)
    assert shown == [
        "┌─────────────┬────┐",
        "│项目         │金额│",
        "├─────────────┼────┤",
        "│一般公共预算 │   1│",
        "│拨款收入     │    │",
        "├─────────────┼────┤",
        "│其他         │   2│",
        "│无           │   3│",
        "└─────────────┴────┘",
    ]


def test_columns_without_room_are_said_to_be_left_out():
    shown = drawn(["|".join(f"列{n}" for n in range(30))], 80)
    assert columns_for(80) == 15
    assert shown[-1] == "… 15 more columns at the right have no room"


def test_a_text_over_several_rows_makes_room_for_itself():
    assert drawn(["甲乙丙丁戊己庚辛壬癸|一", "^|二"], 13) == [
        "┌────────┬──┐",
        "│甲乙丙丁│一│",
        "│戊己庚辛├──┤",
        "│壬癸    │二│",
        "└────────┴──┘",
    ]


@pytest.mark.parametrize("text", ["e\u0301a", "👍🏽", "a\tb", "𠮷野家"])
def test_signs_of_any_width_leave_the_rules_in_line(text):
    shown = drawn([f"{text}|1", "乙|2"])
    assert len({cell_len(line) for line in shown}) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text("甲乙丙 ab1", max_size=30), min_size=3, max_size=3), min_size=1, max_size=5),
    st.integers(30, 90),
)
def test_no_text_is_lost_and_nothing_is_too_wide(rows, width):
    cells = tuple(DrawnCell(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    shown = lines_of(SpannedGrid(cells, len(rows), 3), width)
    assert max(map(cell_len, shown)) <= width
    letters = sorted("".join(shown).translate(dict.fromkeys(map(ord, "┌┐└┘├┤┬┴┼─│ "))))
    assert letters == sorted("".join("".join(row) for row in rows).replace(" ", ""))
