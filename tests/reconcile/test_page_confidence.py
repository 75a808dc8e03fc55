"""A badly read page lends its doubts to values that no sum proves; no report is blamed for many sums."""

from __future__ import annotations

from dataclasses import replace

from ocr.model import Reading
from reconcile.checks.page_confidence import lower_confidence
from reconcile.model import Flag, Report, State, Value
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings, doubtful_cells
from tests.support.reconcile_grids import REQUEST_WIDTHS, REVIEW_HEADER, balanced, page, requests, table

LOST = ("new", "declined.1", "declined.2", "declined.3", "declined.4", "other.1", "other.2")
SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0]]


def report_of(values: dict[str, list[object]]) -> Report:
    return reconcile([page(1, table(requests("2021", values), 1, 100, REQUEST_WIDTHS))])


def unread(values: tuple[Value, ...], *rows: str) -> tuple[Value, ...]:
    """The same with all values of some rows unread."""
    flags = (Flag.UNREAD,)
    return tuple(
        replace(v, state=State.UNREAD, value="", flags=flags) if v.key.row in rows else v for v in values
    )


def test_only_values_in_sums_that_hold_keep_their_confidence_on_a_bad_page() -> None:
    values: dict[str, list[object]] = {**balanced("2021", SEED)}
    values["granted"] = [*values["granted"][:-1], 77]
    after = lower_confidence(unread(report_of(values).values, *LOST))
    assert all(v.flags == () for v in after if v.key.row == "refused.1" and v.key.column != "total")
    unproven = [v for v in after if v.key.row == "granted"]
    assert all(Flag.LOW_CONFIDENCE in v.flags and v.confidence < 0.9 for v in unproven)


def test_values_that_no_sum_proves_are_no_surer_than_their_page() -> None:
    report = reconcile([page(1, table(f"{REVIEW_HEADER}\n5|x|0|0|5|3|x|0|0|3|2|x|x|0|2"))])
    after = {v.key.column: v for v in lower_confidence(report.values)}
    unread_share = 4 / 15
    assert after["review.upheld"].confidence == 1 - unread_share
    assert Flag.LOW_CONFIDENCE in after["review.upheld"].flags
    assert [v.raw for v in after.values()] == [v.raw for v in report.values]


def test_a_page_with_few_doubts_stays_as_it_is() -> None:
    values = unread(report_of({**balanced("2021", SEED)}).values, "new")
    assert lower_confidence(values) == values


def test_a_report_is_not_blamed_for_many_failed_sums() -> None:
    """Seven totals that differ from their rows, read the same twice: it is the reading that is bad."""
    values: dict[str, list[object]] = {**balanced("2021", SEED)}
    for row in list(values)[2:9]:
        values[row] = [*values[row][:-1], 77]
    report = report_of(values)
    cells = doubtful_cells(report)
    settled = apply_second_readings(report, {c.place: Reading(c.text, 0.97, "again") for c in cells})
    assert not any(Flag.SOURCE_ANOMALY in v.flags for v in settled.values)
    assert any(Flag.UNBALANCED in v.flags for v in settled.values)


def test_a_number_all_of_whose_sums_have_an_unread_term_is_not_sure() -> None:
    """Its row and its column cannot be added up: nothing would tell that it is misread the same way twice."""
    values = report_of({**balanced("2021", SEED)}).values
    lost = {("granted", "business"), ("refused.1", "natural_person")}
    seen = tuple(
        replace(v, state=State.UNREAD, value="", flags=(Flag.UNREAD,))
        if (v.key.row, v.key.column) in lost
        else replace(v, confidence=0.9999)
        for v in values
    )
    after = {(v.key.row, v.key.column): v for v in lower_confidence(seen) if v.state is State.READ}
    doubted = {place for place, value in after.items() if value.flags == (Flag.LOW_CONFIDENCE,)}
    assert doubted == {("granted", "natural_person"), ("refused.1", "business")}
    layer = tuple(replace(v, confidence=0.999) if v.state is State.READ else v for v in seen)
    assert lower_confidence(layer) == layer


def test_a_number_that_its_ink_does_not_bear_out_needs_a_sum_not_a_second_reading() -> None:
    """Both readings say 3; the total of its case says the same, or another."""
    for total, doubtful in (("5", False), ("7", True)):
        report = reconcile([page(1, table(f"{REVIEW_HEADER}\n3|2|0|0|{total}|0|0|0|0|0|0|0|0|0|0"))])
        values = tuple(
            replace(v, confidence=0.75, cells=tuple(replace(c, doubted=True) for c in v.cells))
            if v.key.column == "review.upheld"
            else v
            for v in report.values
        )
        second = {c.place: Reading(c.text, 0.9999, "again") for v in values for c in v.cells}
        after = {
            v.key.column: v for v in apply_second_readings(replace(report, values=values), second).values
        }
        assert (after["review.upheld"].confidence < 0.9) is doubtful
        assert (Flag.LOW_CONFIDENCE in after["review.upheld"].flags) is doubtful
