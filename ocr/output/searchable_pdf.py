"""Scans as searchable PDF/A-2b: the pictures as they are, our own lines under them as hidden text.

OCRmyPDF puts the text under the pages and makes the file PDF/A; this module is
the OCR engine it asks, which answers with what was read long ago. A text layer
that does not say what is printed must not be found any more, so it is taken out
before; pages with a sound text layer of their own stay as they are.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ocrmypdf
import pikepdf
from ocrmypdf import BoundingBox, OcrClass, OcrElement, OcrEngine, OrientationConfidence, hookimpl
from ocrmypdf.api import get_plugin_manager
from ocrmypdf.builtin_plugins.tesseract_ocr import TesseractOptions
from ocrmypdf.exceptions import ExitCode, ExitCodeException
from ocrmypdf.hocrtransform import Baseline
from pikepdf import pdfa

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.document_opener import open_document
from ocr.documents.base import Document, Sheet
from ocr.documents.typeset import PlacedText, Point
from ocr.model import Page, Route
from ocr.output.text_placement import place_page_text
from ocr.output.text_removal import prepare_for_text_layer

_READ_FROM_PICTURES = (Route.SCANNED, Route.GARBLED)
_FLAVOUR = pdfa.Flavour("2b")
# Of the em of the hidden type, so much is below the foot of a row.
_DESCENT = 0.2


def write_searchable(source: Path, pages: Sequence[Page], target: Path, title: str) -> str | None:
    """Write a document as a searchable PDF; give None if it is PDF/A-2b, else why it is not.

    `pages` are those of the document as they were read.

    Raises:
        UnreadableDocument: it cannot be opened, or no such file can be made of it.
    """
    with TemporaryDirectory() as folder, _quiet():
        plain = Path(folder) / "plain.pdf"
        with open_document(source) as document:
            mine = [page for page in pages if _is_ours(document, page)]
            trees = {page.number: _tree(document.sheet(page.number), page) for page in mine}
            prepare_for_text_layer(document, mine, plain)
        try:
            _run(plain, target, trees, title)
        except ExitCodeException as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise UnreadableDocument(Failure.NOT_CONVERTIBLE, reason, stage="export") from error
    return _why_not_archival(target)


def _why_not_archival(path: Path) -> str | None:
    """Give None for a file that is PDF/A-2b, else what in it is not allowed or cannot be checked."""
    if pdfa.validate_written(path, _FLAVOUR).verdict == "pass":
        return None
    with pikepdf.open(path) as pdf:
        # What is missing only because the file was left plain is no reason.
        pdfa.prepare(pdf, _FLAVOUR, output_intent="sRGB")
        found = pdfa.check(pdf, _FLAVOUR).findings
    return "; ".join(dict.fromkeys(finding.message for finding in found)) or "it could not be declared"


def _run(plain: Path, target: Path, trees: Mapping[int, OcrElement], title: str) -> None:
    manager = get_plugin_manager([])
    manager.pluggy_manager.register(_Plugin(StoredLines(trees)))
    outcome = ocrmypdf.ocr(
        plain,
        target,
        plugin_manager=manager,
        output_type="auto",
        # Ghostscript, where it is installed, would compress pictures anew.
        pdfa_backend="internal",
        optimize=0,
        # Where nothing is ours, the pages with text are left alone, and so are those without.
        mode="redo" if trees else "skip",
        pages=",".join(map(str, sorted(trees))) or None,
        title=title or None,
        language=[],
        tagged_pdf_mode="ignore",
        invalidate_digital_signatures=True,
        jobs=1,
        use_threads=True,
        progress_bar=False,
    )
    if outcome != ExitCode.ok:
        raise UnreadableDocument(
            Failure.NOT_CONVERTIBLE, f"what was written is unsound ({outcome.name})", "export"
        )


class StoredLines(OcrEngine):
    """An engine that looks at no picture: page by page it gives the lines it was made with."""

    def __init__(self, trees: Mapping[int, OcrElement]) -> None:
        self._trees = trees

    @staticmethod
    def version() -> str:
        return version("guidang")

    @staticmethod
    def creator_tag(options: Any) -> str:
        return f"guidang {version('guidang')}"

    def __str__(self) -> str:
        return f"the lines of the archive, guidang {self.version()}"

    @staticmethod
    def languages(options: Any) -> set[str]:
        return set()

    @staticmethod
    def get_orientation(input_file: Path, options: Any) -> OrientationConfidence:
        return OrientationConfidence(angle=0, confidence=0.0)

    @staticmethod
    def supports_generate_ocr() -> bool:
        return True

    def generate_ocr(  # type: ignore[override]
        self, input_file: Path, options: Any, page_number: int = 0
    ) -> tuple[OcrElement, str]:
        """Give the lines of a page, which OCRmyPDF counts from 0."""
        tree = self._trees.get(page_number + 1) or OcrElement(OcrClass.PAGE, bbox=BoundingBox(0, 0, 1, 1))
        return tree, tree.get_text_recursive()

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options: Any) -> None:
        raise NotImplementedError("generate_ocr is asked")

    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Any) -> None:
        raise NotImplementedError("generate_ocr is asked")


class _Plugin:
    """Puts an engine in the place of Tesseract, which need not be installed."""

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine

    @hookimpl
    def initialize(self, plugin_manager: Any) -> None:
        plugin_manager.set_blocked("ocrmypdf.builtin_plugins.tesseract_ocr")

    @hookimpl
    def register_options(self) -> dict[str, Any]:
        """OCRmyPDF looks at Tesseract's options whether or not it is used."""
        return {"tesseract": TesseractOptions}

    @hookimpl
    def get_ocr_engine(self, options: Any) -> OcrEngine:
        return self._engine


def _is_ours(document: Document, page: Page) -> bool:
    """Tell whether what was read becomes the text of a page, in the place of what the file has."""
    return page.route in _READ_FROM_PICTURES or document.sheet(page.number).typeset is not None


def _tree(sheet: Sheet, page: Page) -> OcrElement:
    """Return a page as OCRmyPDF wants it; told at 72 dpi its pixels are points."""
    return OcrElement(
        OcrClass.PAGE,
        bbox=BoundingBox(0, 0, page.width, page.height),
        dpi=72.0,
        children=[_line(piece, page) for piece in place_page_text(sheet, page)],
    )


def _line(piece: PlacedText, page: Page) -> OcrElement:
    """Return a row of print as a line with one word.

    OCRmyPDF takes the size of the type from the height of the line above its
    foot, and the ends of the word from the box; both are told on the page set
    upright for this row and turned back by whole quarters, which is exact.
    """
    (x0, y0), (x1, y1) = (_upright(point, piece.turn, page) for point in (piece.start, piece.end))
    slope = (y1 - y0) / max(x1 - x0, 1e-6)
    if abs(slope) < 0.005:  # OCRmyPDF lays such a line level: then through the middle
        y0 = (y0 + y1) / 2
    below = _DESCENT * piece.em
    box = _turned_back(x0, y0 - piece.em, x1, y0 + below, piece.turn, page)
    foot = _turned_back(x0, y0, x1, y0, piece.turn, page)
    word = OcrElement(OcrClass.WORD, bbox=foot, text=piece.text)
    return OcrElement(
        OcrClass.LINE,
        bbox=box,
        baseline=Baseline(slope=slope, intercept=-below),
        textangle=float(piece.turn),
        children=[word],
    )


def _upright(point: Point, turn: int, page: Page) -> Point:
    """Return where a point of the page is once the page is turned clockwise."""
    x, y = point
    return {
        0: (x, y),
        90: (page.height - y, x),
        180: (page.width - x, page.height - y),
        270: (y, page.width - x),
    }[turn]


def _turned_back(left: float, top: float, right: float, bottom: float, turn: int, page: Page) -> BoundingBox:
    """Return the box on the page of one on the page turned clockwise."""
    width, height = page.width, page.height
    return {
        0: BoundingBox(left, top, right, bottom),
        90: BoundingBox(top, height - right, bottom, height - left),
        180: BoundingBox(width - right, height - bottom, width - left, height - top),
        270: BoundingBox(width - bottom, left, width - top, right),
    }[turn]


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the libraries say nothing: how it went is told by the caller, and what fails is raised."""
    loggers = [logging.getLogger(name) for name in ("ocrmypdf", "fontTools", "fpdf", "img2pdf", "pikepdf")]
    before = [logger.level for logger in loggers]
    stderr = sys.stderr
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        sys.stderr = stderr  # pikepdf's check of linearization leaves another in its place
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
