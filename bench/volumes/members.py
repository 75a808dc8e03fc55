"""The reports that volumes are made of: those of the corpus, set anew with an organ, a year and a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import pypdfium2 as pdfium

from bench.accuracy.truth import Fact
from bench.corpus.build import ROOT, half_of
from bench.corpus.specimens import N_REPORTS, specimen
from samples.generator.reports import Sample, facts
from samples.generator.typeset import Block, Heading, ReportSpec, set_report

NUMBERS = tuple(n for n in range(1, N_REPORTS + 1) if half_of(f"report-{n:02d}") == "dev")
TITLES = (
    "{organ}\n{year}年政府信息公开工作年度报告",
    "{organ}{year}年政府信息公开工作年度报告",
    "{year}年{organ}政府信息公开工作年度报告",
    "{organ}政府信息公开工作年度报告\n（{year}年度）",
)
SPOILT = "口{year}年政麻信息公廾工作年度报告"


@dataclass(frozen=True, slots=True)
class Member:
    """A report that is set as a PDF; `title` is what is printed over it."""

    organ: str
    year: int
    title: str
    pdf: Path
    facts: tuple[Fact, ...]
    spec: ReportSpec

    @property
    def n_pages(self) -> int:
        return pages_in(self.pdf)


@cache
def pages_in(pdf: Path) -> int:
    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def member(
    number: int, organ: str = "", year: int = 0, title: str = TITLES[0], footer: str = "- 1 -"
) -> Member:
    """The report of a number of the corpus, by another organ and on another year if they are given.

    A `title` that is empty leaves it out.
    """
    sample = specimen(number).sample
    organ, year = organ or sample.organ, year or sample.year
    printed = title.format(organ=organ, year=year)
    blocks = [_renamed(block, sample, organ, year) for block in sample.spec.blocks[1:]]
    head: list[Block] = [Heading(printed, 0)] if printed else []
    spec = replace(sample.spec, title=f"{organ}{year}", blocks=(*head, *blocks), footer=footer)
    return Member(organ, year, printed.replace("\n", ""), _set(spec), tuple(facts(sample)), spec)


def _renamed(block: Block, sample: Sample, organ: str, year: int) -> Block:
    if isinstance(block, str):
        return block.replace(sample.organ, organ).replace(f"{sample.year}年", f"{year}年")
    return block


def _set(spec: ReportSpec) -> Path:
    """Set a report, or take it from where it was left."""
    path = folder() / f"{sha256(repr(spec).encode()).hexdigest()[:16]}.pdf"
    if not path.exists():
        path.write_bytes(set_report(spec))
    return path


def set_together(members: Sequence[Member]) -> Path:
    """Set reports one below the other, each beginning on the page on which the one before ends."""
    first = members[0].spec
    blocks = tuple(block for one in members for block in one.spec.blocks)
    return _set(replace(first, blocks=blocks))


def folder() -> Path:
    """Where reports that were set are kept."""
    place = ROOT / "build" / "volumes"
    place.mkdir(parents=True, exist_ok=True)
    return place
