"""Tables that follow no form, over page breaks: what goes on is one, what is filled in anew another."""

from __future__ import annotations

import pytest

from reconcile.reconciliation import tables_as_read
from tests.support.reconcile_grids import page, table

HEAD = "序号|项目|金额|备注"
WIDTHS = (20, 200, 80, 80)


def rows(first: int, count: int) -> str:
    return "\n".join(f"{n}|第{n}项工程|{n * 137}.5|" for n in range(first, first + count))


def card(name: str, amount: int) -> str:
    asked = f"姓名|{name}|单位|财务科\n申请事项|查阅|日期|3月{amount}日"
    return f"{asked}\n金额|{amount}|经办人|李明\n意见|同意|签字|"


def joined(*texts: str, caption: str | None = None) -> list[int]:
    """How many rows each table has of pages that hold nothing but one of these each, the last captioned."""
    pages = [page(n, table(text, n, widths=WIDTHS)) for n, text in enumerate(texts, 1)]
    if caption:
        pages[-1] = page(len(texts), caption, table(texts[-1], len(texts), widths=WIDTHS))
    return [one.n_rows for one in tables_as_read(pages)]


def test_what_goes_on_with_its_heads_or_without_is_one_table() -> None:
    assert joined(f"{HEAD}\n{rows(1, 20)}", rows(21, 20), rows(41, 7)) == [48]
    assert joined(f"{HEAD}\n{rows(1, 20)}", f"{HEAD}\n{rows(21, 20)}") == [42]


def test_three_forms_of_a_page_each_stay_three() -> None:
    assert joined(card("王芳", 12), card("赵强", 7), card("钱进", 30)) == [4, 4, 4]


@pytest.mark.parametrize("caption", ["附表二 支出明细表", "表2"])
def test_a_caption_begins_another_table(caption: str) -> None:
    assert joined(f"{HEAD}\n{rows(1, 20)}", f"{HEAD}\n{rows(1, 9)}", caption=caption) == [21, 10]
