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
# A line this many times as long as high, and higher than the model sees it, gets paper above and below, as a
# share of its height. What the model costs grows with the width at its own height, and print that fills six
# tenths of the height reads as print that fills three quarters, in a quarter less time. Of 1,016 lines of 14
# kinds of scan and the real set none that had been read with 0.8 and more was read otherwise, brackets and
# gaps aside; with 0.2 and 0.3 three and four were. Others stay: of single characters, 0 and O among them,
# readings changed, and of lines in small type, shown larger than they are, ln was read for In, 十 for +.
_LONG, _PAPER = 5.0, 0.15


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
        line = with_paper(np.ascontiguousarray(line[:, :, ::-1]))
        height, width = line.shape[:2]
        scaled = min(_WIDEST, int(_HEIGHT * max(width / height, self._narrowest / _HEIGHT)))
        filled = min(scaled, int(np.ceil(_HEIGHT * width / height)))
        small = cv2.resize(line, (filled, _HEIGHT))
        picture = np.zeros((1, 3, _HEIGHT, scaled), np.float32)
        picture[0, :, :, :filled] = small.transpose(2, 0, 1)
        picture[0, :, :, :filled] /= 127.5
        picture[0, :, :, :filled] -= 1
        return picture


def with_paper(line: Pixels) -> Pixels:
    """Return a long, high line with paper above and below, in the tone of its edges; others as they are."""
    height, width = line.shape[:2]
    if height < _HEIGHT or width < _LONG * height:
        return line
    paper = round(height * _PAPER)
    return np.asarray(cv2.copyMakeBorder(line, paper, paper, 0, 0, cv2.BORDER_REPLICATE), np.uint8)
