"""Charts as they are drawn: round axes, lines that break, nothing that was not read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.views.bar_chart import Bar, BarGroup, bar_chart
from web.views.drawing import Drawing, cut, shown, ticks, width_of
from web.views.line_chart import LineValue, line_chart

numbers = st.decimals(-(10**12), 10**12, allow_nan=False, places=2)


def line(*values: int | None) -> Drawing | None:
    told = (None if one is None else Decimal(one) for one in values)
    return line_chart([LineValue(str(2000 + n), one, "空", False) for n, one in enumerate(told)])


@given(st.lists(numbers, min_size=1))
def test_ticks_hold_all_numbers_between_them(values: list[Decimal]) -> None:
    steps = ticks(min(values), max(values))
    assert steps[0] <= min(values)
    assert steps[-1] >= max(values)
    assert 2 <= len(steps) <= 9
    assert list(steps) == sorted(set(steps))


@given(st.lists(st.none() | numbers, min_size=1, max_size=30))
def test_every_number_is_drawn_once_and_nothing_else(values: list[Decimal | None]) -> None:
    drawing = line_chart([LineValue(str(n), one, "缺", False) for n, one in enumerate(values)])
    known = [one for one in values if one is not None]
    if drawing is None:
        assert not known
        return
    assert len(drawing.points) == len(known)
    assert sum(text.look == "gap" for text in drawing.texts) == len(values) - len(known)
    for point in drawing.points:
        assert 0 <= point.x <= drawing.width
        assert 0 <= point.y <= drawing.height


def test_a_line_breaks_at_a_gap() -> None:
    drawing = line(1, 2, None, 3, 4, None, 5)
    assert drawing
    series = [one for one in drawing.lines if one.look == "series"]
    assert [len(one.points) for one in series] == [2, 2]
    assert len(drawing.points) == 5


def test_nothing_to_draw_is_no_drawing() -> None:
    assert line(None, None) is None
    assert line_chart([]) is None
    assert bar_chart([]) is None
    assert bar_chart([BarGroup("a", (Bar(None, "空", "gap"),))]) is None


def test_zero_is_drawn_and_a_gap_is_not() -> None:
    groups = [BarGroup("a", (Bar(Decimal(0), "0", "sound"),)), BarGroup("b", (Bar(None, "空", "gap"),))]
    drawing = bar_chart(groups)
    assert drawing
    assert [bar.width for bar in drawing.bars] == [0]
    assert "空" in [text.text for text in drawing.texts if text.look == "gap"]


def test_negative_bars_go_the_other_way() -> None:
    drawing = bar_chart([BarGroup("a", (Bar(Decimal(-5), "-5", "sound"), Bar(Decimal(5), "5", "sound")))])
    assert drawing
    left, right = drawing.bars
    assert left.x + left.width == pytest.approx(right.x)
    assert all(bar.width > 0 for bar in drawing.bars)


def test_a_mark_stands_across_its_bar() -> None:
    drawing = bar_chart([BarGroup("a", (Bar(Decimal(50), "50", "sound", Decimal(75)),))], " %", Decimal(100))
    assert drawing
    (mark,) = (one for one in drawing.lines if one.look == "mark")
    assert mark.points[0][0] > drawing.bars[0].x + drawing.bars[0].width


@given(st.text(max_size=60), st.floats(20, 400))
def test_a_text_is_cut_to_its_room(text: str, room: float) -> None:
    assert width_of(cut(text, room)) <= max(room, width_of("…"))


def test_numbers_are_shown_plainly() -> None:
    assert [shown(Decimal(one)) for one in ("1200", "1E+3", "0.50", "-3")] == ["1,200", "1,000", "0.5", "-3"]
