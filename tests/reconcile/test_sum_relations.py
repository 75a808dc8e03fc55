"""Sums that fail, and how a second reading settles whose mistake it is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.review_threshold import DEFAULT
from ocr.model import Cell, Reading
from reconcile.model import Finding, Flag, Key, Report, State, Value
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings, combined, doubtful_cells
from tests.support.reconcile_grids import (
    COLUMNS,
    REQUEST_WIDTHS,
    REVIEW_HEADER,
    ROWS,
    balanced,
    page,
    requests,
    table,
)

SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0]]
FAILING = "10|1|0|0|0|0|0|0|0|0|5|0|0|0|5"


def read_requests(form: str, values: dict[str, list[object]], confidence: float = 1.0) -> Report:
    return reconcile([page(1, table(requests(form, values), 1, 100, REQUEST_WIDTHS, confidence))])


def read_review(row: str) -> Report:
    return reconcile([page(1, table(f"{REVIEW_HEADER}\n{row}"))])


def flagged(report: Report, flag: Flag) -> set[Key]:
    return {value.key for value in report.values if flag in value.flags}


def failures(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.relation]


def value_at(report: Report, row: str, column: str) -> Value:
    return next(v for v in report.values if (v.key.row, v.key.column) == (row, column))


def again(cells: Sequence[Cell], **other: str) -> dict:
    """Second readings like the first, but for texts named by the first one's."""
    return {c.place: Reading(other.get(f"_{c.text}", c.text), 0.97, "again") for c in cells}


def test_failed_sum_flags_every_term_of_it() -> None:
    report = read_review(FAILING)
    names = ("upheld", "corrected", "other", "pending", "total")
    assert flagged(report, Flag.UNBALANCED) == {Key("review", "cases", f"review.{name}") for name in names}
    assert [(f.relation, f.message, f.page) for f in failures(report)] == [
        ("R4", "行政复议 总计 0，四项结果之和 11", 1)
    ]


def test_blank_counts_as_zero_and_is_flagged_too() -> None:
    report = read_review("10||0|0|9" + "|0" * 10)
    assert Key("review", "cases", "review.corrected") in flagged(report, Flag.UNBALANCED)
    assert failures(read_review("10||/|0|10" + "|0" * 10)) == []


def test_lone_total_is_no_mistake() -> None:
    assert flagged(read_review("||||3" + "|0" * 10), Flag.UNBALANCED) == set()


def test_missing_total_of_printed_terms_is_one() -> None:
    assert len(flagged(read_review("3|0|0|0|" + "|0" * 10), Flag.UNBALANCED)) == 5


def test_total_above_its_terms_fails_like_one_below() -> None:
    assert [f.message for f in failures(read_review("1|0|0|0|5" + "|0" * 10))] == [
        "行政复议 总计 5，四项结果之和 1"
    ]


def test_unread_term_leaves_the_sum_undecided() -> None:
    report = read_review("10|o|0|0|0" + "|0" * 10)
    assert flagged(report, Flag.UNBALANCED) == set()
    assert value_at(report, "cases", "review.corrected").flags == (Flag.UNREAD,)


def test_decimals_are_added_exactly() -> None:
    assert failures(read_review("0.1|0.2|0|0|0.3" + "|0" * 10)) == []


def test_messages_name_the_row_or_the_column() -> None:
    values: dict[str, list[object]] = {**balanced("2019", SEED)}
    values["granted"] = [2, *values["granted"][1:]]
    messages = {f.relation: f.message for f in failures(read_requests("2019", values))}
    assert messages["R1"] == "（一）予以公开：总计 6，六类申请人之和 7"
    assert messages["R2"].startswith("自然人列：（七）总计 ")
    assert "R3" not in messages


@pytest.mark.parametrize("form", ["2019", "2021"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_changing_one_term_of_a_balanced_table_is_always_seen(form: str, data: st.DataObject) -> None:
    numbers = st.lists(st.integers(0, 40), min_size=6, max_size=6)
    values = balanced(form, data.draw(st.lists(numbers, min_size=1, max_size=4)))
    report = read_requests(form, values)
    assert [value.raw for value in report.values] == [str(n) for key in ROWS[form] for n in values[key]]
    assert failures(report) == []
    row, column = data.draw(st.sampled_from(ROWS[form])), data.draw(st.integers(0, 6))
    change = data.draw(st.integers(1, 9))
    spoilt = {**values, row: [n + change * (i == column) for i, n in enumerate(values[row])]}
    broken = flagged(read_requests(form, spoilt), Flag.UNBALANCED)
    assert {Key("requests", row, name) for name in COLUMNS} <= broken


def test_readings_that_agree_make_it_the_reports_mistake() -> None:
    report = read_review(FAILING)
    cells = doubtful_cells(report)
    assert [cell.text for cell in cells] == ["10", "1", "0", "0", "0"]
    settled = apply_second_readings(report, again(cells))
    assert flagged(settled, Flag.UNBALANCED) == set()
    assert len(flagged(settled, Flag.SOURCE_ANOMALY)) == 5
    assert not any(value.needs_review for value in settled.values)
    assert [f.kind for f in failures(settled)] == [Flag.SOURCE_ANOMALY]
    assert [value.raw for value in settled.values] == [value.raw for value in report.values]


def test_reading_that_differs_keeps_both_and_leaves_the_sum_open() -> None:
    report = read_review(FAILING)
    settled = apply_second_readings(report, again(doubtful_cells(report), _10="16"))
    doubtful = value_at(settled, "cases", "review.upheld")
    assert (doubtful.raw, doubtful.value, doubtful.flags) == ("10", "10", (Flag.DISAGREEMENT,))
    assert [reading.text for reading in doubtful.others] == ["16"]
    assert len(flagged(settled, Flag.UNBALANCED)) == 4
    assert flagged(settled, Flag.SOURCE_ANOMALY) == set()


@pytest.mark.parametrize(("second", "state"), [("16", State.UNREAD), ("3", State.READ)])
def test_a_number_as_likely_wrong_as_right_is_unread_and_keeps_its_text(second: str, state: State) -> None:
    values: dict[str, list[object]] = {**balanced("2021", SEED)}
    report = read_requests("2021", values, confidence=0.3)
    three = value_at(report, "granted", "other")
    assert three.raw == "3"
    settled = value_at(
        apply_second_readings(report, again(doubtful_cells(report), _3=second)), "granted", "other"
    )
    assert (settled.state, settled.raw) == (state, "3")
    assert settled.value == ("3" if state is State.READ else "")
    assert (Flag.UNREAD in settled.flags) is (state is State.UNREAD)


def test_cell_not_read_again_settles_nothing() -> None:
    report = read_review(FAILING)
    settled = apply_second_readings(report, again(doubtful_cells(report)[:-1]))
    assert len(flagged(settled, Flag.UNBALANCED)) == 5


def test_value_in_a_settled_and_an_open_sum_stays_open() -> None:
    values: dict[str, list[object]] = {**balanced("2019", SEED)}
    values["granted"] = [2, *values["granted"][1:]]
    report = read_requests("2019", values)
    row_only = [v.cells[0] for v in report.values if v.key.row == "granted"]
    settled = apply_second_readings(report, again(row_only))
    both = value_at(settled, "granted", "natural_person")
    assert both.flags == (Flag.UNBALANCED, Flag.SOURCE_ANOMALY)
    assert value_at(settled, "granted", "business").flags == (Flag.SOURCE_ANOMALY,)


def test_blank_that_is_blank_again_agrees_and_ink_found_there_does_not() -> None:
    report = read_review("10||0|0|9" + "|0" * 10)
    cells = doubtful_cells(report)
    assert any(not cell.inked for cell in cells)
    assert flagged(apply_second_readings(report, again(cells)), Flag.UNBALANCED) == set()
    found = apply_second_readings(report, again(cells, _="1"))
    assert value_at(found, "cases", "review.corrected").flags == (Flag.DISAGREEMENT,)


@pytest.mark.parametrize("row", ["10||0|0|12", "10|2|0|0|"])
def test_blank_that_may_hide_the_difference_is_not_the_reports_mistake(row: str) -> None:
    """A cell that is not bare: what was taken for dirt in it may have been a stroke."""
    report = read_review(row + "|0" * 10)
    doubtful = doubtful_cells(report)
    unsure = {
        place: replace(r, confidence=r.confidence if r.text else 0.8) for place, r in again(doubtful).items()
    }
    settled = apply_second_readings(report, unsure)
    assert len(flagged(settled, Flag.UNBALANCED)) == 5
    assert flagged(settled, Flag.SOURCE_ANOMALY) == set()


@pytest.mark.parametrize("row", ["10||0|0|12", "10|2|0|0|"])
def test_blank_seen_bare_twice_hides_nothing(row: str) -> None:
    report = read_review(row + "|0" * 10)
    settled = apply_second_readings(report, again(doubtful_cells(report)))
    assert flagged(settled, Flag.UNBALANCED) == set()
    assert len(flagged(settled, Flag.SOURCE_ANOMALY)) == 5


def test_value_whose_place_is_in_doubt_proves_nothing_against_the_report() -> None:
    values: dict[str, list[object]] = {**balanced("2021", SEED)}
    values["declined.2"] = [50, *values["declined.2"][1:]]
    text = requests("2021", values).replace("2.重复申请", "")
    report = reconcile([page(1, table(text, 1, 100, REQUEST_WIDTHS))])
    settled = apply_second_readings(report, again(doubtful_cells(report)))
    assert flagged(settled, Flag.SOURCE_ANOMALY) == set()
    assert Flag.UNBALANCED in value_at(settled, "total", "natural_person").flags


def test_second_reading_that_agrees_lifts_low_confidence_only_when_sure() -> None:
    report = read_requests("2021", {**balanced("2021", SEED)}, confidence=0.8)
    cells = doubtful_cells(report)
    assert len(cells) == 175
    sure = apply_second_readings(report, {c.place: Reading(c.text, 0.9, "again") for c in cells})
    assert not any(value.flags for value in sure.values)
    unsure = apply_second_readings(report, {c.place: Reading(c.text, 0.2, "again") for c in cells})
    assert flagged(unsure, Flag.LOW_CONFIDENCE) == {value.key for value in report.values}


@given(st.floats(0, 1), st.floats(0, 1))
def test_agreement_raises_confidence_by_less_than_independence_would(first: float, second: float) -> None:
    together = combined(first, second)
    assert max(first, second) <= together <= 1 - (1 - first) * (1 - second) + 1e-9
    assert combined(DEFAULT, 0.0) >= DEFAULT
