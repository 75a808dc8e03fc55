"""A table printed twice: which print is in force where the document says so; two reports in one file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.accuracy.truth import Fact
from bench.cases.base import Case, Outcome
from bench.corpus.degrade import scan_pdf
from bench.corpus.short_reports import FACES, HEADINGS, ORGANS, Drawn, write
from samples.generator.typeset import Block, Heading, PageBreak

FIRST, SECOND, NEITHER = "first", "second", "neither"
# What stands above the first print, what above the second, which one is in force.
SAID = (
    ("原表", "更正后", SECOND),
    ("", "更正后", SECOND),
    ("更正前：", "更正后：", SECOND),
    ("（修订前）", "（修订后）", SECOND),
    ("原数据", "修正后数据", SECOND),
    ("", "原表数据有误，现更正如下：", SECOND),
    ("", "以此表为准", SECOND),
    ("", "修订版", SECOND),
    ("作废的原表（作废）", "", NEITHER),
    ("", "", NEITHER),
    ("", "附表", NEITHER),
    ("更正后的表格", "更正前的表格", FIRST),
    ("2023年数据", "2022年数据", FIRST),
    ("以下先列原表，后列更正后的表，以更正后的为准。", "更正后", SECOND),
)
# What stands in the heading of the section itself.
HEADED = (
    ("", "（更正后）", SECOND),
    ("（作废）", "", SECOND),
    ("（更正前）", "（更正后）", SECOND),
    ("", "", NEITHER),
)


def draw(folder: Path) -> Iterator[Case]:
    """26 documents: 18 corrections (two scanned), four with the same values again, four with two reports.

    Each of two reports in a document is a case.
    """
    for number, (above, between, said) in enumerate(SAID):
        yield _twice(folder, number, (above, between), ("", ""), said)
    for number, (first, second, said) in enumerate(HEADED, len(SAID)):
        yield _twice(folder, number, ("", ""), (first, second), said)
    for number in range(18, 22):
        yield _twice(folder, number, ("", ""), ("", ""), "")
    for number in range(22, 26):
        yield from _two_reports(folder, number)


def _twice(folder: Path, number: int, lines: tuple[str, str], ends: tuple[str, str], said: str) -> Case:
    """Two prints of table two or four; `said` is empty where both say the same."""
    table = ("proactive", "review")[number % 2]
    first = Drawn(table, "2021", number)
    key = ("licensing", "decisions") if table == "proactive" else ("cases", "review.pending")
    second = Drawn(table, "2021", number, {key: "977"} if said else {})
    blocks: list[Block] = [Heading(f"{ORGANS[number % 5]}\n2023年政府信息公开工作年度报告", 0)]
    for line, end, one in zip(lines, ends, (first, second), strict=True):
        blocks += [line] if line else []
        blocks += [Heading(HEADINGS[table] + end), one.block()]
        blocks += [PageBreak()] if one is first and number % 3 else []
    blocks += [Heading("五、存在的主要问题及改进情况"), "公开的主动性还不够，将加强培训。"]
    path = write(folder / f"twice-{number:02d}.pdf", blocks, FACES[number % 3])
    if number in (0, 3):
        digital, path = path, folder / f"twice-{number:02d}-scan.pdf"
        scan_pdf(digital, path, "grey200", seed=number)
        digital.unlink()
    truth = second.facts() if said == SECOND else first.facts()
    words = "文中未说明以何者为准" if said == NEITHER else "依文中所示" if said else "所印一致"
    return Case(path, truth, partial(_complaint, words=("印有 2 次", words)))


def _two_reports(folder: Path, number: int) -> Iterator[Case]:
    """Two reports, on two organs or two years, each with the values that it has alone."""
    years = (2023, 2023 - number % 2)
    organs = (ORGANS[number % 5], ORGANS[(number + 1) % 5] if years[0] == years[1] else ORGANS[number % 5])
    blocks: list[Block] = []
    truth: list[tuple[Fact, ...]] = []
    for organ, year in zip(organs, years, strict=True):
        own = [Drawn(table, "2021", number + year + len(organ)) for table in ("proactive", "review")]
        truth.append(sum((one.facts() for one in own), ()))
        blocks += [PageBreak()] if blocks else []
        blocks += [Heading(f"{organ}\n{year}年政府信息公开工作年度报告", 0)]
        blocks += [block for one in own for block in (Heading(HEADINGS[one.table]), one.block())]
        blocks += [Heading("五、存在的主要问题及改进情况"), "公开的主动性还不够，将加强培训。"]
    path = write(folder / f"reports-{number:02d}.pdf", blocks, FACES[number % 3])
    named = tuple(str(word) for word in (*organs, *years))
    for part, own in enumerate(truth, 1):
        yield Case(path, own, partial(_complaint, words=named), part)


def _complaint(outcome: Outcome, *, words: tuple[str, ...]) -> str:
    shown = "".join(outcome.shown.split())
    lost = [word for word in words if "".join(word.split()) not in shown]
    return f"not said: {', '.join(lost)}" if lost else ""
