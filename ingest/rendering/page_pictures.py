"""A page of the archive as a picture, with the boxes of what was read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.archive import Archive
from archive.records import SIDES
from archive.status.records import DocumentView
from archive.values.records import DoubtfulValue, Fact
from core.errors import UsageError
from ocr.engine.factory import engine
from ocr.model import Box
from ocr.output.overlay import BoxLayer, crop, draw

# Cells blue, body lines grey, values green, values to review red.
_CELL, _LINE, _VALUE, _DOUBT = "#7aa7e0", "#b8b8b8", "#1d9a3c", "#d92020"


def draw_page(archive: Archive, document: str, page: int) -> Path:
    """Draw one page of a document; return the PNG, in the folder for temporary files."""
    view = archive.status.document(document)
    picture = draw(view.path, page, _layers(view, page))
    target = Path(tempfile.gettempdir()) / f"guidang-{document[:12]}-page{page}.png"
    target.write_bytes(picture)
    return target


def draw_value(archive: Archive, doubt: DoubtfulValue) -> Path | None:
    """Cut out the row in which a value is printed, the value framed; None where it has no place.

    Return the PNG, in the folder for temporary files.
    """
    at = archive.review.printed_at(doubt)
    if at is None:
        return None
    picture = crop(archive.documents.path(doubt.fact.document), at.page, at.box, at.around, at.turned)
    target = (
        Path(tempfile.gettempdir()) / f"guidang-{doubt.fact.document[:12]}-{doubt.key.replace('/', '-')}.png"
    )
    target.write_bytes(picture)
    return target


def save_stages(archive: Archive, document: str, page: int, folder: Path) -> Iterator[Path]:
    """Read a page anew from its original and save every image step; yield the PNGs, in order.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    from ocr.output.step_pictures import step_pictures

    for stage in step_pictures(archive.documents.path(document), page, engine()):
        target = folder / f"{stage.name}.png"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stage.png())
        except OSError as error:
            raise UsageError(f"{target}: {error.strerror}") from error
        yield target


def _layers(view: DocumentView, page: int) -> list[BoxLayer]:
    cells = [cell for table in view.tables for cell in table.cells if cell.page == page]
    values = [fact for fact in view.facts if fact.page == page]
    lines = [line for read in view.pages if read.number == page for line in read.lines]
    return [
        BoxLayer(tuple(line.box for line in lines), _LINE, 1),
        BoxLayer(tuple(cell.box for cell in cells), _CELL),
        BoxLayer(tuple(_box(fact) for fact in values if not fact.needs_review), _VALUE),
        BoxLayer(tuple(_box(fact) for fact in values if fact.needs_review), _DOUBT, 3),
    ]


def _box(fact: Fact) -> Box:
    return Box(*(float(getattr(fact, side)) for side in SIDES))
