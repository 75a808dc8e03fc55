"""What each sample report is: its layout, its values, and the deviation it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bench.accuracy.truth import Fact
from samples.generator import narrative
from samples.generator.layouts import Look, lay_statistics
from samples.generator.typeset import Block, GridSpec, Heading, PageBreak, ReportSpec, TableSpec
from samples.generator.values import (
    Numbers,
    Printed,
    Prints,
    addresses,
    balanced_requests,
    balanced_review,
    numbers_for,
    printed,
    uniform,
)

KAI = "AR PL UKai CN"
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


def compose(
    name: str,
    organ: str,
    year: int,
    tables: Mapping[str, tuple[str, Prints]],
    prints: Mapping[str, tuple[Block, ...]],
    seed: int,
    **setting: object,
) -> Sample:
    """Put a report together: the six sections, with `prints` under the section of each table.

    `setting` goes to `ReportSpec`; the sections of tables that are not in `prints` are left out.
    """
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
    return compose("form2021", "云溪县青禾镇人民政府", 2022, tables, prints, 1)


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
    return compose("form2019", "临泽市松岭区林业和草原局", 2020, tables, prints, 2, face=KAI)


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
    return compose("blank2019", "白石区柳湾街道办事处", 2020, tables, prints, 3, size=13.0)


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
    return compose("openbreak", "江浦市交通运输局", 2023, tables, prints, 4)


def stacked() -> Sample:
    """g) Stacked headers whose characters are written row by row across the columns."""
    rng = np.random.default_rng(77)
    tables = {t: ("2021", printed(numbers_for(t, "2021", rng))) for t in TABLES}
    look = Look(size=11.0, header="interleaved", relabel=SPACED)
    prints: dict[str, tuple[Block, ...]] = {t: (_spec(t, "2021", tables[t][1], look),) for t in TABLES}
    return compose("stacked", "东屏市南岸区石桥街道", 2021, tables, prints, 5, face="AR PL SungtiL GB")


def fragment() -> Sample:
    """e) Table three as a fragment, then again in full; its tail a table with eight value columns.

    Section four is absent. Table three is all zero, so that the eighth column says nothing else.
    """
    rng = np.random.default_rng(55)
    tables = {
        "proactive": ("2019", printed(numbers_for("proactive", "2019", rng))),
        "requests": ("2019", uniform("requests", "2019", "0")),
    }
    look = Look(size=11.0, padding=3.0, side="wrapped", total_beside=True, relabel=SPACED)
    again = replace(look, shares=(1.4, 1.9, 4.8, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1))
    three = tables["requests"][1]
    prints: dict[str, tuple[Block, ...]] = {
        "proactive": (_spec("proactive", "2019", tables["proactive"][1], look, breaks=("procurement",)),),
        "requests": (
            _spec("requests", "2019", three, look, last="unable.2"),
            PageBreak(),
            _spec("requests", "2019", three, again, first="granted", last="declined.5"),
            PageBreak(),
            _spec("tail", "2019", three, look),
        ),
    }
    return compose("fragment", "北岭区松山街道办事处", 2023, tables, prints, 6, size=12.0, leading=8.0)


def displaced() -> Sample:
    """f) Side and group labels split down rows and pages, away from the rows they belong to; 社会组织."""
    rng = np.random.default_rng(66)
    tables = {t: ("2019", printed(numbers_for(t, "2019", rng))) for t in TABLES}
    look = Look(size=12.0, padding=4.0, relabel=(("社会公益组织", "社会组织"), *SPACED))
    label_rows = {
        "三、本年度办理结果": (
            *(("unable.2", part) for part in ("三、", "本")),
            *(("unable.3", part) for part in ("年", "度")),
            *(("declined.4", part) for part in ("办", "理")),
            *(("declined.5", part) for part in ("结", "果")),
        ),
        "（三）不予公开": (("refused.1", "（三）"), ("refused.2", "不予"), ("refused.2", "公开")),
        "（四）无法提供": (("unable.2", "（四）"), ("unable.3", "无法"), ("unable.3", "提供")),
        "（五）不予处理": (("declined.1", "（五）"), ("declined.2", "不予"), ("declined.3", "处理")),
    }
    scattered = replace(look, label_rows=label_rows)
    breaks = ("granted", "unable.2")
    prints: dict[str, tuple[Block, ...]] = {
        "proactive": (_spec("proactive", "2019", tables["proactive"][1], look),),
        "requests": (_spec("requests", "2019", tables["requests"][1], scattered, breaks=breaks),),
        "review": (_spec("review", "2019", tables["review"][1], look),),
    }
    return compose(
        "displaced", "北岭区安乐乡人民政府", 2023, tables, prints, 7, size=15.0, face="AR PL KaitiM GB"
    )


def mixed() -> Sample:
    """h) Tables two and four of 2021, table three of 2019, a misprinted label, two planted mistakes."""
    rng = np.random.default_rng(88)
    forms = dict(zip(TABLES, ("2021", "2019", "2021"), strict=True))
    tables = {t: (form, printed(numbers_for(t, form, rng))) for t, form in forms.items()}
    four = {"review.upheld": "7", "review.corrected": "2", "review.other": "0", "review.pending": "1"}
    tables["review"][1].update({("cases", key): Printed(n, n) for key, n in four.items()})
    for key in PLANTED["mixed"].values():
        table, row, column = key
        tables[table][1][row, column] = Printed("0", "0")
    look = Look(size=10.5, padding=4.5, shade="#d9e2f3", bold_labels=True)
    misprint = replace(look, padding=5.0, relabel=(("法律行政法规禁止公开", "法律行政法规禁公开"),))
    prints: dict[str, tuple[Block, ...]] = {
        "proactive": (_spec("proactive", "2021", tables["proactive"][1], look, open_break=True),),
        "requests": (_spec("requests", "2019", tables["requests"][1], misprint, open_break=True),),
        "review": (_spec("review", "2021", tables["review"][1], look),),
    }
    return compose("mixed", "沅清市南浦区人民政府", 2023, tables, prints, 8, face=KAI)


def onepage() -> Sample:
    """l) Nothing but a title and table three on one page; published as an image."""
    rng = np.random.default_rng(99)
    facts = {"requests": ("2021", printed(balanced_requests(rng, "2021", mean=8.0, fill=0.5)))}
    organ, year = "河源口县水利局", 2024
    title = f"{organ}{year}年政府信息公开工作年度报告"
    look = Look(width=480.0, size=10.0, padding=1.8, shares=(1.0, 2.6, 6.4, *[1.1] * 7))
    blocks: tuple[Block, ...] = (
        Heading(f"{organ}\n{year}年政府信息公开工作年度报告", 0),
        Heading(narrative.SECTIONS[2]),
        _spec("requests", "2021", facts["requests"][1], look),
    )
    return Sample(
        "onepage", organ, year, ReportSpec(title, blocks, size=12.0, margins=(56.0, 56.0, 56.0, 56.0)), facts
    )


def oldform() -> Sample:
    """m) A statistics table from before 2019: no known form, so no values by key."""
    organ, year = "云溪县青禾镇人民政府", 2016
    title = f"{organ}{year}年政府信息公开工作年度报告"
    blocks: list[Block] = [Heading(f"{organ}\n{year}年政府信息公开工作年度报告", 0)]
    blocks += [narrative.preamble(organ, year), Heading("一、概述")]
    blocks += narrative.overview(year, {}, np.random.default_rng(10))[:3]
    blocks += [
        Heading("附表：政府信息公开情况统计表"),
        GridSpec(lay_statistics(Look(size=12.0, padding=3.0))),
    ]
    return Sample("oldform", organ, year, ReportSpec(title, tuple(blocks)), {})


def facts(sample: Sample) -> Iterator[Fact]:
    """What the sample prints, in the order of the forms; nothing for a table it leaves out."""
    for table, (form, values) in sample.facts.items():
        for row, column in addresses(table, form):
            cell = values[row, column]
            yield Fact(form, table, row, column, cell.state, cell.raw, cell.value)


# What is printed wrong on purpose: relation → the key whose print is 0 instead of the sum.
PLANTED: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "mixed": {"R4": ("review", "cases", "review.total"), "R1": ("requests", "partly_granted", "total")},
}
# Opens broken/encrypted.pdf.
PASSWORD = "qinghe"
SAMPLES = (form2021, form2019, blank2019, openbreak, fragment, displaced, stacked, mixed, onepage, oldform)
