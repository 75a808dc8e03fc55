"""Straightening a scanned page: the small angle that scanners and hands leave."""

from __future__ import annotations

import cv2
import numpy as np
from jdeskew.estimator import get_angle

from ocr.arrays import Pixels
from ocr.image.page_image import View, rotated
from ocr.image.ruling_lines import binarise, find_rulings

# Angles looked for, in degrees either way.
_LARGEST_SKEW = 7.0
# Rules shorter than this, in inches, give no reliable angle.
_LONG_RULE = 1.0


def skew_of(view: View) -> float:
    """Return the clockwise angle, in degrees, that straightens a page.

    The text gives it to about 0.1° (adaptive radial projection of the Fourier
    spectrum, Pham et al., 2022); ruled lines, where there are any, to 0.02°.
    """
    small = cv2.resize(view.grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = -float(get_angle(small, angle_max=_LARGEST_SKEW))
    turned = rotated(view, coarse)
    return coarse + _slope_of_rules(binarise(turned.grey, view.dpi), view.dpi)


def _slope_of_rules(ink: Pixels, dpi: float) -> float:
    """Return the median correction over the long horizontal rules, 0 without any."""
    mask = find_rulings(ink, dpi).horizontal_mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    slopes, lengths = [], []
    for index in range(1, count):
        left, top, width, height, _ = (int(value) for value in stats[index])
        if width >= dpi * _LONG_RULE:
            rows, columns = np.nonzero(labels[top : top + height, left : left + width] == index)
            slopes.append(float(np.polyfit(columns, rows, 1)[0]))
            lengths.append(width)
    return -float(np.degrees(np.arctan(_weighted_median(slopes, lengths)))) if slopes else 0.0


def _weighted_median(values: list[float], weights: list[int]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(np.asarray(weights)[order])
    return float(values[order[int(np.searchsorted(reached, reached[-1] / 2))]])
