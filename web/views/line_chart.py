"""One value over years, drawn: a line that breaks where there is no number, with a sign that says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from web.views.drawing import Drawing, DrawnLine, DrawnPoint, DrawnText, shown, ticks, width_of

_STEP, _LEAST, _HIGH = 72.0, 420.0, 220.0
_ABOVE, _BELOW, _SIDE = 28.0, 54.0, 16.0


@dataclass(frozen=True, slots=True)
class LineValue:
    """A place on the line: `number` is None where there is none, for which `sign` stands."""

    label: str
    number: Decimal | None
    sign: str
    is_doubted: bool


def line_chart(values: Sequence[LineValue]) -> Drawing | None:
    """The values from left to right; None where no number could be drawn."""
    numbers = [one.number for one in values if one.number is not None]
    if not numbers:
        return None
    steps = ticks(min(Decimal(0), *numbers), max(Decimal(0), *numbers))
    left = max(map(width_of, map(shown, steps))) + _SIDE
    wide = max(_LEAST, _STEP * len(values))
    frame = _Frame(left, wide, steps, len(values))
    spots = tuple(map(frame.spot, range(len(values)), values))
    return Drawing(
        left + wide + _SIDE,
        _ABOVE + _HIGH + _BELOW,
        lines=(*frame.rules(), *_pieces(spots)),
        points=tuple(_points(values, spots)),
        texts=(*frame.axis(), *_texts(values, spots, frame)),
    )


Spot = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    wide: float
    steps: tuple[Decimal, ...]
    count: int

    def height(self, number: Decimal) -> float:
        low, high = self.steps[0], self.steps[-1]
        return _ABOVE + _HIGH * float((high - number) / (high - low))

    def spot(self, at: int, value: LineValue) -> Spot:
        x = self.left + self.wide * (at + 0.5) / self.count
        return x, None if value.number is None else self.height(value.number)

    def rules(self) -> Iterator[DrawnLine]:
        for step in self.steps:
            y = self.height(step)
            yield DrawnLine(((self.left, y), (self.left + self.wide, y)), "axis" if step == 0 else "rule")

    def axis(self) -> Iterator[DrawnText]:
        return (
            DrawnText(self.left - 8, self.height(step) + 5, shown(step), "end", "quiet")
            for step in self.steps
        )


def _pieces(spots: Sequence[Spot]) -> Iterator[DrawnLine]:
    """The line from each gap to the next."""
    piece: list[tuple[float, float]] = []
    for x, y in (*spots, (0.0, None)):
        if y is not None:
            piece.append((x, y))
            continue
        if len(piece) > 1:
            yield DrawnLine(tuple(piece), "series")
        piece = []


def _points(values: Sequence[LineValue], spots: Sequence[Spot]) -> Iterator[DrawnPoint]:
    for value, (x, y) in zip(values, spots, strict=True):
        if y is not None and value.number is not None:
            look = "doubt" if value.is_doubted else "sound"
            yield DrawnPoint(x, y, look, f"{value.label}: {shown(value.number)}{'?' * value.is_doubted}")


def _texts(values: Sequence[LineValue], spots: Sequence[Spot], frame: _Frame) -> Iterator[DrawnText]:
    for value, (x, y) in zip(values, spots, strict=True):
        yield DrawnText(x, _ABOVE + _HIGH + 40, value.label, "middle", "quiet")
        if y is None or value.number is None:
            yield DrawnText(x, frame.height(Decimal(0)) - 8, value.sign, "middle", "gap")
        else:
            text = shown(value.number) + "?" * value.is_doubted
            yield DrawnText(x, y - 12, text, "middle", "doubt" if value.is_doubted else "label")
