"""Finding what is printed straight and photographed bent: rules and lines of text, as curves.

Rules are found in pieces short enough to lie flat whatever the slope, and
followed as far as the pieces hang together. A line of text is followed through
the middle of its characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.arrays import Matrix, Pixels
from ocr.image.components import components_of

# In inches: pieces of a rule, so short that one of a slope of 10° lies on two rows
# of pixels; the shortest rule and line of text that are followed; the thickest rule;
# the gaps of a line of text; its height; the spacing of the places looked at.
_PIECE = 0.09
_LONG_RULE, _LONG_LINE = 0.6, 1.5
_THICKEST = 0.05
_WORD_GAP = 0.14
_LOWEST_LINE, _HIGHEST_LINE = 0.05, 0.26
_SPACING = 0.06
# A place off its curve by more than this, in inches, is left out; of a curve this
# share must stay. A steeper curve, in rise by run, is none of the paper's lines.
_SMOOTH, _MOST, _STEEPEST = 0.03, 0.8, 0.25
# A mark is thin enough to be followed along this share of it.
_THIN = 0.6
# How far the middle of a text is trusted, beside that of a rule.
_TEXT_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Curve:
    """Something straight on the paper: `along` and `across` it, in pixels; `weight` is its trust."""

    along: Matrix
    across: Matrix
    weight: float


def rule_curves(ink: Pixels, dpi: float) -> list[Curve]:
    """Follow the rules that lie more or less across the picture; give `ink.T` for those that stand."""
    thick = cv2.dilate(np.ascontiguousarray(ink), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, round(dpi * _PIECE)), np.uint8))
    return list(_followed(np.asarray(runs, np.uint8), dpi, _LONG_RULE, (0.0, _THICKEST), 1.0))


def text_curves(ink: Pixels, rules: Pixels, dpi: float) -> list[Curve]:
    """Follow the lying lines of text; `rules` are pixels that are none."""
    print_only = np.where(rules > 0, np.uint8(0), ink)
    smear = cv2.morphologyEx(print_only, cv2.MORPH_CLOSE, np.ones((1, round(dpi * _WORD_GAP)), np.uint8))
    solid = cv2.morphologyEx(smear, cv2.MORPH_OPEN, np.ones((round(dpi * 0.02), round(dpi * 0.05)), np.uint8))
    height = _LOWEST_LINE, _HIGHEST_LINE
    return list(_followed(np.asarray(solid, np.uint8), dpi, _LONG_LINE, height, _TEXT_WEIGHT))


def long_pieces(ink: Pixels, dpi: float) -> Pixels:
    """Return the pixels of long thin runs of both directions: rules, mostly."""
    size = round(dpi * 0.2)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, size), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((size, 1), np.uint8))
    return np.asarray(cv2.dilate(cv2.bitwise_or(across, down), np.ones((5, 5), np.uint8)), np.uint8)


def _followed(
    marks: Pixels, dpi: float, shortest: float, height: tuple[float, float], weight: float
) -> Iterator[Curve]:
    """Yield the connected marks that are long, and thin all along, as curves."""
    found = components_of(marks)
    stats = found.stats
    thickness = stats[:, cv2.CC_STAT_AREA] / np.maximum(stats[:, cv2.CC_STAT_WIDTH], 1)
    thin = (thickness >= height[0] * dpi) & (thickness <= height[1] * dpi)
    long = stats[:, cv2.CC_STAT_WIDTH] >= dpi * shortest
    for index in np.flatnonzero(thin & long & (np.arange(len(found)) > 0)):
        left, top = (int(value) for value in stats[index, :2])
        curve = _middle(found.pixels(index), left, top, dpi, height[1], weight)
        if curve is not None:
            yield curve


def _middle(
    part: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    left: int,
    top: int,
    dpi: float,
    thickest: float,
    weight: float,
) -> Curve | None:
    """Take the middle of a mark at even places, leaving out where it is too thick to be one."""
    step = max(2, round(dpi * _SPACING))
    thickness = part.sum(axis=0)
    first = part.argmax(axis=0)
    last = part.shape[0] - 1 - part[::-1].argmax(axis=0)
    good = (thickness > 0) & (last - first < dpi * thickest)
    columns = np.flatnonzero(good)
    if len(columns) < _THIN * part.shape[1] or len(columns) < 6 * step:
        return None
    middle = (first + last)[columns] / 2
    whole = len(columns) // step * step
    along = columns[:whole].reshape(-1, step).mean(axis=1) + left + 0.5
    across = middle[:whole].reshape(-1, step).mean(axis=1) + top + 0.5
    return _smooth(along, across, dpi, weight)


def _smooth(along: Matrix, across: Matrix, dpi: float, weight: float) -> Curve | None:
    """Keep the places that lie on one gentle curve, if they are most."""
    trend = np.polynomial.Polynomial.fit(along, across, 3 if len(along) > 12 else 2)
    near = np.abs(across - trend(along)) <= dpi * _SMOOTH
    if abs(float(trend.deriv()(along.mean()))) > _STEEPEST or near.mean() < _MOST:
        return None
    return Curve(along[near], across[near], weight)


def inside(curves: Sequence[Curve], depth: int, margin: float) -> list[Curve]:
    """Drop the curves along the edges of a picture of that depth: they are the paper's own edge."""
    return [curve for curve in curves if margin < float(curve.across.mean()) < depth - margin]
