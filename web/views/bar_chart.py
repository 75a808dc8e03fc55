"""Numbers beside each other, drawn as bars from left to right, in groups below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from web.views.drawing import Drawing, DrawnBar, DrawnLine, DrawnText, cut, shown, ticks, width_of

_BAR, _GAP, _BETWEEN = 18.0, 4.0, 12.0
_LONGEST_LABEL, _WIDE, _ABOVE, _SIDE = 290.0, 460.0, 28.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, or where there is no number only its text; `mark` is drawn across it where there is one."""

    number: Decimal | None
    text: str
    look: str
    mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars with a label in common."""

    label: str
    bars: tuple[Bar, ...]


def bar_chart(groups: Sequence[BarGroup], unit: str = "", least_most: Decimal = Decimal(0)) -> Drawing | None:
    """The groups from above; None where there is no number. The axis goes on to `least_most` at least."""
    bars = [bar for group in groups for bar in group.bars]
    numbers = [bar.number for bar in bars if bar.number is not None]
    if not numbers:
        return None
    marks = [bar.mark for bar in bars if bar.mark is not None]
    steps = ticks(min(Decimal(0), *numbers), max(least_most, *numbers, *marks))
    left = min(_LONGEST_LABEL, max(width_of(group.label) for group in groups)) + _SIDE
    room = max(width_of(bar.text) for bar in bars) + _SIDE
    frame = _Frame(left, steps, unit)
    tops = [*_tops(groups)]
    below = tops[-1] + _high(groups[-1])
    placed = [*zip(groups, tops, strict=True)]
    return Drawing(
        left + _WIDE + room + _SIDE,
        below + _SIDE,
        bars=tuple(one for group, top in placed for one in frame.bars(group, top)),
        lines=(*frame.rules(below), *(one for group, top in placed for one in frame.marks(group, top))),
        texts=(*frame.axis(), *(one for group, top in placed for one in frame.texts(group, top))),
    )


def _high(group: BarGroup) -> float:
    return len(group.bars) * (_BAR + _GAP) - _GAP


def _tops(groups: Sequence[BarGroup]) -> Iterator[float]:
    top = _ABOVE + _BETWEEN
    for group in groups:
        yield top
        top += _high(group) + _BETWEEN


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    steps: tuple[Decimal, ...]
    unit: str

    def across(self, number: Decimal) -> float:
        low, high = self.steps[0], self.steps[-1]
        return self.left + _WIDE * float((number - low) / (high - low))

    def rules(self, below: float) -> Iterator[DrawnLine]:
        for step in self.steps:
            x = self.across(step)
            yield DrawnLine(((x, _ABOVE), (x, below)), "axis" if step == 0 else "rule")

    def axis(self) -> Iterator[DrawnText]:
        for step in self.steps:
            yield DrawnText(self.across(step), _ABOVE - 8, shown(step) + self.unit, "middle", "quiet")

    def bars(self, group: BarGroup, top: float) -> Iterator[DrawnBar]:
        zero = self.across(Decimal(0))
        for n, bar in enumerate(group.bars):
            if bar.number is not None:
                x = self.across(bar.number)
                y = top + n * (_BAR + _GAP)
                yield DrawnBar(min(zero, x), y, abs(x - zero), _BAR, bar.look, f"{group.label}: {bar.text}")

    def marks(self, group: BarGroup, top: float) -> Iterator[DrawnLine]:
        for n, bar in enumerate(group.bars):
            if bar.mark is not None:
                x, y = self.across(bar.mark), top + n * (_BAR + _GAP)
                yield DrawnLine(((x, y - 3), (x, y + _BAR + 3)), "mark")

    def texts(self, group: BarGroup, top: float) -> Iterator[DrawnText]:
        label = cut(group.label, _LONGEST_LABEL)
        yield DrawnText(self.left - 8, top + _high(group) / 2 + 5, label, "end", "label", group.label)
        for n, bar in enumerate(group.bars):
            most = max(one for one in (bar.number, bar.mark, Decimal(0)) if one is not None)
            x, y = self.across(most) + 8, top + n * (_BAR + _GAP) + _BAR - 4
            look = "gap" if bar.number is None else "doubt" if bar.look == "doubt" else "quiet"
            yield DrawnText(x, y, bar.text, "start", look)
