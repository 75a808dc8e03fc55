"""A departmental budget: the income and expenditure summary with two columns of labels, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench.accuracy.truth import Fact
from samples.generator.grid import Grid
from samples.generator.layouts import Look, Setter
from samples.generator.typeset import GridSpec, Heading, ReportSpec

NAME, ORGAN, YEAR = "budget", "云溪县水务和河湖局", 2024
FORM, TABLE, COLUMN = "budget", "budget_summary", "amount"

# Row key, label and amount in 万元; "" is printed blank. The sources in force and the functions that a
# water authority pays for; those that it does not have are left out, as departments do.
INCOME = (
    ("income.general", "一、一般公共预算拨款收入", "12408.36"),
    ("income.fund", "二、政府性基金预算拨款收入", "3150.00"),
    ("income.state_capital", "三、国有资本经营预算拨款收入", "0.00"),
    ("income.special_account", "四、财政专户管理资金收入", ""),
    ("income.service", "五、事业收入", "286.50"),
    ("income.superior", "六、上级补助收入", ""),
    ("income.subordinate", "七、附属单位上缴收入", ""),
    ("income.business", "八、事业单位经营收入", ""),
    ("income.other", "九、其他收入", "41.20"),
)
SPENDING = (
    ("spending.general_services", "一、一般公共服务支出", "15.00"),
    ("spending.education", "五、教育支出", "8.64"),
    ("spending.science", "六、科学技术支出", ""),
    ("spending.social_security", "八、社会保障和就业支出", "1127.35"),
    ("spending.health", "十、卫生健康支出", "486.09"),
    ("spending.environment", "十一、节能环保支出", "920.00"),
    ("spending.communities", "十二、城乡社区支出", "3150.00"),
    ("spending.agriculture", "十三、农林水支出", "10211.43"),
    ("spending.housing", "二十、住房保障支出", "743.17"),
    ("spending.disaster", "二十三、灾害防治及应急管理支出", "60.00"),
    ("spending.other", "二十五、其他支出", "0.00"),
)
CARRIED_IN, CARRIED_OUT = Decimal("968.52"), Decimal("132.90")

_WORK = (
    "本单位负责全县水资源管理、河道整治、防汛抗旱和农村供水，内设七个股室，下属三个事业单位全部纳入本预算。",
    "预算按照先急后缓、量力而行的原则编制，收入和支出全部列入，金额单位为万元。",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed amount: row key, label, and the amount as printed."""

    key: str
    label: str
    raw: str


def lines() -> tuple[list[Line], list[Line]]:
    """The left and the right side from top to bottom; totals are sums."""
    came, spent = _sum(INCOME), _sum(SPENDING)
    left = [Line(*one) for one in INCOME]
    left += [
        Line("income.year_total", "本年收入合计", _money(came)),
        Line("income.carried_in", "上年结转结余", _money(CARRIED_IN)),
        Line("income.total", "收入总计", _money(came + CARRIED_IN)),
    ]
    right = [Line(*one) for one in SPENDING]
    right += [
        Line("spending.year_total", "本年支出合计", _money(spent)),
        Line("spending.carried_out", "结转下年", _money(CARRIED_OUT)),
        Line("spending.total", "支出总计", _money(spent + CARRIED_OUT)),
    ]
    return left, right


def facts() -> Iterator[Fact]:
    """What the sample prints, in the order of the form."""
    for side in lines():
        for line in side:
            state = "read" if line.raw else "blank"
            yield Fact(FORM, TABLE, line.key, COLUMN, state, line.raw, line.raw.replace(",", ""))


def spec() -> ReportSpec:
    """A page of text, and the table on a page of its own."""
    title = f"{ORGAN}{YEAR}年部门预算公开说明"
    blocks = (
        Heading(title, 0),
        Heading("一、部门概况"),
        *_WORK,
        Heading("二、收支预算总表"),
        "单位：万元",
        GridSpec(_grid(Look(width=450.0, size=10.0, padding=3.0)), Look(size=10.0, padding=3.0)),
    )
    return ReportSpec(title, blocks, size=12.0)


def _grid(look: Look) -> Grid:
    setter = Setter(look, (4.6, 2.0, 4.8, 2.0))
    for column, label in ((0, "收入"), (2, "支出")):
        setter.put(label, 0, column, 1, 2, "header")
    for column, label in enumerate(("项目", "预算数", "项目（按功能分类）", "预算数")):
        setter.put(label, 1, column, 1, 1, "header")
    left, right = (_padded(side) for side in lines())
    for row, (income, spending) in enumerate(zip(left, right, strict=True), 2):
        for column, line in ((0, income), (2, spending)):
            setter.put(line.label, row, column, 1, 1, "label")
            setter.put(line.raw, row, column + 1, 1, 1, "value")
    return setter.grid(len(left) + 2)


def _padded(side: Sequence[Line]) -> list[Line]:
    """Blank lines before the totals, so that the totals of both sides stand on the same rows."""
    longest = max(map(len, lines()))
    blanks = [Line("", "", "")] * (longest - len(side))
    return [*side[:-3], *blanks, *side[-3:]]


def _sum(items: Sequence[tuple[str, str, str]]) -> Decimal:
    return sum((Decimal(raw) for _, _, raw in items if raw), Decimal(0))


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
