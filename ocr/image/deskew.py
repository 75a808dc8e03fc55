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


def skew_of_rules(horizontal: Pixels, dpi: float) -> float:
    """Return the clockwise angle, in degrees, that straightens a page, to 0.02°; 0 without long rules.

    It is the median over the long ones of a mask (height, width) of horizontal rules.
    """
    rules = components_of(horizontal)
    slopes, lengths = [], []
    for index, width in enumerate(rules.stats[1:, cv2.CC_STAT_WIDTH].tolist(), start=1):
        if width >= dpi * _LONG_RULE:
            rows, columns = np.nonzero(rules.pixels(index))
            slopes.append(float(np.polyfit(columns, rows, 1)[0]))
            lengths.append(width)
    return -float(np.degrees(np.arctan(_weighted_median(slopes, lengths)))) if slopes else 0.0


def _weighted_median(values: list[float], weights: list[int]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(np.asarray(weights)[order])
    return float(values[order[int(np.searchsorted(reached, reached[-1] / 2))]])
