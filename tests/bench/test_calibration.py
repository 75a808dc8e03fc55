"""The calibration counts what it says it counts, and the diagram shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.calibration import Judged, bands, judged, points, review_cost, sure_values
from bench.accuracy.diagram import Point, reliability
from bench.accuracy.truth import Fact, write_truth

JUDGED = st.builds(Judged, st.floats(0, 1), st.booleans(), st.booleans())


@given(st.lists(JUDGED))
def test_every_value_is_in_one_band(values: list[Judged]) -> None:
    inside = [value for _, _, band in bands(values) for value in band]
    assert sorted(inside, key=repr) == sorted(values, key=repr)
    assert all(low <= v.confidence <= high for low, high, band in bands(values) for v in band)


@given(st.lists(JUDGED), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_leaves_more_wrong_values(
    values: list[Judged], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert review_cost(values, low)[0] <= review_cost(values, high)[0]
    assert review_cost(values, low)[2] >= review_cost(values, high)[2]
    assert sum(review_cost(values, low)[1:]) == sum(not value.right for value in values)


def test_cost_of_a_threshold_counts_values_doubted_for_other_reasons() -> None:
    values = [Judged(0.999, False, True), Judged(0.999, False, False), Judged(0.8, True, False)]
    assert review_cost(values, 0.9) == (2, 1, 1)
    assert sure_values(values) == (0, 2)


def test_a_band_without_a_wrong_value_is_bounded_by_the_rule_of_three() -> None:
    (point,) = points([Judged(0.9995, True, False)] * 300)
    assert point.bound
    assert (point.found, point.promised) == pytest.approx((0.01, 0.0005))


@pytest.mark.parametrize("name", ["a.pdf", "a.fax.pdf"])
def test_values_are_judged_by_the_truth_of_their_report(name: str, tmp_path: Path) -> None:
    write_truth(tmp_path / "a.truth.csv", [Fact("2021", "review", "cases", "review.total", "read", "3", "3")])
    row = {"source": str(tmp_path / name), "table": "review", "row": "cases", "column": "review.total"}
    row |= {"state": "read", "raw": "3", "value": "3", "confidence": "0.97", "flags": "low_confidence"}
    wrong = row | {"raw": "8", "value": "8", "flags": "low_confidence;disagreement"}
    unread = row | {"state": "unread", "raw": "", "value": ""}
    stranger = row | {"source": str(tmp_path / "b.pdf")}
    found = list(judged([row, wrong, unread, stranger]))
    assert found == [Judged(0.97, True, False), Judged(0.97, False, True)]


def test_diagram_fills_a_found_point_and_leaves_a_bound_hollow() -> None:
    empty, full, hollow = (
        np.asarray(reliability(marks))
        for marks in ([], [Point(0.01, 0.1, 100, bound=False)], [Point(0.01, 0.1, 100, bound=True)])
    )
    changed = [(picture != empty).any(axis=2).sum() for picture in (full, hollow)]
    assert changed[0] > changed[1] > 0
