"""Two pages on one stored page: the left one is read first, and a table goes on from it to the right one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bench.accuracy.text import plain
from bench.corpus.spread import spread_pdf
from ocr.engine.base import Engine
from ocr.model import Box, Cell, Page, Route, Table, TextLine
from ocr.reader import read_document
from ocr.text.page_gutter import find_page_gutter
from ocr.text.reading_order import in_reading_order
from reconcile.matching.printed_tables import continues, parts_of
from tests.support.reconcile_grids import HEIGHT, WIDTH
from tests.support.typeset_pages import lying, needs_fonts, ruled, write_page

LEFT_PAGE = [Box(80, top, 520, top + 14) for top in (100, 130, 160)]
RIGHT_PAGE = [Box(680, top, 1100, top + 14) for top in (90, 120, 150)]


def test_the_gutter_lies_between_two_pages() -> None:
    assert find_page_gutter(LEFT_PAGE + RIGHT_PAGE, 2 * WIDTH, HEIGHT) == pytest.approx(600)


@pytest.mark.parametrize(
    ("boxes", "width"),
    [
        (LEFT_PAGE + RIGHT_PAGE, WIDTH),
        ([*LEFT_PAGE, *RIGHT_PAGE, Box(300, 40, 900, 60)], 2 * WIDTH),
        (LEFT_PAGE, 2 * WIDTH),
        ([], 2 * WIDTH),
    ],
    ids=["upright page", "a line runs across", "one page only", "blank"],
)
def test_other_pages_have_no_gutter(boxes: list[Box], width: float) -> None:
    assert find_page_gutter(boxes, width, HEIGHT) is None


def test_the_left_page_is_read_first_but_in_vertical_print() -> None:
    lines = [TextLine(text, box, 1.0, "") for text, box in zip("defabc", RIGHT_PAGE + LEFT_PAGE, strict=True)]
    assert "".join(line.text for line in in_reading_order(lines, [], gutter=600)) == "abcdef"
    standing = [
        TextLine("b", Box(100, 80, 112, 500), 1.0, "", vertical=True),
        TextLine("a", Box(700, 80, 712, 500), 1.0, "", vertical=True),
    ]
    assert "".join(line.text for line in in_reading_order(standing, [], gutter=600)) == "ab"


def table(left: float, top: float, bottom: float) -> Table:
    cells = tuple(
        Cell(0, n, 1, 1, "", Box(left + 100 * n, top, left + 100 * n + 100, bottom), 1.0, 1, "", False)
        for n in range(4)
    )
    return Table(1, Box(left, top, left + 400, bottom), 1, 4, cells)


def spread(*tables: Table, line: TextLine | None = None, gutter: float | None = WIDTH) -> Page:
    fold = gutter and Box(gutter, HEIGHT / 2, gutter, HEIGHT / 2)
    lines = (line,) if line else ()
    return Page(1, 2 * WIDTH, HEIGHT, Route.SCANNED, lines, tables, "", 0.0, gutter=fold or None)


def test_a_table_goes_on_from_the_left_page_to_the_right_one() -> None:
    parts = parts_of([spread(table(700, 80, 300), table(90, 400, 750))])
    assert [part.table.box.left for part in parts] == [90, 700]
    assert continues(*parts)


def test_print_between_the_two_parts_ends_the_table() -> None:
    below = TextLine("以上数据已核对", Box(100, 760, 300, 775), 1.0, "")
    assert not continues(*parts_of([spread(table(90, 400, 750), table(700, 80, 300), line=below)]))


def test_tables_side_by_side_on_one_page_are_two() -> None:
    assert not continues(*parts_of([spread(table(90, 80, 300), table(700, 80, 300), gutter=None)]))


def test_a_table_goes_on_from_the_right_page_to_the_next_one() -> None:
    after = replace(spread(table(90, 80, 300), gutter=None), number=2, width=WIDTH)
    first = parts_of([spread(table(90, 80, 300), table(700, 80, 750)), after])
    assert [continues(*pair) for pair in pairwise(first)] == [True, True]
    left_only = parts_of([spread(table(90, 80, 750)), after])
    assert not continues(*left_only)


@needs_fonts
@pytest.mark.parametrize("quarters", [0, 1])
def test_a_book_scanned_open(tmp_path: Path, engine: Engine, quarters: int) -> None:
    rows = [["予以公开", "3", "5"], ["不予公开", "2", "4"]]
    texts = (["一、总体情况", "本年度工作有序开展。"], ["二、主动公开", "信息及时更新发布。"])
    pages = [
        [lying(heading, 80, 80, 16), lying(body, 100, 120, 14), ruled(rows, 80, 200, 120, 50)]
        for heading, body in texts
    ]
    numbered = [[*marks, lying(f"- {n} -", 280, 780)] for n, marks in enumerate(pages, 1)]
    write_page(tmp_path / "book.pdf", ["#pagebreak()\n".join(map("".join, numbered))])
    spread_pdf(tmp_path / "book.pdf", tmp_path / "spread.pdf", 4, quarters=quarters)
    (page,) = read_document(tmp_path / "spread.pdf", engine)
    assert page.gutter is not None
    cells = "".join(map("".join, rows))
    assert plain(page.text) == plain("".join(f"{a}{b}{cells}-{n + 1}-" for n, (a, b) in enumerate(texts)))
