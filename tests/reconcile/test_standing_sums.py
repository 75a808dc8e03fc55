"""What a person's word on one value means for the flags of the others in its sums."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.checks.standing_sums import settled, standing_flags
from reconcile.checks.sum_relations import check
from reconcile.model import Flag, Key, State, Value
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import REVIEW_HEADER, page, table

TOTAL = Key("review", "cases", "review.total")
UPHELD = Key("review", "cases", "review.upheld")
RIGHT = "1|0|0|4|5|0|0|0|0|0|0|0|0|0|0"


def values_of(row: str) -> tuple[Value, ...]:
    return reconcile([page(1, table(f"{REVIEW_HEADER}\n{row}"))]).values


def as_printed(value: Value, raw: str) -> Value:
    return replace(value, state=State.READ, raw=raw, value=raw)


def at(values: tuple[Value, ...], key: Key) -> Value:
    return next(one for one in values if one.key == key)


def of_review(values: tuple[Value, ...]) -> set[Key]:
    return {one.key for one in values if one.key.column.startswith("review.")}


WRONG = values_of(RIGHT.replace("|5|", "|55|", 1))


def test_a_correction_that_makes_the_sum_good_takes_the_flag_from_its_other_values() -> None:
    said = {TOTAL: as_printed(at(WRONG, TOTAL), "5")}
    found = standing_flags(WRONG, said, frozenset())
    assert found == dict.fromkeys(of_review(WRONG), ())


def test_a_correction_that_leaves_the_sum_wrong_leaves_the_flags() -> None:
    said = {TOTAL: as_printed(at(WRONG, TOTAL), "6")}
    assert standing_flags(WRONG, said, frozenset()) == {}


def test_a_correction_that_makes_a_sound_sum_fail_flags_its_other_values() -> None:
    right = values_of(RIGHT)
    found = standing_flags(right, {UPHELD: as_printed(at(right, UPHELD), "2")}, frozenset())
    assert found == dict.fromkeys(of_review(right), (Flag.UNBALANCED,))


def test_a_value_that_cannot_be_read_settles_no_sum() -> None:
    said = {TOTAL: replace(at(WRONG, TOTAL), state=State.UNREAD, raw="", value="")}
    assert standing_flags(WRONG, said, frozenset()) == {}


def test_a_mistake_of_the_report_explains_its_sum() -> None:
    found = standing_flags(WRONG, {TOTAL: at(WRONG, TOTAL)}, frozenset({TOTAL}))
    assert found == dict.fromkeys(of_review(WRONG), (Flag.SOURCE_ANOMALY,))


def test_other_flags_stay() -> None:
    doubted = tuple(replace(one, flags=(*one.flags, Flag.DISAGREEMENT)) for one in WRONG)
    found = standing_flags(doubted, {TOTAL: as_printed(at(doubted, TOTAL), "5")}, frozenset())
    assert set(found.values()) == {(Flag.DISAGREEMENT,)}


def test_a_flag_of_another_check_stays() -> None:
    """What stands in no failed sum is flagged for another reason."""
    right = values_of(RIGHT)
    flagged = tuple(replace(one, flags=(Flag.UNBALANCED,)) if one.key == UPHELD else one for one in right)
    assert standing_flags(flagged, {TOTAL: as_printed(at(right, TOTAL), "5")}, frozenset()) == {}


def test_the_finding_of_a_sum_that_is_good_now_is_settled() -> None:
    _, findings = check([replace(one, flags=()) for one in WRONG])
    now = {one.key: one for one in WRONG}
    assert settled(findings, now) == ()
    assert settled(findings, now | {TOTAL: as_printed(at(WRONG, TOTAL), "5")}) == findings


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=15, max_size=15), st.sets(st.integers(0, 14)))
def test_what_is_said_as_it_was_read_changes_nothing(numbers: list[int], judged: set[int]) -> None:
    read = values_of("|".join(map(str, numbers)))
    said = {read[n].key: read[n] for n in judged}
    assert standing_flags(read, said, frozenset()) == {}


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=15, max_size=15), st.integers(0, 14), st.integers(0, 30))
def test_after_a_correction_flags_are_those_of_a_reading_of_it(
    numbers: list[int], corrected: int, to: int
) -> None:
    read = values_of("|".join(map(str, numbers)))
    key = read[corrected].key
    found = standing_flags(read, {key: as_printed(read[corrected], str(to))}, frozenset())
    numbers[corrected] = to
    anew = {one.key: one.flags for one in values_of("|".join(map(str, numbers)))}
    assert {one.key: found.get(one.key, one.flags) for one in read} == anew
