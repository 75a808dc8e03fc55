"""Reading the picture of one line: PaddleOCR's recogniser and the steps around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import Recognised
from ocr.engine.ctc import CtcDecoder
from ocr.engine.onnx_session import one_thread_session
from ocr.engine.weights import MODEL, alphabet_of, steps_of

# The model sees lines of this height in pixels, and none wider than this (as in PaddleOCR).
_HEIGHT, _WIDEST = 48, 3200


class TextRecogniser:
    """The model of a folder in a session of its own."""

    def __init__(self, folder: Path) -> None:
        self._session = one_thread_session(folder / MODEL)
        self._input = self._session.get_inputs()[0].name
        self._decoder = CtcDecoder(("blank", *alphabet_of(folder), " "))
        # The width that narrower lines are filled up to.
        self._narrowest = int(steps_of(folder)["RecResizeImg"]["image_shape"][2])

    def read(self, line: Pixels) -> Recognised:
        """Read an RGB picture of a line, which must have pixels."""
        return self._decoder.decode(self._session.run(None, {self._input: self._normalised(line)})[0][0])

    def _normalised(self, line: Pixels) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The line at the height of the model, from -1 to 1, blue first: shape (1, 3, height, width)."""
        line = np.ascontiguousarray(line[:, :, ::-1])
        height, width = line.shape[:2]
        scaled = min(_WIDEST, int(_HEIGHT * max(width / height, self._narrowest / _HEIGHT)))
        filled = min(scaled, int(np.ceil(_HEIGHT * width / height)))
        small = cv2.resize(line, (filled, _HEIGHT))
        picture = np.zeros((1, 3, _HEIGHT, scaled), np.float32)
        picture[0, :, :, :filled] = small.transpose(2, 0, 1)
        picture[0, :, :, :filled] /= 127.5
        picture[0, :, :, :filled] -= 1
        return picture
