"""Ruled tables written as text, for the tests of `reconcile`.

One line a row, cells parted by `|`; `<` goes on with the cell to the left, `^`
with the cell above. An empty cell is blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocr.model import Box, Cell, Page, Route, Table, TextLine, numbered

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 75.0, 517.0

HEADER = """（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）|<|<|申请人情况|<|<|<|<|<|<
^|^|^|自然人|法人或其他组织|<|<|<|<|总计
^|^|^|^|商业企业|科研机构|社会公益组织|法律服务机构|其他|^"""
LABELS = {
    "new": "一、本年新收政府信息公开申请数量|<|<",
    "carried_in": "二、上年结转政府信息公开申请数量|<|<",
    "granted": "三、本年度办理结果|（一）予以公开|<",
    "partly_granted": "^|（二）部分公开（区分处理的，只计这一情形，不计其他情形）|<",
    "refused.1": "^|（三）不予公开|1.属于国家秘密",
    "refused.2": "^|^|2.其他法律行政法规禁止公开",
    "refused.3": "^|^|3.危及“三安全一稳定”",
    "refused.4": "^|^|4.保护第三方合法权益",
    "refused.5": "^|^|5.属于三类内部事务信息",
    "refused.6": "^|^|6.属于四类过程性信息",
    "refused.7": "^|^|7.属于行政执法案卷",
    "refused.8": "^|^|8.属于行政查询事项",
    "unable.1": "^|（四）无法提供|1.本机关不掌握相关政府信息",
    "unable.2": "^|^|2.没有现成信息需要另行制作",
    "unable.3": "^|^|3.补正后申请内容仍不明确",
    "declined.1": "^|（五）不予处理|1.信访举报投诉类申请",
    "declined.2": "^|^|2.重复申请",
    "declined.3": "^|^|3.要求提供公开出版物",
    "declined.4": "^|^|4.无正当理由大量反复申请",
    "declined.5": "^|^|5.要求行政机关确认或重新出具已获取信息",
    "other": "^|（六）其他处理|<",
    "other.1": "^|（六）其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "other.2": "^|^|2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "other.3": "^|^|3.其他",
    "total": "^|（七）总计|<",
    "carried_out": "四、结转下年度继续办理|<|<",
}
ROWS = {
    "2019": [key for key in LABELS if not key.startswith("other.")],
    "2021": [key for key in LABELS if key != "other"],
}
LEAVES = {form: rows[2:-2] for form, rows in ROWS.items()}
COLUMNS = ["natural_person", "business", "research", "nonprofit", "legal_services", "other", "total"]
REQUEST_WIDTHS = (30, 76, 130, *[29] * 7)

PROACTIVE_2021 = """第二十条第（一）项|<|<|<
信息内容|本年制发件数|本年废止件数|现行有效件数
规章|1|2|3
行政规范性文件|4|5|6
第二十条第（五）项|<|<|<
信息内容|本年处理决定数量|<|<
行政许可|550|<|<
第二十条第（六）项|<|<|<
信息内容|本年处理决定数量|<|<
行政处罚|4,119|<|<
行政强制|195|<|<
第二十条第（八）项|<|<|<
信息内容|本年收费金额（单位：万元）|<|<
行政事业性收费|7730.28|<|<"""
PROACTIVE_2019 = """第二十条第（一）项|<|<|<
信息内容|本年新制作数量|本年新公开数量|对外公开总数量
规章|1|2|3
规范性文件|4|5|6
第二十条第（五）项|<|<|<
信息内容|上一年项目数量|本年增/减|处理决定数量
行政许可|7|-8|9
其他对外管理服务事项|10|+11|12
第二十条第（六）项|<|<|<
信息内容|上一年项目数量|本年增/减|处理决定数量
行政处罚|13|－14|15
行政强制|16|0|18
第二十条第（八）项|<|<|<
信息内容|上一年项目数量|本年增/减|<
行政事业性收费|19|/|<
第二十条第（九）项|<|<|<
信息内容|采购项目数量|采购总金额|<
政府集中采购|20|251000元|<"""
REVIEW_HEADER = """行政复议|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<
结果维持|结果纠正|其他结果|尚未审结|总计|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<
^|^|^|^|^|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计"""
REVIEW = REVIEW_HEADER + "\n1|2|3|4|10|5|6|7|8|26|9|10|11|12|42"


def table(
    text: str,
    page: int = 1,
    top: float = 100.0,
    widths: Sequence[float] = (),
    confidence: float = 1.0,
    **opened: bool,
) -> Table:
    """Lay the text out as a ruled table, rows 20 points high, between the usual margins."""
    grid = [line.split("|") for line in text.strip("\n").split("\n")]
    assert len({len(row) for row in grid}) == 1, text
    widths = widths or [1.0] * len(grid[0])
    assert len(widths) == len(grid[0])
    scale = (RIGHT - LEFT) / sum(widths)
    xs = [LEFT + scale * sum(widths[:i]) for i in range(len(widths) + 1)]
    ys = [top + 20.0 * i for i in range(len(grid) + 1)]
    covered: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for r, row in enumerate(grid):
        for c in range(len(row)):
            covered.setdefault(_root(grid, r, c), []).append((r, c))
    cells = []
    for (r, c), area in covered.items():
        last_r, last_c = max(area)
        box = Box(xs[c], ys[r], xs[last_c + 1], ys[last_r + 1])
        content = grid[r][c].strip()
        cells.append(
            Cell(r, c, last_r - r + 1, last_c - c + 1, content, box, confidence, page, "text", bool(content))
        )
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Table(page, box, len(grid), len(widths), tuple(cells), **opened)


def _root(grid: Sequence[Sequence[str]], r: int, c: int) -> tuple[int, int]:
    while (mark := grid[r][c].strip()) in ("<", "^"):
        r, c = (r, c - 1) if mark == "<" else (r - 1, c)
    return r, c


def page(number: int, *items: str | Table) -> Page:
    """A page of body lines (text) and tables, which should come in order and not overlap."""
    lines, y = [], 60.0
    for item in items:
        if isinstance(item, Table):
            lines += [TextLine(cell.text, cell.box, 1.0, "text") for cell in item.cells if cell.text]
            y = item.box.bottom
        else:
            lines.append(TextLine(item, Box(LEFT, y + 4, RIGHT, y + 18), 1.0, "text"))
            y += 20
    tables = numbered(item for item in items if isinstance(item, Table))
    return Page(number, WIDTH, HEIGHT, Route.DIGITAL, tuple(lines), tables, "text", 0.0)


def balanced(form: str, seed: Sequence[Sequence[int]]) -> dict[str, list[int]]:
    """A whole table three that obeys R1 to R3, from six numbers for every leaf row."""
    leaves = LEAVES[form]
    rows = {key: [*map(int, seed[i % len(seed)][:6])] for i, key in enumerate(leaves)}
    total = [sum(rows[key][c] for key in leaves) for c in range(6)]
    carried_in = [c + 1 for c in range(6)]
    carried_out = [c % 2 for c in range(6)]
    new = [max(t + o - i, 0) for t, o, i in zip(total, carried_out, carried_in, strict=True)]
    carried_in = [t + o - n for t, o, n in zip(total, carried_out, new, strict=True)]
    rows |= {"new": new, "carried_in": carried_in, "total": total, "carried_out": carried_out}
    return {key: [*rows[key], sum(rows[key])] for key in ROWS[form]}


def request_lines(rows: Sequence[str], values: Mapping[str, Sequence[object]]) -> list[str]:
    """Lines of table three for some rows; labels that would hang in the air are begun again as blanks."""
    lines = [f"{LABELS[key]}|" + "|".join(map(str, values[key])) for key in rows]
    first = lines[0].split("|")
    head = ["" if mark == "^" else mark for mark in first[:2]]
    return ["|".join([*head, *first[2:]]), *lines[1:]]


def requests(form: str, values: Mapping[str, Sequence[object]]) -> str:
    """The whole of table three as text."""
    return "\n".join([HEADER, *request_lines(ROWS[form], values)])
