"""A picture of numbers as plain lines, bars, signs and texts: what `_drawing.html` writes as SVG.

Looks are classes of guidang.css, for the policy of the pages allows no style inside of them. What a look
says, a form or a text says as well: nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from unicodedata import east_asian_width

# What a sign in the text of a chart measures, in units of the drawing.
WIDE, NARROW = 14.2, 8.6


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text; `anchor` is start, middle or end, `whole` what it is cut from."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = "label"
    whole: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    look: str

    @property
    def path(self) -> str:
        """The points as SVG wants them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A rectangle, and what it says."""

    x: float
    y: float
    width: float
    height: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A value on a line: a disc if it is `sound`, a hollow triangle if it is doubted (`doubt`)."""

    x: float
    y: float
    look: str
    title: str

    @property
    def triangle(self) -> str:
        """The corners of the sign of a doubted value."""
        corners = ((0, -7), (7, 5), (-7, 5))
        return " ".join(f"{self.x + x:.1f},{self.y + y:.1f}" for x, y in corners)


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn, from the back to the front."""

    width: float
    height: float
    bars: tuple[DrawnBar, ...] = ()
    lines: tuple[DrawnLine, ...] = ()
    points: tuple[DrawnPoint, ...] = ()
    texts: tuple[DrawnText, ...] = ()


def width_of(text: str) -> float:
    """How wide a text is drawn, a little more rather than less."""
    return sum(WIDE if east_asian_width(sign) in "WF" else NARROW for sign in text)


def cut(text: str, room: float) -> str:
    """A text as it fits into a width: its beginning, and a sign that there is more."""
    if width_of(text) <= room:
        return text
    while text and width_of(text) > room - WIDE:
        text = text[:-1]
    return text + "…"


def ticks(least: Decimal, most: Decimal, about: int = 5) -> tuple[Decimal, ...]:
    """Round numbers from at most `least` to at least `most`: steps of 1, 2 or 5 times a power of ten."""
    span = most - least or abs(most) or Decimal(1)
    raw = span / about
    power = Decimal(1).scaleb(raw.adjusted())
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw)
    first = (least / step).to_integral_value("ROUND_FLOOR")
    last = (most / step).to_integral_value("ROUND_CEILING")
    count = int(last - first) or 1
    return tuple((first + n) * step for n in range(count + 1))


def shown(number: Decimal) -> str:
    """A number as it stands at an axis."""
    return f"{number.normalize():,f}"
