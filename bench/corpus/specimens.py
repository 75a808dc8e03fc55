"""The reports of the corpus before they are damaged: each drawn from its number, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

import numpy as np

from samples.generator.layouts import Look
from samples.generator.reports import TABLES, Sample, compose
from samples.generator.typeset import A4, Block, PageBreak, TableSpec
from samples.generator.values import (
    Numbers,
    Printed,
    Prints,
    balanced_requests,
    balanced_review,
    plausible_proactive,
    printed,
    uniform,
)

N_REPORTS = 48
FACES = (
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "AR PL UKai CN",
    "AR PL SungtiL GB",
    "AR PL UMing CN",
    "AR PL KaitiM GB",
)
FIGURES = (
    "Libertinus Serif",
    "Noto Serif CJK SC",
    "DejaVu Sans Mono",
    "Noto Sans CJK SC",
    "New Computer Modern",
    "DejaVu Serif",
    "AR PL UMing CN",
)
SHADES = ("", "", "#c6d9f0", "#d9e2f3", "#e2efd9", "#d9d9d9", "#fbe4d5")
FORMS = (
    ("2021", "2021", "2021"),
    ("2019", "2019", "2019"),
    ("2021", "2019", "2021"),
    ("2021", "2021", "2021"),
    ("2019", "2019", "2019"),
    ("2019", "2021", "2019"),
)
ORGANS = ("人民政府", "财政局", "街道办事处", "乡人民政府", "水利局", "教育体育局", "民政局", "自然资源局")
PLACES = ("云溪县", "临泽市", "白石区", "江浦市", "东屏县", "北岭区", "沅清市", "河源口县", "石门塘镇")
DASHES = ("/", "-", "—", "--", "无", "不涉及", "不适用")
WORDINGS = (
    (("社会公益组织", "社会组织"),),
    (("对外公开总数量", "对外公开总量"), ("行政规范性文件", "规范性文件")),
    tuple((f"{n}.", f"{n}、") for n in range(1, 9)),
    tuple((f"{n}.", f"{n}. ") for n in range(1, 9)),
    (("（", "("), ("）", ")")),
    (("二十条第", "二十条 第"),),
    (("其他法律行政法规禁止公开", "其他法律行政止公开"),),
)
WIDE = (0.8, 2.2, 3.2, 1.5, 1.4, 1.4, 1.4, 1.4, 1.4, 1.6)  # room for six digits in table three
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Scale:
    """How large an organ is: mean counts of a leaf of table three, of table four and of table two."""

    name: str
    requests: float
    review: float
    proactive: float


SCALES = (
    Scale("village", 0, 0, 0),
    Scale("township", 3, 1, 20),
    Scale("county", 14, 4, 300),
    Scale("city", 220, 30, 4_000),
    Scale("province", 24_000, 600, 90_000),
    Scale("blank", 0, 0, 0),
)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A report to be set and the keys (table, row, column) at which its arithmetic is wrong on purpose."""

    sample: Sample
    planted: tuple[tuple[str, str, str], ...]


def specimen(number: int) -> Specimen:
    """The report of that number, from 1 to `N_REPORTS`; the same number gives the same report."""
    rng = np.random.default_rng(1000 + number)
    scale = SCALES[number % len(SCALES)]
    forms = dict(zip(TABLES, FORMS[number // len(SCALES) % len(FORMS)], strict=True))
    if number % 7 == 3:
        del forms["review"]
    numbers = {table: _numbers(table, form, scale, rng) for table, form in forms.items()}
    planted = _plant(numbers, rng) if number % 3 == 1 and scale.requests else ()
    facts = {table: (form, _prints(table, form, numbers[table], scale, rng)) for table, form in forms.items()}
    look = _look(scale, rng)
    extra = _extra(rng) if number % 8 == 5 else {}
    look = replace(look, extra=extra)
    blocks = {table: _table(table, facts[table], look, number, rng) for table in forms}
    return Specimen(_compose(number, facts, blocks, look, rng), planted)


def _numbers(table: str, form: str, scale: Scale, rng: np.random.Generator) -> Numbers:
    if table == "proactive":
        return plausible_proactive(rng, form, scale.proactive)
    if table == "requests":
        return balanced_requests(rng, form, scale.requests, float(rng.uniform(0.3, 0.8)))
    return balanced_review(rng, scale.review)


def _plant(numbers: Mapping[str, Numbers], rng: np.random.Generator) -> tuple[tuple[str, str, str], ...]:
    """Print one sum wrong: a row's 总计 in table three, or one of table four where there is one."""
    choices = [("requests", row, "total") for row in ("granted", "new", "partly_granted")]
    if "review" in numbers:
        choices += [("review", "cases", f"{phase}.total") for phase in ("review", "direct")]
    table, row, column = _pick(choices, rng)
    right = numbers[table][row, column]
    wrong = Decimal(0) if right and rng.random() < 0.3 else right + int(rng.integers(1, 9))
    numbers[table][row, column] = wrong
    return ((table, row, column),)


def _prints(table: str, form: str, numbers: Numbers, scale: Scale, rng: np.random.Generator) -> Prints:
    """How the numbers are printed: idle organs print one thing everywhere, others mix."""
    if scale.name == "blank":
        return uniform(table, form, _pick(("", "", "0", *DASHES[:4]), rng))
    if scale.name == "village":
        return uniform(table, form, _pick(("0", "0", ""), rng))
    prints = printed(numbers, thousands=scale.proactive > 100 and rng.random() < 0.5)
    if table == "proactive":
        return prints | _dashed_rows(prints, rng) | _units(prints, rng)
    if rng.random() < 0.25:
        return {key: Printed("") if cell.value == "0" else cell for key, cell in prints.items()}
    return prints


def _dashed_rows(prints: Prints, rng: np.random.Generator) -> Prints:
    """Rows for powers that the organ does not have: a dash or nothing."""
    rows = [row for row in ("coercion", "regulations", "licensing") if rng.random() < 0.35]
    mark = _pick((*DASHES, ""), rng)
    return {key: Printed(mark) for key in prints if key[0] in rows}


def _units(prints: Prints, rng: np.random.Generator) -> Prints:
    if rng.random() < 0.5:
        return {}
    unit = _pick(("元", "万元"), rng)
    amounts = {key: cell for key, cell in prints.items() if key[1] == "amount"}
    return {key: Printed(cell.raw + unit, cell.value) for key, cell in amounts.items()}


def _look(scale: Scale, rng: np.random.Generator) -> Look:
    large = scale.requests > 1000
    size = float(rng.integers(18, 22 if large else 33)) / 2
    return Look(
        width=float(rng.integers(480, 500) if large else rng.integers(430, 490)),
        size=size,
        padding=float(rng.integers(4, 8 if large else 13)) / 2,
        header=_pick(("wrapped", "wrapped", "stacked", "interleaved"), rng),
        side=_pick(("stacked", "wrapped"), rng),
        shade=_pick(SHADES, rng),
        rule=_pick((0.3, 0.5, 0.5, 0.75, 1.0, 1.5), rng),
        frame=_pick((0.5, 0.75, 1.2, 2.0), rng),
        face=_pick(FACES, rng),
        digits=_pick(FIGURES, rng),
        bold_labels=rng.random() < 0.3,
        total_beside=rng.random() < 0.5,
        relabel=tuple(pair for pairs in WORDINGS if rng.random() < 0.25 for pair in pairs),
        cut_rows=rng.random() < 0.4,
        run_on=True,
    )


def _extra(rng: np.random.Generator) -> dict[str, str]:
    """Rows that a province adds, by the row they stand below."""
    rows = (("penalties", "行政检查"), ("new", "其中：通过互联网平台收到的申请数量"))
    return dict(rows if rng.random() < 0.5 else rows[:1])


def _table(
    table: str, fact: tuple[str, Prints], look: Look, number: int, rng: np.random.Generator
) -> tuple[Block, ...]:
    form, prints = fact
    prints = prints | _extra_values(prints, look, rng)
    if table == "requests":
        look = _fitted(look, max(len(cell.raw) for cell in prints.values()))
    open_break = bool(rng.random() < 0.5)
    whole = TableSpec(table, form, prints, look, open_break=open_break)
    if table == "requests" and number % 12 == 5:
        return replace(whole, last="unable.2"), PageBreak(), whole
    if table == "review" and number % 9 == 4:
        return (replace(whole, breaks=("cases",)),)
    return (whole,)


def _fitted(look: Look, longest: int) -> Look:
    """Wider value columns and smaller print where numbers are long, as a typist would do."""
    if longest <= 4:
        return look
    room = look.width * min(WIDE[3:]) / sum(WIDE) - 2 * look.padding
    return replace(look, shares=WIDE, size=min(look.size, room / (0.6 * longest)))


def _extra_values(prints: Prints, look: Look, rng: np.random.Generator) -> Prints:
    """Values of the added rows: numbers of the size of the row above them."""
    return {
        (look.extra[row], column): Printed(str(n := int(rng.integers(0, 40))), str(n))
        for row, column in prints
        if row in look.extra
    }


def _compose(
    number: int,
    facts: Mapping[str, tuple[str, Prints]],
    blocks: Mapping[str, tuple[Block, ...]],
    look: Look,
    rng: np.random.Generator,
) -> Sample:
    organ = PLACES[number % len(PLACES)] + ORGANS[number // len(PLACES) % len(ORGANS)]
    side = min(82.0, (A4[0] - look.width) / 2 - 4)
    return compose(
        f"report-{number:02d}",
        organ,
        2019 + number % 7,
        facts,
        blocks,
        number,
        size=float(rng.integers(21, 33)) / 2,
        face=_pick(FACES, rng),
        heading_face=_pick(("Noto Sans CJK SC", "Noto Serif CJK SC", "AR PL UKai CN"), rng),
        leading=float(rng.integers(6, 13)),
        margins=(72.0, side, 72.0, side),
    )


def _pick(choices: tuple[Choice, ...] | list[Choice], rng: np.random.Generator) -> Choice:
    return choices[int(rng.integers(len(choices)))]
