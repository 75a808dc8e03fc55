"""Pages as ALTO XML: sound by the rules of the format, and nothing of a reading is lost in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.documents.provenance import RunHistoryEntry
from archive.documents.reading_loader import StoredTable
from archive.export.bag.alto import NAMESPACE, alto_page, holdable
from ocr.model import Box, Cell, Page, Route, TextLine
from reconcile.model import JoinedTable
from tests.support.alto import RULES, UNITS_PER_POINT, every, read_back

RUN = RunHistoryEntry(
    7,
    "archived",
    True,
    "0.1.0",
    {"paddleocr": "3.7.0"},
    {"review_below": 0.9},
    "2026-01-02T03:04:05Z",
    "2026-01-02T03:04:09Z",
    4.0,
    "",
    "",
    "",
)
HUNDREDTHS = st.integers(0, 200_000).map(lambda number: number / 100)


def line(text: str, left: float = 72.0, top: float = 80.0, vertical: bool = False) -> TextLine:
    return TextLine(text, Box(left, top, left + 100.01, top + 12.34), 0.9877, "", vertical)


def page(*lines: TextLine) -> Page:
    return Page(3, 595.28, 841.89, Route.SCANNED, lines, (), "rec/paddleocr", 0.0)


def written(one: Page, tables: tuple[StoredTable, ...] = ()) -> etree._Element:
    root = etree.fromstring(alto_page(one, "ab" * 32, "originals/x.pdf", RUN, tables))
    RULES.assertValid(root)
    return root


def test_a_page_says_what_it_is_and_how_it_was_read():
    root = written(page(line("一、总体情况")))
    assert root.tag == f"{{{NAMESPACE}}}alto"
    (unit,) = every(root, "MeasurementUnit")
    (name,) = every(root, "fileName")
    (software,) = every(root, "softwareVersion")
    (settings,) = every(root, "processingStepSettings")
    (sheet,) = every(root, "Page")
    assert (unit.text, name.text, software.text) == ("inch1200", "originals/x.pdf", "0.1.0")
    assert settings.text == '{"review_below": 0.9}'
    assert sheet.get("PHYSICAL_IMG_NR") == "3"
    assert float(sheet.get("WIDTH")) / UNITS_PER_POINT == pytest.approx(595.28, abs=1e-4)


def test_lines_and_boxes_read_back_are_those_that_were_stored():
    lines = (line("申请 11 件", 72.01, 80.99), line("竖排", 500.0, 90.0, vertical=True), line(""))
    assert read_back(written(page(*lines))) == list(lines)


@given(st.text(), HUNDREDTHS, HUNDREDTHS, HUNDREDTHS, HUNDREDTHS, st.integers(0, 10_000))
def test_any_line_survives(text, left, top, width, height, confidence):
    right, bottom = round(left + width, 2), round(top + height, 2)
    stored = TextLine(text, Box(left, top, right, bottom), confidence / 10_000, "")
    (back,) = read_back(written(page(stored)))
    assert back == replace(stored, text=holdable(text))


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_becomes_a_replacement_character(sign):
    (back,) = read_back(written(page(line(f"前{sign}后"))))
    assert back.text == "前\ufffd后"


@pytest.mark.parametrize("sign", ["\t", "\n", "<", "&", '"', "\U00020000", "\u00a0", " "])
def test_what_xml_can_hold_stays(sign):
    (back,) = read_back(written(page(line(f"前{sign}后"))))
    assert back.text == f"前{sign}后"


def test_cells_of_a_table_stand_in_one_block_and_the_reading_order_is_kept():
    first, left, right, last = line("标题"), line("自然人", 80, 200), line("1,203", 300, 200), line("落款")
    cells = [cell_of(left, 0), cell_of(right, 1), cell_of(line("另一页", 80, 200), 2, page=4)]
    table = StoredTable("ab", "a.pdf", JoinedTable("2021", "requests", (3, 4), 1, 3, tuple(cells)))
    root = written(page(first, left, right, last), (table,))
    (space,) = every(root, "PrintSpace")
    assert [etree.QName(block).localname for block in space] == ["TextBlock", "ComposedBlock", "TextBlock"]
    assert [len(block) for block in space] == [1, 2, 1]
    assert [back.text for back in read_back(root)] == ["标题", "自然人", "1,203", "落款"]


def cell_of(read: TextLine, column: int, page: int = 3) -> Cell:
    return Cell(0, column, 1, 1, read.text, read.box, read.confidence, page, "", bool(read.text))


def test_a_block_holds_its_lines():
    root = written(page(line("甲", 72, 80), line("乙", 90, 100)))
    (block,) = every(root, "TextBlock")
    sides = [float(block.get(name)) / UNITS_PER_POINT for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    assert sides == pytest.approx([72, 80, 118.01, 32.34], abs=1e-3)


@pytest.mark.parametrize(("turned", "skew", "told"), [(0, 0.0, None), (90, 0.5, 90.5), (0, -0.25, 359.75)])
def test_a_turned_page_says_how_its_text_stands(turned, skew, told):
    (sheet,) = every(written(replace(page(line("字")), turned=turned, skew=skew)), "Page")
    assert sheet.get("ROTATION") == (None if told is None else f"{told:.4f}")


def test_an_empty_page_is_a_page():
    root = written(replace(page(), route=Route.BLANK))
    assert every(root, "TextBlock") == []
    assert len(every(root, "PrintSpace")) == 1
