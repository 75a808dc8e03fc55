"""What is drawn over the picture of a page: a box for each value and each line, in points of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.records import PEOPLES_FLAGS
from archive.status.records import DocumentView
from archive.values.records import Fact


@dataclass(frozen=True, slots=True)
class ValueBox:
    """A value where it is printed; `look` is `doubt`, `judged`, `odd` (printed so) or `sound`."""

    fact: Fact
    key: str
    look: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LineBox:
    """A line of text where it is printed."""

    text: str
    left: float
    top: float
    width: float
    height: float


def look_of(fact: Fact) -> str:
    """How a value is coloured."""
    flags = set(fact.flags.split(";"))
    if fact.needs_review:
        return "doubt"
    if flags.intersection(PEOPLES_FLAGS):
        return "judged"
    return "odd" if "source_anomaly" in flags else "sound"


def key_of(fact: Fact) -> str:
    """The name of a value in its report."""
    return f"{fact.table}/{fact.row}/{fact.column}"


def value_boxes(view: DocumentView, page: int) -> Iterator[ValueBox]:
    """The boxes of the values on a page."""
    for fact in view.facts:
        sides = fact.left, fact.top, fact.right, fact.bottom
        if fact.page == page and None not in sides:
            left, top, right, bottom = (float(side) for side in sides if side is not None)
            yield ValueBox(fact, key_of(fact), look_of(fact), left, top, right - left, bottom - top)


def line_boxes(view: DocumentView, page: int) -> Iterator[LineBox]:
    """The boxes of the lines of text on a page, tables aside."""
    lines = (line for read in view.pages if read.number == page for line in read.lines)
    return (
        LineBox(line.text, line.box.left, line.box.top, line.box.width, line.box.height) for line in lines
    )
