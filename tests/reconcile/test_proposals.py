"""What the sums demand of a doubtful cell is proposed beside the reading, never put in its place."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cli
from archive.archive import Archive
from ocr.model import Reading
from reconcile.checks.proposals import KIND, proposals_of
from reconcile.model import Finding, Flag, Key, Report, State
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings
from tests.support import handmade
from tests.support.reconcile_grids import COLUMNS, REVIEW, ROWS, balanced, page, requests, table

SEED = [[3, 0, 2, 0, 0, 1], [0, 2, 0, 17, 0, 0], [5, 1, 0, 0, 4, 0]]
CELL = ("refused.2", "nonprofit")

rows_of_numbers = st.lists(st.integers(0, 999), min_size=6, max_size=6)
cells = st.tuples(st.sampled_from(ROWS["2021"]), st.sampled_from(COLUMNS))


def report(changed: dict[tuple[str, str], object], seed: list[list[int]] = SEED) -> Report:
    values: dict[str, list[object]] = {row: list(cells) for row, cells in balanced("2021", seed).items()}
    for (row, column), text in changed.items():
        values[row][COLUMNS.index(column)] = text
    return reconcile([page(1, "三、收到和处理政府信息公开申请情况", table(requests("2021", values)))])


def hidden(*places: tuple[str, str], seed: list[list[int]] = SEED) -> Report:
    """A balanced report in which some cells hold what is no number."""
    return apply_second_readings(report(dict.fromkeys(places, "墨"), seed), {})


def proposed(found: Report) -> dict[tuple[str, str], str]:
    proposals = {p.value.key: p.number for p in proposals_of(found.values)}
    told = [finding for finding in found.findings if finding.kind == KIND]
    assert [finding.keys for finding in told] == [(key,) for key in proposals]
    return {(key.row, key.column): number for key, number in proposals.items()}


def told(found: Report) -> Finding:
    (finding,) = (finding for finding in found.findings if finding.kind == KIND)
    return finding


def truth(place: tuple[str, str], seed: list[list[int]] = SEED) -> str:
    return str(balanced("2021", seed)[place[0]][COLUMNS.index(place[1])])


def test_an_unread_cell_gets_the_value_that_its_row_and_column_demand() -> None:
    assert proposed(hidden(CELL)) == {CELL: truth(CELL)}


def test_the_finding_names_key_value_and_reasons() -> None:
    finding = told(hidden(CELL))
    assert finding.relation == "R1+R2"
    assert finding.page == 1
    for part in ("requests/refused.2/nonprofit", f"建议值 {truth(CELL)}", "R1", "R2", "墨"):
        assert part in finding.message


def test_a_proposal_leaves_reading_and_flags_alone() -> None:
    before, after = report({CELL: "墨"}), hidden(CELL)
    assert told(after)
    assert after.values == before.values
    (value,) = (v for v in after.values if v.key == Key("requests", *CELL))
    assert (value.state, value.raw, value.value) == (State.UNREAD, "墨", "")
    assert value.flags == (Flag.UNREAD,)


@pytest.mark.parametrize("printed", ["", "/"])
def test_no_zero_is_proposed_where_the_table_prints_blanks_or_dashes(printed: str) -> None:
    nothing, zero = ("granted", "business"), ("refused.2", "nonprofit")
    assert truth(nothing) == truth(zero) == "0"
    assert zero in proposed(apply_second_readings(report({zero: "墨"}), {}))
    assert not proposed(apply_second_readings(report({zero: "墨", nothing: printed}), {}))


@settings(max_examples=25, deadline=None)
@given(seed=st.lists(rows_of_numbers, min_size=3, max_size=7), place=cells)
def test_whatever_the_table_one_hidden_cell_is_proposed_as_it_was(
    seed: list[list[int]], place: tuple[str, str]
) -> None:
    assert proposed(hidden(place, seed=seed)) == {place: truth(place, seed)}


@settings(max_examples=25, deadline=None)
@given(first=cells, second=cells)
def test_two_hidden_cells_are_proposed_only_where_two_sums_are_whole(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    found = proposed(hidden(first, second))
    assert all(number == truth(place) for place, number in found.items())
    shares = first[0] == second[0] or first[1] == second[1]
    if first != second and not shares:
        assert set(found) == {first, second}


@pytest.mark.parametrize("other", [("refused.2", "other"), ("granted", "nonprofit")])
def test_no_value_is_proposed_that_one_sum_alone_demands(other: tuple[str, str]) -> None:
    assert proposed(hidden(CELL, other)) == {}


def test_no_value_is_proposed_where_the_sums_demand_different_ones() -> None:
    total = int(truth((CELL[0], "total")))
    found = apply_second_readings(report({CELL: "墨", (CELL[0], "total"): total + 1}), {})
    assert proposed(found) == {}


def test_a_negative_number_is_not_proposed_even_where_all_sums_demand_it() -> None:
    row_total, column_total = (CELL[0], "total"), ("total", CELL[1])
    short = int(truth(CELL)) + 2
    broken = {place: int(truth(place)) - short for place in (row_total, column_total)}
    assert proposed(apply_second_readings(report({CELL: "墨", **broken}), {})) == {}
    less_broken = {place: int(truth(place)) + 2 for place in (row_total, column_total)}
    assert proposed(apply_second_readings(report({CELL: "墨", **less_broken}), {})) == {
        CELL: str(int(truth(CELL)) + 2)
    }


def test_a_misreading_that_a_second_reading_denies_gets_a_proposal() -> None:
    first = report({CELL: int(truth(CELL)) + 70})
    (value,) = (v for v in first.values if v.key == Key("requests", *CELL))
    again = {c.place: Reading(c.text, 0.99, "again") for v in first.values for c in v.cells}
    again[value.cells[0].place] = Reading("墨", 0.5, "again")
    found = apply_second_readings(first, again)
    assert proposed(found) == {CELL: truth(CELL)}
    assert f"原读作“{value.raw}”" in told(found).message


def test_a_reading_that_the_sums_confirm_gets_no_proposal() -> None:
    sound = report({})
    unsure = tuple(
        replace(value, flags=(Flag.LOW_CONFIDENCE,), confidence=0.5)
        if value.key == Key("requests", *CELL)
        else value
        for value in sound.values
    )
    assert proposals_of(unsure) == ()


def test_a_form_of_blanks_forces_nothing() -> None:
    values: dict[tuple[str, str], object] = {(row, column): "" for row in ROWS["2021"] for column in COLUMNS}
    assert proposed(apply_second_readings(report({**values, CELL: "墨"}), {})) == {}


def test_table_four_has_one_sum_a_cell_and_so_no_proposal() -> None:
    text = REVIEW.replace("1|2|3|4|10", "1|墨|3|4|10")
    first = reconcile([page(1, "四、政府信息公开行政复议、行政诉讼情况", table(text))])
    assert any(value.state is State.UNREAD for value in first.values)
    assert proposed(apply_second_readings(first, {})) == {}


def test_show_lists_proposals_apart_and_no_value_holds_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive.open(tmp_path / "archive", create=True) as archive:
        document = handmade.archive_one(archive, reading=hidden(CELL))
        facts = [fact for fact in archive.values.facts() if (fact.row, fact.column) == CELL]
    assert [(fact.state, fact.raw, fact.value) for fact in facts] == [("unread", "墨", "")]
    assert cli.main(["show", document, "--archive", str(tmp_path / "archive")]) == 0
    assert f"建议值 {truth(CELL)}" in capsys.readouterr().out.split("proposals: ")[1]


def test_settling_again_does_not_say_it_twice() -> None:
    once = hidden(CELL)
    assert apply_second_readings(once, {}) == once
