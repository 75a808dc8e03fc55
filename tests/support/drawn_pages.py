"""Pages drawn with OpenCV's own letters: rows of columns, with the rules that a test wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from ocr.image.page_image import PageImage

DPI = 200.0
WIDTH, HEIGHT = 1400, 1000
Row = tuple[int, Sequence[str]]


def drawn(
    rows: Iterable[Row],
    columns: Sequence[int],
    across: Sequence[int] = (),
    down: Sequence[int] = (),
    scale: float = 0.8,
) -> PageImage:
    """Text at the left edges of columns and the baselines of rows; rules around and between as told."""
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for y in across:
        cv2.line(pixels, (down[0], y), (down[-1], y), (0, 0, 0), 2)
    for x in down:
        cv2.line(pixels, (x, across[0]), (x, across[-1]), (0, 0, 0), 2)
    for baseline, texts in rows:
        for left, text in zip(columns, texts, strict=False):
            cv2.putText(
                pixels, text, (left, baseline), cv2.FONT_HERSHEY_SIMPLEX, scale, (0, 0, 0), 2, cv2.LINE_AA
            )
    return PageImage(pixels, np.diag([72 / DPI, 72 / DPI, 1.0]), DPI)


def values(rows: int, columns: int, first: int = 17) -> list[list[str]]:
    """A label and numbers in every row, no two alike."""
    return [
        [f"Item {row + 1}", *(str(first + 37 * row + 11 * n) for n in range(columns - 1))]
        for row in range(rows)
    ]
