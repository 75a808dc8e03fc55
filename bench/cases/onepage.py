"""A report on one page, tables three and four, in any look: what most kinds of cases are drawn with."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.accuracy.truth import Fact
from samples.generator import narrative
from samples.generator.layouts import Look
from samples.generator.reports import Sample, facts
from samples.generator.typeset import Heading, ReportSpec, TableSpec, set_report
from samples.generator.values import balanced_requests, balanced_review, printed

ORGAN, YEAR = "河源口县林业局", 2023
SHARES = (1.0, 2.6, 6.4, *[1.1] * 7)
MARGINS = (40.0, 56.0, 40.0, 56.0)


def look(**setting: object) -> Look:
    """A look of table three that leaves room for table four on its page."""
    plain: dict[str, object] = {"width": 480.0, "size": 9.0, "padding": 1.6, "shares": SHARES}
    return Look(**(plain | setting))  # type: ignore[arg-type]


def write_report(target: Path, look: Look, seed: int) -> tuple[Fact, ...]:
    """Set the report as PDF, tables drawn with `look`; return what it prints. A seed gives one report."""
    rng = np.random.default_rng(seed)
    requests = printed(balanced_requests(rng, "2021", mean=9.0, fill=0.5))
    review = printed(balanced_review(rng, mean=6.0, fill=0.7))
    # Table four has columns of its own.
    narrow = {name: getattr(look, name) for name in Look.__slots__} | {"shares": ()}
    blocks = (
        Heading(f"{ORGAN}\n{YEAR}年政府信息公开工作年度报告", 0),
        Heading(narrative.SECTIONS[2]),
        TableSpec("requests", "2021", requests, look),
        Heading(narrative.SECTIONS[3]),
        TableSpec("review", "2021", review, Look(**(narrow | {"size": 8.0}))),
    )
    title = f"{ORGAN}{YEAR}年政府信息公开工作年度报告"
    spec = ReportSpec(title, blocks, size=11.0, leading=6.0, margins=MARGINS, footer="")
    target.write_bytes(set_report(spec))
    tables = {"requests": ("2021", requests), "review": ("2021", review)}
    return tuple(facts(Sample("onepage", ORGAN, YEAR, spec, tables)))
