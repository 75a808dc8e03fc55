"""ALTO files read back, and the rules of their format."""

from __future__ import annotations

from lxml import etree

from archive.export.bag.alto import NAMESPACE
from archive.records import StoredLine
from tests.support.paths import TESTS

RULES = etree.RelaxNG(etree.parse(TESTS / "data" / "alto-used.rng"))
UNITS_PER_POINT = 1200 / 72


def every(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def read_back(root: etree._Element) -> list[StoredLine]:
    """The lines of an ALTO file, their boxes in points again, to the hundredth as they are stored."""
    lines = []
    for element in every(root, "TextLine"):
        (word,) = element
        across, down, width, height = (float(word.get(n)) for n in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
        sides = (across, down, across + width, down + height)
        box = [round(side / UNITS_PER_POINT, 2) for side in sides]
        vertical = element.get("BASEDIRECTION") == "ttb"
        lines.append(StoredLine(word.get("CONTENT"), float(word.get("WC")), vertical, *box))
    return lines
