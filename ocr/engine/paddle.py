"""PaddleOCR's models of detection and recognition, run by themselves on ONNX Runtime.

The library around them, PaddleX, takes two CPU seconds to import, of every process; the steps that it does
before and after a model are few. `ocr/engine/paddle_library.py` reads with the library: a test compares them.
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import NOTHING, Recognised
from ocr.engine.text_detection import TextDetector
from ocr.engine.text_recognition import TextRecogniser
from ocr.engine.weights import model_folders, name_of, second_recogniser

# The detector's longest side in pixels. Measured on 200 dpi pages of
# hzq2023.pdf: 736, 960 and 1280 find the same 25 lines in 0.50, 0.45 and 0.74 s.
_DETECTION_SIDE = 960


class PaddleEngine:
    """The models are loaded on first use, once a process.

    `recogniser` is a model folder; without one the models are those of `model_folders`.
    """

    def __init__(self, recogniser: Path | None = None) -> None:
        self._recogniser_folder = recogniser

    @cached_property
    def name(self) -> str:
        """The recogniser's own name and the version of ONNX Runtime."""
        return f"{name_of(self._recognition)}/onnxruntime-{version('onnxruntime')}"

    def detect(
        self, page: Pixels, longest: int = 0
    ) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        """Return the printed lines of an RGB page as corner points in pixels, shape (4, 2)."""
        return self._detector.lines(page, detection_side(page, longest))

    def recognise(self, line: Pixels) -> Recognised:
        """Read an RGB picture of one horizontal line, cropped close to its ink."""
        return self._recogniser.read(line) if line.size else NOTHING

    @cached_property
    def _detector(self) -> TextDetector:
        return TextDetector(model_folders().detection)

    @cached_property
    def _recogniser(self) -> TextRecogniser:
        return TextRecogniser(self._recognition)

    @cached_property
    def _recognition(self) -> Path:
        return self._recogniser_folder or model_folders().recognition


def detection_side(page: Pixels, longest: int) -> int:
    """How long the longer side of a page is detected at, in pixels, as a part of one `longest` long."""
    side = max(page.shape[:2])
    return round(side * min(1.0, _DETECTION_SIDE / max(side, longest)))


def second_engine() -> PaddleEngine | None:
    """Make the engine for second opinions, None without its wheel."""
    folder = second_recogniser()
    return PaddleEngine(folder) if folder else None
