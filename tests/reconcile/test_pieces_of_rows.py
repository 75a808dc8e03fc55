"""Rows printed in two pieces, and rows printed once more with other numbers."""

import pytest

from reconcile.model import Key, Value
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import PROACTIVE_2021, page, table

LICENSING = "行政许可|550|<|<"
DOCUMENTS = "行政规范性文件|4|5|6"


def values(before: str, printed: str) -> dict[Key, Value]:
    text = PROACTIVE_2021.replace(before, printed)
    found = reconcile([page(1, "洪山区人民政府2023年政府信息公开工作年度报告", table(text))]).values
    return {v.key: v for v in found if v.key.table == "proactive"}


def doubted(before: str, printed: str) -> set[str]:
    return {key.row for key, value in values(before, printed).items() if value.needs_review}


@pytest.mark.parametrize(
    "printed",
    [
        "行政许可|55|<|<\n|0|<|<",
        "行政|55|<|<\n许可|0|<|<",
        "行政许可|55|<|<\n行政许可|0|<|<",
        "行政许可|55|<|<\n|.0|<|<",
        "|550|<|<\n行政许可||<|<",
    ],
)
def test_number_that_may_be_parted_over_two_rows_is_doubted(printed: str) -> None:
    assert doubted(LICENSING, printed) == {"licensing"}


def test_value_below_its_label_is_taken_and_doubted() -> None:
    value = values(LICENSING, "行政许可||<|<\n|550|<|<")[Key("proactive", "licensing", "decisions")]
    assert value.value == "550"
    assert value.needs_review


@pytest.mark.parametrize("printed", ["行政规范性|4|5|6\n文件|7|8|9", "行政规范性文件||| \n|4|5|6"])
def test_row_of_several_values_in_two_pieces_is_doubted(printed: str) -> None:
    assert doubted(DOCUMENTS, printed) == {"normative_documents"}


def test_row_printed_again_with_other_numbers_is_doubted_wherever_it_stands() -> None:
    assert doubted("行政强制|195|<|<", "行政强制|195|<|<\n行政处罚|12|<|<") == {"penalties"}
    assert doubted(LICENSING, f"{LICENSING}\n{LICENSING}") == set()


def test_rows_of_their_own_between_those_of_the_form_doubt_none() -> None:
    assert doubted(LICENSING, f"{LICENSING}\n其中：变更|12|<|<") == set()


def test_numbers_of_the_columns_doubt_no_row() -> None:
    header = "信息内容|本年制发件数|本年废止件数|现行有效件数"
    assert doubted(header, f"{header}\n|1|2|3") == set()
