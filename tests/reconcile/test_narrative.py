"""Counts in the running text against the tables (R6)."""

from dataclasses import replace
from functools import cache

import pytest

from reconcile.checks.narrative import KIND
from reconcile.model import Finding, Report, State
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import REVIEW, balanced, page, request_lines, requests, table

TITLE = "云溪县水利局2023年政府信息公开工作年度报告"
SEED = [[1, 0, 0, 0, 0, 1], [0, 2, 0, 0, 0, 0]]


@cache
def tables() -> dict[str, list[int]]:
    return balanced("2021", SEED)


def report(*text: str) -> Report:
    """A report on 2023 of 云溪县水利局: its narrative on page 1, its tables on pages 2 and 3."""
    first = page(1, TITLE, "一、总体情况", *text, "二、主动公开政府信息情况")
    three = page(2, "三、收到和处理政府信息公开申请情况", table(requests("2021", tables()), page=2))
    four = page(3, "四、政府信息公开行政复议、行政诉讼情况", table(REVIEW, page=3))
    return reconcile([first, three, four])


def told(found: Report) -> list[Finding]:
    return [finding for finding in found.findings if finding.kind == KIND]


# What the tables made here say: reviews 10, law suits 26 and 42.
NEW, CARRIED_IN, CARRIED_OUT = (tables()[row][-1] for row in ("new", "carried_in", "carried_out"))

AGREEING = [
    f"（二）依申请公开情况。本年度收到政府信息公开申请{NEW}件，均依法办理。",
    f"2023年，县水利局共收到依申请公开信息{NEW}件。",
    f"2023年，我局共收到依申请公开 {NEW} 件。",
    f"全年新收政府信息公开申请{NEW}件，上年结转{CARRIED_IN}件，结转下年度继续办理{CARRIED_OUT}件。",
    f"本机关共受理政府信息公开申请{NEW + CARRIED_IN}件。",
    f"收到{NEW}件政府信息公开申请。",
    "因政府信息公开被申请行政复议十件，行政诉讼六十八件。",
]
CONTRADICTING = [
    ("本年度收到政府信息公开申请99件，均依法办理。", "收到政府信息公开申请99件", "requests/new/total"),
    ("2023年，云溪县水利局共收到依申请公开九十九件。", "收到依申请公开九十九件", "requests/new/total"),
    ("2023年度县水利局未收到依申请公开信息。", "未收到依申请公开信息", "requests/new/total"),
    ("全年新收到信息公开申请1,299件。", "新收到信息公开申请1,299件", "requests/new/total"),
    ("本年度未收到政府信息公开申请。", "未收到政府信息公开申请", "requests/new/total"),
    ("收到政府信息公开申请，其中上年结转申请88件。", "上年结转申请88件", "requests/carried_in/total"),
    (
        "对信息公开申请，结转下年度继续办理77件。",
        "结转下年度继续办理77件",
        "requests/carried_out/total",
    ),
    ("因政府信息公开被申请行政复议3件。", "行政复议3件", "review/cases/review.total"),
    ("本年度未发生因政府信息公开引起的行政复议。", "行政复议", "review/cases/review.total"),
    ("涉及信息公开的行政诉讼一百零二起。", "行政诉讼一百零二起", "review/cases/direct.total"),
]
UNCLEAR = [
    "其中，网络渠道收到政府信息公开申请99件。",
    "通过门户网站收到政府信息公开申请99件。",
    "江县水利局收到政府信息公开申请99件。",
    "县河湖中心收到政府信息公开申请99件。",
    "2022年收到政府信息公开申请99件。",
    "较2023年初收到政府信息公开申请99件。",
    "收到公民书面政府信息公开申请99件。",
    "收到政府信息公开申请99余件。",
    "主动公开政府信息99条，办理群众来信99件。",
    "未收到不予公开的政府信息公开申请答复意见。",
    "办理行政复议案件99件。",
    "政府信息公开行政复议3件维持原决定。",
    "未发生因政府信息公开引起的行政复议败诉情况。",
    "收到政府信息公开申请98件。收到政府信息公开申请99件。",
    f"本机关收到政府信息公开申请99件，另受理转来的{NEW}件。",
]


@pytest.mark.parametrize("text", AGREEING)
def test_text_that_agrees_with_the_tables_is_not_mentioned(text: str) -> None:
    assert told(report(text)) == []


@pytest.mark.parametrize(("text", "words", "key"), CONTRADICTING)
def test_text_that_contradicts_a_table_is_a_finding_naming_both_places(
    text: str, words: str, key: str
) -> None:
    (finding,) = told(report(text))
    assert finding.relation == "R6"
    assert finding.page == 1
    assert "第 1 页" in finding.message
    assert words in finding.message
    assert key in finding.message
    assert key == str(finding.keys[0])


@pytest.mark.parametrize("text", UNCLEAR)
def test_unclear_wording_accuses_nobody(text: str) -> None:
    assert told(report(text)) == []


def test_a_contradiction_changes_no_value_and_flags_none() -> None:
    quiet, loud = report("各项工作平稳有序。"), report("本年度收到政府信息公开申请99件。")
    assert told(loud)
    assert loud.values == quiet.values


def test_wording_cut_by_a_page_break_is_put_together() -> None:
    first = page(1, TITLE, "一、总体情况", "本年度收到政府信息公开", "- 1 -")
    second = page(2, "申请99件。", "二、主动公开政府信息情况", table(requests("2021", tables()), page=2))
    (finding,) = told(reconcile([first, second]))
    assert "收到政府信息公开申请99件" in finding.message
    assert finding.page == 1


def test_a_line_that_was_not_read_for_sure_accuses_nobody() -> None:
    first = page(1, TITLE, "一、总体情况", "本年度收到政府信息公开", "申请99件。", "二、主动公开政府信息情况")
    second = page(2, table(requests("2021", tables()), page=2))
    assert told(reconcile([first, second]))
    doubtful = tuple(
        replace(line, confidence=0.9) if line.text == "申请99件。" else line for line in first.lines
    )
    assert told(reconcile([replace(first, lines=doubtful), second])) == []


def test_text_after_the_section_counts_for_nothing() -> None:
    first = page(1, TITLE, "一、总体情况", "工作平稳。", "二、主动公开政府信息情况")
    second = page(2, "本年度收到政府信息公开申请99件。", table(requests("2021", tables()), page=2))
    assert told(reconcile([first, second])) == []


def test_a_value_that_was_not_read_is_contradicted_by_nothing() -> None:
    values = {row: list(cells) for row, cells in tables().items()}
    lines = request_lines(list(values), {**values, "new": ["l", *values["new"][1:-1], "1o"]})
    first = page(1, TITLE, "一、总体情况", "本年度收到政府信息公开申请99件。", "二、主动公开政府信息情况")
    header = requests("2021", tables()).split("\n")[:3]
    found = reconcile([first, page(2, table("\n".join([*header, *lines]), page=2))])
    (total,) = (v for v in found.values if (v.key.row, v.key.column) == ("new", "total"))
    assert total.state is State.UNREAD
    assert told(found) == []
