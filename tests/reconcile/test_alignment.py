"""Order-keeping alignment of printed items with those of a form."""

from hypothesis import given
from hypothesis import strategies as st

from reconcile.labels import normalised_label, similarity
from reconcile.matching.alignment import Pairing, align, fill_gaps


def pairs(printed: str, expected: str, restarts: tuple[int, ...] = ()) -> list[tuple[int, int]]:
    found = align(
        len(printed), len(expected), lambda i, j: float(printed[i] == expected[j]), restarts=restarts
    )
    return [(p.printed[0], p.expected[0]) for p in found]


def test_items_in_order_are_paired_and_others_left_out() -> None:
    assert pairs("axbcd", "abde") == [(0, 0), (2, 1), (4, 2)]


def test_order_is_kept() -> None:
    assert pairs("ba", "ab") in ([(0, 1)], [(1, 0)])


def test_form_begins_anew_only_at_a_restart() -> None:
    assert pairs("abcabcd", "abcd", restarts=(3,)) == [(0, 0), (1, 1), (2, 2), (3, 0), (4, 1), (5, 2), (6, 3)]
    assert len(pairs("abcabcd", "abcd")) == 4


def test_lone_earlier_item_after_a_restart_is_paired_too() -> None:
    assert pairs("abcb", "abcd", restarts=(3,)) == [(0, 0), (1, 1), (2, 2), (3, 1)]


def test_two_printed_items_may_be_one() -> None:
    whole = {(1, 1): 1.0}
    found = align(
        3,
        2,
        lambda i, j: 1.0 if (i, j) == (0, 0) else 0.0,
        two_printed=lambda i, j: whole.get((i, j), 0.0),
    )
    assert found == (Pairing((0,), (0,), 1.0), Pairing((1, 2), (1,), 1.0))


def test_one_printed_item_may_be_two() -> None:
    found = align(1, 2, lambda i, j: 0.6, two_expected=lambda i, j: 0.9)
    assert found == (Pairing((0,), (0, 1), 0.9),)


def test_gap_is_filled_only_when_the_numbers_agree() -> None:
    known = (Pairing((0,), (0,), 1.0), Pairing((3,), (3,), 1.0))
    assert [p.expected for p in fill_gaps(known, [1, 2], [1, 2])] == [(0,), (1,), (2,), (3,)]
    assert fill_gaps(known, [1], [1, 2]) == known
    assert fill_gaps(known, [1, 2], [2]) == known


@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.integers(0, 5), max_size=8))
def test_pairs_are_alike_and_rise(printed: list[int], expected: list[int]) -> None:
    found = align(len(printed), len(expected), lambda i, j: float(printed[i] == expected[j]))
    rows, keys = [p.printed[0] for p in found], [p.expected[0] for p in found]
    assert rows == sorted(set(rows))
    assert keys == sorted(set(keys))
    assert all(printed[i] == expected[j] for i, j in zip(rows, keys, strict=True))


def test_labels_are_compared_without_brackets_space_and_order_of_stacked_characters() -> None:
    assert similarity("(三) 不予 公开", "（三）不予公开") == 1.0
    assert similarity("1、属于国家秘密", "1.属于国家秘密") == 1.0
    assert similarity("结维果持", "结果维持") > 0.9
    assert similarity("结维果持", "结果纠正") < 0.6
    assert similarity("", "总计") == 0.0


def test_circled_numbers_and_units_are_not_taken_for_others() -> None:
    assert normalised_label("①") != normalised_label("1")
    assert "m2" not in normalised_label("㎡")
