"""Digital pages are ruled by what is drawn on them; their characters rule nothing, but box drawing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.model import Page
from ocr.reader import read_page
from tests.support.typeset_pages import HEI, lying, needs_fonts, ruled, write_page

pytestmark = needs_fonts
ROWS = [["项目", "年初数", "年末数"], ["收入", "12.50", "0"], ["支出", "", "3,004"], ["结余", "/", "7"]]


def read(path: Path, engine: Engine) -> Page:
    with open_document(path) as document:
        return read_page(document.sheet(1), engine)


@pytest.mark.parametrize("sign", "口田日")
def test_no_stroke_of_a_character_is_a_rule(sign: str, tmp_path: Path, engine: Engine) -> None:
    boxes = [lying(sign * 16, 60, 100 + 24 * n, size=24, face=HEI) for n in range(8)]
    page = read(write_page(tmp_path / "signs.pdf", boxes), engine)
    assert page.tables == ()
    assert page.text.count(sign) == 16 * 8


def test_cells_end_at_the_drawn_rules_however_large_their_characters(tmp_path: Path, engine: Engine) -> None:
    rows = [["口口口", "目目", "日口"], *ROWS[1:]]
    page = read(write_page(tmp_path / "table.pdf", [ruled(rows, 60, 100, 150, 22)]), engine)
    (table,) = page.tables
    assert [cell.text for cell in table.cells] == [text for row in rows for text in row]
    assert {(cell.row_span, cell.column_span) for cell in table.cells} == {(1, 1)}
    assert table.confidence > 0.99


def test_box_drawing_rules_a_table(tmp_path: Path, engine: Engine) -> None:
    edge = ("┌──┬──┬──┐", "├──┼──┼──┤", "└──┴──┴──┘")
    texts = [*(f"│{a:\u3000<2}│{b:\u3000<2}│{c:\u3000<2}│" for a, b, c in ("甲乙丙", "丁戊己", "庚辛壬"))]
    lines = [edge[0], texts[0], edge[1], texts[1], edge[1], texts[2], edge[2]]
    marks = [lying(line, 60, 100 + 12 * n, size=12, face=HEI) for n, line in enumerate(lines)]
    (table,) = read(write_page(tmp_path / "boxes.pdf", marks), engine).tables
    assert (table.n_rows, table.n_columns) == (3, 3)


def test_numbered_paragraphs_are_text(tmp_path: Path, engine: Engine) -> None:
    texts = [
        f"“社会保障支出（类）养老支出（款）”{n * 31}.{n}0万元，主要用于养老保险。" for n in range(11, 21)
    ]
    marks = [
        mark
        for n, text in enumerate(texts)
        for mark in (
            lying(f"{n + 11}.", 70, 100 + 44 * n, size=11),
            lying(text, 105, 100 + 44 * n, size=11),
            lying(f"比上年执行数增加{n}.12%。主要原因是经费增加，人员变动。", 55, 118 + 44 * n, size=11),
        )
    ]
    page = read(write_page(tmp_path / "text.pdf", marks), engine)
    assert page.tables == ()
    assert all(text.split("，")[0] in page.text for text in texts)
