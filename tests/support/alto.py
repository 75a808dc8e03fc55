"""ALTO files read back, and the rules of their format."""

from __future__ import annotations

from dataclasses import astuple, replace

from lxml import etree

from archive.export.bag.alto import NAMESPACE
from ocr.model import Box, TextLine
from tests.support.paths import TESTS

RULES = etree.RelaxNG(etree.parse(TESTS / "data" / "alto-used.rng"))
UNITS_PER_POINT = 1200 / 72


def every(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def read_back(root: etree._Element) -> list[TextLine]:
    """The lines of an ALTO file, their boxes in points again, to the hundredth as they are stored."""
    lines = []
    for element in every(root, "TextLine"):
        (word,) = element
        across, down, width, height = (float(word.get(n)) for n in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
        sides = (across, down, across + width, down + height)
        box = Box(*(round(side / UNITS_PER_POINT, 2) for side in sides))
        vertical = element.get("BASEDIRECTION") == "ttb"
        lines.append(TextLine(word.get("CONTENT"), box, float(word.get("WC")), "", vertical))
    return lines


def as_told(line: TextLine) -> TextLine:
    """A line with what ALTO tells of it: its box to the hundredth of a point, and no engine."""
    box = Box(*(round(side, 2) for side in astuple(line.box)))
    return replace(line, box=box, confidence=round(line.confidence, 4), engine="")
