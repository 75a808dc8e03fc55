"""Labels that say another thing than the form's, by a word: their values stand for nothing of the form."""

import pytest

from ocr.model import Table
from reconcile.labels import contradicts, normalised_label, similarity
from reconcile.model import Flag, Key, Report, State
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import (
    LABELS,
    PROACTIVE_2019,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    ROWS,
    balanced,
    page,
    requests,
    table,
)

TITLE = "洪山区人民政府2023年政府信息公开工作年度报告"
TWO_YEARS = """第二十条第（一）项|<|<|<|<
信息内容|上年制发件数|本年制发件数|本年废止件数|现行有效件数
规章|9|1|2|3
行政规范性文件|23|4|5|6
第二十条第（五）项|<|<|<|<
信息内容|上年处理决定数量|<|本年处理决定数量|<
行政许可|501|<|40|<
第二十条第（六）项|<|<|<|<
信息内容|上年处理决定数量|<|本年处理决定数量|<
行政处罚|502|<|73|<
行政强制|503|<|48|<
第二十条第（八）项|<|<|<|<
信息内容|上年收费金额（单位：万元）|<|本年收费金额（单位：万元）|<
行政事业性收费|504|<|39|<"""
VALUES = balanced("2021", [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0]])


def read(*tables: Table, title: str = TITLE) -> Report:
    return reconcile([page(n, title, one) for n, one in enumerate(tables, 1)])


def raws(report: Report, name: str) -> dict[str, tuple[str, str]]:
    """Text and flags of the values of a table, by row and column."""
    return {
        f"{v.key.row}/{v.key.column}": (v.raw, ";".join(v.flags))
        for v in report.values
        if v.key.table == name
    }


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("上年制发件数", "本年制发件数"),
        ("上年总计", "总计"),
        ("行政许可（上年度）", "行政许可"),
        ("（一）不予公开", "（一）予以公开"),
        ("本年增加数量", "本年增/减"),
        ("本年减少", "本年增/减"),
        ("已审结", "尚未审结"),
        ("经复议直接起诉", "未经复议直接起诉"),
        ("1.本机关掌握相关政府信息", "1.本机关不掌握相关政府信息"),
        ("现行废止件数", "现行有效件数"),
        ("结果纠正", "结果维持"),
        ("四、结转上年度继续办理", "四、结转下年度继续办理"),
    ],
)
def test_word_that_turns_the_meaning_is_no_misprint(printed: str, label: str) -> None:
    assert contradicts(normalised_label(printed), normalised_label(label))
    assert similarity(printed, label) == 0


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("上年度项目数量", "上一年项目数量"),
        ("比上年增减", "本年增/减"),
        ("处理决定数量", "本年处理决定数量"),
        ("子以公开", "予以公开"),
        ("2.其他法律行政止公开", "2.其他法律行政法规禁止公开"),
        ("四、结转下一年度继续办理", "四、结转下年度继续办理"),
        ("结维果持", "结果维持"),
    ],
)
def test_other_wordings_and_misprints_stay_alike(printed: str, label: str) -> None:
    assert similarity(printed, label) > 0.6


def test_column_of_last_year_beside_this_years_is_left_out() -> None:
    report = read(table(TWO_YEARS))
    own = raws(read(table(PROACTIVE_2021)), "proactive")
    own |= {
        f"{row}/decisions": (n, "") for row, n in zip(("licensing", "penalties"), ("40", "73"), strict=True)
    }
    own |= {"coercion/decisions": ("48", ""), "fees/amount": ("39", "")}
    assert raws(report, "proactive") == own
    assert next(f.message for f in report.findings if f.kind == "extra_column") == (
        "表中“上年制发件数”一列，与法定表式所言不同，未列入"
    )
    assert sum(len(one.cells) for one in report.tables) == len(table(TWO_YEARS).cells)


@pytest.mark.parametrize(
    "years", [("2022年", "2023年"), ("2022年度", "2023年度"), ("去年", "今年"), ("上一年", "本年")]
)
def test_years_are_told_by_number_or_word(years: tuple[str, str]) -> None:
    text = TWO_YEARS.replace("上年", years[0]).replace("本年", years[1])
    assert raws(read(table(text)), "proactive") == raws(read(table(TWO_YEARS)), "proactive")


def test_columns_of_last_year_alone_are_not_this_years() -> None:
    text = PROACTIVE_2021.replace("本年制发", "上年制发").replace("本年处理", "上年处理")
    found = raws(read(table(text)), "proactive")
    lost = {key for key, value in found.items() if value == ("", Flag.MISSING)}
    assert {key.split("/")[1] for key in lost} == {"issued", "decisions"}
    assert len(lost) == 5


def test_prior_items_of_the_form_stay_where_they_are() -> None:
    found = raws(read(table(PROACTIVE_2019), title=TITLE.replace("2023", "2020")), "proactive")
    assert found["licensing/prior_items"] == ("7", "")
    assert found["licensing/change"] == ("-8", "")


@pytest.mark.parametrize("printed", ["本年增", "本年减少数量"])
def test_increase_alone_is_not_the_change(printed: str) -> None:
    text = PROACTIVE_2019.replace("本年增/减", printed)
    assert raws(read(table(text)), "proactive")["licensing/change"] == ("", Flag.MISSING)


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        ("new", "一、上年新收政府信息公开申请数量"),
        ("carried_in", "二、本年结转政府信息公开申请数量"),
        ("carried_out", "四、结转上年度继续办理"),
        ("unable.1", "1.本机关掌握相关政府信息"),
    ],
)
def test_row_that_says_another_thing_gives_no_values(row: str, printed: str) -> None:
    label = LABELS[row].replace("^", "").replace("<", "").strip("|").split("|")[-1]
    text = requests("2021", VALUES).replace(label, printed)
    report = read(table(text, widths=REQUEST_WIDTHS))
    states = {v.key.row: v.state for v in report.values if v.key.table == "requests"}
    assert [key for key, state in states.items() if state is State.MISSING] == [row]
    assert any(f.kind == "extra_row" and printed in f.message for f in report.findings)


def test_row_of_last_year_below_this_years_is_left_out() -> None:
    text = PROACTIVE_2021.replace("行政许可|550|<|<", "行政许可|550|<|<\n行政许可（上年）|540|<|<")
    report = read(table(text))
    assert raws(report, "proactive") == raws(read(table(PROACTIVE_2021)), "proactive")


def test_refusal_in_the_place_of_grants_is_doubted() -> None:
    text = requests("2021", VALUES).replace("（一）予以公开", "（一）不予公开")
    found = {v.key: v for v in read(table(text, widths=REQUEST_WIDTHS)).values}
    assert found[Key("requests", "granted", "total")].needs_review
    assert not found[Key("requests", "new", "total")].needs_review
    assert len(ROWS["2021"]) == 25


@pytest.mark.parametrize("number", [2022, 2024, 2089])
def test_a_number_that_could_be_a_year_is_a_value_where_values_stand(number):
    values = balanced("2021", [[number, 0, 0, 0, 0, 0], [0, 4, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0]])
    report = read(table(requests("2021", values), widths=REQUEST_WIDTHS))
    assert {v.flags for v in report.values if v.key.table == "requests"} == {()}
    assert str(number) in {v.raw for v in report.values if v.key.column == "total"}
    assert not [f for f in report.findings if f.kind in ("extra_row", "extra_column")]


def test_group_of_columns_of_last_year_is_left_out_with_all_its_columns() -> None:
    text = REVIEW.replace("|复议后起诉", "|上年复议后起诉")
    states = {v.key.column: v.state for v in read(table(text)).values if v.key.table == "review"}
    assert {key for key, state in states.items() if state is State.MISSING} == {
        key for key in states if key.startswith("after_review.")
    }


@pytest.mark.parametrize("number", ["32001", "22054", "20011", "2001.5", "2,001", "2001元", "2016件"])
def test_number_that_holds_a_year_is_a_value(number: str) -> None:
    """32001 below nothing but labels was the header of a column of 2001: what stood beside it was gone."""
    rows = [[1, 0, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0]]
    text = requests("2021", balanced("2021", rows)).replace("|1|", f"|{number}|", 1)
    found = reconcile([page(1, TITLE, table(text, widths=REQUEST_WIDTHS))])
    assert "missing" not in {value.state for value in found.values if value.key.table == "requests"}
