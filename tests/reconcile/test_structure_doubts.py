"""A table of doubtful structure says so; where the values of a form belong its labels say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconcile.model import Flag, JoinedTable, Report
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import PROACTIVE_2021, page, table

UNKNOWN = "姓名|职务\n甲|1\n乙|2"


def read(text: str, confidence: float) -> Report:
    return reconcile([page(1, replace(table(text), confidence=confidence))])


@pytest.mark.parametrize("confidence", [0.3, 0.9, 1.0])
def test_values_of_a_form_are_where_its_labels_say(confidence):
    assert read(PROACTIVE_2021, confidence).values == read(PROACTIVE_2021, 1.0).values


def test_the_threshold_is_that_of_review(monkeypatch):
    monkeypatch.setenv("GUIDANG_REVIEW_BELOW", "0.5")
    assert only(read(UNKNOWN, 0.6)).flags == (Flag.UNKNOWN_FORM,)


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
