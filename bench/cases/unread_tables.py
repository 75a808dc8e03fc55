"""Reports of which some tables, or all, cannot be read: missing where announced, else not printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from bench.cases.base import Case, Check, Outcome
from bench.corpus.degrade import scan_pdf
from bench.corpus.short_reports import FACES, HEADINGS, ORGANS, Drawn, write
from samples.generator.typeset import Block, Heading
from samples.generator.values import addresses

# What stands where a table should: nothing, a hint, or its contents as text.
INSTEAD: tuple[tuple[str, ...], ...] = (
    (),
    ("（见下图）",),
    ("表格见附件。",),
    ("本年度收到申请3件，均已答复。",),
    ("图1",),
)
# Which tables are printed, and which headings beside theirs.
KEPT: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((), ("proactive", "requests", "review")),
    ((), ()),
    ((), ("requests",)),
    (("proactive",), ("requests", "review")),
    (("review",), ("proactive", "requests")),
    (("proactive",), ("review",)),
    (("proactive", "review"), ()),
    (("proactive",), ()),
)
SCANNED = (4, 11, 18, 22)


def draw(folder: Path) -> Iterator[Case]:
    """24 reports on 2019 to 2025, four of them scanned."""
    for number in range(24):
        kept, headed = KEPT[number % len(KEPT)]
        year = 2019 + number % 7
        form = "2019" if year < 2021 else "2021"
        drawn = {table: Drawn(table, form, 100 * number + n) for n, table in enumerate(kept)}
        face = FACES[number % len(FACES)]
        blocks: list[Block] = [Heading(f"{ORGANS[number % 5]}\n{year}年政府信息公开工作年度报告", 0)]
        blocks += [Heading("一、总体情况"), "本机关按要求公开政府信息，各项工作平稳有序。"]
        for table, heading in HEADINGS.items():
            if table in kept:
                blocks += [Heading(heading), drawn[table].block(face)]
            elif table in headed:
                blocks += [Heading(heading), *INSTEAD[number % len(INSTEAD)]]
        blocks += [Heading("五、存在的主要问题及改进情况"), "公开的主动性还不够，将加强培训。"]
        target = write(folder / f"unread-{number:02d}.pdf", blocks, face)
        if number in SCANNED:
            digital, target = target, folder / f"unread-{number:02d}-scan.pdf"
            scan_pdf(digital, target, "grey200", seed=number)
            digital.unlink()
        lost = [table for table in HEADINGS if table not in kept and (table in headed or not kept)]
        yield Case(target, sum((one.facts() for one in drawn.values()), ()), _check(form, kept, lost))


def _check(form: str, kept: Sequence[str], lost: Sequence[str]) -> Check:
    expected = {table: len(addresses(table, form)) for table in lost}
    return partial(_complaint, expected=expected, absent=len(HEADINGS) - len(kept) - len(lost))


def _complaint(outcome: Outcome, *, expected: dict[str, int], absent: int) -> str:
    missing = [row["table"] for row in outcome.facts if row["state"] == "missing"]
    found = {table: missing.count(table) for table in dict.fromkeys(missing)}
    said = outcome.shown.count("报告未设")
    if found != expected:
        return f"missing are {found}, not {expected}"
    return "" if said == absent else f"报告未设 is said {said} times, not {absent}"
