"""Whatever the grid, cells never overlap and cover the table; whatever the reading, none is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.review_threshold import review_below
from ocr.image.ruling_lines import find_rulings
from ocr.model import Cell, CellPlace, Page, Reading, Table
from ocr.tables.grid import Grid, find_grids
from reconcile.model import Flag, Report, State, Value
from reconcile.numerals import parse
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings, doubtful_cells
from tests.support.reconcile_grids import (
    HEADER,
    PROACTIVE_2019,
    PROACTIVE_2021,
    REQUEST_WIDTHS,
    REVIEW,
    REVIEW_HEADER,
    ROWS,
    balanced,
    page,
    request_lines,
    requests,
    table,
)

DPI = 200.0
SEED = [[1, 0, 2, 0, 0, 3], [0, 4, 0, 0, 1, 0], [5, 0, 0, 6, 0, 0], [0, 0, 7, 0, 0, 10], [12, 0, 0, 3, 9, 0]]

# Grids


@st.composite
def inks(draw: st.DrawFn) -> np.ndarray:
    """The rules of a table, with any of their pieces rubbed out, and strokes of any length on it."""
    xs, ys = (list(accumulate(draw(st.lists(st.integers(9, 90), min_size=2, max_size=7)), initial=30))
              for _ in range(2))  # fmt: skip
    ink = np.zeros((ys[-1] + 40, xs[-1] + 40), np.uint8)
    thick = draw(st.integers(1, 5))
    for y in ys:
        ink[y : y + thick, xs[0] : xs[-1] + thick] = 255
    for x in xs:
        ink[ys[0] : ys[-1] + thick, x : x + thick] = 255
    for value in (0, 255):
        places = st.tuples(*(st.integers(0, size - 1) for size in ink.shape))
        for top, left in draw(st.lists(places, max_size=12)):
            height, width = draw(st.sampled_from([(9, 60), (60, 9), (3, 120), (120, 3), (7, 7)]))
            ink[top : top + height, left : left + width] = value
    return ink


def covered_once(grid: Grid) -> bool:
    units = np.zeros((grid.n_rows, grid.n_columns), int)
    for span in grid.spans:
        units[span.row : span.row + span.row_span, span.column : span.column + span.column_span] += 1
    return bool((units == 1).all())


@settings(max_examples=80, deadline=None)
@given(inks())
def test_cells_of_any_rules_cover_their_table_once(ink: np.ndarray) -> None:
    for grid in find_grids(find_rulings(ink, DPI), DPI):
        assert covered_once(grid)
        for lines in (grid.xs, grid.ys):
            assert all(before < after for before, after in pairwise(lines))
        corners = [grid.rectangle(span) for span in grid.spans]
        area = sum((right - left) * (bottom - top) for left, top, right, bottom in corners)
        whole = (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0])
        assert area == pytest.approx(whole)


# Readings

ODDITIES = [
    *("", " ", "　", "0", "00", "1 2", "1\u00a02", "12", "１２", "1,234", "1，234", "12,34", "7730.28"),
    *("1.2.3", "①", "㎡", "²", "½", "٣", "𝟙", "〇", "零", "百", "O", "o", "l", "|", "日", "1\u0301"),
    *("\u200b1", "\u202e12", "-", "—", "——", "/", "\\", "一", "无", "不适用", "-0", "－3", "−8", "+5"),
    *("减3", "3件", "12万元", "50%", "\x00", "\n", "1\n2", "\ufffd"),
]
LABELS = ["总计", "结果维持", "自然人", "（七）总计", "本年新收", "第二十条第（一）项"]
TEXTS = st.sampled_from(ODDITIES + LABELS) | st.text(max_size=8) | st.integers(0, 10**6).map(str)
CONFIDENCES = st.sampled_from([0.0, 0.5, 0.89, 0.9, 0.999, 1.0]) | st.floats(0, 1)
READINGS = st.builds(Reading, TEXTS, CONFIDENCES, st.just("other"))


def _whole_requests(form: str) -> str:
    return requests(form, balanced(form, SEED))


def _cut_requests(form: str, at: int) -> tuple[str, str]:
    values = balanced(form, SEED)
    upper, lower = (request_lines(rows, values) for rows in (ROWS[form][:at], ROWS[form][at:]))
    return "\n".join([HEADER, *upper]), "\n".join(lower)


PARTS = [
    *(PROACTIVE_2021, PROACTIVE_2019, REVIEW, REVIEW_HEADER, REVIEW.removeprefix(REVIEW_HEADER).strip("\n")),
    *(_whole_requests("2021"), _whole_requests("2019")),
    *(*_cut_requests("2019", 9), *_cut_requests("2021", 20)),
]
REPORTS = [
    [PROACTIVE_2021, _whole_requests("2021"), REVIEW],
    [PROACTIVE_2019, *_cut_requests("2019", 9), REVIEW],
]


@st.composite
def reports(draw: st.DrawFn) -> tuple[Page, ...]:
    """Real tables, a page each, in any order, on pages turned any way."""
    chosen = draw(st.sampled_from(REPORTS) | st.lists(st.sampled_from(PARTS), min_size=1, max_size=5))
    pages = []
    for number, text in enumerate(chosen, 1):
        widths = REQUEST_WIDTHS if len(text.split("\n", 1)[0].split("|")) == len(REQUEST_WIDTHS) else ()
        ends = {end: draw(st.booleans()) for end in ("open_top", "open_bottom")}
        spoilt = draw(_spoilt(table(text, number, widths=widths, **ends)))
        turned = draw(st.sampled_from([0, 0, 0, 90, 180, 270]))
        pages.append(replace(page(number, draw(TEXTS), spoilt), turned=turned))
    return tuple(pages)


@st.composite
def _spoilt(draw: st.DrawFn, sound: Table) -> Table:
    """The table with cells merged, and with other texts, ink, confidences and readings in some, or all."""
    cells = list(sound.cells)
    for place in draw(st.lists(st.integers(0, len(cells) - 1), max_size=4)):
        cells = _merged(cells, cells[place % len(cells)])
    rng = Random(draw(st.integers(0, 10**6)))
    share = draw(st.sampled_from([0.0, 0.05, 0.3, 1.0]))
    prints = draw(
        st.lists(st.tuples(TEXTS, CONFIDENCES, st.lists(READINGS, max_size=2)), min_size=1, max_size=9)
    )
    return replace(
        sound,
        cells=tuple(
            _printed_anew(cell, *rng.choice(prints), rng.random() < 0.5) if rng.random() < share else cell
            for cell in cells
        ),
    )


def _printed_anew(cell: Cell, text: str, confidence: float, others: list[Reading], specked: bool) -> Cell:
    inked = bool(text.strip()) or specked
    return replace(cell, text=text, confidence=confidence, others=tuple(others), inked=inked)


def _merged(cells: list[Cell], first: Cell) -> list[Cell]:
    """Lose the rule between a cell and the one beside or below it that is as high or wide."""
    for other in cells:
        beside = other.column == first.column + first.column_span
        below = other.row == first.row + first.row_span
        if beside and (other.row, other.row_span) == (first.row, first.row_span):
            grown = replace(first, column_span=first.column_span + other.column_span)
        elif below and (other.column, other.column_span) == (first.column, first.column_span):
            grown = replace(first, row_span=first.row_span + other.row_span)
        else:
            continue
        whole = replace(grown, text=first.text + other.text, inked=first.inked or other.inked,
                        box=first.box.union(other.box))  # fmt: skip
        return [whole if cell is first else cell for cell in cells if cell is not other]
    return cells


@st.composite
def second_readings(draw: st.DrawFn, cells: Sequence[Cell]) -> Mapping[CellPlace, Reading]:
    """Another reading of some cells; every other one agrees with the first."""
    chosen = [cell for cell in cells if draw(st.booleans())]
    return {
        cell.place: draw(READINGS) if draw(st.booleans()) else Reading(cell.text, 0.99, "other")
        for cell in chosen[:20]
    } | {cell.place: Reading(cell.text, draw(CONFIDENCES), "other") for cell in chosen[20:]}


def cells_of(pages: Sequence[Page]) -> Iterator[Cell]:
    return (cell for one in pages for found in one.tables for cell in found.cells)


def printed(cells: Sequence[Cell]) -> str:
    """Prints of several cells are never put together to one number."""
    return " ".join(cell.text for cell in cells if cell.inked or cell.text)


def digits(text: str) -> list[str]:
    """Digits of any script; only the full-width ones are the same as others."""
    return [char for char in text.translate({0xFF10 + n: 0x30 + n for n in range(10)}) if char.isdigit()]


def parted(cell: Cell) -> Cell:
    """The cell as it stands in the part of the table that its page shows."""
    return replace(cell, row=cell.row - cell.rows_before, rows_before=0)


def check_tables(report: Report, pages: Sequence[Page]) -> None:
    """Every cell of the input is in exactly one joined table, as it was read; only rows count on."""
    joined = [cell for found in report.tables for cell in found.cells]
    assert Counter(map(parted, joined)) == Counter(map(parted, cells_of(pages)))


def check_value(value: Value, known: set[Cell]) -> None:
    """The raw text is that of cells of the report, first printing first; the value says no more than that."""
    assert set(value.cells) <= known
    if value.state is State.MISSING:
        assert (value.raw, value.value, value.cells) == ("", "", ())
        assert value.needs_review
        return
    sources = [
        value.cells[:n] for n in range(1, len(value.cells) + 1) if printed(value.cells[:n]) == value.raw
    ]
    assert sources
    if value.state is State.READ:
        assert digits(value.value) == digits(value.raw) != []
        assert parse(value.raw, inked=True).value == value.value
        assert any(cell.inked for cell in value.cells)
        assert value.needs_review or any(sum(cell.inked for cell in cells) == 1 for cells in sources)
    else:
        assert value.value == ""
    if value.state in (State.BLANK, State.DASH):
        assert digits(value.raw) == []
    if value.state is State.BLANK:
        assert value.raw.strip() == ""
        assert not any(cell.inked for cell in sources[0])
    assert value.needs_review or value.confidence >= review_below()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_reading_is_changed_and_no_value_made_up(data: st.DataObject) -> None:
    pages = data.draw(reports())
    report = reconcile(pages)
    known = set(cells_of(pages))
    check_tables(report, pages)
    assert len({value.key for value in report.values}) == len(report.values)
    for value in report.values:
        check_value(value, known)
    second = data.draw(second_readings(doubtful_cells(report)))
    settled = apply_second_readings(report, second)
    assert settled.tables == report.tables
    assert len(settled.values) == len(report.values)
    for before, after in zip(report.values, settled.values, strict=True):
        expected = before
        # A number as likely wrong as right is none: whether it is read may change, never its text.
        if before.state is State.READ and after.state is State.UNREAD:
            assert after.confidence < 0.5
            assert after.needs_review
            expected = replace(before, state=State.UNREAD, value="")
        assert replace(after, flags=(), confidence=0, others=()) == replace(
            expected, flags=(), confidence=0, others=()
        )
        assert after.others[: len(before.others)] == before.others
        # Only a page that was read badly makes a value less sure, and then it is to be looked at.
        assert after.confidence >= before.confidence or after.needs_review
        check_value(after, known)
        _check_doubt(after)


@pytest.mark.parametrize("text", ODDITIES)
def test_an_odd_text_in_every_value_cell_stays_as_it_was_read(text: str) -> None:
    sound = table(REVIEW)
    cells = [replace(cell, text=text, inked=bool(text)) if cell.row == 3 else cell for cell in sound.cells]
    pages = [page(1, replace(sound, cells=tuple(cells)))]
    report = reconcile(pages)
    check_tables(report, pages)
    assert [value.raw for value in report.values] == [text] * 15
    for value in report.values:
        check_value(value, set(cells))


def _check_doubt(value: Value) -> None:
    """A second reading that says something else leaves a flag."""
    inked = any(cell.inked or cell.text for cell in value.cells)
    for other in value.others:
        says = parse(other.text, inked=inked)
        if value.state is not State.UNREAD and (says.state, says.value) != (value.state, value.value):
            assert Flag.DISAGREEMENT in value.flags or value.needs_review
