"""Reading a document, page by page: the one page to start from.

A page is looked at before it is read. Where its text layer says what the page
shows, the layer is read; everything else is read from the picture.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from ocr.digital import ENGINE as TEXT_LAYER
from ocr.digital import read_digital
from ocr.document import Sheet, open_document
from ocr.engine import Engine
from ocr.model import Page, Route
from ocr.observer import Observer, unseen
from ocr.scan import Scanned, read_scan
from ocr.trust import route_of
from ocr.view import view_of

# The resolution at which a page is looked at and digital rules are found.
LOOKING_DPI = 200.0


def read_document(path: Path, engine: Engine) -> Iterator[Page]:
    """Yield the pages of a PDF or picture in order.

    Raises:
        UnreadableDocument: the file, or one of its pages, cannot be opened.
    """
    with open_document(path) as document:
        for number in range(1, len(document) + 1):
            yield read_page(path, document.sheet(number), engine)


def read_page(path: Path, sheet: Sheet, engine: Engine, seen: Observer = unseen) -> Page:
    """Read one page by the route that it needs; `seen` is shown every image step."""
    started = time.perf_counter()
    view = view_of(sheet, LOOKING_DPI)
    route = route_of(sheet, view, engine)
    scan = Scanned((), (), 0, 0.0)
    if route is Route.DIGITAL:
        lines, tables = read_digital(path, sheet, view, engine, seen)
        scan = Scanned(lines, tables, 0, 0.0)
    elif route is not Route.BLANK:
        scan = read_scan(sheet, engine, seen)
    return Page(
        number=sheet.number,
        width=sheet.width,
        height=sheet.height,
        route=route,
        lines=scan.lines,
        tables=scan.tables,
        engine=TEXT_LAYER if route is Route.DIGITAL else engine.name,
        seconds=time.perf_counter() - started,
        turned=scan.turned,
        skew=scan.skew,
        warp=scan.warp,
    )
