"""Finding the lines of print on a picture: PaddleOCR's detector and the steps around it.

Differentiable binarisation (Liao et al., 2020): the model gives each pixel the probability that it belongs
to the core of a line; the cores are outlined, and each outline is grown to the line it is the core of.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyclipper

from ocr.arrays import Pixels
from ocr.engine.onnx_session import one_thread_session
from ocr.engine.weights import MODEL, settings_of, steps_of

Corners = np.ndarray[tuple[int, int], np.dtype[np.float32]]
ProbabilityMap = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

# The model halves a picture five times, so its sides are multiples of this.
_STRIDE = 32
# A core, and the line that it grows to, less high than this is a speck (as in PaddleOCR).
_LOWEST_CORE, _LOWEST_LINE = 3, 5


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """What a model folder says of its detector.

    `mean` and `deviation` normalise pixels of 0 to 1; a pixel above `threshold` is core, an outline below
    `box_threshold` on average is none; `growth` is by how much a core grows, times its area over its
    perimeter; of more outlines than `most` the rest is left.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    threshold: float
    box_threshold: float
    growth: float
    most: int

    @classmethod
    def of(cls, folder: Path) -> DetectorSettings:
        """Read them, with PaddleOCR's own values where the folder is silent."""
        normalise = steps_of(folder).get("NormalizeImage", {})
        boxes = settings_of(folder).get("PostProcess", {})
        return cls(
            mean=tuple(normalise.get("mean", (0.485, 0.456, 0.406))),
            deviation=tuple(normalise.get("std", (0.229, 0.224, 0.225))),
            threshold=boxes.get("thresh", 0.3),
            box_threshold=boxes.get("box_thresh", 0.6),
            growth=boxes.get("unclip_ratio", 2.0),
            most=boxes.get("max_candidates", 1000),
        )


class TextDetector:
    """The model of a folder in a session of its own."""

    def __init__(self, folder: Path) -> None:
        self._settings = DetectorSettings.of(folder)
        self._session = one_thread_session(folder / MODEL)
        self._input = self._session.get_inputs()[0].name

    def lines(self, page: Pixels, longest_side: int) -> list[Corners]:
        """Return the lines of an RGB page as corner points in its pixels, shape (4, 2), clockwise.

        The model sees the page with its longer side at most `longest_side` pixels long.
        """
        small = _resized(page, longest_side)
        cores = self._session.run(None, {self._input: self._normalised(small)})[0][0, 0]
        scale = page.shape[1] / small.shape[1], page.shape[0] / small.shape[0]
        return outlined(cores, self._settings, scale, (page.shape[1], page.shape[0]))

    def _normalised(self, small: Pixels) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The picture as the model was trained on, blue first: shape (1, 3, height, width)."""
        mean = np.array(self._settings.mean, np.float32) * 255
        deviation = np.array(self._settings.deviation, np.float32) * 255
        pixels = (small[:, :, ::-1] - mean) / deviation
        return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def _resized(page: Pixels, longest_side: int) -> Pixels:
    height, width = page.shape[:2]
    scale = min(1.0, longest_side / max(height, width))
    sides = [max(round(int(side * scale) / _STRIDE) * _STRIDE, _STRIDE) for side in (width, height)]
    return np.asarray(cv2.resize(page, sides), np.uint8)


def outlined(
    cores: ProbabilityMap, settings: DetectorSettings, scale: tuple[float, float], size: tuple[int, int]
) -> list[Corners]:
    """Turn the probabilities of cores, shape (height, width), into corners on a page of `size`, scaled."""
    mask = (cores > settings.threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    lines = (_line(outline, cores, settings) for outline in outlines[: settings.most])
    return [np.clip(np.rint(line * scale), 0, size).astype(np.float32) for line in lines if line is not None]


def _line(outline: np.ndarray[Any, Any], cores: ProbabilityMap, settings: DetectorSettings) -> Corners | None:
    """The corners of the line around a core; None where it is a speck, or seldom core."""
    core = cv2.minAreaRect(outline)
    corners = _clockwise(cv2.boxPoints(core))
    if min(core[1]) < _LOWEST_CORE or _mean_within(cores, corners) < settings.box_threshold:
        return None
    line = cv2.minAreaRect(_grown(corners, settings.growth))
    return _clockwise(cv2.boxPoints(line)) if min(line[1]) >= _LOWEST_LINE else None


def _grown(corners: Corners, growth: float) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Grow a core all around, its corners rounded, in whole pixels; shape (n, 2)."""
    offset = pyclipper.PyclipperOffset()
    offset.AddPath(corners, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    return np.array(
        offset.Execute(growth * cv2.contourArea(corners) / cv2.arcLength(corners, True))[0], np.int32
    )


def _mean_within(cores: ProbabilityMap, corners: np.ndarray[Any, Any]) -> float:
    height, width = cores.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(cores[top : bottom + 1, left : right + 1], mask)[0])


def _clockwise(corners: np.ndarray[Any, Any]) -> Corners:
    """The corners from the upper left one on."""
    by_side = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = (pair[np.argsort(pair[:, 1], kind="stable")] for pair in (by_side[:2], by_side[2:]))
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)
