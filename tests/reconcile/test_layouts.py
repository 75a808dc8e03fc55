"""Layouts of real reports, re-set as grids: what is printed where must come out there."""

from dataclasses import replace

import pytest

from ocr.model import Box, Page, Table
from reconcile.forms.registry import expected_keys
from reconcile.model import Flag, Key, Report, State
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import (
    HEADER,
    LABELS,
    PROACTIVE_2019,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    REVIEW_HEADER,
    ROWS,
    balanced,
    page,
    request_lines,
    requests,
    table,
)

SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0], [0, 0, 7, 0, 0, 10], [12, 0, 0, 3, 9, 0]]


PROACTIVE_VALUES = ["1", "2", "3", "4", "5", "6", "550", "4119", "195", "7730.28"]
REVIEW_VALUES = [str(n) for n in (1, 2, 3, 4, 10, 5, 6, 7, 8, 26, 9, 10, 11, 12, 42)]


def printed(report: Report, table_name: str, row: str) -> list[str]:
    return [v.raw for v in report.values if v.key.table == table_name and v.key.row == row]


def flags(report: Report) -> dict[str, tuple[Flag, ...]]:
    return {str(value.key): value.flags for value in report.values if value.flags}


def all_requests(report: Report) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for value in report.values:
        if value.key.table == "requests":
            found.setdefault(value.key.row, []).append(int(value.value or -1))
    return found


def leaf(key: str) -> str:
    return LABELS[key].split("|")[2]


def top(begins: bool) -> str:
    return "" if begins else "^"


def on_page(text: str, number: int = 1, **opened: bool) -> Page:
    return page(number, request_table(text, number, **opened))


def request_table(text: str, number: int = 1, **opened: bool) -> Table:
    return table(text, number, widths=REQUEST_WIDTHS, **opened)


def test_whole_2019_report_is_read_without_a_flag() -> None:
    values = balanced("2019", SEED)
    report = reconcile(
        [page(1, table(PROACTIVE_2019)), on_page(requests("2019", values), 2), page(3, table(REVIEW, 3))]
    )
    assert [(t.form, t.key) for t in report.tables] == [
        ("2019", "proactive"),
        ("2019", "requests"),
        ("2019", "review"),
    ]
    assert all_requests(report) == values
    assert printed(report, "proactive", "penalties") == ["13", "－14", "15"]
    assert printed(report, "proactive", "fees") == ["19", "/"]
    by_key = {value.key: value for value in report.values}
    assert by_key[Key("proactive", "procurement", "amount")].value == "251000"
    assert by_key[Key("proactive", "fees", "change")].state is State.DASH
    assert [v.value for v in report.values if v.key.table == "review"] == REVIEW_VALUES
    assert flags(report) == {}
    assert report.findings == ()
    assert len(report.values) == 22 + 161 + 15


def test_whole_2021_report_is_read_without_a_flag() -> None:
    values = balanced("2021", SEED)
    tables = [table(PROACTIVE_2021), request_table(requests("2021", values), 2), table(REVIEW, 3)]
    report = reconcile([page(number, one) for number, one in enumerate(tables, 1)])
    assert {(t.form, t.key) for t in report.tables} == {
        ("2021", "proactive"),
        ("2021", "requests"),
        ("2021", "review"),
    }
    assert all_requests(report) == values
    assert [v.value for v in report.values if v.key.table == "proactive"] == PROACTIVE_VALUES
    assert [value.key for value in report.values] == [
        key for name in ("proactive", "requests", "review") for key in expected_keys("2021", name)
    ]
    assert flags(report) == {}


def test_fragment_then_whole_table_gives_each_value_once_with_both_cells() -> None:
    values = balanced("2019", SEED)
    keys = ROWS["2019"]
    fragment = "\n".join([HEADER, *request_lines(keys[: keys.index("unable.3")], values)])
    again = "\n".join(request_lines(keys[2 : keys.index("other")], values))
    tail = "\n".join(request_lines(keys[keys.index("other") :], values))
    report = reconcile([on_page(fragment), on_page(again, 2), on_page(tail, 3)])
    assert all_requests(report) == values
    granted = next(value for value in report.values if value.key.row == "granted")
    assert [cell.page for cell in granted.cells] == [2, 1]
    assert flags(report) == {}
    assert [(t.key, t.pages) for t in report.tables] == [("requests", (1, 2, 3))]


def test_fragment_that_differs_from_the_whole_table_is_a_disagreement() -> None:
    values = balanced("2019", SEED)
    wrong = {**values, "refused.1": [9, *values["refused.1"][1:]]}
    fragment = "\n".join([HEADER, *request_lines(ROWS["2019"][:10], wrong)])
    whole = "\n".join(request_lines(ROWS["2019"][2:], values))
    report = reconcile([on_page(fragment), on_page(whole, 2)])
    assert all_requests(report) == values
    value = next(v for v in report.values if v.key == Key("requests", "refused.1", "natural_person"))
    assert value.flags == (Flag.DISAGREEMENT,)
    assert [reading.text for reading in value.others] == ["9"]


def test_tail_with_eight_value_columns_is_never_shifted_silently() -> None:
    values = balanced("2019", SEED)
    cut = ROWS["2019"].index("other")
    head = "\n".join([HEADER, *request_lines(ROWS["2019"][:cut], values)])
    tail = "\n".join(
        f"{label}|" + "|".join(map(str, [77, *values[key]]))
        for key, label in (
            ("other", "（六）其他处理"),
            ("total", "（七）总计"),
            ("carried_out", "四、结转下年度继续办理"),
        )
    )
    report = reconcile([on_page(head), page(2, table(tail, 2, widths=(100, *[42.75] * 8)))])
    for row in ("other", "total", "carried_out"):
        found = [value for value in report.values if value.key.row == row and value.key.table == "requests"]
        assert [int(value.raw) for value in found] == values[row]
        assert all(Flag.WEAK_MATCH in value.flags for value in found)


def test_eighth_column_that_is_empty_throughout_changes_nothing() -> None:
    values = balanced("2019", SEED)
    cut = ROWS["2019"].index("other")
    widths = (*REQUEST_WIDTHS, 8)
    lines = requests("2019", values).split("\n")
    head = "\n".join(line + "|" for line in lines[: cut + 3])
    tail = "\n".join(line + "|" for line in request_lines(ROWS["2019"][cut:], values))
    report = reconcile([page(1, table(head, widths=widths)), page(2, table(tail, 2, widths=widths))])
    assert all_requests(report) == values
    assert flags(report) == {}


def test_displaced_labels_over_three_pages() -> None:
    values = balanced("2019", SEED)
    v = {key: "|".join(map(str, row)) for key, row in values.items()}
    first = "\n".join([HEADER.replace("社会公益组织", "社会组织"), *request_lines(ROWS["2019"][:2], values)])
    second = "\n".join(
        [
            f"|（一）予以公开|<|{v['granted']}",
            f"^|（二）部分公开（区分处理的，只计这一情形，不计其他情形）|<|{v['partly_granted']}",
            *[f"^|{'（三）不予公开' if n == 1 else '^'}|{leaf(f'refused.{n}')}|{v[f'refused.{n}']}"
              for n in range(1, 9)],
            f"^||1.本机关不掌握相关政府信息|{v['unable.1']}",
        ]
    )  # fmt: skip
    third = "\n".join(
        [
            f"三、本年度|（四）|2.没有现成信息需要另行制作|{v['unable.2']}",
            f"^|无法提供|3.补正后申请内容仍不明确|{v['unable.3']}",
            f"^|（五）|1.信访举报投诉类申请|{v['declined.1']}",
            "办理结果|不予处理||||||||",
            f"^||2.重复申请|{v['declined.2']}",
            f"^|^|3.要求提供公开出版物|{v['declined.3']}",
            f"^|^|4.无正当理由大量反复申请|{v['declined.4']}",
            f"^|^|5.要求行政机关确认或重新出具已获取信息|{v['declined.5']}",
            f"^|^|（六）其他处理|{v['other']}",
            f"^|（七）总计|<|{v['total']}",
            f"四、结转下年度继续办理|<|<|{v['carried_out']}",
        ]
    )
    report = reconcile([on_page(first), on_page(second, 2), on_page(third, 3)])
    assert all_requests(report) == values
    assert flags(report) == {}


def test_blank_form_gives_only_blanks() -> None:
    """Report 003: header cut, rows cut, everything blank, five pages."""
    blanks = "||||||"
    proactive = PROACTIVE_2019.split("\n")
    blank_rows = {
        "规章",
        "规范性文件",
        "行政许可",
        "其他对外管理服务事项",
        "行政处罚",
        "行政强制",
        "行政事业性收费",
        "政府集中采购",
    }
    emptied = [
        "|".join([cells[0], *("" if mark != "<" else "<" for mark in cells[1:])])
        if cells[0] in blank_rows
        else line
        for line in proactive
        for cells in [line.split("|")]
    ]
    header = HEADER.split("\n")
    one = "（本列数据的勾稽关系为：第|<|<|申请人情况|<|<|<|<|<|<"
    two = "\n".join(
        [
            header[1].replace("^", "一项加第二项之和，等于第三项加第四项之和)", 1).replace("^", "<"),
            header[2],
            f"{LABELS['new']}|{blanks}",
            f"{LABELS['carried_in']}|{blanks}",
            f"三、本年度办理结果|（一）予以公开|<|{blanks}",
            f"^|{LABELS['partly_granted'][2:]}|{blanks}",
            *[f"^|{'（三）不予公开' if n == 1 else '^'}|{leaf(f'refused.{n}')}|{blanks}" for n in (1, 2)],
        ]
    )
    three = "\n".join(
        [*[f"{top(n == 3)}|{top(n == 3)}|{leaf(f'refused.{n}')}|{blanks}" for n in range(3, 8)],
         f"^|^|8.属于行|{blanks}"]
    )  # fmt: skip
    four = "\n".join(
        [f"||政查询事项|{blanks}",
         *[f"^|{'（四）无法提供' if n == 1 else '^'}|{leaf(f'unable.{n}')}|{blanks}" for n in (1, 2, 3)],
         f"^|（五）不予处理|{leaf('declined.1')}|{blanks}",
         f"^|^|2.重复申|{blanks}"]
    )  # fmt: skip
    five = "\n".join(
        [f"||请|{blanks}",
         *[f"^|^|{leaf(f'declined.{n}')}|{blanks}" for n in (3, 4, 5)],
         f"^|（六）其他处理|<|{blanks}",
         f"^|（七）总计|<|{blanks}",
         f"四、结转下年度继续办理|<|<|{blanks}"]
    )  # fmt: skip
    stacked = REVIEW_HEADER + "\n" + "|" * 14
    report = reconcile(
        [
            page(1, "二、主动公开政府信息情况", table("\n".join(emptied[:5]))),
            page(
                2,
                table("\n".join(emptied[5:]), 2),
                table(one, 2, 600, REQUEST_WIDTHS),
            ),
            on_page(two, 3),
            on_page(three, 4),
            on_page(four, 5),
            on_page(five, 6),
            page(7, table(stacked, 7)),
        ]
    )
    assert [(t.form, t.key, t.pages) for t in report.tables] == [
        ("2019", "proactive", (1, 2)),
        ("2019", "requests", (2, 3, 4, 5, 6)),
        ("2019", "review", (7,)),
    ]
    assert len(report.values) == 22 + 161 + 15
    assert {value.state for value in report.values} == {State.BLANK}
    assert {value.value for value in report.values} == {""}
    assert flags(report) == {}
    assert report.findings == ()


def test_interleaved_headers_are_told_apart() -> None:
    """Report 004: stacked headers come out of the text layer with their characters interleaved."""
    header = REVIEW_HEADER.split("\n")
    swaps = {
        "结果维持": "结维果持",
        "结果纠正": "结纠果正",
        "其他结果": "其结他果",
        "尚未审结": "尚审未结",
        "总计": "总 计",
    }
    for plain, woven in swaps.items():
        header = [header[0], header[1].replace(plain, woven), header[2].replace(plain, woven)]
    values = balanced("2021", SEED)
    text = requests("2021", values).replace("^|（六）其他处理|1.申请人", "其他处理|（六）|1.申请人")
    text = (
        text.replace("^|（七）总计|<", "^|（七）|总计")
        .replace("商业企业", "商企业业")
        .replace("科研机构", "科机研构")
    )
    review = "\n".join([*header, REVIEW.split("\n")[3]])
    report = reconcile([on_page(text), page(2, table(review, 2))])
    assert all_requests(report) == values
    assert printed(report, "review", "cases") == REVIEW_VALUES
    assert flags(report) == {}


def test_mixed_forms_misprint_and_wrong_sum_of_one_report() -> None:
    """The 2021 tables two and four beside the 2019 table three; a label that lost characters."""
    values = balanced("2019", SEED)
    proactive = PROACTIVE_2021.split("\n")
    text = requests("2019", values).replace("其他法律行政法规禁止公开", "其他法律行政止公开").split("\n")
    review = REVIEW_HEADER + "\n10|1|0|0|0|0|0|0|0|0|5|0|0|0|0"
    report = reconcile(
        [
            page(1, table("\n".join(proactive[:8]), open_bottom=True)),
            page(2, table("\n".join(proactive[8:]), 2), table("\n".join(text[:13]), 2, 400, REQUEST_WIDTHS)),
            page(
                3,
                request_table("\n".join(["||" + text[13].split("|", 2)[2], *text[14:]]), 3),
                table(review, 3, 600),
            ),
        ]
    )
    assert [(t.form, t.key) for t in report.tables] == [
        ("2021", "proactive"),
        ("2019", "requests"),
        ("2021", "review"),
    ]
    assert all_requests(report) == values
    failed = [finding for finding in report.findings if finding.kind == Flag.UNBALANCED]
    assert [f.message for f in failed] == [
        "行政复议 总计 0，四项结果之和 11",
        "复议后起诉 总计 0，四项结果之和 5",
    ]
    assert set(flags(report).values()) == {(Flag.UNBALANCED,)}
    assert len(flags(report)) == 10


def test_rows_lost_from_a_table_of_2021_make_it_no_table_of_2019() -> None:
    """Rules were lost on a faint scan: the labels of three rows in one cell, twice."""
    title = "河源口县林业局2023年政府信息公开工作年度报告"
    lines = requests("2021", balanced("2021", SEED)).split("\n")
    for group in ("other", "refused"):
        start = next(number for number, line in enumerate(lines) if leaf(f"{group}.1") in line)
        labels = "".join(leaf(f"{group}.{number}") for number in (1, 2, 3))
        lines[start : start + 3] = ["|".join([*lines[start].split("|")[:2], labels, *[""] * 7])]
    report = reconcile([page(1, title, request_table("\n".join(lines)))])
    assert {(found.form, found.key) for found in report.tables} == {("2021", "requests")}
    others = [value for value in report.values if value.key.row.startswith("other.")]
    assert len(others) == 21
    assert all(value.needs_review for value in others)


def test_total_standing_outside_the_applicants() -> None:
    values = balanced("2021", SEED)
    header = HEADER.split("\n")
    outside = [
        header[0].replace("申请人情况|<|<|<|<|<|<", "申请人情况|<|<|<|<|<|总计"),
        header[1].replace("|总计", "|^"),
        header[2],
    ]
    body = requests("2021", values).split("\n")[3:]
    report = reconcile([on_page("\n".join([*outside, *body]))])
    assert all_requests(report) == values
    assert flags(report) == {}


def test_header_on_one_page_and_values_on_the_next() -> None:
    values = balanced("2021", SEED)
    report = reconcile(
        [
            on_page(HEADER),
            on_page("\n".join(request_lines(ROWS["2021"], values)), 2),
            page(3, table(REVIEW_HEADER, 3)),
            page(4, table(REVIEW.split("\n")[3], 4)),
        ]
    )
    assert all_requests(report) == values
    assert printed(report, "review", "cases") == REVIEW_VALUES
    assert [(t.key, t.pages) for t in report.tables] == [("requests", (1, 2)), ("review", (3, 4))]
    assert flags(report) == {}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_page_is_read_like_an_upright_one(turn: int) -> None:
    values = balanced("2021", SEED)
    cut = 12
    head = "\n".join([HEADER, *request_lines(ROWS["2021"][:cut], values)])
    tail = "\n".join(request_lines(ROWS["2021"][cut:], values))
    upright = [on_page(head), page(2, request_table(tail, 2), table(PROACTIVE_2021, 2, 400))]
    report = reconcile([lying(one, turn) for one in upright])
    assert all_requests(report) == values
    assert [v.value for v in report.values if v.key.table == "proactive"] == PROACTIVE_VALUES
    assert flags(report) == {}
    assert [t.key for t in report.tables] == ["requests", "proactive"]


def lying(one: Page, turn: int) -> Page:
    """The page as stored when it has to be turned clockwise by `turn` degrees to stand upright."""
    width, height = (one.height, one.width) if turn in (90, 270) else (one.width, one.height)

    def stored(box: Box) -> Box:
        corners = [back(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def back(x: float, y: float) -> tuple[float, float]:
        return {90: (y, height - x), 180: (width - x, height - y), 270: (width - y, x)}[turn]

    tables = tuple(
        replace(t, box=stored(t.box), cells=tuple(replace(c, box=stored(c.box)) for c in t.cells))
        for t in one.tables
    )
    lines = tuple(replace(line, box=stored(line.box)) for line in one.lines)
    return replace(one, width=width, height=height, tables=tables, lines=lines, turned=turn)
