"""What the text of a value cell says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.model import State
from reconcile.numerals import parse


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", "0"),
        (" 12 ", "12"),
        ("０", "0"),
        ("１２３", "123"),
        ("1,234", "1234"),
        ("1，234，567", "1234567"),
        ("7730.28", "7730.28"),
        ("0.50", "0.50"),
        ("1,234.5", "1234.5"),
        ("-3", "-3"),
        ("－3", "-3"),
        ("−3", "-3"),
        ("+5", "5"),
        ("251000元", "251000"),
        ("12.5万元", "12.5"),
        ("12.5 万元", "12.5"),
        ("3件", "3"),
        ("50%", "50"),
        ("185¹", "185"),
        ("37²³", "37"),
        ("21*", "21"),
        ("3件※", "3"),
    ],
)
def test_number_is_read_without_separator_and_unit(raw: str, value: str) -> None:
    assert (parse(raw, inked=True).state, parse(raw, inked=True).value) == (State.READ, value)


@pytest.mark.parametrize("raw", ["/", "／", "-", "—", "--", "——", "－", "无", "不涉及", "不适用", "不 适 用"])
def test_dash_is_neither_blank_nor_zero(raw: str) -> None:
    assert parse(raw, inked=True).state is State.DASH


@pytest.mark.parametrize(
    "raw",
    ["o", "O", "〇", "l", "口", "一", "①", "1 234", "0 0", "00", "007", "1,23", "1,2345", "12,34,567",
     "1.2.3", ".5", "5.", "减3", "约5", "-0", "12a", "零", "3+4", "(3)", "１①", "1٣"],
)  # fmt: skip
def test_what_is_not_plainly_a_number_is_unread(raw: str) -> None:
    assert parse(raw, inked=True).state is State.UNREAD
    assert parse(raw, inked=True).value == ""


def test_no_text_is_blank_without_ink_and_unread_with_it() -> None:
    assert parse("", inked=False).state is State.BLANK
    assert parse("", inked=True).state is State.UNREAD
    assert parse("　 ", inked=False).state is State.BLANK


@given(st.integers(min_value=-(10**9), max_value=10**12))
def test_grouped_and_plain_print_of_an_integer_read_alike(number: int) -> None:
    assert parse(str(number), inked=True).value == str(number)
    assert parse(f"{number:,}", inked=True).value == str(number)


@given(st.text(max_size=12))
def test_value_holds_only_what_the_text_printed(raw: str) -> None:
    numeral = parse(raw, inked=True)
    assert (numeral.value != "") == (numeral.state is State.READ)
    # Raised digits at the end are the mark of a note.
    folded = raw.strip().rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹").translate({0xFF10 + d: 0x30 + d for d in range(10)})
    assert [c for c in numeral.value if c.isdigit()] == [
        c for c in folded if c.isdigit()
    ] or not numeral.value
