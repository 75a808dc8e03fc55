"""Pages taken apart: lines, tables and pictures as a browser shows them."""

from __future__ import annotations

import pytest
from hypothesis import given

from ocr.html.block_builder import content_of
from ocr.html.blocks import Paragraph, Picture
from tests.support.markup import CellAt, grids, tables, texts


def test_scripts_styles_and_hidden_elements_print_nothing() -> None:
    markup = """<style>.a, td.b {display: none} #c{display:none} @media print { .d {display:none} }</style>
    <script>document.write('<p>no</p>')</script><noscript>no</noscript><template><p>no</p></template>
    <p class="a">no</p><p id="c">no</p><p hidden>no</p>
    <div style="DISPLAY: none"><p>no<table><tr><td>no</table></div>
    <p style="visibility:hidden">no</p><nav>no</nav><input type="hidden" value="no"><textarea>yes</textarea>
    <!--[if gte mso 9]><p>no</p><![endif]--><p class="d e">yes</p><p>yes<o:p></o:p></p>"""
    assert texts(markup) == ["yes", "yes", "yes"]


def test_cells_that_are_not_displayed_take_no_place_and_invisible_ones_are_blank() -> None:
    markup = """<table><tr><td>a<td style="display:none">9<td>b</tr>
    <tr><td>1<td style="visibility: hidden">2</table>"""
    assert tables(markup) == [[(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "1"), (1, 1, 1, 1, "")]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("&nbsp;", ""),
        ("　 \u200b", ""),
        ("0", "0"),
        ("/", "/"),
        ("１２", "１２"),
        ("<p>&nbsp;7&nbsp;</p>", "7"),
        ("<p>行政</p><p>复议</p>", "行政复议"),
        ("行<br>政\n许\r\n  可", "行政许可"),
        ("1<br>2", "1 2"),
        ("—<br>5", "— 5"),
        ("１<br>２", "１ ２"),
        ("<p>2.</p>重复申请", "2.重复申请"),
        ("1,<span>204</span>", "1,204"),
        ("<input value='8'>", "8"),
        ("<input type=checkbox value=1>", ""),
        ("<select><option>无<option selected>有</select>", "有"),
        ("<select><option>无<option>有</select>", "无"),
        ("<table><tr><td><p>6</table>", "6"),
        ("<pre>3\n4</pre>", "3 4"),
        ("a <b>b</b>c", "a bc"),
    ],
)
def test_a_cell_holds_what_a_browser_shows(cell: str, text: str) -> None:
    ((first, _),) = tables(f"<table><tr><td>{cell}</td><td>end</td></tr></table>")
    assert first[4] == text


def test_head_bodies_and_foot_are_shown_in_their_order() -> None:
    markup = """<table><tfoot><tr><td>f<td>F</tfoot><tr><td>b<td>B<thead><tr><td>h<td>H</thead></table>"""
    assert [cell[4] for cell in tables(markup)[0]] == ["h", "H", "b", "B", "f", "F"]


@pytest.mark.parametrize(
    ("markup", "cells"),
    [
        # too far: ends with the table, or before a cell from above
        ("<tr><td rowspan=9>a<td>b<tr><td>c", [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "c")]),
        (
            "<tr><td>a<td>b<tr><td colspan=999999999>c",
            [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 2, "c")],
        ),
        (
            "<tr><td>a<td rowspan=2>b<tr><td colspan=2>c",
            [(0, 0, 1, 1, "a"), (0, 1, 2, 1, "b"), (1, 0, 1, 1, "c")],
        ),
        # 0, words and negatives
        (
            "<tr><td rowspan=0>a<td colspan=0>b<tr><td>c",
            [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "c")],
        ),
        ("<tr><td rowspan=x>a<td colspan=-3>b", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b")]),
        # rows without cells are none; a missing cell stays missing
        ("<tr><td>a<td>b<tr></tr><tr><td>c", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c")]),
        # neither rows nor ends are marked
        (
            "<td>a<td>b<tr><td>c<td>d",
            [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")],
        ),
    ],
)  # fmt: skip
def test_spans_that_are_wrong_are_laid_out_as_browsers_do(
    markup: str, cells: list[tuple[int, int, int, int, str]]
) -> None:
    assert tables(f"<table>{markup}</table>") == [cells]


def test_of_nested_tables_only_the_innermost_is_data_and_the_text_around_it_is_body_text() -> None:
    markup = """<table><tr><td>menu<td><table><tr><td><p>above</p>
    <table><tr><td>a<td>1<tr><td>b<td>2</table><p>below</p></table></table>"""
    blocks = content_of(markup).blocks
    assert [b.text if isinstance(b, Paragraph) else "table" for b in blocks] == [
        "menu",
        "above",
        "table",
        "below",
    ]


def test_a_table_of_data_keeps_its_rows_though_one_cell_holds_a_table() -> None:
    rows = "".join(f"<tr><td>{n}<td>1<td>2<td>3" for n in range(6))
    inner = "<table><tr><td>4<td>5</table>"
    ((*_, last),) = tables(f"<table>{rows}<tr><td>x<td>y<td>z<td>{inner}</table>")
    assert last == (6, 3, 1, 1, "4 5")
    (grid,) = content_of(f"<table>{rows}<tr><td>x<td>y<td>z<td>{inner}</table>").blocks
    assert [cell.text for cell in grid.cells if cell.doubted] == ["4 5"]


def test_an_article_in_a_layout_cell_is_body_text() -> None:
    article = "".join(f"<p>{'第一段文字说明情况。' * 9}</p>" for _ in range(4))
    assert len(texts(f"<table><tr><td>侧栏<td>{article}</table>")) == 5


@given(grids())
def test_a_grid_set_as_markup_reads_back_as_the_grid(
    made: tuple[list[CellAt], str],
) -> None:
    """But for rows and columns in which no cell begins, which have no edges of their own."""
    cells, markup = made
    rows, columns = sorted({c[0] for c in cells}), sorted({c[1] for c in cells})
    kept = [
        (
            rows.index(row),
            columns.index(column),
            sum(row <= r < row + down for r in rows),
            sum(column <= c < column + across for c in columns),
            text,
        )
        for row, column, down, across, text in cells
    ]
    assert tables(markup) == ([kept] if len(columns) > 1 else [])


def test_a_picture_counts_as_print_wherever_it_stands() -> None:
    (grid,) = content_of("<table><tr><td>a<td><svg></svg><td><img src=a data-src=b></table>").blocks
    assert [cell.pictured for cell in grid.cells] == [False, True, True]
    assert Picture(("a", "b")) in content_of("<img src=a data-src=b>").pictures
