"""Rates of change in the running text, laid beside the amounts that it gives with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconcile.checks.percentages import wrong_rates
from tests.support.reconcile_grids import page

RIGHT = (
    "2023年执行数为60.13万元，2024年预算安排25.77万元，比2023年执行数减少57.14%。",
    "2023年新收申请120件，2024年新收申请150件，同比增长25%。",
    "受理量由120件增加到150件，增长25%。",
    "机关运行经费支出142.80万元，比2023年度减少13.52万元，下降8.65%。",
    "收入支出总计9,859.38万元。与2023年度相比，收入支出总计增加1,062.85万元，增长12.08%。",
    "年初预算为10210.34万元，支出决算为9746.50万元，完成年初预算的95.45%。",
    "公务接待费支出0.39万元，比上年减少0.15万元，下降27.78%。",
)
WRONG = (
    ("2023年执行数为348.52万元，2024年预算安排352.67万元，比2023年执行数增加0.53%。", "1.19%"),
    ("受理量由120件增加到150件，增长20%。", "25%"),
    ("受理量由120件减少至90件，增长25%。", "-25%"),
    ("机关运行经费支出142.80万元，比2023年度减少13.52万元，下降9.65%。", "-8.65%"),
    ("年初预算为54.53万元，支出决算为45.53万元，完成年初预算的100.00%。", "83.50%"),
)
UNSAID = (
    "2021年执行数为60.13万元，2024年预算安排25.77万元，减少99%。",
    "2023年执行数为0万元，2024年预算安排25.77万元，比2023年执行数增加100%。",
    "收入120万元，其中事业收入90万元，增长300%。",
    "支出142.80万元，比2023年度减少13.52万元，下降（增长）9.65%。",
    "受理量由120件增加到150件，增长20%以上。",
    "2023年收入60.13万元，2024年支出25.77元，减少99%。",
)


@pytest.mark.parametrize("text", [*RIGHT, *UNSAID])
def test_a_rate_that_its_amounts_bear_out_or_that_is_not_clear_is_left_alone(text: str) -> None:
    assert wrong_rates([page(1, text)]) == ()


@pytest.mark.parametrize(("text", "rate"), WRONG)
def test_a_rate_that_its_amounts_deny_is_found(text: str, rate: str) -> None:
    (finding,) = wrong_rates([page(1, "一、情况", text)])
    assert (finding.kind, finding.relation, finding.page) == ("narrative", "R8", 1)
    assert f"应为 {rate}" in finding.message or f"的 {rate}" in finding.message


def test_a_sentence_over_two_lines_is_read_whole_and_an_unsure_line_not_at_all() -> None:
    words = WRONG[0][0]
    broken = page(1, words[:20], words[20:])
    assert len(wrong_rates([broken])) == 1
    unsure = replace(broken.lines[0], confidence=0.8)
    assert wrong_rates([replace(broken, lines=(unsure, *broken.lines[1:]))]) == ()
