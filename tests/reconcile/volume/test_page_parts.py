"""Pages that two reports share are parted at the title; nothing of a page is lost or had twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.model import Box, Page, TextLine
from reconcile.reconciliation import volume_of
from reconcile.volume.volume_parts import parted_by_evidence
from tests.support.reconcile_grids import PROACTIVE_2021, REVIEW, WIDTH, page, table
from tests.support.volume_pages import SENTENCE, bound, heads, report, sheet, title_of

EAST, WATER = "云溪县东湖区民政局", "云溪县水利局"


def on_one_sheet() -> Page:
    """The end of one report and the beginning of the next, one below the other."""
    return page(
        1,
        "五、存在的主要问题及改进情况",
        SENTENCE,
        "六、其他需要报告的事项",
        SENTENCE,
        WATER,
        "2024年1月20日",
        title_of(EAST),
        "一、总体情况",
        SENTENCE,
        "二、主动公开政府信息情况",
        table(PROACTIVE_2021.replace("550", "777"), 1, 320),
    )


def side_by_side(left: Page, right: Page) -> Page:
    """Two pages on one twice as wide."""

    def move(box: Box) -> Box:
        return Box(box.left + WIDTH, box.top, box.right + WIDTH, box.bottom)

    lines = tuple(replace(line, box=move(line.box)) for line in right.lines)
    tables = tuple(
        replace(
            one,
            box=move(one.box),
            cells=tuple(replace(cell, box=move(cell.box), table=len(left.tables) + n) for cell in one.cells),
        )
        for n, one in enumerate(right.tables)
    )
    gutter = Box(WIDTH - 5, 0, WIDTH + 5, left.height)
    return replace(
        left,
        width=2 * WIDTH,
        lines=(*left.lines, *lines),
        tables=(*left.tables, *tables),
        gutter=gutter,
    )


def test_a_page_is_parted_at_the_title_in_its_middle() -> None:
    first, second = report(title_of(WATER)), report("", 2)
    pages = bound(first[:2], on_one_sheet(), second[1:])
    volume = volume_of(pages)
    assert heads(volume) == [(WATER, 2023, (1, 2, 3)), (EAST, 2023, (3, 4, 5))]
    licences = [
        next(value.raw for value in one.values if value.key.row == "licensing") for one in volume.reports
    ]
    assert licences == ["501", "777"]


def test_a_spread_is_parted_at_its_gutter() -> None:
    first, second = report(title_of(WATER)), report(title_of(EAST), 2)
    pages = bound(
        side_by_side(first[0], first[1]),
        side_by_side(first[2], second[0]),
        side_by_side(second[1], second[2]),
    )
    volume = volume_of(pages)
    assert heads(volume) == [(WATER, 2023, (1, 2)), (EAST, 2023, (2, 3))]
    assert [one.pages for one in volume.reports[0].tables] == [(1,), (1,), (1,)]


def test_a_page_of_one_report_alone_is_not_copied() -> None:
    pages = bound(report(title_of(WATER)), report(title_of(EAST), 2))
    parts = parted_by_evidence(pages)
    assert all(
        one is page for one, page in zip([p for r in parts.reports for p in r.pages], pages, strict=True)
    )


ORGANS = st.sampled_from([WATER, EAST, "云溪县西湖区民政局", ""])
YEARS = st.sampled_from([2022, 2023])
PIECES = st.one_of(
    st.builds(lambda organ, year: report(title_of(organ, year) if organ else ""), ORGANS, YEARS),
    st.builds(lambda organ: [sheet(organ)] if organ else [sheet()], ORGANS),
    st.just([on_one_sheet()]),
    st.just([page(1, SENTENCE, table(REVIEW, 1, 300), "六、其他需要报告的事项")]),
    st.just([side_by_side(*report(title_of(EAST))[:2])]),
)


def prints(pages: Sequence[Page]) -> Counter[tuple[int, TextLine]]:
    return Counter((one.number, line) for one in pages for line in one.lines)


def tables(pages: Sequence[Page]) -> Counter[tuple[int, Box]]:
    return Counter((one.number, each.box) for one in pages for each in one.tables)


@settings(max_examples=60)
@given(st.lists(PIECES, min_size=1, max_size=5), st.booleans())
def test_every_line_and_table_is_in_exactly_one_report_or_outside(
    pieces: list[list[Page]], backwards: bool
) -> None:
    pages = bound(*pieces)
    pages = bound(pages[::-1]) if backwards else pages
    parts = parted_by_evidence(pages)
    told = [one for report in parts.reports for one in report.pages] + list(parts.outside)
    assert prints(told) == prints(pages)
    assert tables(told) == tables(pages)
    for one in parts.reports:
        numbers = sorted(each.number for each in one.pages)
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
