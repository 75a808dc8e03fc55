"""A line set and read back: engine, weights and image library all have to work for it."""

from __future__ import annotations

import cv2
import numpy as np

from core.errors import GuidangError
from ocr.engine.factory import make

_LINE = "2021"


def read_back() -> str:
    """Draw a short line, read it, and say what was read by which engine.

    Raises:
        GuidangError: it was read as something else.
    """
    paper = np.full((48, 120, 3), 255, np.uint8)
    cv2.putText(paper, _LINE, (10, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0, 0, 0), 2, cv2.LINE_AA)
    engine = make()
    text = engine.recognise(paper).text
    if text != _LINE:
        raise GuidangError(f"the line {_LINE} was read as {text!r}")
    return f"{text} read by {engine.name}"
