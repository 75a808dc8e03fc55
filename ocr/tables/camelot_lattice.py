"""The grids of a digital page as camelot finds them, from the lines that are drawn and those that show."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from core.limits import document_limits
from ocr.documents.base import PdfPage
from ocr.tables.grid import Grid, merge_units


def camelot_grids(page: PdfPage, width: float, height: float) -> list[Grid]:
    """Return camelot's lattice tables in points, origin top left; none where it cannot read the page.

    `width` and `height` are those of the page in points.
    """
    import camelot  # loads pandas, which pages without rules can do without

    # Camelot draws the page itself, whatever its size.
    resolution = min(200, int(72 * (document_limits().page_pixels / max(width * height, 1.0)) ** 0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # A Path and never a string: camelot would take a string for an address and fetch it.
            tables = camelot.read_pdf(
                page.path,
                pages=str(page.number),
                flavor="lattice",
                resolution=resolution,
                suppress_stdout=True,
            )
        except (MemoryError, OSError):
            raise
        except Exception:  # its parser gives up, in many ways, on damage that pdfium mends
            return []
    return [_camelot_grid(table.cells, height) for table in tables]


def _camelot_grid(cells: Sequence[Sequence[object]], height: float) -> Grid:
    rows, columns = len(cells), len(cells[0])
    horizontal = np.ones((rows + 1, columns), dtype=bool)
    vertical = np.ones((rows, columns + 1), dtype=bool)
    for row in range(rows):
        for column in range(columns):
            cell = cells[row][column]
            horizontal[row, column] &= bool(getattr(cell, "top", False)) or row == 0
            horizontal[row + 1, column] &= bool(getattr(cell, "bottom", False)) or row == rows - 1
            vertical[row, column] &= bool(getattr(cell, "left", False)) or column == 0
            vertical[row, column + 1] &= bool(getattr(cell, "right", False)) or column == columns - 1
    xs = [_number(cells[0][0], "x1")] + [_number(cell, "x2") for cell in cells[0]]
    ys = [_number(cells[0][0], "y2")] + [_number(row[0], "y1") for row in cells]
    tops = tuple(height - y for y in ys)
    return Grid(tuple(xs), tops, tuple(merge_units(horizontal, vertical)))


def _number(cell: object, name: str) -> float:
    return float(getattr(cell, name))


def is_same(one: Grid, other: Grid) -> bool:
    """Tell whether two grids have the same cells, each rule within 3 points."""
    return (
        one.spans == other.spans
        and max(abs(a - b) for a, b in zip(one.xs, other.xs, strict=True)) < 3
        and max(abs(a - b) for a, b in zip(one.ys, other.ys, strict=True)) < 3
    )
