"""Pages of volumes, written as text, for the tests of `reconcile/volume` and `reconcile/mentions`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ocr.model import Box, Page, Route, Table, TextLine
from reconcile.model import Volume
from tests.support.reconcile_grids import (
    HEIGHT,
    LEFT,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    RIGHT,
    WIDTH,
    balanced,
    page,
    requests,
    table,
)

Item = str | Table
TITLE = "{organ}{year}年政府信息公开工作年度报告"
SENTENCE = "本机关坚持以公开为常态、不公开为例外，各项工作平稳有序。"


def title_of(organ: str, year: int = 2023) -> str:
    return TITLE.format(organ=organ, year=year)


def report(title: str, seed: int = 1, *extra: str) -> list[Page]:
    """A whole report on three pages, its values drawn from the seed; numbered from 1, as if alone."""
    values = balanced("2021", [[seed, 0, 2, 0, 0, 3], [0, 4, 0, seed, 1, 0]])
    two = PROACTIVE_2021.replace("550", str(500 + seed)).replace("195", str(190 + seed))
    head = [title] if title else []
    first = page(
        1,
        *head,
        "一、总体情况",
        SENTENCE,
        "二、主动公开政府信息情况",
        table(two, 1, 150),
    )
    second = page(
        2,
        "三、收到和处理政府信息公开申请情况",
        table(requests("2021", values), 2, 90, REQUEST_WIDTHS),
        "四、政府信息公开行政复议、行政诉讼情况",
        table(REVIEW, 2, 720),
    )
    third = page(3, "五、存在的主要问题及改进情况", SENTENCE, "六、其他需要报告的事项", SENTENCE, *extra)
    return [first, second, third]


def sheet(*lines: str, top: float = 300.0) -> Page:
    """A page with a few lines in the middle: a cover, a separator, or nothing at all."""
    texts = tuple(
        TextLine(text, Box(LEFT, top + 40 * n, RIGHT, top + 40 * n + 24), 1.0, "text")
        for n, text in enumerate(lines)
    )
    return Page(1, WIDTH, HEIGHT, Route.DIGITAL if texts else Route.BLANK, texts, (), "text", 0.0)


def bound(*parts: Page | Sequence[Page]) -> list[Page]:
    """All pages one behind the other, numbered from 1."""
    pages: Iterable[Page] = (one for part in parts for one in ([part] if isinstance(part, Page) else part))
    return [renumbered(one, number) for number, one in enumerate(pages, 1)]


def renumbered(one: Page, number: int) -> Page:
    tables = tuple(
        replace(each, page=number, cells=tuple(replace(cell, page=number) for cell in each.cells))
        for each in one.tables
    )
    return replace(one, number=number, tables=tables)


def numbered_at_foot(one: Page, text: str) -> Page:
    """The page with a line at its foot."""
    line = TextLine(text, Box(280, HEIGHT - 32, 310, HEIGHT - 22), 1.0, "text")
    return replace(one, lines=(*one.lines, line))


def headed(one: Page, text: str) -> Page:
    """The page with a running head."""
    line = TextLine(text, Box(LEFT, 30, RIGHT, 42), 1.0, "text")
    return replace(one, lines=(line, *one.lines))


def heads(volume: Volume) -> list[tuple[str, int | None, tuple[int, ...]]]:
    """Organ, year and pages of every report."""
    return [(one.organ, one.year, one.pages) for one in volume.reports]
