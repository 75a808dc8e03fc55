"""Values of a table of doubtful structure are flagged unless a sum proves them; no reading is changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.model import Reading
from reconcile.model import Flag, JoinedTable, Report
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings, doubtful_cells
from tests.support.reconcile_grids import PROACTIVE_2021, REVIEW, page, table

UNKNOWN = "姓名|职务\n甲|1\n乙|2"


def read(text: str, confidence: float) -> Report:
    return reconcile([page(1, replace(table(text), confidence=confidence))])


def doubted(report: Report) -> set[bool]:
    return {Flag.DOUBTFUL_STRUCTURE in value.flags for value in report.values}


def test_values_that_no_sum_proves_are_doubted():
    sure, unsure = read(PROACTIVE_2021, 1.0), read(PROACTIVE_2021, 0.6)
    assert (doubted(sure), doubted(unsure)) == ({False}, {True})
    assert all(value.needs_review for value in unsure.values)
    assert [(v.raw, v.state, v.confidence) for v in unsure.values] == [
        (v.raw, v.state, v.confidence) for v in sure.values
    ]


def test_values_in_sums_that_hold_are_not():
    assert doubted(read(REVIEW, 0.6)) == {False}


@pytest.mark.parametrize("confidence", [0.9, 0.95, 1.0])
def test_a_structure_that_is_sure_enough_changes_nothing(confidence):
    assert read(PROACTIVE_2021, confidence).values == read(PROACTIVE_2021, 1.0).values


def test_the_threshold_is_that_of_review(monkeypatch):
    monkeypatch.setenv("GUIDANG_REVIEW_BELOW", "0.5")
    assert doubted(read(PROACTIVE_2021, 0.6)) == {False}


def test_a_doubtful_structure_blames_no_report():
    wrong = REVIEW.replace("|10|5|", "|11|5|")
    kinds = {}
    for confidence in (1.0, 0.6):
        report = read(wrong, confidence)
        again = {cell.place: Reading(cell.text, 1.0, "scale 2") for cell in doubtful_cells(report)}
        kinds[confidence] = {one.kind for one in apply_second_readings(report, again).findings}
    assert Flag.SOURCE_ANOMALY in kinds[1.0]
    assert Flag.SOURCE_ANOMALY not in kinds[0.6]
    assert Flag.UNBALANCED in kinds[0.6]


def only(report: Report) -> JoinedTable:
    (found,) = report.tables
    return found


def test_the_table_itself_says_how_sure_it_is():
    assert (only(read(PROACTIVE_2021, 0.6)).confidence, only(read(PROACTIVE_2021, 0.6)).flags) == (
        0.6,
        (Flag.DOUBTFUL_STRUCTURE,),
    )
    assert only(read(UNKNOWN, 0.6)).flags == (Flag.UNKNOWN_FORM, Flag.DOUBTFUL_STRUCTURE)
    assert only(read(UNKNOWN, 0.9)).flags == (Flag.UNKNOWN_FORM,)


def test_a_table_over_pages_is_as_sure_as_its_least_sure_part():
    parts = [
        page(1, replace(table(UNKNOWN, 1, 720.0, open_bottom=True), confidence=0.95)),
        page(2, replace(table(UNKNOWN, 2, 70.0, open_top=True), confidence=0.7)),
    ]
    found = only(reconcile(parts))
    assert (found.pages, found.confidence, Flag.DOUBTFUL_STRUCTURE in found.flags) == ((1, 2), 0.7, True)
