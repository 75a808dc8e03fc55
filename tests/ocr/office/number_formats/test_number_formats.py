"""Numbers are shown as Excel shows them by their format; what is not sure stays raw and is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.office.number_formats.shown_numbers import NumberFormat, ShownText, builtin_format

ACCOUNT = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
SURE = [
    ("#,##0.00", "1234.5", "1,234.50"),
    ("0.0%", "0.125", "12.5%"),
    ('0.0" "%', "0.125", "12.5 %"),
    ("General", "12.50", "12.5"),
    ("General", "0.1", "0.1"),
    ("General", "0.33333333333333331", "0.333333333"),
    ("General", "0.30000000000000004", "0.3"),
    ("General", "1234567890123", "1.23457E+12"),
    ("General", "-3", "-3"),
    ("G/通用格式", "7", "7"),
    ("0", "0", "0"),
    ("0.00", "2.675", "2.68"),
    ("0.00", "1.005", "1.01"),
    ("0_);(0)", "-7", "(7)"),
    ("#.##", "1", "1."),
    ("0.0?", "1.5", "1.5"),
    ("#,##0,", "1234567", "1,235"),
    ('0!.0,"万"', "123456", "12.3万"),
    ('0\\.0,"万"', "123456", "12.3万"),
    ("0000", "7", "0007"),
    ("00-00", "1234", "12-34"),
    ('"共"0"件"', "12", "共12件"),
    ("[红色]0;[蓝色]-0", "-5", "-5"),
    ("[$¥-804]#,##0.00", "12.3", "¥12.30"),
    ("[>=100]0;0.0", "5", "5.0"),
    ("0.00E+00", "12345", "1.23E+04"),
    ("@", "15", "15"),
    (ACCOUNT, "0", "-"),
    (ACCOUNT, "-1234.5", "-1,234.50"),
    ('yyyy"年"m"月"d"日"', "44561", "2021年12月31日"),
    ("[$-804]yyyy\\-mm\\-dd;@", "44561", "2021-12-31"),
    ("yyyy/m/d aaaa", "44561", "2021/12/31 星期五"),
    ("yyyy-mm-dd hh:mm", "44561.75", "2021-12-31 18:00"),
    ("上午/下午h:mm", "44561.75", "下午6:00"),
    ("mm:ss.0", "0.00070023", "01:00.5"),
    ("[h]:mm", "1.5", "36:00"),
    ("h:mm:ss", "0.499999999", "12:00:00"),
    (";;;", "5", ""),
]
UNSURE = [
    ("mmm-yy", "44561"),
    ("# ?/?", "0.5"),
    ("[DBNum1]0", "12"),
    ("[$-411]ggge", "44561"),
    ("h:mm AM/PM", "0.5"),
    ("yyyy-mm-dd", "-1"),
    ("yyyy-mm-dd", "59"),
    ("yyyy-mm-dd", "99999999"),
    ("0", "-0.3"),
    ("[<-5]0;0", "-7"),
    ("#", "0"),
    ("0" * 300, "1"),
    ("nonsense", "1"),
]


@pytest.mark.parametrize(("code", "number", "text"), SURE)
def test_a_number_is_shown_as_its_format_says(code: str, number: str, text: str) -> None:
    assert NumberFormat(code).number(number) == ShownText(text)


@pytest.mark.parametrize(("code", "number"), UNSURE)
def test_what_a_format_may_show_otherwise_is_raw_and_unsure(code: str, number: str) -> None:
    shown = NumberFormat(code).number(number)
    assert not shown.sure
    assert float(shown.text) == float(number)


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    assert NumberFormat("yyyy-mm-dd").number("43099", from_1904=True).text == "2021-12-31"


def test_texts_are_shown_by_the_part_of_a_format_that_is_for_them() -> None:
    assert NumberFormat('0;0;0;"第"@"号"').text("5") == ShownText("第5号")
    assert NumberFormat("0.00").text("12") == ShownText("12")
    assert NumberFormat('@"年"').text("2021") == ShownText("2021年")


def test_formats_that_follow_the_machine_are_not_sure() -> None:
    assert builtin_format(14).number("44561") == ShownText("2021/12/31", False)
    assert builtin_format(31).number("44561") == ShownText("2021年12月31日")
    assert builtin_format(43).number("0") == ShownText("-")
    assert not builtin_format(99).number("5").sure


@given(st.integers(-(10**9), 10**9), st.sampled_from(["0", "#,##0", "General", "0.00"]))
def test_a_whole_number_stays_the_number_that_it_is(number: int, code: str) -> None:
    shown = NumberFormat(code).number(str(number))
    assert shown.sure
    assert float(shown.text.replace(",", "")) == number


@given(st.text(max_size=12), st.floats(allow_nan=False, allow_infinity=False))
def test_no_format_ends_in_an_error(code: str, number: float) -> None:
    NumberFormat(code).number(repr(number))
