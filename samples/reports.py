"""What each sample report is: its layout, its values, and the deviation it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from samples import narrative
from samples.layouts import Look
from samples.typeset import Block, Heading, PageBreak, ReportSpec, TableSpec
from samples.values import (
    Numbers,
    Printed,
    Prints,
    balanced_requests,
    balanced_review,
    numbers_for,
    printed,
    uniform,
)

KAI, SONG, HEI = "AR PL UKai CN", "Noto Serif CJK SC", "Noto Sans CJK SC"
SPACED = tuple((f"{n}.", f"{n}. ") for n in range(1, 9))
TABLES = ("proactive", "requests", "review")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample report and the facts printed in it: by table, its form and its values."""

    name: str
    organ: str
    year: int
    spec: ReportSpec
    facts: Mapping[str, tuple[str, Prints]]


def _report(
    name: str,
    organ: str,
    year: int,
    tables: Mapping[str, tuple[str, Prints]],
    prints: Mapping[str, tuple[Block, ...]],
    seed: int,
    **setting: object,
) -> Sample:
    """Put a report together: the six sections, with `prints` under the section of each table."""
    rng = np.random.default_rng(seed)
    title = f"{organ}{year}年政府信息公开工作年度报告"
    values = {table: facts for table, (_, facts) in tables.items()}
    blocks: list[Block] = [
        Heading(f"{organ}\n{year}年政府信息公开工作年度报告", 0),
        narrative.preamble(organ, year),
    ]
    blocks += [Heading(narrative.SECTIONS[0]), *narrative.overview(year, values, rng)]
    for table, heading in zip(TABLES, narrative.SECTIONS[1:4], strict=True):
        if table in prints:
            blocks += [Heading(heading), *prints[table]]
    blocks += [Heading(narrative.SECTIONS[4]), *narrative.problems(rng)]
    blocks += [Heading(narrative.SECTIONS[5]), *narrative.remarks()]
    return Sample(name, organ, year, ReportSpec(title, tuple(blocks), **setting), tables)  # type: ignore[arg-type]


def _spec(table: str, form: str, values: Prints, look: Look, **rest: object) -> TableSpec:
    return TableSpec(table, form, values, look, **rest)  # type: ignore[arg-type]


def form2021() -> Sample:
    """a) The 2021 form with values of several digits and a decimal fee."""
    rng = np.random.default_rng(2021)
    two: Numbers = numbers_for("proactive", "2021", rng)
    three = balanced_requests(rng, "2021", mean=14.0, fill=0.5)
    four = balanced_review(rng, mean=6.0)
    tables = {t: ("2021", printed(n)) for t, n in zip(TABLES, (two, three, four), strict=True)}
    look = Look(size=10.0, shade="#c6d9f0")
    prints = {t: (_spec(t, "2021", tables[t][1], look),) for t in TABLES}
    return _report("form2021", "云溪县青禾镇人民政府", 2022, tables, prints, 1)


def form2019() -> Sample:
    """b) The 2019 form: negative change, thousands separators, a unit in a cell, "/" for no power."""
    rng = np.random.default_rng(2019)
    two = printed(numbers_for("proactive", "2019", rng), thousands=True)
    two["licensing", "decisions"] = Printed("12,408", "12408")
    two["penalties", "decisions"] = Printed("1,236", "1236")
    two["licensing", "change"] = Printed("-12", "-12")
    two["other_services", "change"] = Printed("-3", "-3")
    two["procurement", "amount"] = Printed("251000元", "251000")
    two |= {("coercion", column): Printed("/") for column in ("prior_items", "change", "decisions")}
    two |= {("regulations", column): Printed("/") for column in ("produced", "published", "total_published")}
    three = printed(balanced_requests(rng, "2019", mean=9.0, fill=0.45))
    four = printed(balanced_review(rng, mean=3.0))
    tables = {t: ("2019", n) for t, n in zip(TABLES, (two, three, four), strict=True)}
    look = Look(size=10.5, face=KAI, total_beside=True, frame=1.2)
    prints = {t: (_spec(t, "2019", tables[t][1], look),) for t in TABLES}
    return _report("form2019", "临泽市松岭区林业和草原局", 2020, tables, prints, 2, face=KAI)


def blank2019() -> Sample:
    """c) A 2019 form left blank: narrow label cells, table three over four pages, a row cut in two."""
    tables = {t: ("2019", uniform(t, "2019", "")) for t in TABLES}
    look = Look(
        size=15.0,
        padding=6.0,
        header="stacked",
        side="wrapped",
        total_beside=True,
        relabel=(("对外公开总数量", "对外公开总量"), *SPACED),
    )
    narrow = replace(look, shares=(1.9, 2.5, 2.3, 1, 1, 1, 1, 1, 1, 1))
    prints: dict[str, tuple[Block, ...]] = {
        "proactive": (_spec("proactive", "2019", tables["proactive"][1], look, breaks=("other_services",)),),
        "requests": (
            PageBreak(),
            "本年度，本机关未收到政府信息公开申请。",
            _spec(
                "requests",
                "2019",
                tables["requests"][1],
                narrow,
                breaks=("refused.3", "unable.1"),
                cuts={"declined.2": 1},
            ),
        ),
        "review": (_spec("review", "2019", tables["review"][1], look),),
    }
    return _report("blank2019", "白石区柳湾街道办事处", 2020, tables, prints, 3, size=13.0)


def openbreak() -> Sample:
    """d) Table three over a page break, no rule at the break (as word processors leave it)."""
    rng = np.random.default_rng(404)
    tables = {t: ("2021", printed(numbers_for(t, "2021", rng))) for t in TABLES}
    look = Look(size=10.5, padding=3.5)
    prints: dict[str, tuple[Block, ...]] = {
        "proactive": (_spec("proactive", "2021", tables["proactive"][1], look),),
        "requests": (_spec("requests", "2021", tables["requests"][1], look, open_break=True),),
        "review": (_spec("review", "2021", tables["review"][1], look),),
    }
    return _report("openbreak", "江浦市交通运输局", 2023, tables, prints, 4)


def stacked() -> Sample:
    """g) Stacked headers whose characters are written row by row across the columns."""
    rng = np.random.default_rng(77)
    tables = {t: ("2021", printed(numbers_for(t, "2021", rng))) for t in TABLES}
    look = Look(size=11.0, header="interleaved", relabel=SPACED)
    prints: dict[str, tuple[Block, ...]] = {t: (_spec(t, "2021", tables[t][1], look),) for t in TABLES}
    return _report("stacked", "东屏市南岸区石桥街道", 2021, tables, prints, 5, face="AR PL SungtiL GB")


SAMPLES = (form2021, form2019, blank2019, openbreak, stacked)
