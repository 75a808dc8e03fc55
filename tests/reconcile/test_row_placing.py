"""Rows that lost or gained a cell, shifted headers and pages: what the sums prove, and what they do not."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ocr.model import Page
from reconcile.model import Flag, Report, State, Value
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import (
    COLUMNS,
    HEADER,
    REQUEST_WIDTHS,
    REVIEW_HEADER,
    ROWS,
    balanced,
    page,
    request_lines,
    table,
)

SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0], [0, 0, 7, 0, 0, 10], [12, 0, 0, 3, 9, 0]]
VALUES = balanced("2021", SEED)
IDLE = {row: [0] * 7 for row in VALUES}
FIRST = 3  # label columns, and header rows

Grid = list[list[str]]
Numbers = dict[str, list[int]]


def grid(values: Numbers = VALUES) -> Grid:
    return [
        line.split("|")
        for line in (HEADER, *request_lines(ROWS["2021"], values))
        for line in line.split("\n")
    ]


def line_of(row: str) -> int:
    return FIRST + ROWS["2021"].index(row)


def pages(*grids: Grid, widths: Sequence[float] = REQUEST_WIDTHS) -> list[Page]:
    return [page(n, table(_text(one), n, widths=_fitting(one, widths))) for n, one in enumerate(grids, 1)]


def _text(rows: Grid) -> str:
    width = max(map(len, rows))
    return "\n".join("|".join([*row, *[""] * (width - len(row))]) for row in rows)


def _fitting(rows: Grid, widths: Sequence[float]) -> list[float]:
    """The label columns as they are, the value columns over the same width, however many there are."""
    n_values = max(map(len, rows)) - FIRST
    return [*widths[:FIRST], *[sum(widths[FIRST:]) / n_values] * n_values]


def values_of(report: Report, row: str) -> list[Value]:
    return [value for value in report.values if value.key.row == row]


def flagged(report: Report) -> dict[str, set[Flag]]:
    rows: dict[str, set[Flag]] = {}
    for value in report.values:
        if value.flags:
            rows.setdefault(value.key.row, set()).update(value.flags)
    return rows


def test_value_too_many_is_left_out_where_the_sums_say_so_and_its_row_alone_is_doubtful() -> None:
    rows = grid()
    rows[line_of("refused.3")].insert(FIRST + 4, "0")
    report = reconcile(pages(rows))
    assert [int(value.value) for value in values_of(report, "refused.3")] == VALUES["refused.3"]
    assert flagged(report) == {"refused.3": {Flag.WEAK_MATCH}}


def test_row_that_lost_a_cell_is_laid_by_its_sums_and_is_doubtful_alone() -> None:
    rows = grid()
    line = rows[line_of("refused.1")]
    assert line[FIRST:] == ["5", "0", "0", "6", "0", "0", "11"]
    line[FIRST:] = ["5", "0", "6", "0", "0", "11", ""]
    report = reconcile(pages(rows))
    found = dict(zip(COLUMNS, values_of(report, "refused.1"), strict=True))
    assert [found[name].value for name in ("natural_person", "nonprofit", "total")] == ["5", "6", "11"]
    assert all(found[name].needs_review for name in ("business", "research"))  # one of two zeros is gone
    assert set(flagged(report)) == {"refused.1"}


def test_header_a_column_too_far_left_puts_no_value_in_doubt() -> None:
    rows = grid()
    rows[2] = [*rows[2][: FIRST + 1], *rows[2][FIRST + 2 : FIRST + 6], "", "^"]
    report = reconcile(pages(rows))
    assert {row: [int(v.value) for v in values_of(report, row)] for row in VALUES} == VALUES
    assert flagged(report) == {}


@pytest.mark.parametrize("values", [VALUES, IDLE])
def test_values_set_right_behind_their_labels_are_counted(values: Numbers) -> None:
    """As a text extractor gives merged labels: each row is filled up with blanks at its end."""
    rows = grid(values)
    for index, row in enumerate(rows[FIRST:], FIRST):
        labels = [text for text in row[:FIRST] if text != "<"]
        labels = ["" if text == "^" else text for text in labels]
        rows[index] = [*labels, *row[FIRST:], *[""] * (FIRST - len(labels))]
    report = reconcile(pages(rows))
    assert {row: [int(v.value) for v in values_of(report, row)] for row in values} == values
    assert flagged(report) == {}


@pytest.mark.parametrize("number", [0, 2])
def test_column_that_one_page_lacks_is_told_by_the_sums_of_the_columns(number: int) -> None:
    rows, cut, lost = grid(), line_of("declined.1"), FIRST + number
    below = [[*row[:lost], *row[lost + 1 :]] for row in rows[cut:]]
    below[0][0] = ""
    report = reconcile(pages(rows[:cut], below))
    for row in ROWS["2021"]:
        for value, printed in zip(values_of(report, row), VALUES[row], strict=True):
            on_second = ROWS["2021"].index(row) + FIRST >= cut
            gone = value.key.column == COLUMNS[number] and on_second
            assert value.value == ("" if gone else str(printed)), value
            assert value.needs_review == gone, value


def test_cells_astride_of_two_columns_are_never_laid_by_the_header_of_another_page() -> None:
    rows, cut, lost = grid(), line_of("declined.1"), FIRST + 2
    rows[line_of("refused.1")][FIRST + 2 : FIRST + 4] = ["0 6", ""]  # so that no column sum is known there
    below = [[*row[:lost], *row[lost + 1 :]] for row in rows[cut:]]
    below[0][0] = ""
    report = reconcile(pages(rows[:cut], below))
    assert silent(report, VALUES) == []


def test_lone_blank_at_the_end_of_an_idle_row_puts_the_row_in_doubt() -> None:
    rows = grid(IDLE)
    rows[line_of("refused.2")][-1] = ""
    assert flagged(reconcile(pages(rows))) == {"refused.2": {Flag.WEAK_MATCH}}


def test_blank_in_the_middle_of_a_row_is_a_blank() -> None:
    rows = grid(IDLE)
    rows[line_of("refused.2")][FIRST + 2] = ""
    report = reconcile(pages(rows))
    assert [value.state for value in values_of(report, "refused.2")][2] is State.BLANK
    assert flagged(report) == {}


def test_two_numbers_in_one_cell_are_nobodys_and_the_others_stay_in_their_columns() -> None:
    rows = grid()
    line = rows[line_of("refused.1")]
    line[FIRST:] = ["5 0", "0", "6", "0", "0", "11", ""]
    found = values_of(report := reconcile(pages(rows)), "refused.1")
    assert [value.value for value in found] == ["", "", "0", "6", "0", "0", "11"]
    assert [value.state for value in found[:2]] == [State.UNREAD, State.UNREAD]
    assert set(flagged(report)) == {"refused.1"}


def test_review_row_is_laid_group_by_group() -> None:
    numbers = "1|0|2|0|3|0|0|0|0|0|4|0|0|0|4"
    short = numbers.replace("|0|0|0|0|0|4", "|0|0|0|0|4") + "|"
    whole, lost = (reconcile([page(1, table(f"{REVIEW_HEADER}\n{text}"))]) for text in (numbers, short))
    assert [value.value for value in whole.values] == numbers.split("|")
    assert not any(value.needs_review for value in whole.values)
    found = {value.key.column: value for value in lost.values}
    assert all(found[f"direct.{name}"].needs_review for name in ("upheld", "total"))
    assert found["review.total"].value == "3"


def test_number_below_its_own_header_is_never_run_together_with_the_one_beside_it() -> None:
    text = """第二十条第（一）项|<|<|<
信息内容|本年制发件数|本年废止件数|现行有效件数
规章|1|2|3
行政规范性文件|4|5|6
第二十条第（五）项|<|<|<
信息内容|备注说明文字|本年处理决定数量|<
行政许可|501|40|<
第二十条第（六）项|<|<|<
信息内容|本年处理决定数量|<|<
行政处罚|501|40|<
行政强制|7|<|<
第二十条第（八）项|<|<|<
信息内容|本年收费金额（单位：万元）|<|<
行政事业性收费|0|<|<"""
    report = reconcile([page(1, table(text))])
    (licensing,), (penalties,) = values_of(report, "licensing"), values_of(report, "penalties")
    assert (licensing.raw, licensing.value, licensing.flags) == ("40", "40", (Flag.WEAK_MATCH,))
    assert (penalties.state, penalties.raw, penalties.value) == (State.UNREAD, "501 40", "")


def silent(report: Report, values: Numbers) -> list[Value]:
    """The values that are not as printed, and nobody is asked to look."""
    return [
        value
        for value in report.values
        if not value.needs_review
        and value.value != str(values[value.key.row][COLUMNS.index(value.key.column)])
    ]


DAMAGES: dict[str, Callable[[list[str], int], list[str]]] = {
    "lost": lambda cells, at: [*cells[:at], *cells[at + 1 :], ""],
    "short": lambda cells, at: [*cells[:at], *cells[at + 1 : -1], cells[-1], "<"],
    "moved right": lambda cells, at: ["", *cells[:at], *cells[at + 1 :]],
    "twice": lambda cells, at: [*cells[: at + 1], *cells[at:]],
    "one more": lambda cells, at: [*cells[:at], "0", *cells[at:]],
    "empty one more": lambda cells, at: [*cells[:at], "", *cells[at:]],
    "double": lambda cells, at: [*cells[:at], " ".join(cells[at : at + 2]), *cells[at + 2 :], ""],
    "double kept": lambda cells, at: [*cells[:at], " ".join(cells[at : at + 2]), "", *cells[at + 2 :]],
    "merged": lambda cells, at: [*cells[: at + 1], "<", *cells[at + 2 :]],
}
NUMBERS = st.sampled_from([0, 0, 0, 1, 2, 5, 12])
WHERE = st.tuples(st.sampled_from(sorted(DAMAGES)), st.sampled_from(ROWS["2021"]), st.integers(0, 5))


@settings(max_examples=25, deadline=None, derandomize=True, phases=(Phase.generate,))
@given(
    seed=st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 5, 12]), min_size=6, max_size=6), min_size=1, max_size=9
    ),
    damages=st.lists(WHERE, min_size=1, max_size=3, unique_by=lambda one: one[1]),
    right=st.booleans(),
    cut=st.integers(line_of("granted"), line_of("carried_out")),
)
def test_no_damage_of_rows_makes_a_value_wrong_in_silence(
    seed: list[list[int]], damages: list[tuple[str, str, int]], right: bool, cut: int
) -> None:
    values = balanced("2021", seed)
    rows = grid(values)
    for kind, row, at in damages:
        line = rows[line_of(row)]
        line[FIRST:] = DAMAGES[kind](line[FIRST:], at)
    if right:
        rows[FIRST:] = [[*row[:FIRST], "", *row[FIRST:]] for row in rows[FIRST:]]
    width = max(map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    below = [["" if mark == "^" else mark for mark in rows[cut]], *rows[cut + 1 :]]
    assert silent(reconcile(pages(rows[:cut], below)), values) == []
