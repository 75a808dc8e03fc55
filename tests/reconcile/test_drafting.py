"""A form begun with the labels of a table is a form: the same table is known by it."""

from __future__ import annotations

import pytest

from core.errors import UsageError
from ingest.reading.pipeline import process
from ocr.model import Table
from reconcile.forms.drafting import draft_form
from reconcile.forms.form_model import Form
from reconcile.forms.parser import parse_form
from reconcile.model import JoinedTable, Report
from reconcile.reconciliation import reconcile
from tests.support.paths import SAMPLES
from tests.support.reconcile_grids import page, table

PLAIN = """类别|收到件数|办结件数
人大代表建议|31|29
政协委员提案|44|/
合计|75|"""
SPANNED = """序号|分类|<|本年|<
^|^|^|新设数|撤销数
1|机构|行政|4|0
2|^|事业|5|1
3|人员|在编|60|2
4|^|外聘|7|3"""
TWO_SIDES = """收入|<|支出|<
来源|金额|去向|金额
拨款|90.5|工资|70
其他收入|9.5|设备|30
收入合计|100|支出合计|100"""
REPEATED = """项目|金额
房屋|1
其他|2
车辆|3
其他|4"""


def only(tables: tuple[JoinedTable, ...]) -> JoinedTable:
    (found,) = tables
    return found


def as_read(text: str, *above: str) -> JoinedTable:
    return only(reconcile([page(1, *above, table(text, top=100.0))]).tables)


def form_of(text: str, *above: str) -> Form:
    return parse_form("draft", draft_form(as_read(text, *above), "t_1"), "draft")


def labels(form: Form) -> list[tuple[str, ...]]:
    pairs = form.tables["t_1"].pairs()
    return [(row.key, *filter(None, (row.side, row.group)), row.label) for _, row in pairs]


def paths(form: Form) -> list[list[tuple[str, ...]]]:
    return [[column.path for column in block.columns] for block in form.tables["t_1"].blocks]


def test_rows_and_columns_have_plain_keys_beside_their_labels():
    form = form_of(PLAIN, "建议提案办理情况表")
    assert (form.title, form.tables["t_1"].heading) == ("建议提案办理情况表", "建议提案办理情况表")
    assert labels(form) == [("r1", "人大代表建议"), ("r2", "政协委员提案"), ("r3", "合计")]
    assert paths(form) == [[("收到件数",), ("办结件数",)]]
    assert form.tables["t_1"].blocks[0].corner == "类别"


def test_headers_of_several_levels_and_labels_over_several_rows_are_kept():
    form = form_of(SPANNED)
    assert paths(form) == [[("本年", "新设数"), ("本年", "撤销数")]]
    assert labels(form)[:2] == [("r1", "机构", "行政"), ("r2", "机构", "事业")]


def test_labels_beside_values_begin_another_side():
    form = form_of(TWO_SIDES)
    assert [block.beside for block in form.tables["t_1"].blocks] == [False, True]
    assert labels(form)[3] == ("r4", "工资")
    assert paths(form) == [[("收入", "金额")], [("支出", "金额")]]


def test_a_row_that_is_labelled_as_another_is_left_out_and_said_to_be():
    text = draft_form(as_read(REPEATED), "t_1")
    assert labels(parse_form("draft", text, "draft")) == [("r1", "房屋"), ("r2", "其他"), ("r3", "车辆")]
    assert "# left out, labelled as another row: 其他" in text


def test_labels_that_yaml_would_take_for_something_else_stay_texts():
    form = form_of("项目|2023|2024\n: 是|1|2\n# 否|3|4")
    assert paths(form) == [[("2023",), ("2024",)]]
    assert labels(form) == [("r1", ": 是"), ("r2", "# 否")]


def test_a_table_without_labels_has_one_row():
    form = form_of("规章|规范性文件|其他\n1|2|3")
    assert form.tables["t_1"].unlabelled
    assert form.n_values == 3


def test_a_table_of_words_alone_makes_no_form():
    with pytest.raises(UsageError, match="no values"):
        draft_form(as_read("姓名|职务\n甲|组长\n乙|组员"), "t_1")


@pytest.mark.parametrize("text", [PLAIN, SPANNED, TWO_SIDES])
def test_the_same_table_is_known_by_its_draft(text, tmp_path, monkeypatch):
    printed: Table = table(text, top=100.0)
    draft = draft_form(as_read(text), "t_1")
    (tmp_path / "own.yaml").write_text(draft, encoding="utf-8")
    monkeypatch.setenv("GUIDANG_FORMS", str(tmp_path))
    report = reconcile([page(1, printed)])
    assert (only(report.tables).form, only(report.tables).key) == ("own", "t_1")
    assert len(report.values) == parse_form("own", draft, "").n_values
    assert not any(value.needs_review for value in report.values if value.key.row in ("r1", "r3"))


def test_a_table_of_a_sample_is_known_by_its_draft(tmp_path, monkeypatch):
    """The old form of the sample is none that is shipped; its numbers are read as values then."""

    def read() -> Report:
        return process(SAMPLES / "oldform.pdf").volume.reports[0]

    before = only(read().tables)
    assert (before.form, before.key) == ("", "")
    (tmp_path / "old.yaml").write_text(draft_form(before, "t_1"), encoding="utf-8")
    monkeypatch.setenv("GUIDANG_FORMS", str(tmp_path))
    after = read()
    assert (only(after.tables).form, only(after.tables).key) == ("old", "t_1")
    numbers = {cell.text for cell in before.cells if cell.text.isdecimal()}
    assert {value.raw for value in after.values if value.value} >= numbers
    assert not any(value.needs_review for value in after.values)
