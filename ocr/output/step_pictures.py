"""The image steps of one page as pictures, for whoever wants to see where a reading went wrong."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.image.page_image import PageImage, render_page, rotate_quarters
from ocr.model import Box, Cell, Page
from ocr.output.overlay import BoxLayer, draw_boxes
from ocr.reader import LOOKING_DPI, read_page
from ocr.step_observer import Rectangle

# What was found green, blank cells blue, body lines grey; readings less sure than this red.
_FOUND, _BLANK, _LINE, _DOUBT = "#1d9a3c", "#7aa7e0", "#b8b8b8", "#d92020"
_SURE = 0.9
# Print is this many times paler where readings are written over it.
_PALE = 3


@dataclass(frozen=True, slots=True)
class StepPicture:
    """A picture named by its number and step, like 07-without-colour.

    A step has the same number on all pages of a route; one that did nothing is left out.
    """

    name: str
    picture: Image.Image

    def png(self) -> bytes:
        """Return the picture at its full size, packed quickly rather than well."""
        buffer = io.BytesIO()
        self.picture.save(buffer, format="PNG", compress_level=1)
        return buffer.getvalue()


@dataclass(slots=True)
class _Album:
    """Keeps what it is shown, as an `StepObserver`."""

    stages: list[StepPicture] = field(default_factory=list)
    steps: int = 0
    last: Pixels | None = None

    def __call__(self, step: str, pixels: Pixels, boxes: Iterable[Rectangle] = ()) -> None:
        found = tuple(Box(*box) for box in boxes)
        self.steps += 1
        if pixels is not self.last or found:
            picture = draw_boxes(pixels, [BoxLayer(found, _FOUND)])
            self.stages.append(StepPicture(f"{self.steps:02d}-{step}", picture))
        self.last = pixels


def step_pictures(path: Path, number: int, engine: Engine) -> tuple[StepPicture, ...]:
    """Read page `number` (from 1) of a document anew and return every step of it, in order.

    Raises:
        UnreadableDocument: the document or page cannot be opened.
    """
    album = _Album()
    with open_document(path) as document:
        sheet = document.sheet(number)
        page = read_page(sheet, engine, album)
        view = rotate_quarters(render_page(sheet, LOOKING_DPI), page.turned)
    album("readings", np.asarray(_readings(view, page)))
    return tuple(album.stages)


def _readings(view: PageImage, page: Page) -> Image.Image:
    """Draw what was read, on the pale page as stored but turned upright."""
    pale = 255 - (255 - view.pixels) // _PALE
    cells = [cell for table in page.tables for cell in table.cells]
    layers = [BoxLayer(tuple(_place(view, line.box) for line in page.lines), _LINE, 1)]
    for colour in (_BLANK, _FOUND, _DOUBT):
        chosen = [cell for cell in cells if _colour(cell) == colour]
        places = tuple(_place(view, cell.box) for cell in chosen)
        layers.append(BoxLayer(places, colour, labels=tuple(cell.text for cell in chosen)))
    return draw_boxes(np.asarray(pale, dtype=np.uint8), layers)


def _place(view: PageImage, box: Box) -> Box:
    return Box(*view.rectangle(box))


def _colour(cell: Cell) -> str:
    if not cell.inked:
        return _BLANK
    return _FOUND if cell.text and cell.confidence >= _SURE else _DOUBT
