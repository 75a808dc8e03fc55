"""Labels that say another thing: columns and rows of last year, 增 for 增/减, a row without its 不."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy.truth import Fact
from bench.cases.base import Case
from bench.corpus.degrade import scan_pdf
from bench.corpus.short_reports import FACES, HEADINGS, ORGANS, Drawn, ruled, write
from samples.generator.typeset import Block, Heading, TableSpec

YEAR = 2023
# How this year and the last are called in the headers of one report.
NAMES = (("上年", "本年"), ("2022年", "2023年"), ("去年", "今年"), ("上一年度", "本年度"))
HEADERS = (("制发件数", "废止件数", ""), ("处理决定数量",), ("收费金额（单位：万元）",))
SECTIONS = (
    ("第二十条第（一）项", 0, (("regulations", "规章"), ("normative_documents", "行政规范性文件"))),
    ("第二十条第（五）项", 1, (("licensing", "行政许可"),)),
    ("第二十条第（六）项", 1, (("penalties", "行政处罚"), ("coercion", "行政强制"))),
    ("第二十条第（八）项", 2, (("fees", "行政事业性收费"),)),
)
KEYS = (("issued", "repealed", "in_force"), ("decisions",), ("amount",))
# Wordings in table three that turn a row into another one, and the row that is then not printed.
TURNED = (
    ("一、本年新收政府信息公开申请数量", "一、上年新收政府信息公开申请数量", "new"),
    ("二、上年结转政府信息公开申请数量", "二、本年结转政府信息公开申请数量", "carried_in"),
    ("四、结转下年度继续办理", "四、结转上年度继续办理", "carried_out"),
    ("1.本机关不掌握相关政府信息", "1.本机关掌握相关政府信息", "unable.1"),
    ("2.没有现成信息需要另行制作", "2.有现成信息需要另行制作", "unable.2"),
    ("4.无正当理由大量反复申请", "4.有正当理由大量反复申请", "declined.4"),
)


@dataclass(frozen=True, slots=True)
class _Variant:
    """What is set, and what of it is printed for this year."""

    blocks: tuple[Block, ...]
    truth: tuple[Fact, ...]
    year: int = YEAR


def draw(folder: Path) -> Iterator[Case]:
    """24 reports: columns of last year in 12, rows of it in 3, half a change in 3, a row turned in 6."""
    makers: list[Callable[[int], _Variant]] = []
    makers += [_both_years] * 8 + [_last_year] * 4
    makers += [_rows_of_last_year] * 3 + [_half_a_change] * 3 + [_turned_row] * 6
    for number, make in enumerate(makers):
        variant = make(number)
        title = Heading(f"{ORGANS[number % 5]}\n{variant.year}年政府信息公开工作年度报告", 0)
        path = write(folder / f"turned-{number:02d}.pdf", (title, *variant.blocks), FACES[number % 3])
        if number in (1, 9):
            digital, path = path, folder / f"turned-{number:02d}-scan.pdf"
            scan_pdf(digital, path, "grey200", seed=number)
            digital.unlink()
        yield Case(path, variant.truth)


def _both_years(number: int) -> _Variant:
    """Every column twice, last year's before this year's or behind it."""
    last, this = NAMES[number % len(NAMES)]
    order = (last, this) if number < 4 else (this, last)
    return _columns(number, order, this)


def _last_year(number: int) -> _Variant:
    """Columns of last year alone; the third of the first block, which names no year, stays."""
    last, this = NAMES[number % len(NAMES)]
    return _columns(number, (last,), this)


def _columns(number: int, names: Sequence[str], this: str) -> _Variant:
    rng = np.random.default_rng(number)
    lines: list[str] = []
    facts: list[Fact] = []
    width = 2 * len(names) + 1
    for clause, kind, rows in SECTIONS:
        columns = [(name, key) for name in names for key in zip(HEADERS[kind], KEYS[kind], strict=True)]
        columns = [(name, key) for name, key in columns if key[0]]
        columns += [("现行有效件数", ("", "in_force"))] if kind == 0 else []
        lines.append(f"{clause}" + "|<" * width)
        lines.append(_line("信息内容", [name + key[0] for name, key in columns], width))
        for row, label in rows:
            texts = [str(rng.integers(10, 900)) for _ in columns]
            lines.append(_line(label, texts, width))
            facts += [
                Fact("2021", "proactive", row, key[1], "read", text, text)
                for (name, key), text in zip(columns, texts, strict=True)
                if name in (this, "现行有效件数")
            ]
    blocks = (Heading(HEADINGS["proactive"]), ruled(lines, FACES[number % 3], (1.6, *[1.0] * width)))
    return _Variant(blocks, tuple(facts))


def _line(label: str, texts: Sequence[str], width: int) -> str:
    """A row whose cells fill the width: the first ones one column each, the last one what is left."""
    each = width // len(texts)
    spans = [each] * (len(texts) - 1)
    spans.append(width - sum(spans))
    cells = (text + "|<" * (span - 1) for text, span in zip(texts, spans, strict=True))
    return "|".join((label, *cells))


def _rows_of_last_year(number: int) -> _Variant:
    """Below each row the same one of last year."""
    drawn = Drawn("proactive", "2021", number)
    rows = ("licensing", "penalties", "fees")
    labels = {"licensing": "行政许可", "penalties": "行政处罚", "fees": "行政事业性收费"}
    said = ("{}（上年）", "上年{}", "{}（2022年）")[number % 3]
    named = {row: said.format(labels[row]) for row in rows}
    spec = drawn.block()
    values = dict(spec.values)
    for row, label in named.items():
        values |= {(label, key[1]): text for key, text in spec.values.items() if key[0] == row}
    spec = replace(spec, values=values, look=replace(spec.look, extra=named))
    return _Variant((Heading(HEADINGS["proactive"]), spec), drawn.facts())


def _half_a_change(number: int) -> _Variant:
    """本年增 or 本年减 where the form of 2019 has 本年增/减."""
    wording = ("本年增", "本年减少数量", "本年增加")[number % 3]
    drawn = Drawn("proactive", "2019", number)
    facts = tuple(fact for fact in drawn.facts() if fact.column != "change")
    blocks = (Heading(HEADINGS["proactive"]), _relabelled(drawn, ("本年增/减", wording)))
    return _Variant(blocks, facts, 2020)


def _turned_row(number: int) -> _Variant:
    """A row of table three that says the contrary of the form's."""
    old, new, row = TURNED[number % len(TURNED)]
    drawn = Drawn("requests", "2021", number)
    facts = tuple(fact for fact in drawn.facts() if fact.row != row)
    return _Variant((Heading(HEADINGS["requests"]), _relabelled(drawn, (old, new))), facts)


def _relabelled(drawn: Drawn, wording: tuple[str, str]) -> TableSpec:
    spec = drawn.block()
    return replace(spec, look=replace(spec.look, relabel=(wording,)))
