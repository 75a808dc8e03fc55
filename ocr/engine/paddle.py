"""PaddleOCR's detection and recognition modules on ONNX Runtime."""

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
from ocr.engine.base import NOTHING, NUMERIC_ALPHABET, Recognised
from ocr.engine.weights import alphabet_of, model_folders, name_of, second_recogniser

# One thread a process and one process a core beats many threads in one; with
# ONNX Runtime's memory arena on, a worker grows with every new crop width.
_SESSION = {"intra_op_num_threads": 1, "inter_op_num_threads": 1, "enable_cpu_mem_arena": False}

# The detector's longest side in pixels. Measured on 200 dpi pages of
# hzq2023.pdf: 736, 960 and 1280 find the same 25 lines in 0.50, 0.45 and 0.74 s.
_DETECTION_SIDE = 960

Probabilities = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


class PaddleEngine:
    """PaddleOCR's modules; models are loaded on first use, once a process.

    `recogniser` is a model folder; without one the models are those of `model_folders`.
    """

    def __init__(self, recogniser: Path | None = None) -> None:
        self._recogniser_folder = recogniser

    @cached_property
    def name(self) -> str:
        """The recogniser's own name and the version of PaddleOCR."""
        return f"{name_of(self._recognition)}/paddleocr-{version('paddleocr')}"

    def detect(
        self, page: Pixels, longest: int = 0
    ) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        """Return the printed lines of an RGB page as corner points in pixels, shape (4, 2)."""
        side = max(page.shape[:2])
        found = self._detector.predict(
            np.ascontiguousarray(page[:, :, ::-1]),
            limit_side_len=round(side * min(1.0, _DETECTION_SIDE / max(side, longest))),
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

    @cached_property
    def _recognition(self) -> Path:
        return self._recogniser_folder or model_folders().recognition

    @cached_property
    def _decoder(self) -> CtcDecoder:
        characters = alphabet_of(self._recognition)
        if characters is None:
            return CtcDecoder(tuple(self._recogniser.post_op.character))
        return CtcDecoder(("blank", *characters, " "))


def second_engine() -> PaddleEngine | None:
    """Make the engine for second opinions, None without its wheel."""
    folder = second_recogniser()
    return PaddleEngine(folder) if folder else None


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


class CtcDecoder:
    """Greedy decoding of connectionist temporal classification (Graves et al., 2006).

    `alphabet[0]` is the blank. Input has shape (steps, len(alphabet)), each row
    a probability distribution.
    """

    def __init__(self, alphabet: tuple[str, ...]) -> None:
        self.alphabet = np.array(alphabet, dtype=object)
        self.numerals = np.array([alphabet[0], *NUMERIC_ALPHABET], dtype=object)
        index = {char: position for position, char in enumerate(alphabet)}
        self.lookalikes = [
            [index[char] for char in lookalikes if char in index] for lookalikes in NUMERIC_ALPHABET.values()
        ]

    def decode(self, probabilities: Probabilities) -> Recognised:
        """Read the line freely, and once more within the numeric alphabet."""
        text, scores = _greedy(probabilities, self.alphabet)
        numeral, numeral_scores = _greedy(self._as_numerals(probabilities), self.numerals)
        return Recognised(
            text=text,
            confidence=float(scores.mean()) if text else 0.0,
            weakest=float(scores.min()) if text else 0.0,
            numeral=numeral,
            numeral_confidence=float(numeral_scores.min()) if numeral else 0.0,
        )

    def _as_numerals(self, probabilities: Probabilities) -> Probabilities:
        """Fold look-alikes together: shape (steps, 1 + len(NUMERIC_ALPHABET))."""
        folded = [probabilities[:, group].sum(axis=1) for group in self.lookalikes]
        return np.stack([probabilities[:, 0], *folded], axis=1)


def _greedy(
    probabilities: Probabilities, alphabet: np.ndarray[Any, np.dtype[np.object_]]
) -> tuple[str, Probabilities]:
    best = probabilities.argmax(axis=1)
    changed = np.concatenate([[True], best[1:] != best[:-1]])
    kept = changed & (best != 0)
    return "".join(alphabet[best[kept]]).strip(), probabilities[kept, best[kept]]
