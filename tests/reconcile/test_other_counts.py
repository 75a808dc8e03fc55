"""Headers and labels that name another count than the form's: what stands under or beside them is doubted."""

import pytest

from ocr.model import Table
from reconcile.forms.registry import load_form
from reconcile.labels import names_another
from reconcile.matching.column_places import HeaderCell, find_places
from reconcile.model import Key, Value
from reconcile.reconciliation import reconcile
from tests.support.reconcile_grids import (
    HEADER,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    balanced,
    page,
    requests,
    table,
)

TITLE = "洪山区人民政府2023年政府信息公开工作年度报告"
REQUESTS = requests("2021", balanced("2021", [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0]]))


def doubted(*tables: Table) -> set[Key]:
    values = reconcile([page(n, TITLE, one) for n, one in enumerate(tables, 1)]).values
    own = {v.key.table for v in values if v.raw}
    return {v.key for v in values if v.key.table in own and v.needs_review}


def keys(name: str, *, rows: str = "", columns: str = "") -> set[Key]:
    every: tuple[Value, ...] = reconcile(
        [
            page(1, TITLE, table(PROACTIVE_2021)),
            page(2, table(REQUESTS, widths=REQUEST_WIDTHS)),
            page(3, table(REVIEW)),
        ]
    ).values
    found = {v.key for v in every if v.key.table == name}
    return {k for k in found if k.row.startswith(rows) and (not columns or k.column in columns.split())}


@pytest.mark.parametrize(
    ("header", "printed", "columns"),
    [
        ("本年制发件数", "累计制发件数", "issued"),
        ("本年制发件数", "本届制发件数", "issued"),
        ("本年制发件数", "备案件数", "issued"),
        ("本年废止件数", "拟废止件数", "repealed"),
        ("现行有效件数", "失效件数", "in_force"),
        ("本年处理决定数量", "处罚金额", "decisions"),
        ("本年处理决定数量", "本年受理数量", "decisions"),
        ("本年收费金额（单位：万元）", "本年收费金额（单位：元）", "amount"),
        ("本年收费金额（单位：万元）", "收费项目数量", "amount"),
    ],
)
def test_column_under_the_header_of_another_count_is_doubted_and_no_other(
    header: str, printed: str, columns: str
) -> None:
    assert doubted(table(PROACTIVE_2021.replace(header, printed))) == keys("proactive", columns=columns)


@pytest.mark.parametrize(
    ("header", "printed", "column"),
    [("自然人", "法人代表", "natural_person"), ("社会公益组织", "事业单位", "nonprofit")],
)
def test_applicants_of_another_kind_are_doubted(header: str, printed: str, column: str) -> None:
    text = REQUESTS.replace(HEADER, HEADER.replace(header, printed))
    assert doubted(table(text, widths=REQUEST_WIDTHS)) == keys("requests", columns=column)


@pytest.mark.parametrize("printed", ["复议后申诉", "一审"])
def test_groups_of_columns_with_another_name_are_doubted_with_all_their_columns(printed: str) -> None:
    found = doubted(table(REVIEW.replace("|复议后起诉", f"|{printed}")))
    assert found == {key for key in keys("review") if key.column.startswith("after_review.")}


@pytest.mark.parametrize(
    ("label", "printed", "row"),
    [
        ("1.属于国家秘密", "1.属于商业秘密", "refused.1"),
        ("（一）予以公开", "（一）主动公开", "granted"),
        ("一、本年新收", "一、累计收到", "new"),
        ("二、上年结转", "二、历年结转", "carried_in"),
        ("（二）部分公开（", "（二）全部公开（", "partly_granted"),
        ("2.重复申请", "2.撤回申请", "declined.2"),
        ("（三）不予公开", "（三）暂缓公开", "refused."),
    ],
)
def test_row_with_the_label_of_another_count_is_doubted_and_no_other(
    label: str, printed: str, row: str
) -> None:
    text = REQUESTS.replace(label, printed)
    assert doubted(table(text, widths=REQUEST_WIDTHS)) == keys("requests", rows=row)


@pytest.mark.parametrize(
    ("label", "printed"), [("行政规范性文件", "党内规范性文件"), ("行政许可", "不予行政许可")]
)
def test_row_of_table_two_with_another_label_is_doubted(label: str, printed: str) -> None:
    row = {"行政规范性文件": "normative_documents", "行政许可": "licensing"}[label]
    assert doubted(table(PROACTIVE_2021.replace(label, printed))) == keys("proactive", rows=row)


def test_a_label_not_read_for_sure_may_be_misread() -> None:
    text = PROACTIVE_2021.replace("本年制发件数", "累计制发件数")
    found = doubted(table(text, confidence=0.89))
    assert not {key for key in found if key.column == "issued"} - found & keys("proactive")
    assert not names_another("", ("本年制发件数",))


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("本年度处理决定数量（件）", "本年处理决定数量"),
        ("本年处埋决定数量", "本年处理决定数量"),
        ("收费金额（单位：万元）", "本年收费金额（单位：万元）"),
        ("社会公益机构", "社会公益组织"),
        ("科研院所", "科研机构"),
        ("（一）子以公开", "（一）予以公开"),
        ("2.其他法律行政止公开", "2.其他法律行政法规禁止公开"),
        ("5.属于三类内部事务信息（人事管理、后勤管理、内部工作流程）", "5.属于三类内部事务信息"),
        ("四、结转下一年度继续办理", "四、结转下年度继续办理"),
        ("行政强制措施", "行政强制"),
        ("结维果持", "结果维持"),
        ("未经行政复议直接起诉", "未经复议直接起诉"),
        ("采购总金额（单位：元）", "采购总金额"),
    ],
)
def test_misprints_and_plain_variants_name_the_same(printed: str, label: str) -> None:
    assert not names_another(printed, (label,))


@pytest.mark.parametrize(
    ("upper", "lower", "doubted"),
    [("结果", "维持", False), ("其他", "结果", True), ("上年结果", "维持", True)],
)
def test_header_that_a_page_break_cuts_in_two_says_its_label(upper: str, lower: str, doubted: bool) -> None:
    """5 values of a sound row were put in doubt, and with them a report's own mistake."""
    columns = load_form("2019").tables["review"].blocks[0].columns
    at = next(j for j, column in enumerate(columns) if column.labels[0] == "结果维持")
    width = 1 / len(columns)
    header = [
        piece
        for j, column in enumerate(columns)
        for depth, text in enumerate((upper, lower) if j == at else ("", column.labels[0]))
        for piece in [HeaderCell(text, (j * width, (j + 1) * width), depth)]
        if text
    ]
    edges = [j * width for j in range(len(columns) + 1)]
    found = {place.key: place.doubted for place in find_places(header, columns, edges)}
    assert found[columns[at].key] is doubted
    assert sum(found.values()) == doubted
