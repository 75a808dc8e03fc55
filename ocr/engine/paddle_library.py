"""PaddleOCR's own detection and recognition modules on ONNX Runtime: what `paddle` is compared with.

Slower to start, and for models that need steps of PaddleOCR's which `paddle` does not know.
"""

from __future__ import annotations

import logging
import os
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from core.settings import cache_home
from ocr.arrays import Pixels
from ocr.engine.base import NOTHING, Recognised
from ocr.engine.ctc import CtcDecoder, Probabilities
from ocr.engine.paddle import detection_side
from ocr.engine.weights import alphabet_of, model_folders, name_of

# One thread a process and one process a core beats many threads in one; with
# ONNX Runtime's memory arena on, a worker grows with every new crop width.
_SESSION = {"intra_op_num_threads": 1, "inter_op_num_threads": 1, "enable_cpu_mem_arena": False}


class PaddleLibraryEngine:
    """PaddleOCR's modules; models are loaded on first use, once a process."""

    @cached_property
    def name(self) -> str:
        """The recogniser's own name and the version of PaddleOCR."""
        return f"{name_of(self._recognition)}/paddleocr-{version('paddleocr')}"

    def detect(
        self, page: Pixels, longest: int = 0
    ) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        """Return the printed lines of an RGB page as corner points in pixels, shape (4, 2)."""
        found = self._detector.predict(
            np.ascontiguousarray(page[:, :, ::-1]),
            limit_side_len=detection_side(page, longest),
            limit_type="max",
        )
        return [np.asarray(points, dtype=np.float32) for points in found[0]["dt_polys"]]

    def recognise(self, line: Pixels) -> Recognised:
        """Read an RGB picture of one horizontal line, cropped close to its ink."""
        if line.size == 0:
            return NOTHING
        return self._decoder.decode(self._probabilities(line))

    def _probabilities(self, line: Pixels) -> Probabilities:
        """Run the module's own steps but keep what its post-processing throws away."""
        steps = self._recogniser.pre_tfs
        normalised = steps["ReisizeNorm"](imgs=[np.ascontiguousarray(line[:, :, ::-1])])
        output: Probabilities = self._recogniser.runner(x=steps["ToBatch"](imgs=normalised))[0][0]
        return output

    @cached_property
    def _detector(self) -> Any:
        return _module("TextDetection", model_folders().detection)

    @cached_property
    def _recogniser(self) -> Any:
        return _module("TextRecognition", self._recognition).paddlex_predictor

    @property
    def _recognition(self) -> Path:
        return model_folders().recognition

    @cached_property
    def _decoder(self) -> CtcDecoder:
        return CtcDecoder(("blank", *alphabet_of(self._recognition), " "))


def _module(kind: str, folder: Path) -> Any:
    """Load one of PaddleOCR's modules. The import takes seconds and talks: keep it late and quiet."""
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(cache_home() / "paddlex"))
    import paddleocr

    for logger in ("paddlex", "ppocr", "paddleocr"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    return getattr(paddleocr, kind)(
        model_name=name_of(folder),
        model_dir=str(folder),
        engine="onnxruntime",
        device="cpu",
        engine_config=_SESSION,
    )
