"""Tables without rules: found where print stands in rows and columns, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import pytest

from bench.accuracy.truth import read_truth
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.image.binarise import binarise
from ocr.image.page_image import render_page
from ocr.image.ruling_lines import find_rulings
from ocr.reader import read_document
from ocr.tables.borderless.column_gutters import find_gutters
from ocr.tables.borderless.detection import DetectedTables, add_borderless_tables
from ocr.tables.borderless.row_bands import RowBand, are_in_line, match_labels, tiled
from ocr.tables.borderless.words import Word, find_words, make_line
from ocr.tables.grid import Grid, find_grids
from reconcile.reconciliation import reconcile
from tests.support.paths import SAMPLES

DPI = 200.0
EM = 28
# A letter stands for a hanzi, as wide as high; a figure is narrow and lower.
Print = tuple[int, int, str]


def page(prints: Iterable[Print], rules: Iterable[tuple[int, int, int]] = ()) -> np.ndarray:
    """Draw text at (left, top), 28 pixels to the em, and rules from left to right at y, as ink."""
    ink = np.zeros((1200, 1400), np.uint8)
    for left, top, text in prints:
        x = left
        for char in text:
            if char.isdigit():
                cv2.rectangle(ink, (x + 1, top + 6), (x + 11, top + 25), 255, 2)
                x += 14
            else:
                cv2.rectangle(ink, (x + 1, top + 1), (x + 25, top + 25), 255, 2)
                cv2.line(ink, (x + 13, top), (x + 13, top + 25), 255, 2)
                x += EM
    for left, right, y in rules:
        cv2.line(ink, (left, y), (right, y), 255, 3)
    return ink


def found(ink: np.ndarray) -> DetectedTables:
    rulings = find_rulings(ink, DPI)
    return add_borderless_tables(find_grids(rulings, DPI), ink, rulings, DPI)


def shape(grid: Grid) -> tuple[int, int]:
    return grid.n_rows, grid.n_columns


def statement(rows: int = 5, pitch: int = 50) -> list[Print]:
    """A head and rows of a label and two columns of figures."""
    prints: list[Print] = [(100, 100, "项目"), (600, 100, "本期"), (900, 100, "上期")]
    for row in range(1, rows + 1):
        top = 100 + row * pitch
        prints += [(100, top, "科" * (2 + row % 4)), (610, top, "12" * (1 + row % 2)), (910, top, "7")]
    return prints


def paragraph(top: int, lines: int, left: int = 100, length: int = 36) -> list[Print]:
    return [(left, top + 44 * n, "文" * length) for n in range(lines)]


def word(left: float, top: float, width: float, *, figures: bool = False) -> Word:
    return Word(left, top, left + width, top + (20 if figures else 28), figures)


def test_a_table_without_rules_has_a_cell_for_every_print() -> None:
    (grid,) = found(page(statement())).unruled
    assert shape(grid) == (6, 3)
    assert all(span.row_span == span.column_span == 1 for span in grid.spans)


def test_rules_above_below_and_under_the_head_bound_it_and_are_taken_out() -> None:
    ink = page(statement(), [(80, 1000, y) for y in (88, 138, 390)])
    tables = found(ink)
    (grid,) = tables.unruled
    assert shape(grid) == (6, 3)
    assert (abs(grid.xs[0] - 80), abs(grid.xs[-1] - 1000)) <= (4, 4)
    assert abs(grid.ys[1] - 138) <= 3
    assert all(tables.rulings.mask[y, 100:900].all() for y in (88, 138, 390))


def test_body_text_beside_nothing_is_no_table() -> None:
    text = [*paragraph(100, 10), (100, 600, "一是文文文"), (100, 650, "二是文文文文"), (100, 700, "三是文文")]
    assert not found(page(text)).unruled


def test_two_columns_of_body_text_are_no_table() -> None:
    text = paragraph(100, 12, length=20) + paragraph(100, 12, left=740, length=20)
    assert not found(page(text)).unruled


def test_a_table_of_contents_is_no_table() -> None:
    """Headings, and the number of a page far to the right: no head, no rules."""
    lines = [(100, 100 + 60 * n, "章" * (5 + n % 5)) for n in range(8)]
    numbers = [(1200, 100 + 60 * n, str(n + 1)) for n in range(8)]
    assert not found(page([*lines, *numbers])).unruled


def test_text_around_a_table_stays_outside() -> None:
    above, below = paragraph(100, 4), paragraph(720, 4)
    table = [(left, top + 260, text) for left, top, text in statement()]
    (grid,) = found(page([*above, *table, *below])).unruled
    assert grid.ys[0] > 100 + 3 * 44 + EM
    assert grid.ys[-1] < 720


def test_a_ruled_table_is_left_alone() -> None:
    ink = page(statement())
    for y in range(90, 391, 50):
        cv2.line(ink, (80, y), (1000, y), 255, 3)
    for x in (80, 560, 860, 1000):
        cv2.line(ink, (x, 90), (x, 390), 255, 3)
    tables = found(ink)
    assert (len(tables.ruled), tables.unruled) == (1, ())


def test_what_stands_on_both_sides_of_a_ruled_table_does_not_displace_it() -> None:
    beside = ((60, "ABC"), (1090, "48"), (1240, "1560"))
    sides = [(left, 200 + 50 * row, text) for row in range(9) for left, text in beside]
    ink = page(sides)
    for y in range(220, 561, 85):
        cv2.line(ink, (300, y), (1000, y), 255, 3)
    for x in range(300, 1001, 175):
        cv2.line(ink, (x, 220), (x, 560), 255, 3)
    assert [shape(grid) for grid in found(ink).ruled] == [(4, 4)]


def test_a_label_of_two_lines_is_one_row_about_its_values() -> None:
    prints = statement(3, pitch=90)
    prints += [(100, 460, "长" * 14), (100, 494, "长" * 5), (610, 477, "34"), (910, 477, "5")]
    prints += [(100, 550, "末末"), (610, 550, "34"), (910, 550, "5")]
    (grid,) = found(page(prints)).unruled
    assert shape(grid) == (6, 3)
    assert grid.ys[4] < 460
    assert grid.ys[5] > 494 + EM


def test_a_head_over_two_columns_spans_them() -> None:
    prints: list[Print] = [
        (100, 130, "项目"),
        (640, 100, "本年度合计"),
        (600, 150, "金额"),
        (800, 150, "比重"),
    ]
    prints += [
        (left, 210 + 50 * row, text)
        for row in range(4)
        for left, text in ((100, "科科科"), (605, "345"), (810, "12"))
    ]
    (grid,) = found(page(prints)).unruled
    spans = {(span.row, span.column): (span.row_span, span.column_span) for span in grid.spans}
    assert shape(grid) == (6, 3)
    assert spans[0, 0] == (2, 1)
    assert spans[0, 1] == (1, 2)


def test_gutters_do_not_cut_a_label_at_its_comma() -> None:
    rows = [
        (word(0, 40 * n, 60 + 20 * n), word(80 + 20 * n, 40 * n, 90), word(500, 40 * n, 30, figures=True))
        for n in range(6)
    ]
    assert len(find_gutters([make_line(row) for row in rows], 28.0)) == 1


def rows_at(*tops: float) -> list[RowBand]:
    return [RowBand(top, top + 20, values=True) for top in tops]


def test_lines_of_labels_go_to_the_row_they_stand_about() -> None:
    lines = [word(0, 0, 300), word(0, 35, 60), word(0, 100, 90), word(0, 150, 300), word(0, 185, 200)]
    matched = match_labels(rows_at(22, 104, 172), lines, 300, 28.0)
    assert [len(label) for _, label in matched] == [2, 1, 2]
    assert are_in_line(matched, 28.0)


def test_a_label_without_values_is_a_row_of_its_own() -> None:
    lines = [word(0, 0, 90), word(0, 50, 60), word(0, 100, 90)]
    matched = match_labels(rows_at(4, 104), lines, 300, 28.0)
    assert [row is None for row, _ in matched] == [False, True, False]
    assert are_in_line(matched, 28.0)


@pytest.mark.parametrize("shift", [25, -25])
def test_labels_that_stand_between_the_values_are_not_believed(shift: float) -> None:
    lines = [word(0, 50 * n + shift, 90) for n in range(5)]
    assert not are_in_line(match_labels(rows_at(*(50 * n + 4 for n in range(5))), lines, 300, 28.0), 28.0)


def test_groups_are_told_by_labels_in_their_middle_only() -> None:
    rows = [RowBand(50 * n, 50 * n + 50) for n in range(5)]
    assert tiled(rows, [word(0, 36, 60), word(0, 161, 60)], 28.0) == [2, 5]
    assert tiled(rows, [word(0, 0, 60), word(0, 100, 60)], 28.0) is None


def test_words_know_figures_from_letters() -> None:
    words = find_words(page([(100, 100, "科科"), (400, 100, "128")]), DPI)
    assert [one.figures for one in sorted(words, key=lambda one: one.left)] == [False, True]


def test_an_unruled_form_yields_its_values_and_their_places(engine: Engine) -> None:
    """The last page of the sample: table four, a head of three levels above one row."""
    pages = [one for one in read_document(SAMPLES / "unruled.pdf", engine) if one.number == 3]
    values = {(v.key.row, v.key.column): v for v in reconcile(pages).values if v.key.table == "review"}
    truth = [fact for fact in read_truth(SAMPLES / "unruled.truth.csv") if fact.table == "review"]
    assert [values[fact.row, fact.column].raw for fact in truth] == [fact.raw for fact in truth]
    assert not any(values[fact.row, fact.column].flags for fact in truth)


@pytest.mark.parametrize(("number", "shapes"), [(1, [(14, 4)]), (2, [(28, 10)]), (3, [(4, 15)])])
def test_the_tables_of_the_unruled_sample_are_found_whole(
    number: int, shapes: Sequence[tuple[int, int]]
) -> None:
    with open_document(SAMPLES / "unruled.pdf") as document:
        view = render_page(document.sheet(number), DPI)
    ink = binarise(view.grey, view.dpi)
    assert [shape(grid) for grid in found(ink).unruled] == shapes
