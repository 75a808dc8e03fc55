"""Rivals are counted fairly: no row too many or too few costs them anything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.truth import Fact, read_truth
from bench.rivals.readers import read_with_pdfplumber
from bench.rivals.rows import Tally, tally
from tests.support.paths import SAMPLES


def facts(row: str, *raws: str) -> list[Fact]:
    """A row of table three that prints `raws`."""
    states = ("read" if raw.isdigit() else "dash" if raw else "blank" for raw in raws)
    return [
        Fact("2021", "requests", row, f"c{n}", state, raw, raw if raw.isdigit() else "")
        for n, (raw, state) in enumerate(zip(raws, states, strict=True))
    ]


TRUTH = [*facts("new", *"1234567"), *facts("carried_in", *"0", "", "/", *"0000")]
READ = [["一、本年新收", *"1234567"], ["二、上年结转", "0", "", "/", *"0000"]]


def test_pdfplumber_reads_a_digital_sample_in_full() -> None:
    truth = read_truth(SAMPLES / "form2021.truth.csv")
    assert tally(read_with_pdfplumber(SAMPLES / "form2021.pdf"), truth) == Tally(len(truth), len(truth))


@given(st.lists(st.sampled_from([0, 1, 2]), max_size=4))
def test_headers_and_other_rows_between_change_nothing(places: list[int]) -> None:
    rows = list(READ)
    for place in places:
        rows.insert(place, ["", "", "自然人", "商业企业", "科研机构", "社会组织", "法律", "其他", "总计"])
    assert tally(rows, TRUTH) == Tally(14, 14)


def test_a_lost_row_costs_only_its_own_cells() -> None:
    assert tally(READ[1:], TRUTH) == Tally(14, 7)


def test_wrong_and_made_up_cells_are_counted_and_lost_ones_are_not_wrong() -> None:
    rows = [["一、", "1", "2", "", "4", "5", "6", "8"], ["二、", "0", "9", "1", *"0000"]]
    assert tally(rows, TRUTH) == Tally(14, 5 + 5, 3, 2)


def test_spanned_cells_of_a_row_with_one_value_may_stand_anywhere() -> None:
    truth = [Fact("2021", "proactive", "licensing", "decisions", "read", "57", "57")]
    for row in (["行政许可", "57", None, None], ["行政许可", "", "57", ""], ["行政许可", "57", "57", ""]):
        assert tally([row], truth).exact == 1


def test_nothing_read_is_nothing_right() -> None:
    assert tally([], TRUTH) == Tally(14)
