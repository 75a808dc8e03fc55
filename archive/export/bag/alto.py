"""ALTO 4.4: a page and its text in the XML that libraries keep OCR in.

One file holds one page. Boxes are those of the archive, in points from the top
left of the page as stored, told in 1/1200 inch: one point is 1200/72 of them.
A line is one String with its one box, for the words inside it have no boxes of
their own and none is made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from functools import reduce
from itertools import count, groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from archive.documents.provenance import RunHistoryEntry
from archive.documents.reading_loader import StoredTable
from ocr.model import Box, Page, TextLine

VERSION = "4.4"
NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
UNIT, UNITS_PER_POINT = "inch1200", 1200 / 72
# Three decimals of 1/1200 inch hold the hundredth of a point that boxes are stored to.
DECIMALS = 3
# What XML 1.0 cannot hold, not even as a reference.
UNHOLDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def alto_page(
    page: Page, document: str, original: str, run: RunHistoryEntry, tables: Iterable[StoredTable] = ()
) -> bytes:
    """The ALTO file of a page, UTF-8.

    `original` is the name of the file that the page is in, `run` the reading;
    cells of `tables` on this page are put together in blocks of the type table.
    """
    root = Element(
        "alto",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "SCHEMAVERSION": VERSION,
        },
    )
    _describe(SubElement(root, "Description"), page, document, original, run)
    printed = _page(SubElement(root, "Layout"), page)
    _fill(printed, page, list(tables))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def holdable(text: str) -> str:
    """The text with U+FFFD for whatever XML cannot hold."""
    return UNHOLDABLE.sub("\ufffd", text)


def _describe(description: Element, page: Page, document: str, original: str, run: RunHistoryEntry) -> None:
    _add(description, "MeasurementUnit", UNIT)
    source = SubElement(description, "sourceImageInformation")
    _add(source, "fileName", original)
    _add(source, "fileIdentifier", document).set("fileIdentifierLocation", "sha256")
    _add(source, "fileIdentifier", str(page.number)).set("fileIdentifierLocation", "page, from 1")
    step = SubElement(description, "Processing", {"ID": f"run{run.run}"})
    _add(step, "processingCategory", "contentGeneration")
    _add(step, "processingDateTime", run.finished)
    _add(step, "processingStepDescription", f"page {page.number} read as {page.route.value} by {page.engine}")
    _add(step, "processingStepSettings", json.dumps(dict(run.options), ensure_ascii=False))
    software = SubElement(step, "processingSoftware")
    _add(software, "softwareName", "guidang")
    _add(software, "softwareVersion", run.version)
    engines = "; ".join(f"{name} {version}" for name, version in run.engines.items())
    _add(software, "applicationDescription", f"engines: {engines}")


def _page(layout: Element, page: Page) -> Element:
    """Add the page; give the space on it that is to be filled."""
    size = {"WIDTH": _units(page.width), "HEIGHT": _units(page.height)}
    element = SubElement(layout, "Page", {"ID": "page", "PHYSICAL_IMG_NR": str(page.number), **size})
    element.set("PAGECLASS", page.route.value)
    # Turning clockwise sets the page upright, so its text stands turned the other way, as ALTO counts.
    if rotation := (page.turned + page.skew) % 360:
        element.set("ROTATION", f"{rotation:.4f}")
    return SubElement(element, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})


def _fill(printed: Element, page: Page, tables: Sequence[StoredTable]) -> None:
    """Add the lines in reading order: lines of no table in one block, cells in a block each."""
    table_of = {
        cell.box: number
        for number, stored in enumerate(tables)
        for cell in stored.table.cells
        if cell.page == page.number
    }
    numbers = count(1)
    for table, lines in groupby(page.lines, key=lambda line: table_of.get(line.box)):
        if table is None:
            _block(printed, list(lines), numbers)
        else:
            cells = list(lines)
            block = SubElement(printed, "ComposedBlock", {"ID": f"block{next(numbers)}", **_around(cells)})
            block.set("TYPE", "table")
            for cell in cells:
                _block(block, [cell], numbers)


def _block(parent: Element, lines: Sequence[TextLine], numbers: Iterator[int]) -> None:
    block = SubElement(parent, "TextBlock", {"ID": f"block{next(numbers)}", **_around(lines)})
    for line in lines:
        box = _around([line])
        element = SubElement(block, "TextLine", {"ID": f"line{next(numbers)}", **box})
        if line.vertical:
            element.set("BASEDIRECTION", "ttb")
        word = SubElement(element, "String", {"CONTENT": holdable(line.text), **box})
        word.set("WC", f"{line.confidence:.4f}")


def _around(lines: Sequence[TextLine]) -> dict[str, str]:
    """The box around lines, as attributes."""
    box = reduce(Box.union, (_to_hundredths(line.box) for line in lines))
    return {
        "HPOS": _units(box.left),
        "VPOS": _units(box.top),
        "WIDTH": _units(box.width),
        "HEIGHT": _units(box.height),
    }


def _to_hundredths(box: Box) -> Box:
    return Box(*(round(side, 2) for side in astuple(box)))


def _units(points: float) -> str:
    return f"{points * UNITS_PER_POINT:.{DECIMALS}f}"


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = holdable(text)
    return element
