"""Page numbers as printed at the head or foot of a leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconcile.volume.leaves import Leaf, PrintedLine
from reconcile.volume.marks.base import NumberMark

# They stand in these outer shares of the height of the page.
_MARGIN = 0.1
_DASH = r"[-—–－―_·.•|~]*"
_PATTERNS = (
    re.compile(rf"{_DASH}第?(?P<n>\d{{1,4}})页?[,，/]?共(?P<of>\d{{1,4}})页?{_DASH}"),
    re.compile(rf"{_DASH}(?P<n>\d{{1,4}})/(?P<of>\d{{1,4}}){_DASH}"),
    re.compile(rf"{_DASH}第?(?P<n>\d{{1,3}})页?{_DASH}"),
)


def page_number(leaf: Leaf) -> NumberMark | None:
    """The number printed on a leaf; None where none is, or several that differ."""
    found = {number for line in _margins(leaf) if (number := _parsed(line.text))}
    return found.pop() if len(found) == 1 else None


def is_in_margin(leaf: Leaf, line: PrintedLine) -> bool:
    """Say whether a line stands where running heads and page numbers do."""
    middle = line.box.centre[1]
    return middle < _MARGIN * leaf.height or middle > (1 - _MARGIN) * leaf.height


def is_number(leaf: Leaf, line: PrintedLine) -> bool:
    """Say whether a line is the page number."""
    return is_in_margin(leaf, line) and _parsed(line.text) is not None


def _margins(leaf: Leaf) -> Iterator[PrintedLine]:
    return (line for line in leaf.lines if is_in_margin(leaf, line))


def _parsed(text: str) -> NumberMark | None:
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return NumberMark(int(match["n"]), int(match.groupdict().get("of") or 0))
    return None
