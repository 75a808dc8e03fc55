"""Other tools as functions from a PDF to rows of cells, all tables in page order, nothing else known."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pdfplumber

from bench.corpus.degrade import render
from bench.rivals.paddle_alone import paddle_alone, paddle_models
from bench.rivals.rows import Cells

DPI = 200
Reader = Callable[[Path], list[Cells]]
# Runs where img2table is installed; prints rows of cells as JSON, a spanned cell once and then null.
_IMG2TABLE = """
import json, sys
from img2table.document import PDF
from img2table.ocr import RapidOCR
from pypdfium2 import PdfDocument
# Turning is for scans only: it would lose a text layer.
scanned = not PdfDocument(sys.argv[1])[0].get_textpage().count_chars()
found, rows = PDF(sys.argv[1], detect_rotation=scanned).extract_tables(ocr=RapidOCR()), []
for page in sorted(found):
    for table in found[page]:
        for row in table.content.values():
            seen, cells = set(), []
            for cell in row:
                box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
                cells.append(None if box in seen else cell.value or "")
                seen.add(box)
            rows.append(cells)
print("\\n" + json.dumps(rows))
"""


def read_with_pdfplumber(path: Path) -> list[Cells]:
    """Its ruled tables."""
    with pdfplumber.open(path) as pdf:
        return [row for page in pdf.pages for table in page.extract_tables() for row in table]


def read_with_camelot(path: Path) -> list[Cells]:
    """Its lattice tables."""
    # Imported here, for it takes seconds.
    import camelot

    tables = camelot.read_pdf(path, pages="all", flavor="lattice", suppress_stdout=True)
    return [row for table in tables for row in table.df.to_numpy().tolist()]


def read_with_paddleocr(path: Path) -> list[Cells]:
    """PaddleOCR's lines, those that overlap in height taken for a row, sorted from left to right."""
    rows: list[Cells] = []
    for image in render(path, DPI, colour=True):
        (found,) = _paddleocr().predict(np.ascontiguousarray(image[:, :, ::-1]))
        rows += _rows(zip(found["rec_texts"], found["rec_boxes"].tolist(), strict=True))
    return rows


@cache
def _paddleocr() -> Any:
    # Models are loaded at once: the folder is not needed any more.
    with TemporaryDirectory() as folder:
        return paddle_alone(paddle_models(Path(folder)))


def _rows(lines: Iterable[tuple[str, list[float]]]) -> list[Cells]:
    rows: list[list[tuple[float, str]]] = []
    bottom = -1.0
    for text, (left, top, _, below) in sorted(lines, key=lambda line: (line[1][1] + line[1][3]) / 2):
        if (top + below) / 2 > bottom:
            rows.append([])
            bottom = below
        rows[-1].append((left, text))
    return [[text for _, text in sorted(row)] for row in rows]


def img2table(python: Path) -> Reader:
    """Img2table with RapidOCR, run by the interpreter of the environment that has it."""

    def read(path: Path) -> list[Cells]:
        done = subprocess.run(
            [str(python), "-c", _IMG2TABLE, str(path)], stdout=subprocess.PIPE, encoding="utf-8"
        )
        # It may fail on a page; what it has not read is missing, as for its user.
        rows: list[Cells] = json.loads(done.stdout.strip().rsplit("\n", 1)[-1]) if done.stdout else []
        return rows

    return read


READERS: Mapping[str, Reader] = {
    "camelot": read_with_camelot,
    "pdfplumber": read_with_pdfplumber,
    "paddleocr": read_with_paddleocr,
}
