"""Rows that are cut, lost, added, doubled or unreadable."""

from dataclasses import replace

from ocr.model import Reading
from reconcile.model import Flag, Key, Report, State, Value
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import (
    HEADER,
    LABELS,
    PROACTIVE_2019,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    ROWS,
    balanced,
    page,
    request_lines,
    requests,
    table,
)

SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0], [0, 0, 7, 0, 0, 10], [12, 0, 0, 3, 9, 0]]


def read(*texts: str) -> Report:
    return reconcile([page(n, table(text, n, widths=REQUEST_WIDTHS)) for n, text in enumerate(texts, 1)])


def row(report: Report, name: str) -> list[Value]:
    return [value for value in report.values if value.key.row == name]


def numbers(report: Report) -> dict[str, list[int]]:
    rows = dict.fromkeys(value.key.row for value in report.values)
    return {name: [int(value.value or -1) for value in row(report, name)] for name in rows}


def flags(report: Report) -> set[Flag]:
    return {flag for value in report.values for flag in value.flags}


def cut_at(key: str, form: str, upper: str, lower: str, where: str) -> tuple[str, str, dict[str, list[int]]]:
    """Table three over two pages, the row `key` cut in two; its values on the page `where`."""
    values = balanced(form, SEED)
    index = ROWS[form].index(key)
    numbers_ = "|".join(map(str, values[key]))
    halves = {"upper": (numbers_, "||||||"), "lower": ("||||||", numbers_)}[where]
    first = [HEADER, *request_lines(ROWS[form][:index], values), f"^|^|{upper}|{halves[0]}"]
    second = [f"||{lower}|{halves[1]}", *request_lines(ROWS[form][index + 1 :], values)]
    return "\n".join(first), "\n".join(second), values


def test_row_cut_by_a_page_break_is_joined_wherever_its_values_stand() -> None:
    for where in ("upper", "lower"):
        first, second, values = cut_at("declined.2", "2021", "2.重复申", "请", where)
        report = read(first, second)
        assert numbers(report) == values
        assert flags(report) == set()
        assert [cell.page for cell in row(report, "declined.2")[0].cells] == (
            [1, 2] if where == "upper" else [2, 1]
        )


def test_cut_row_whose_label_is_whole_on_one_page_is_joined_and_flagged() -> None:
    first, second, values = cut_at("declined.2", "2021", "2.重复申请", "", "lower")
    report = read(first, second)
    assert numbers(report) == values
    assert all(value.flags == (Flag.WEAK_MATCH,) for value in row(report, "declined.2"))


def test_ink_in_both_halves_of_a_cut_row_is_never_put_together_to_a_number() -> None:
    first, second, _ = cut_at("declined.2", "2021", "2.重复申", "请", "upper")
    second = second.replace("||请|||||||", "||请|8||||||")
    report = read(first, second)
    value = row(report, "declined.2")[0]
    assert (value.state, value.raw, value.value) == (State.UNREAD, "12 8", "")
    assert value.flags == (Flag.UNREAD, Flag.WEAK_MATCH)


def test_unreadable_label_between_two_known_rows_is_matched_by_position_and_flagged() -> None:
    values = balanced("2019", SEED)
    text = requests("2019", values).replace("4.保护第三方合法权益", "").replace("2.重复申请", "亞亞")
    report = read(text)
    assert numbers(report) == values
    weak = {value.key.row for value in report.values if Flag.WEAK_MATCH in value.flags}
    assert weak == {"refused.4", "declined.2"}


def test_two_unreadable_labels_for_one_lost_row_are_not_guessed() -> None:
    values = balanced("2019", SEED)
    lines = requests("2019", values).split("\n")
    at = next(i for i, line in enumerate(lines) if "2.重复申请" in line)
    lines[at : at + 1] = ["^|^||9|9|9|9|9|9|54", "^|^||8|8|8|8|8|8|48"]
    report = read("\n".join(lines))
    assert {value.state for value in row(report, "declined.2")} == {State.MISSING}
    assert [f.kind for f in report.findings].count("extra_row") == 2


def test_row_that_a_province_added_is_left_out_with_a_finding() -> None:
    values = balanced("2021", SEED)
    lines = requests("2021", values).split("\n")
    at = next(i for i, line in enumerate(lines) if "（四）无法提供" in line)
    lines.insert(at, "^|^|9.省级规定的其他情形|9|9|9|9|9|9|54")
    report = read("\n".join(lines))
    assert numbers(report) == values
    messages = [finding.message for finding in report.findings if finding.kind == "extra_row"]
    assert messages == ["表中多出一行“9.省级规定的其他情形”，法定表式无此行，未列入"]
    assert flags(report) == set()


def test_lost_row_is_missing_and_its_neighbours_are_doubted() -> None:
    values = balanced("2021", SEED)
    lines = [line for line in requests("2021", values).split("\n") if "7.属于行政执法案卷" not in line]
    report = read("\n".join(lines))
    assert {(v.state, v.flags) for v in row(report, "refused.7")} == {(State.MISSING, (Flag.MISSING,))}
    weak = {value.key.row for value in report.values if Flag.WEAK_MATCH in value.flags}
    assert weak == {"refused.6", "refused.8"}


def test_two_rows_in_one_grid_row_give_no_number() -> None:
    """A rule between two rows was missed: 1 and 0 run together would read 10."""
    values = balanced("2021", SEED)
    lines = requests("2021", values).split("\n")
    at = next(i for i, line in enumerate(lines) if "1.信访" in line)
    lines[at : at + 2] = ["^|（五）不予处理|1.信访举报投诉类申请2.重复申请|10|00||35|00|00|11"]
    report = read("\n".join(lines))
    for name in ("declined.1", "declined.2"):
        states = [value.state for value in row(report, name)]
        assert states == [State.UNREAD] * 2 + [State.BLANK] + [State.UNREAD] * 4
        assert row(report, name)[0].raw == "10"
    rest = set(ROWS["2021"]) - {"declined.1", "declined.2"}
    assert {name: numbers(report)[name] for name in rest} == {name: values[name] for name in rest}


def test_cell_over_two_rows_or_two_columns_gives_no_number() -> None:
    values = balanced("2021", SEED)
    lines = requests("2021", values).split("\n")
    at = next(i for i, line in enumerate(lines) if "2.重复申请" in line)
    lines[at] = lines[at].rsplit("|", 7)[0] + "|12|<|0|0|0|0|12"
    lines[at + 1] = lines[at + 1].rsplit("|", 1)[0] + "|^"
    report = read("\n".join(lines))
    cut = row(report, "declined.2")
    assert [value.state for value in cut[:3]] == [State.UNREAD, State.UNREAD, State.READ]
    assert [cut[6].state, row(report, "declined.3")[6].state] == [State.UNREAD, State.UNREAD]
    assert all(Flag.WEAK_MATCH in value.flags for value in cut[:2])


def test_row_split_by_a_false_rule_is_one_row() -> None:
    values = balanced("2021", SEED)
    lines = requests("2021", values).split("\n")
    at = next(i for i, line in enumerate(lines) if "5.要求行政机关" in line)
    own = lines[at].split("|", 3)[3]
    lines[at : at + 1] = ["^|^|5.要求行政机关确认或|||||||", f"^|^|重新出具已获取信息|{own}"]
    report = read("\n".join(lines))
    assert numbers(report) == values
    assert flags(report) == set()


def test_side_label_read_as_rubbish_and_wrong_characters_in_labels() -> None:
    values = balanced("2021", SEED)
    text = requests("2021", values).replace("三、本年度办理结果", "三本年理果")
    for right, wrong in (
        ("自然人", "自然入"),
        ("科研", "科妍"),
        ("权益", "杈益"),
        ("投诉", "投拆"),
        ("结转下", "结转F"),
    ):
        text = text.replace(right, wrong)
    report = read(text)
    assert numbers(report) == values
    assert flags(report) == set()


def test_value_read_as_a_character_does_not_become_the_label() -> None:
    values = balanced("2021", SEED)
    lines = requests("2021", values).split("\n")
    at = next(i for i, line in enumerate(lines) if "2.重复申请" in line)
    lines[at] = "^|^|2.重复申请|口|" + lines[at].split("|", 4)[4]
    report = read("\n".join(lines))
    first = row(report, "declined.2")[0]
    assert (first.raw, first.state, first.value, first.flags) == ("口", State.UNREAD, "", (Flag.UNREAD,))
    rest = {name: found for name, found in numbers(report).items() if name != "declined.2"}
    assert rest == {name: found for name, found in values.items() if name != "declined.2"}


def test_missing_middle_page_leaves_its_rows_missing_not_shifted() -> None:
    values = balanced("2021", SEED)
    head = "\n".join([HEADER, *request_lines(ROWS["2021"][:6], values)])
    tail = "\n".join(request_lines(ROWS["2021"][-5:], values))
    report = read(head, tail)
    found = numbers(report)
    assert {name: found[name] for name in ROWS["2021"][:6]} == {n: values[n] for n in ROWS["2021"][:6]}
    assert {v.state for name in ROWS["2021"][6:-5] for v in row(report, name)} == {State.MISSING}


def test_labels_are_those_of_the_forms() -> None:
    assert LABELS["refused.2"].endswith("2.其他法律行政法规禁止公开")
    report = reconcile([page(1, table(PROACTIVE_2019))])
    assert Key("proactive", "procurement", "items") in {value.key for value in report.values}


def test_headers_tell_the_form_of_table_two_where_rows_are_alike() -> None:
    head = "\n".join(PROACTIVE_2021.split("\n")[:4])
    assert {v.form for v in reconcile([page(1, table(head))]).values} == {"2021"}
    head = "\n".join(PROACTIVE_2019.split("\n")[:4])
    assert {v.form for v in reconcile([page(1, table(head))]).values} == {"2019"}


def test_review_column_without_a_readable_header_is_found_by_its_place() -> None:
    text = REVIEW.replace("尚未审结", "", 1).replace("结果纠正", "洁米斗止")
    report = reconcile([page(1, table(text))])
    assert [value.value for value in report.values][:5] == ["1", "2", "3", "4", "10"]
    assert len({value.cells[0].column for value in report.values}) == 15


def test_column_parted_by_a_false_rule_is_one_column() -> None:
    values = balanced("2021", SEED)
    lines = requests("2021", values).split("\n")
    for right_half in (True, False):
        parted = []
        for number, line in enumerate(lines):
            cells = line.split("|")
            strip = ["<"] if number == 0 else ["^"] if cells[5] == "^" else [""]
            half = [*strip, cells[5]] if right_half and number > 2 else [cells[5], *strip]
            parted.append("|".join([*cells[:5], *half, *cells[6:]]))
        parted[1] = parted[1].replace("法人或其他组织|<||", "法人或其他组织|<|<|")
        widths = (*REQUEST_WIDTHS[:5], 14, 15, *REQUEST_WIDTHS[6:])
        report = reconcile([page(1, table("\n".join(parted), widths=widths))])
        assert numbers(report) == values
        assert flags(report) == set()


def test_other_reading_of_a_cell_that_says_something_else_is_a_disagreement() -> None:
    grid = table(REVIEW)
    for first, other, state, expected in (
        ("3", "8", State.READ, {Flag.DISAGREEMENT}),
        ("3", "３", State.READ, set()),
        ("o", "0", State.UNREAD, {Flag.UNREAD, Flag.DISAGREEMENT}),
        ("", "1", State.UNREAD, {Flag.UNREAD, Flag.DISAGREEMENT}),
    ):
        cells = tuple(
            replace(cell, text=first, others=(Reading(other, 0.9, "numeric"),)) if cell.text == "3" else cell
            for cell in grid.cells
        )
        report = reconcile([page(1, replace(grid, cells=cells))])
        value = next(v for v in report.values if v.key.column == "review.other")
        assert (value.state, value.raw) == (state, first)
        assert set(value.flags) - {Flag.UNBALANCED} == expected
        assert [reading.text for reading in value.others] == [other]


def test_blank_cell_parted_by_a_false_rule_is_doubted() -> None:
    """The stroke of a 1 may have been taken for the rule."""
    values = balanced("2021", SEED)
    lines = [line.split("|") for line in requests("2021", values).split("\n")]
    at = next(i for i, cells in enumerate(lines) if "2.重复申请" in cells)
    for number, cells in enumerate(lines):
        cells.insert(6, "" if number == at else "^" if number == 2 and cells[5] == "^" else "<")
    lines[at][5] = ""
    widths = (*REQUEST_WIDTHS[:5], 14, 15, *REQUEST_WIDTHS[6:])
    report = reconcile([page(1, table("\n".join(map("|".join, lines)), widths=widths))])
    doubted = {str(value.key) for value in report.values if Flag.WEAK_MATCH in value.flags}
    assert doubted == {"requests/declined.2/research"}
