"""Straightening a scanned page: the small angle that scanners and hands leave."""

from __future__ import annotations

import cv2
import numpy as np
from jdeskew.estimator import get_angle

from ocr.arrays import Pixels
from ocr.image.components import components_of

# Angles looked for, in degrees either way.
_LARGEST_SKEW = 7.0
# Rules shorter than this, in inches, give no reliable angle.
_LONG_RULE = 1.0


def skew_of_text(grey: Pixels) -> float:
    """Return the clockwise angle, in degrees, that straightens a grey page, to about 0.1°.

    Adaptive radial projection of the Fourier spectrum (Pham et al., 2022).
    """
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return -float(get_angle(small, angle_max=_LARGEST_SKEW))


def skew_of_rules(horizontal: Pixels, dpi: float, spread: float = np.inf) -> float | None:
    """Return the clockwise angle, in degrees, that straightens a page, to 0.02°.

    It is the median over the long ones of a mask (height, width) of horizontal rules; None without any, and
    where the middle half of them differs by more than the `spread`, in degrees.
    """
    rules = components_of(horizontal)
    slopes, lengths = [], []
    for index, width in enumerate(rules.stats[1:, cv2.CC_STAT_WIDTH].tolist(), start=1):
        if width >= dpi * _LONG_RULE:
            rows, columns = np.nonzero(rules.pixels(index))
            slopes.append(float(np.polyfit(columns, rows, 1)[0]))
            lengths.append(width)
    if not slopes:
        return None
    low, median, high = np.degrees(np.arctan(_weighted_quartiles(slopes, lengths)))
    return -float(median) if high - low <= spread else None


def _weighted_quartiles(values: list[float], weights: list[int]) -> list[float]:
    order = np.argsort(values)
    reached = np.cumsum(np.asarray(weights)[order])
    places = np.searchsorted(reached, reached[-1] * np.array([0.25, 0.5, 0.75]))
    return [values[order[int(place)]] for place in places]
