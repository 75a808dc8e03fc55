"""What every document looks like from outside, whatever it is.

A number of sheets, each with a size in points, pixels on demand and, where there is one, a text layer.
Each kind of document has a file with its own `Document` and `Sheet`, and `ocr.document_opener` lists
them; whoever reads, reads again or hands on a document asks these, and never what kind it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ocr.arrays import Pixels
from ocr.documents.typeset import Typeset
from ocr.model import Box

POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class PdfPage:
    """Where a page of a PDF is stored: the file as it is read, and its number in that, from 1."""

    path: Path
    number: int


@dataclass(frozen=True, slots=True)
class Char:
    """A character of the text layer: its ink box and its type-set box, in points.

    `turned` is the clockwise turn in degrees (0, 90, 180 or 270) that sets it upright; `white` is the fill.
    """

    text: str
    box: Box
    loose: Box
    font: int
    visible: bool
    mapped: bool
    turned: int = 0
    white: bool = False


class Sheet(Protocol):
    """One page as stored, before anything is read from it."""

    @property
    def number(self) -> int:
        """Counted from 1."""
        ...

    @property
    def width(self) -> float:
        """In points."""
        ...

    @property
    def height(self) -> float:
        """In points."""
        ...

    @property
    def chars(self) -> tuple[Char, ...]:
        """The text layer in the order of the file; empty where there is none."""
        ...

    @property
    def native_dpi(self) -> float | None:
        """The resolution of the picture, or the strips of one, that covers the page; None if none does."""
        ...

    @property
    def picture_dpi(self) -> float | None:
        """The resolution of the largest picture on the page, None if there is none."""
        ...

    @property
    def pdf_page(self) -> PdfPage | None:
        """The page of a PDF that this is; None for a page of anything else."""
        ...

    @property
    def typeset(self) -> Typeset | None:
        """What is on the page by the word of the document; None for a page that has to be read."""
        ...

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        """Draw the page as RGB pixels, shape (height, width, 3), on demand without its text."""
        ...


class Document(Protocol):
    """An open document."""

    def __len__(self) -> int: ...

    def sheet(self, number: int) -> Sheet:
        """Return page `number`, counted from 1."""
        ...

    def as_pdf(self) -> BinaryIO:
        """Return a PDF of the same pages that look the same; a picture keeps its data, byte for byte.

        Raises:
            UnreadableDocument: none can be made of it.
        """
        ...
